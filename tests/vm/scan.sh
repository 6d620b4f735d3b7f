#!/bin/bash
# scan.sh TEST_BINARY STILLYOU: inside the test machine, holds a grant before the loopback camera as QR codes, with the whole product.
set -eu
[ -c /dev/video10 ] || { echo "scan.sh: no loopback camera: run this inside the test machine (tests/vm/README.md)" >&2; exit 1; }
test=${1:?usage: scan.sh TEST_BINARY STILLYOU}
chmod 666 /dev/video10
export STILLYOU=$2 CARGO_MANIFEST_DIR=${CARGO_MANIFEST_DIR:-/tmp}
"$test" --ignored --nocapture --test-threads=1 scan::
