//! The program `lmi`, built beside the tests that run it.

use std::process::ExitCode;

fn main() -> ExitCode {
    lmi::cli::run()
}
