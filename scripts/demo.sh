#!/usr/bin/env bash
# Shows clew at work on a small interpreter core: what it finds, what it writes, and the proof that the program
# still does the same.  Called by `make demo`, with the project's environment on PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

TOP=$PWD
CORE=fixtures/minicore
WORK=$(mktemp -d "${TMPDIR:-/tmp}/clew-demo.XXXXXX")
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$WORK"' EXIT
# The state goes through all functions, public ones too; Python that calls them follows.
THREAD=(--config public.toml --state ts --linkage any)
BINDINGS=(--bindings 'python/minicore_*.py')

bold=$'\e[1m' plain=$'\e[0m'
[[ -t 1 && -z "${NO_COLOR:-}" ]] || { bold='' plain=''; }

title() { printf '\n%s==> %s%s\n' "$bold" "$*" "$plain"; }
show() { printf '%s$ %s%s\n' "$bold" "$*" "$plain"; }
fail() { printf 'demo: %s\n' "$*" >&2; exit 1; }

# Exit code 1 of clew means findings; anything above is a failure.
findings() { "$@" || [[ $? -eq 1 ]] || fail "$* failed"; }

# What the summary at the end is made of is kept, without colours.
colour=${bold:+1}
keep() { tee >(sed 's/\x1b\[[0-9;]*m//g' >"$WORK/$1.txt") | fold -s -w "${COLUMNS:-$(tput cols 2>/dev/null || echo 100)}"; }
row() { printf '  %s%-11s%s %s\n' "$bold" "$1" "$plain" "$2"; }
# verdict FILE CHECK: "PASS" and what was shown, from the line of that check.
verdict() { sed -n "s/^$2: passed: /PASS  /p" "$WORK/$1.txt"; }

# excerpt FILE LINES: the beginning of the diff of FILE.
excerpt() {
    awk -v file="--- a/$1" '/^--- a\//{on = ($0 == file)} on' "$WORK/change.diff" | sed -n "1,$2p"
    printf '...\n'
}

cp -R "$CORE" "$WORK/core"
rm -rf "$WORK/core/build"
cp -R "$WORK/core" "$WORK/original"
cd "$WORK/core"

# What depends on nothing that comes before it starts now, and is shown in its place.
start() { local name=$1; shift; FORCE_COLOR=$colour "$@" >"$WORK/$name.out" 2>"$WORK/$name.err" & }
start drive python "$TOP/bench/mutate/drive_minicore.py" --linkage any --cases 20
drive=$!
start change clew rewrite "${THREAD[@]}" "${BINDINGS[@]}"
change=$!
cp -R "$WORK/core" "$WORK/changed"
change_twice() {
    cd "$WORK/changed"
    FORCE_COLOR=$colour findings clew rewrite "${THREAD[@]}" "${BINDINGS[@]}" --write >"$WORK/write.out" 2>&1
    findings clew rewrite "${THREAD[@]}" "${BINDINGS[@]}" --quiet >"$WORK/second.diff"
}
change_twice &
twice=$!

title "A small interpreter core: $(cat ./*/*.[ch] | wc -l) lines of C that fetch their thread state wherever they need it"
show clew audit --state ts
FORCE_COLOR=$colour findings clew audit --state ts | keep audit

title "What clew would change"
show clew rewrite "${THREAD[@]}" --bindings "'python/minicore_*.py'"
findings wait "$change"
cp "$WORK/change.out" "$WORK/change.diff"
cp "$WORK/change.err" "$WORK/summary"
excerpt core/import.c 64
excerpt python/minicore_ctypes.py 36
printf '(%s lines of diff in all)\n\n' "$(wc -l <"$WORK/change.diff")"
cat "$WORK/summary"

title "Nobody has to believe it: compile both, run the tests of both, check every threaded function at its entry,
    and let every fetch below the interpreter loop abort but those that the plan leaves"
make -n BUILD=build >"$WORK/make.log"
VERIFY=(--commands "$WORK/make.log" --fast --build 'make -s -j2 OPTIMISE=-O0' --test 'make -s check OPTIMISE=-O0')
VERIFY+=(--instrument --poison _mc_eval_code)
show clew verify "${THREAD[@]}" --commands make.log --build "'make -s -j2 OPTIMISE=-O0'" --test "'make -s check OPTIMISE=-O0'" \
    --instrument --poison _mc_eval_code
FORCE_COLOR=$colour clew verify "${THREAD[@]}" "${VERIFY[@]}" | keep verify || fail "a check did not pass"

title "Drive both libraries from Python: the same generated work, several threads, and without the global"
show python bench/mutate/drive_minicore.py --linkage any --cases 20
wait "$drive" || driven=$?
keep drive <"$WORK/drive.out"
[[ -z "${driven:-}" ]] || { cat "$WORK/drive.err" >&2; fail "the two libraries differ"; }

title "Change it"
show clew rewrite "${THREAD[@]}" --bindings "'python/minicore_*.py'" --write
wait "$twice" || { cat "$WORK/write.out" >&2; fail "the change could not be made twice"; }
cat "$WORK/write.out"

title "A second run has nothing to do"
show clew rewrite "${THREAD[@]}" --bindings "'python/minicore_*.py'"
[[ ! -s "$WORK/second.diff" ]] || fail "the second run is not empty"
echo "no diff"

title "Undo"
cd "$WORK/changed"
! diff -rq "$WORK/original" "$WORK/changed" >"$WORK/differs" || fail "nothing was written"
undo=$(echo "$WORK"/changed/.clew/undo-*.patch)
show git apply -R .clew/"$(basename "$undo")"
# Outside a repository `git apply` works on plain files; the ceiling keeps git from finding one above.
GIT_CEILING_DIRECTORIES=$WORK git apply -R "$undo"
rm -r "$WORK/changed/.clew"
diff -r "$WORK/original" "$WORK/changed" || fail "undo does not restore the sources"
echo "every byte is back"

title "In short"
row audit "$(sed -n '/sandwiches,/p' "$WORK/audit.txt")"
row diff "$(sed -n '/functions threaded/p' "$WORK/summary")"
for check in compile run instrument poison; do row "$check" "$(verdict verify "$check")"; done
verdict drive drive | while IFS= read -r line; do row driver "$line"; done
row "again" "PASS  a second run changes nothing, and the undo patch restores every byte"
printf '%s s in all\n' "$SECONDS"
