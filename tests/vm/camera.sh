#!/bin/bash
# camera.sh TEST_BINARY [STILLYOU]: inside the test machine, runs the tests for real cameras; then shows what `stillyou doctor`
# says of the cameras, to root and to an ordinary user.
set -eu
[ -c /dev/video0 ] && [ -c /dev/video10 ] || { echo "camera.sh: no cameras: run this inside the test machine (tests/vm/README.md)" >&2; exit 1; }
"${1:?usage: camera.sh TEST_BINARY [STILLYOU]}" --ignored --nocapture --test-threads=1
[ $# -ge 2 ] || exit 0

doctor() { HOME=/tmp XDG_RUNTIME_DIR=/tmp setpriv "$@" | grep -A1 -E '^(ok|PROBLEM) +camera '; }
root=$(doctor "$2" doctor)
user=$(doctor --reuid 65534 --regid 65534 --clear-groups "$2" doctor)
printf '%s\n' "$root" "$user"
[[ $root == 'ok '*vivid*'/dev/video0'*'makes cameras for programs'* ]]
[[ $user == 'PROBLEM '*'may not use'*'group `video`'* ]]
