#![no_main]

use std::sync::Once;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    // The product catches panics of the network's library, so they must not end the fuzzer; one that comes out does.
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    stillyou_fuzz_targets::weights(data)
});
