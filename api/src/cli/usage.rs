//! Reads the command line and the environment, and says what is wrong with them.

use super::Cli;
use crate::config::ServeSettings;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args as _, Command, CommandFactory as _, FromArgMatches as _};
use std::error::Error as _;
use std::process::ExitCode;

/// Understands how the program was called. What cannot be understood was said on standard error.
pub(super) fn parse() -> Result<Cli, ExitCode> {
    let parsed = Cli::command().try_get_matches().and_then(|matches| {
        misplaced(&matches)?;
        Cli::from_arg_matches(&matches)
    });
    parsed.map_err(|error| {
        match wrong_setting(&error) {
            Some(message) => eprintln!("lmi: {message}"),
            // Nobody may be there to read it.
            None => drop(error.print()),
        }
        // Help and the version come this way too.
        if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
    })
}

/// A flag of `lmi serve` in front of another command would be read and have no effect.
fn misplaced(matches: &ArgMatches) -> Result<(), clap::Error> {
    let given = |flag: &&Arg| matches.value_source(flag.get_id().as_str()) == Some(ValueSource::CommandLine);
    let serving = ServeSettings::augment_args(Command::new("serve"));
    match (matches.subcommand_name(), serving.get_arguments().find(given).and_then(Arg::get_long)) {
        (Some(command), Some(flag)) => {
            let message = format!("--{flag} stands in front of `{command}`; write `lmi serve --{flag} …`");
            Err(Cli::command().error(ErrorKind::ArgumentConflict, message))
        }
        _ => Ok(()),
    }
}

/// A wrong value in one line that names the setting by its variable as well as by its flag.
fn wrong_setting(error: &clap::Error) -> Option<String> {
    if !matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation) {
        return None;
    }
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    // As in `--listen <ADDRESS>` and `--production[=<BOOLEAN>]`.
    let flag = text(ContextKind::InvalidArg)?.strip_prefix("--")?.split([' ', '[', '=']).next()?;
    let command = Cli::command();
    let setting = command.get_arguments().find(|argument| argument.get_long() == Some(flag))?;
    let variable = setting.get_env()?.to_string_lossy();
    let fault = match text(ContextKind::InvalidValue).filter(|value| !value.is_empty()) {
        // Of a setting that may hold a password, only what is wrong with it is said.
        Some(_) if setting.is_hide_env_values_set() => error.source()?.to_string(),
        Some(value) => {
            let reason = error.source().map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("`{value}` cannot be used{reason}")
        }
        None => "a value is needed".to_owned(),
    };
    Some(format!("{variable} (--{flag}): {fault}"))
}
