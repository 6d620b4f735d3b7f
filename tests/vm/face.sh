#!/bin/bash
# face.sh TEST_BINARY STILLYOU STILLYOU_DESKTOP FACES: inside the test machine, enrols a face before the loopback camera and swaps it for
# another, with the whole product. FACES has two folders of 640x480 JPEGs, `owner` and `stranger`: heads that turn and nod.
set -eu
[ -c /dev/video10 ] || { echo "face.sh: no loopback camera: run this inside the test machine (tests/vm/README.md)" >&2; exit 1; }
test=${1:?usage: face.sh TEST_BINARY STILLYOU STILLYOU_DESKTOP FACES}
chmod 666 /dev/video10
export STILLYOU=$2 STILLYOU_DESKTOP=$3 STILLYOU_FACES=$4 CARGO_MANIFEST_DIR=${CARGO_MANIFEST_DIR:-/tmp}
"$test" --ignored --nocapture --test-threads=1 camera::
