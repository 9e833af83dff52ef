#![no_main]

libfuzzer_sys::fuzz_target!(|given: &[u8]| lmi::fuzzing::districts(given));
