#!/usr/bin/env bash
# Shows clew at work on a small interpreter core: what it finds, what it writes, and that the program still
# does the same.  Called by `make demo`, with the project's environment on PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

CORE=fixtures/minicore
WORK=$(mktemp -d "${TMPDIR:-/tmp}/clew-demo.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
LINES_OF_DIFF=90

bold=$'\e[1m' plain=$'\e[0m'
[[ -t 1 && -z "${NO_COLOR:-}" ]] || { bold='' plain=''; }

title() { printf '\n%s==> %s%s\n' "$bold" "$*" "$plain"; }
show() { printf '%s$ %s%s\n' "$bold" "$*" "$plain"; }
fail() { printf 'demo: %s\n' "$*" >&2; exit 1; }

# Exit code 1 of clew means findings; anything above is a failure.
findings() { "$@" || [[ $? -eq 1 ]] || fail "$* failed"; }

# build NAME: compile the tree as it is, with every warning an error, run its tests, and keep what they print.
build() {
    make -s -C "$WORK/core" test BUILD="$WORK/build-$1" >"$WORK/$1.log" 2>&1 || {
        cat "$WORK/$1.log"
        fail "minicore does not build, or fails its tests"
    }
    "$WORK/build-$1/minicore" --selftest >"$WORK/$1.out"
    for program in "$WORK"/core/programs/*.mcs; do
        "$WORK/build-$1/minicore" "$program" >>"$WORK/$1.out" 2>&1 || true
    done
    printf 'built with -Wall -Wextra -Werror, in 2 variants; %s lines of test output\n' "$(wc -l <"$WORK/$1.out")"
}

cp -R "$CORE" "$WORK/core"
rm -rf "$WORK/core/build"
cp -R "$WORK/core" "$WORK/original"

title "A small interpreter core: $(cat "$WORK"/core/*/*.[ch] | wc -l) lines of C that fetch their thread state wherever they need it"
build before

cd "$WORK/core"
title "What fetches the state, who is pinned, and what lies in between"
show clew audit --state ts
findings clew audit --state ts

title "What clew would change"
show clew rewrite --state ts
findings clew rewrite --state ts >"$WORK/change.diff" 2>"$WORK/summary"
sed -n "1,${LINES_OF_DIFF}p" "$WORK/change.diff"
printf '... (%s lines of diff in all)\n\n' "$(wc -l <"$WORK/change.diff")"
cat "$WORK/summary"

title "Change it, then build and test again"
show clew rewrite --state ts --write
findings clew rewrite --state ts --write
build after
cmp "$WORK/before.out" "$WORK/after.out" || fail "the rewritten program behaves differently"
echo "the rewritten program prints the same, byte for byte"

title "A second run has nothing to do"
show clew rewrite --state ts
findings clew rewrite --state ts --quiet >"$WORK/second.diff"
[[ ! -s "$WORK/second.diff" ]] || fail "the second run is not empty"
echo "no diff"

title "Undo"
undo=$(echo "$WORK"/core/.clew/undo-*.patch)
show git apply -R .clew/"$(basename "$undo")"
# Outside a repository `git apply` works on plain files; the ceiling keeps git from finding one above.
GIT_CEILING_DIRECTORIES=$WORK git apply -R "$undo"
rm -r "$WORK/core/.clew"
diff -r "$WORK/original" "$WORK/core" || fail "undo does not restore the sources"
echo "every byte is back"
