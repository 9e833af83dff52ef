//! The command line.

mod account;
mod backup;
mod check;
mod export;
mod generate;
mod health;
mod import;
mod import_rows;
mod key;
mod load;
mod migrate;
mod open;
mod password;
mod restore;
mod scope;
mod serve;
mod stop;
mod usage;

use crate::auth::Keyring;
use crate::config::{AccessSettings, DatabaseSettings, LogSettings, ServeSettings};
use crate::error::Error;
use crate::generate::Size;
use crate::http::STACK;
use crate::observe::start_log;
use crate::spreadsheet::{Importable, What};
use clap::builder::{PossibleValuesParser, RangedU64ValueParser, TypedValueParser as _};
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use serve::Settings;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The shared dataset of the California Labor-Management Initiative as a GraphQL service
#[derive(Debug, Parser)]
#[command(name = "lmi", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    database: DatabaseSettings,
    #[command(flatten)]
    access: AccessSettings,
    #[command(flatten)]
    log: LogSettings,
    #[command(flatten)]
    serve: ServeSettings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the database up to date and serve (what `lmi` alone does)
    Serve {
        #[command(flatten)]
        settings: Box<ServeSettings>,
    },
    /// Bring the database up to date and stop
    Migrate {
        /// Change nothing; exit with 1 where something is pending
        #[arg(long)]
        check: bool,
    },
    /// Say what is wrong with the configuration and the database, and how to mend it. Exits with 1 where something is wrong
    Check {
        #[command(flatten)]
        settings: Box<ServeSettings>,
    },
    /// Ask the service on this machine whether its process runs. Exits with 1 where nothing answers
    Health {
        /// Ask whether it can answer: whether it reaches its database, and that is up to date
        #[arg(long)]
        ready: bool,
    },
    /// Take over what others publish
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Load a record file, all of it or nothing
    Load {
        /// The record file
        file: PathBuf,
    },
    /// Write all that the database holds to a folder, as it is at one moment, while it goes on being used
    Backup {
        #[command(flatten)]
        to: backup::To,
    },
    /// Put a backup into an empty database, all of it or nothing
    Restore {
        #[command(flatten)]
        from: restore::From,
    },
    /// Make, list and shut out accounts
    Account {
        #[command(subcommand)]
        what: account::Command,
    },
    /// Make, list and revoke API keys
    Key {
        #[command(subcommand)]
        what: key::Command,
    },
    /// Look after the key that signs access tokens
    SigningKey {
        #[command(subcommand)]
        what: SigningKey,
    },
    /// Print a spreadsheet, as CSV
    Export {
        /// What it is of
        #[arg(value_parser = PossibleValuesParser::new(What::ALL.iter().map(|what| what.name())).try_map(named))]
        what: What,
        /// Only what belongs to the convening of this slug
        #[arg(long, value_name = "SLUG")]
        convening: Option<String>,
    },
    /// Fill an empty database with made-up districts, people and convenings, for benchmarks and trials
    Generate {
        /// How many times a whole state: 1 is 1,020 districts, 200 convenings and 20,000 people
        #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<u32>::new().range(1..=Size::MOST.into()))]
        scale: u32,
        /// Make some convenings, organizations and counties far larger than most, as they are in real life
        #[arg(long)]
        skew: bool,
    },
    /// Print the GraphQL schema
    Schema {
        /// As a subgraph of Apollo Federation, with the keys by which other subgraphs extend its types
        #[arg(long)]
        federation: bool,
    },
}

#[derive(Debug, Subcommand)]
enum SigningKey {
    /// Sign with a new key from now on; those before still verify. A running service notices by itself
    Rotate,
}

#[derive(Debug, Subcommand)]
enum Import {
    /// The California Department of Education's public districts file, as it is published
    Districts {
        /// The tab-separated file
        file: PathBuf,
        /// Print what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Accept the closing of more than 5 % of the districts
        #[arg(long)]
        allow_closing: bool,
    },
    /// Organizations from a spreadsheet, as `lmi export organizations` prints it
    Organizations {
        #[command(flatten)]
        rows: Rows,
    },
    /// People from a spreadsheet, as `lmi export people` prints it
    People {
        #[command(flatten)]
        rows: Rows,
    },
    /// Sessions from a spreadsheet, as `lmi export sessions` prints it
    Sessions {
        #[command(flatten)]
        rows: Rows,
        #[command(flatten)]
        of: OfConvening,
    },
    /// Speakers from a spreadsheet, as `lmi export speakers` prints it
    Speakers {
        #[command(flatten)]
        rows: Rows,
        #[command(flatten)]
        of: OfConvening,
    },
}

/// What rows belong to.
#[derive(Args, Debug)]
struct OfConvening {
    /// The convening that all rows belong to, new ones included
    #[arg(long, value_name = "SLUG")]
    convening: Option<String>,
}

/// A spreadsheet to import.
#[derive(Args, Debug)]
struct Rows {
    /// The spreadsheet, as CSV in UTF-8
    file: PathBuf,
    /// Print what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// What there are spreadsheets of, by name.
fn named(name: String) -> Result<What, String> {
    What::named(&name).ok_or(name)
}

/// Runs the command that the program was called with. Exit status: 0 done, 1 refused or failed, 2 wrong usage.
pub fn run() -> ExitCode {
    let cli = match usage::parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    if let Err(message) = start_log(&cli.log.log, cli.log.log_format) {
        eprintln!("lmi: {message}");
        return ExitCode::from(2);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("lmi: the system gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("lmi: {}", in_one_line(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error and its causes, each said once: many an error repeats its cause.
fn in_one_line(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |line, cause| {
        if line.is_empty() {
            cause
        } else if line.contains(&cause) {
            line
        } else {
            format!("{}: {cause}", line.trim_end_matches('.'))
        }
    })
}

/// Says that a file was refused, if it was the file's fault.
fn whole_or_not_at_all(file: &Path, error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref() {
        Some(Error::BadInput(_) | Error::Invalid(_) | Error::NotFound(_)) => {
            error.context(format!("{} was refused whole; nothing was changed", file.display()))
        }
        _ => error,
    }
}

/// Prints a line to standard output. That nobody reads any more, as in `lmi schema | head`, is no fault.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

async fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        None => serve::run(Settings { database: &cli.database, access: &cli.access, serve: &cli.serve }).await,
        Some(Command::Serve { settings }) => {
            serve::run(Settings { database: &cli.database, access: &cli.access, serve: &settings }).await
        }
        Some(Command::Check { settings }) => {
            check::run(Settings { database: &cli.database, access: &cli.access, serve: &settings }).await
        }
        Some(Command::Backup { to }) => backup::run(&cli.database, &cli.access, to).await,
        Some(Command::Restore { from }) => restore::run(&cli.database, from).await,
        Some(Command::Health { ready }) => health::run(cli.serve.listen, ready).await,
        Some(Command::Account { what }) => account::run(&cli.database, &cli.access, cli.serve.listen, what).await,
        Some(Command::Key { what }) => key::run(&cli.database, what).await,
        Some(Command::SigningKey { what: SigningKey::Rotate }) => {
            let path = Keyring::rotate(cli.access.signing_key.as_deref(), &cli.database.data_dir)?;
            say(&format!("Tokens are signed with a new key from now on: {}", path.display()));
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Migrate { check }) => migrate::run(&cli.database, check).await,
        Some(Command::Import { what }) => take_over(&cli.database, what).await,
        Some(Command::Load { file }) => load::run(&cli.database, &file).await,
        Some(Command::Export { what, convening }) => export::run(&cli.database, what, convening.as_deref()).await,
        Some(Command::Generate { scale, skew }) => generate::run(&cli.database, Size::times(scale, skew)).await,
        Some(Command::Schema { federation }) => {
            let sdl = if federation { crate::federation::sdl() } else { crate::schema::sdl() };
            say(sdl.trim_end());
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn take_over(database: &DatabaseSettings, what: Import) -> anyhow::Result<ExitCode> {
    match what {
        Import::Districts { file, dry_run, allow_closing } => {
            import::districts(database, &file, dry_run, allow_closing).await
        }
        Import::Organizations { rows } => import_rows::run(database, Importable::Organizations, &rows, None).await,
        Import::People { rows } => import_rows::run(database, Importable::People, &rows, None).await,
        Import::Sessions { rows, of } => {
            import_rows::run(database, Importable::Sessions, &rows, of.convening.as_deref()).await
        }
        Import::Speakers { rows, of } => {
            import_rows::run(database, Importable::Speakers, &rows, of.convening.as_deref()).await
        }
    }
}

/// Every setting as a table for `docs/configuration.md`.
pub fn settings_to_markdown() -> String {
    use std::fmt::Write as _;
    let mut page = String::from(
        "# Settings\n\n\
         Printed from the code (`api/src/config.rs`) and compared in a test; do not edit by hand. Each setting is a \
         flag and an environment variable; the flag wins. A wrong value stops the start with a line that names it.\n\n\
         | variable | flag | default | what it is |\n|---|---|---|---|\n",
    );
    for argument in Cli::command().get_arguments() {
        let (Some(variable), Some(flag)) = (argument.get_env(), argument.get_long()) else { continue };
        let default = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect::<String>();
        let default = if default.is_empty() { "–".to_owned() } else { format!("`{default}`") };
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| `{}` | `--{flag}` | {default} | {help} |", variable.to_string_lossy());
    }
    page
}
