#!/bin/bash
# evdev.sh TEST_BINARY: runs the evdev source's tests for real devices inside the test machine.
set -eu
[ -c /dev/uinput ] || { echo "evdev.sh: no /dev/uinput: run this inside the test machine (tests/vm/README.md)" >&2; exit 1; }
exec "${1:?usage: evdev.sh TEST_BINARY}" --ignored --nocapture --test-threads=1
