//! The program `lmi`: reads the command line and runs one command.

use std::process::ExitCode;

fn main() -> ExitCode {
    lmi::cli::run()
}
