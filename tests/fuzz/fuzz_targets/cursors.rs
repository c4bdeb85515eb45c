#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| octave_fuzz::throw("cursors", bytes));
