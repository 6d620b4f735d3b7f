#!/bin/bash
# face.sh TEST_BINARY STILLYOU STILLYOU_DESKTOP FACES [PAD]: inside the test machine, enrols a face before the loopback camera and swaps it
# for another, with the whole product. FACES has folders of 640x480 JPEGs, `owner` and `stranger`: heads that turn and nod; and `phone`:
# a telephone that shows the owner. PAD has the networks against pictures and screens; without it the telephone is left out.
set -eu
[ -c /dev/video10 ] || { echo "face.sh: no loopback camera: run this inside the test machine (tests/vm/README.md)" >&2; exit 1; }
test=${1:?usage: face.sh TEST_BINARY STILLYOU STILLYOU_DESKTOP FACES [PAD]}
chmod 666 /dev/video10
export STILLYOU=$2 STILLYOU_DESKTOP=$3 STILLYOU_FACES=$4 STILLYOU_PAD=${5-} CARGO_MANIFEST_DIR=${CARGO_MANIFEST_DIR:-/tmp}
without=()
[ -n "$STILLYOU_PAD" ] || without=(--skip a_phone)
"$test" --ignored --nocapture --test-threads=1 "${without[@]}" camera::
