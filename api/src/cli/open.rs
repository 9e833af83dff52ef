//! Opens the database that a command works on: the one that was given, or a private one.

use super::stop::{Stop, Stopped};
use crate::auth::{Actor, Viewer};
use crate::backup::Programs;
use crate::clock::Clock;
use crate::config::DatabaseSettings;
use crate::database::private::{Durability, Options, PrivatePostgres};
use crate::database::{
    Addresses, Purpose, Reads, Servers, Switch, Way, connect, connect_to, roles, unavailable, why_unreachable,
};
use crate::error::Result;
use crate::record;
use anyhow::Context as _;
use sea_orm::sqlx::Connection as _;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, Statement};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The name of the database in a private server.
const DATABASE: &str = "lmi";
/// The setting that names another.
const URL: &str = "DATABASE_URL (--database-url)";
/// Connections that a private server admits.
const MAX_CONNECTIONS: u32 = 100;

/// The database of a command, within reach.
pub(super) struct Opened {
    /// The servers themselves.
    servers: Servers,
    /// What leads to them, where requests go another way than commands.
    pooler: Option<Servers>,
    /// The same as their owner, where the service is another.
    owner: Option<Servers>,
    /// The same as those are answered who have not signed in, if as another.
    public: Option<Servers>,
    private: Option<Arc<PrivatePostgres>>,
    stop: Stop,
}

impl Opened {
    /// Finds the database; a private server is started or joined.
    pub(super) async fn open(settings: &DatabaseSettings) -> anyhow::Result<Self> {
        let stop = Stop::listen()?;
        if let Some(url) = settings.database_url.clone() {
            let (servers, pooler) = match settings.database_direct_url.clone() {
                Some(servers) => (servers, Some(url)),
                None => (url, None),
            };
            let (owner, public) = (settings.database_owner_url.clone(), settings.database_public_url.clone());
            return Ok(Self { servers, pooler, owner, public, private: None, stop });
        }
        let private = start_or_join(settings, &stop).await?;
        match create(&private).await {
            Ok(()) => {
                let named = |url: String| url.parse::<Servers>().map_err(anyhow::Error::msg);
                let servers = named(private.url_as(roles::SERVICE, DATABASE))?;
                let public = Some(named(private.url_as(roles::PUBLIC, DATABASE))?);
                let owner = Some(named(private.url(DATABASE))?);
                Ok(Self { servers, pooler: None, owner, public, private: Some(Arc::new(private)), stop })
            }
            Err(error) => {
                release(private).await;
                Err(error)
            }
        }
    }

    /// Opens the database, does one thing with it and leaves it, also when told to stop before that is done.
    pub(super) async fn with<T>(
        settings: &DatabaseSettings,
        act: impl AsyncFnOnce(&Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let opened = Self::open(settings).await?;
        let done = opened.stop.or(Box::pin(act(&opened))).await;
        opened.close().await;
        done
    }

    /// Connects for one command, as the owner.
    pub(super) async fn connect(&self) -> anyhow::Result<DatabaseConnection> {
        let place = match (&self.private, &self.owner, &self.pooler) {
            (Some(_), _, _) => "the private database",
            (None, Some(_), _) => "DATABASE_OWNER_URL (--database-owner-url)",
            (None, None, Some(_)) => "DATABASE_DIRECT_URL (--database-direct-url)",
            (None, None, None) => URL,
        };
        reached(place, connect_to(self.of_commands(), None, Way::Command, &Switch::default()).await)
    }

    /// Connects for answering requests, of which these servers take a part.
    pub(super) async fn connect_to_serve(
        &self,
        replicas: Option<&Servers>,
    ) -> anyhow::Result<(DatabaseConnection, Reads)> {
        let pooler = self.pooler.as_ref();
        let public = self.public.as_ref();
        reached(URL, Reads::connect(Addresses { servers: &self.servers, pooler, replicas, public }).await)
    }

    /// PostgreSQL's own programs for a server of this major version, led to the one that takes writes.
    pub(super) async fn programs(
        &self,
        settings: &DatabaseSettings,
    ) -> anyhow::Result<impl FnOnce(u32) -> anyhow::Result<Programs>> {
        let (address, connection, _) = self
            .of_commands()
            .primary(0)
            .await
            .map_err(|error| anyhow::anyhow!("{URL}: {}", why_unreachable(&unavailable(error))))?;
        let _ = connection.close().await;
        let (address, given) = (address.to_owned(), settings.postgres_bin.clone());
        let own = self.private().map(|private| private.programs().to_owned());
        Ok(move |server| Programs::find(&address, server, (given.as_deref(), own.as_deref())))
    }

    /// The servers, as whoever runs commands comes to them.
    fn of_commands(&self) -> &Servers {
        self.owner.as_ref().unwrap_or(&self.servers)
    }

    /// The private server, where it is one.
    pub(super) fn private(&self) -> Option<&Arc<PrivatePostgres>> {
        self.private.as_ref()
    }

    /// Whether the program is told to stop.
    pub(super) fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Leaves the database; the last to leave a private server stops it.
    pub(super) async fn close(self) {
        if let Some(private) = self.private.and_then(Arc::into_inner) {
            release(private).await;
        }
    }

    /// Brings the database up to date and does one thing with it.
    pub(super) async fn with_up_to_date<T>(
        &self,
        command: impl AsyncFnOnce(&DatabaseConnection) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let db = self.connect().await?;
        self.bring_up_to_date(&db).await?;
        let done = Box::pin(command(&db)).await;
        db.close().await?;
        done
    }
}

impl Opened {
    /// Applies what is pending, and gives the service its rights where it is not the owner itself.
    async fn bring_up_to_date(&self, db: &DatabaseConnection) -> anyhow::Result<()> {
        if self.owner.is_some() {
            migration::up(db).await.context("the database could not be brought up to date")?;
            let given = roles::give(db, &self.servers, self.public.as_ref()).await;
            return given
                .map_err(|error| anyhow::anyhow!("the service was not given its rights: {}", why_unreachable(&error)));
        }
        // One that owns nothing can see that nothing is pending, and needs no more.
        if migration::pending(db).await.is_ok_and(|pending| pending.is_empty()) {
            return Ok(());
        }
        let context = "the database could not be brought up to date; where DATABASE_URL is of a role that owns nothing, name the owner \
                       by DATABASE_OWNER_URL";
        migration::up(db).await.context(context)
    }
}

fn reached<T>(place: &str, connected: Result<T>) -> anyhow::Result<T> {
    connected.map_err(|error| anyhow::anyhow!("{place}: {}", why_unreachable(&error)))
}

/// Fills an empty database with the initiative's record, as the first thing that is done with it: an import would
/// otherwise give districts the state's names, which the record's stand above.
pub(super) async fn fill_if_empty(db: &DatabaseConnection) -> anyhow::Result<()> {
    if !record::is_empty(db).await? {
        return Ok(());
    }
    let viewer = Viewer::command_line();
    let parsed = record::parse(record::INITIATIVE)?;
    let loaded = record::load(db, Actor::new(&viewer, Clock::System), parsed, true).await?;
    if let Some(loaded) = loaded {
        tracing::info!("the database was empty: loaded the initiative's record ({loaded})");
    }
    Ok(())
}

/// Where a private server keeps its data, for a person to read.
pub(super) fn place(private: &PrivatePostgres) -> &Path {
    private.data_dir()
}

/// Starts the private server or joins it.
async fn start_or_join(settings: &DatabaseSettings, stop: &Stop) -> anyhow::Result<PrivatePostgres> {
    let (data_dir, postgres_bin) = (settings.data_dir.join("postgres"), settings.postgres_bin.clone());
    let mut starting = tokio::task::spawn_blocking(move || start(data_dir, postgres_bin));
    tokio::select! {
        started = &mut starting => started?,
        () = stop.clone().told() => {
            // Broken off half-way, it would leave a server behind that nobody uses.
            eprintln!("lmi: stopping as soon as PostgreSQL has started; Ctrl-C again stops at once");
            if let Ok(Ok(private)) = starting.await {
                release(private).await;
            }
            Err(Stopped.into())
        }
    }
}

fn start(data_dir: PathBuf, postgres_bin: Option<PathBuf>) -> anyhow::Result<PrivatePostgres> {
    let options = Options { data_dir, durability: Durability::Durable, max_connections: MAX_CONNECTIONS, postgres_bin };
    let progress = |line: &str| {
        if std::io::stderr().is_terminal() {
            eprintln!("{line}");
        } else {
            tracing::info!("{line}");
        }
    };
    Ok(PrivatePostgres::start(&options, &progress)?)
}

async fn release(private: PrivatePostgres) {
    let released = tokio::task::spawn_blocking(move || private.release()).await;
    match released {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the private database server was not stopped"),
        Err(error) => tracing::warn!(%error, "the private database server was not stopped"),
    }
}

/// Makes the database in a private server, where it is not there yet.
async fn create(private: &PrivatePostgres) -> anyhow::Result<()> {
    let admin = connect(&private.url("postgres"), Purpose::Command).await?;
    roles::make(&admin).await?;
    let known = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT 1 FROM pg_database WHERE datname = $1",
        [DATABASE.into()],
    );
    if admin.query_one_raw(known).await?.is_none() {
        let created = admin.execute_unprepared(&format!("CREATE DATABASE {DATABASE}")).await;
        created.map(drop).or_else(|error| if exists_already(&error) { Ok(()) } else { Err(error) })?;
    }
    Ok(admin.close().await?)
}

/// Another process was quicker.
fn exists_already(error: &DbErr) -> bool {
    error.to_string().contains("already exists") || error.to_string().contains("duplicate key")
}
