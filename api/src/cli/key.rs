//! `lmi key`: API keys, beside the database.

use super::open::{Opened, fill_if_empty};
use super::say;
use super::scope::{Role, Scope, word};
use crate::api_key::{self, NewApiKey};
use crate::auth::{Actor, Viewer};
use crate::clock::{Clock, end_of};
use crate::config::DatabaseSettings;
use crate::writing::attribute;
use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Subcommand;
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait as _};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a key and print it, this once
    Create {
        /// What it is called: whose it is and what for
        #[arg(long)]
        name: String,
        /// What it may do: PARTNER, or nothing beyond reading what everybody reads
        #[arg(long, value_enum, ignore_case = true)]
        role: Option<Role>,
        #[command(flatten)]
        scope: Scope,
        /// Change nothing, whatever the role allows
        #[arg(long)]
        read_only: bool,
        /// The last day on which it is good
        #[arg(long, value_name = "DATE")]
        expires: Option<NaiveDate>,
    },
    /// List the keys
    List,
    /// Revoke a key
    Revoke {
        /// What stands in it behind `lmi_`
        prefix: String,
    },
}

/// Runs one of them, all of it or nothing.
pub(super) async fn run(database: &DatabaseSettings, command: Command) -> anyhow::Result<ExitCode> {
    let act = async |db: &DatabaseConnection| {
        fill_if_empty(db).await?;
        let viewer = Viewer::command_line();
        let actor = Actor::new(&viewer, Clock::System);
        let transaction = db.begin().await?;
        attribute(&transaction, actor).await?;
        let said = match command {
            Command::Create { name, role, scope, read_only, expires } => {
                let organization = scope.find(&transaction).await?.organization;
                let (role, expires_at) = (role.map(Into::into), expires.map(end_of));
                // A key without a role only reads; there is no need to say so.
                let read_only = read_only || role.is_none();
                let new = NewApiKey { name, role, organization, read_only, expires_at };
                api_key::create(&transaction, actor, new).await?.1.reveal()
            }
            Command::List => list(&transaction, actor).await?,
            Command::Revoke { prefix } => revoke(&transaction, actor, &prefix).await?,
        };
        transaction.commit().await?;
        Ok(said)
    };
    say(&Opened::with(database, async |opened| opened.with_up_to_date(act).await).await?);
    Ok(ExitCode::SUCCESS)
}

async fn list(db: &impl ConnectionTrait, actor: Actor<'_>) -> anyhow::Result<String> {
    let line = |key: entity::api_key::Model| {
        let mut words = vec![key.role.map_or("reads", word)];
        words.extend((key.role.is_some() && key.read_only).then_some("read-only"));
        words.extend(key.revoked_at.map(|_| "revoked"));
        words.extend(key.expires_at.filter(|until| *until <= actor.now).map(|_| "expired"));
        format!("{}  {}  {}", key.prefix, key.name, words.join(" "))
    };
    let lines: Vec<String> = api_key::list(db, actor).await?.into_iter().map(line).collect();
    Ok(if lines.is_empty() { "There are no keys.".to_owned() } else { lines.join("\n") })
}

async fn revoke(db: &impl ConnectionTrait, actor: Actor<'_>, prefix: &str) -> anyhow::Result<String> {
    let key = api_key::find_by_prefix(db, actor, prefix).await?;
    let key = key.with_context(|| format!("there is no key `{prefix}`"))?;
    api_key::revoke(db, actor, key.id).await?;
    Ok(format!("The key {prefix} is good for nothing any more."))
}
