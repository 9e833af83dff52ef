#![no_main]

libfuzzer_sys::fuzz_target!(|given: &str| lmi::fuzzing::spreadsheet(given));
