#!/usr/bin/env bash
# The same job for Coccinelle and for clew: thread the state of minicore through static functions.  Prints the
# time that each takes, and how many errors gcc finds afterwards.
#
#     bench/peers/coccinelle.sh            (needs spatch, gcc, make, and clew on PATH)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
core=$here/../../fixtures/minicore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed 's/STATE/MCState/g; s/ACCESSOR/mc_state_get/' "$here/thread.cocci" >"$work/thread.cocci"

errors() { { make -s -k -C "$1" 2>&1 || true; } | grep -c 'error:' || true; }

cp -R "$core" "$work/spatch"
cp -R "$core" "$work/clew"
cd "$work/spatch"
TIMEFORMAT='coccinelle: %U s user, %R s'
time spatch --sp-file ../thread.cocci --dir . --include-headers --in-place >/dev/null 2>&1
echo "coccinelle: $(errors "$work/spatch") errors"
cd "$work/clew"
TIMEFORMAT='clew: %U s user, %R s'
time clew rewrite --state ts --write --quiet || [[ $? -eq 1 ]]
echo "clew: $(errors "$work/clew") errors"
