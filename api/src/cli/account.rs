//! `lmi account`: accounts, beside the database.

use super::open::{Opened, fill_if_empty};
use super::scope::{Role, Scope};
use super::{password, say};
use crate::account::PublicUrl;
use crate::account::service::{self, NewAccount};
use crate::auth::provider::{ExternalIdentity, Issuer};
use crate::auth::{Actor, Passwords, Viewer};
use crate::clock::Clock;
use crate::config::{AccessSettings, DatabaseSettings};
use crate::grant::{self, Wanted};
use crate::identity;
use crate::writing::{attribute, because};
use anyhow::Context as _;
use clap::Subcommand;
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait as _};
use std::net::SocketAddr;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an account; its password is read from standard input
    Create {
        /// The address that its owner signs in with
        #[arg(long)]
        email: String,
        /// What its owner is called
        #[arg(long)]
        name: String,
        /// What it may do
        #[arg(long, value_enum, ignore_case = true)]
        role: Option<Role>,
        #[command(flatten)]
        scope: Scope,
    },
    /// List the accounts
    List,
    /// Shut an account out
    Disable {
        /// Its address
        #[arg(long)]
        email: String,
        /// Why, for the history
        #[arg(long)]
        reason: String,
    },
    /// Let who somebody is at an identity provider open their account
    Link {
        /// The account's address
        #[arg(long)]
        email: String,
        /// The identity provider, as `LMI_OIDC_ISSUERS` names it
        #[arg(long)]
        issuer: Issuer,
        /// Who they are there: the `sub` of their tokens
        #[arg(long)]
        subject: String,
    },
    /// Make a link by which the owner of an account sets a new password
    ResetLink {
        /// Its address
        #[arg(long)]
        email: String,
    },
}

/// Runs one of them, all of it or nothing.
pub(super) async fn run(
    database: &DatabaseSettings,
    access: &AccessSettings,
    listen: SocketAddr,
    command: Command,
) -> anyhow::Result<ExitCode> {
    // Typed before the database is opened: nobody waits for somebody who is typing.
    let password = if let Command::Create { .. } = command { Some(password::read()?) } else { None };
    let own = || PublicUrl::parse(&format!("http://{listen}")).map_err(anyhow::Error::msg);
    let public_url = access.public_url.clone().map_or_else(own, Ok)?;
    let act = async |db: &DatabaseConnection| {
        fill_if_empty(db).await?;
        let viewer = Viewer::command_line();
        let actor = Actor::new(&viewer, Clock::System);
        let transaction = db.begin().await?;
        attribute(&transaction, actor).await?;
        let said = match command {
            Command::Create { email, name, role, scope } => {
                let new = NewAccount { email, display_name: name, password };
                create(&transaction, actor, new, (role, &scope)).await?
            }
            Command::List => list(&transaction, actor).await?,
            Command::Disable { email, reason } => {
                because(&transaction, actor, &reason).await?;
                disable(&transaction, actor, &email).await?
            }
            Command::Link { email, issuer, subject } => {
                link(&transaction, actor, &email, ExternalIdentity::named(&issuer, subject)).await?
            }
            Command::ResetLink { email } => reset_link(&transaction, actor, &public_url, &email).await?,
        };
        transaction.commit().await?;
        Ok(said)
    };
    say(&Opened::with(database, async |opened| opened.with_up_to_date(act).await).await?);
    Ok(ExitCode::SUCCESS)
}

async fn create(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    new: NewAccount,
    (role, scope): (Option<Role>, &Scope),
) -> anyhow::Result<String> {
    anyhow::ensure!(role.is_some() || scope.is_empty(), "a scope goes with a role; give --role, too");
    let made = service::create(db, actor, &Passwords::new(), new).await?;
    let Some(role) = role.map(Into::into) else { return Ok(format!("{} has an account.", made.email)) };
    let wanted = Wanted { role, scope: scope.find(db).await?, expires_at: None };
    grant::create(db, actor, made.id, wanted).await?;
    Ok(format!("{} has an account, with the role {}.", made.email, super::scope::word(role)))
}

async fn list(db: &impl ConnectionTrait, actor: Actor<'_>) -> anyhow::Result<String> {
    let mut lines = Vec::new();
    for account in service::list(db, actor).await? {
        let held = grant::of(db, actor, account.id).await?;
        let mut words: Vec<&str> = held.iter().map(|held| super::scope::word(held.role)).collect();
        if account.disabled_at.is_some() {
            words.push("disabled");
        }
        lines.push(format!("{}  {}  {}", account.email, account.display_name, words.join(" ")).trim_end().to_owned());
    }
    Ok(if lines.is_empty() { "There are no accounts.".to_owned() } else { lines.join("\n") })
}

async fn disable(db: &impl ConnectionTrait, actor: Actor<'_>, email: &str) -> anyhow::Result<String> {
    let account = find(db, actor, email).await?;
    service::disable(db, actor, account.id, account.version).await?;
    Ok(format!("{} is shut out.", account.email))
}

async fn link(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    email: &str,
    external: ExternalIdentity,
) -> anyhow::Result<String> {
    let account = find(db, actor, email).await?;
    let provider = external.issuer.clone();
    identity::service::link(db, actor, account.id, external).await?;
    Ok(format!("{} signs in at {provider}.", account.email))
}

async fn reset_link(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    public_url: &PublicUrl,
    email: &str,
) -> anyhow::Result<String> {
    let account = find(db, actor, email).await?;
    Ok(service::reset_link(public_url, db, actor, account.id).await?.url)
}

async fn find(db: &impl ConnectionTrait, actor: Actor<'_>, email: &str) -> anyhow::Result<entity::account::Model> {
    let account = service::of_address(db, actor, email).await?;
    account.with_context(|| format!("there is no account of the address `{email}`"))
}
