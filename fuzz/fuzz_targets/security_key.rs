#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| stillyou_fuzz_targets::security_key(data));
