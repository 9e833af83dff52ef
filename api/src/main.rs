//! The program `lmi`: reads the command line and runs one command.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A request makes many small things and drops them all at its end.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    lmi::cli::run()
}
