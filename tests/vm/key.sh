#!/bin/bash
# key.sh TEST_BINARY STILLYOU: inside the test machine, plugs security keys in that the kernel takes for ones on USB, and sets
# them up, uses and removes them with the whole product.
set -eu
[ -c /dev/uhid ] || { echo "key.sh: no /dev/uhid: run this inside the test machine (tests/vm/README.md)" >&2; exit 1; }
test=${1:?usage: key.sh TEST_BINARY STILLYOU}
export STILLYOU=$2 CARGO_MANIFEST_DIR=${CARGO_MANIFEST_DIR:-/tmp}
"$test" --ignored --nocapture --test-threads=1 security_key::
