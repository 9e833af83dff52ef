//! `lmi serve`: from nothing to a service that answers.

use super::check::open_ways;
use super::open::{Opened, fill_if_empty, place};
use super::say;
use super::stop::{Stop, Stopped};
use crate::account::{Accounts, PublicUrl};
use crate::auth::provider::Providers;
use crate::auth::{Authority, Keyring};
use crate::clock::Clock;
use crate::config::{AccessSettings, DatabaseSettings, ServeSettings};
use crate::database::Reads;
use crate::database::private::PrivatePostgres;
use crate::grant;
use crate::http::{
    App, Documents, Limits, Live, Manifest, Options, keep_following, keep_house, keep_listening, keep_measuring,
    metrics_router, router, serve,
};
use crate::mail::Mailer;
use crate::observe::{Told, Traces};
use anyhow::Context as _;
use sea_orm::DatabaseConnection;
use std::future::pending;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How often a private server is looked after.
const LOOK: Duration = Duration::from_secs(1);
/// How long a request under way may take once the service is told to stop: as long as any may take.
const GRACE: Duration = Duration::from_secs(10);

/// What is said as long as nobody can do everything.
const ADMINISTRATOR: &str = "\
\x20 Admin   nobody yet; make one in another terminal, beside the same data:
          lmi account create --email you@example.org --name 'Your Name' --role ADMIN
";

/// Every setting of `lmi serve`.
#[derive(Clone, Copy)]
pub(super) struct Settings<'a> {
    pub(super) database: &'a DatabaseSettings,
    pub(super) access: &'a AccessSettings,
    pub(super) serve: &'a ServeSettings,
}

impl Settings<'_> {
    fn options(&self, reads: Reads) -> Options {
        Options {
            production: self.serve.production,
            trusted_proxies: self.serve.trusted_proxies.clone(),
            kept_answers: u64::from(self.serve.cache_mb) * 1024 * 1024,
            cors_origins: self.serve.cors_origins.clone(),
            public: reads.public(),
            reads,
            limits: self.limits(),
            rate_limit: self.serve.rate_limit,
            live: Live::from(&self.limits()),
            figures_elsewhere: self.serve.metrics_listen.is_some(),
            slow: (self.serve.slow_ms > 0).then(|| Duration::from_millis(self.serve.slow_ms)),
            told: Told::default(),
        }
    }

    fn limits(&self) -> Limits {
        self.serve.limits.unwrap_or_default()
    }

    /// The registered documents, read and found to be valid.
    pub(super) fn documents(&self) -> anyhow::Result<Documents> {
        let ServeSettings { trusted_documents, trusted_only, .. } = self.serve;
        anyhow::ensure!(
            trusted_documents.is_some() || !trusted_only,
            "LMI_TRUSTED_ONLY (--trusted-only): no documents are registered; name their manifest by LMI_TRUSTED_DOCUMENTS"
        );
        let manifest = trusted_documents.as_deref().map(Manifest::read).transpose();
        let registered = manifest.map(Option::unwrap_or_default).map(|manifest| manifest.only(*trusted_only));
        let documents = registered.and_then(|registered| Documents::new(registered, &self.limits()));
        documents.map_err(|error| anyhow::anyhow!("LMI_TRUSTED_DOCUMENTS (--trusted-documents): {error:#}"))
    }

    /// Where the service is reached from outside, served on this address.
    fn public_url(&self, address: SocketAddr) -> anyhow::Result<PublicUrl> {
        let own = || PublicUrl::parse(&format!("http://{address}")).map_err(anyhow::Error::msg);
        self.access.public_url.clone().map_or_else(own, Ok)
    }

    pub(super) fn providers(&self) -> anyhow::Result<Providers> {
        Providers::new(&self.serve.oidc_issuers, &self.serve.oidc_audience)
    }

    pub(super) fn mailer(&self) -> anyhow::Result<Mailer> {
        let Some(url) = &self.serve.smtp_url else { return Ok(Mailer::off()) };
        let own = || Ok::<_, anyhow::Error>(format!("CA LMI <lmi@{}>", self.public_url(self.serve.listen)?.host()));
        Mailer::smtp(url, &self.serve.mail_from.clone().map_or_else(own, Ok)?)
    }

    fn accounts(&self, db: DatabaseConnection, address: SocketAddr, outside: Outside) -> anyhow::Result<Accounts> {
        let keyring = Keyring::open(self.access.signing_key.as_deref(), &self.database.data_dir)?;
        let public_url = self.public_url(address)?;
        // Tokens of ours would be taken for those of another.
        anyhow::ensure!(
            !outside.providers.include(public_url.as_str()),
            "LMI_OIDC_ISSUERS (--oidc-issuers): {} is this service itself; leave it out",
            public_url.as_str()
        );
        outside.providers.prepare(Clock::System.now());
        let authority = Authority::new(keyring, public_url.as_str(), Clock::System).believing(outside.providers);
        Ok(Accounts { db, authority, mailer: outside.mailer, public_url })
    }
}

/// What the service turns to beyond its database.
struct Outside {
    mailer: Mailer,
    providers: Providers,
}

/// Where the service answers.
struct Listeners {
    requests: TcpListener,
    /// Where it tells its figures, if elsewhere.
    figures: Option<TcpListener>,
}

/// Serves until it is told to stop.
pub(super) async fn run(settings: Settings<'_>) -> anyhow::Result<ExitCode> {
    // What is wrong with a setting is said before anything else is touched; so is that the address is taken.
    let documents = settings.documents()?;
    if settings.serve.production {
        for way in open_ways(settings) {
            tracing::warn!("{}: {}", way.setting, way.mend);
        }
    }
    let outside = Outside { mailer: settings.mailer()?, providers: settings.providers()? };
    let traces = settings.serve.otlp_endpoint.as_ref().map(Traces::start).transpose()?;
    let listen = settings.serve.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("LMI_LISTEN (--listen): {listen} cannot be served on; give another, as in 127.0.0.1:8081")
    })?;
    let figures = match settings.serve.metrics_listen {
        Some(address) => Some(TcpListener::bind(address).await.with_context(|| {
            format!("LMI_METRICS_LISTEN (--metrics-listen): {address} cannot be served on; give another")
        })?),
        None => None,
    };
    let listeners = Listeners { requests: listener, figures };
    let served = match Opened::open(settings.database).await {
        Ok(opened) => {
            let served = prepare_and_serve(&opened, listeners, settings, (documents, outside)).await;
            opened.close().await;
            served
        }
        Err(error) => Err(error),
    };
    if let Some(traces) = traces {
        traces.end().await;
    }
    match served {
        // To be told to stop is how serving ends, also before it has begun.
        Err(error) if !error.is::<Stopped>() => Err(error),
        _ => {
            say("Stopped.");
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn prepare_and_serve(
    opened: &Opened,
    listeners: Listeners,
    settings: Settings<'_>,
    (documents, outside): (Documents, Outside),
) -> anyhow::Result<()> {
    let address = listeners.requests.local_addr()?;
    opened.stop().or(opened.with_up_to_date(fill_if_empty)).await?;
    let (db, reads) = opened.connect_to_serve(settings.serve.database_read_urls.as_ref()).await?;
    let app = App::new(settings.accounts(db.clone(), address, outside)?, documents, settings.options(reads));
    say(&first_screen(opened, address, settings.serve));
    if !grant::has_administrator(&db, Clock::System.now()).await? {
        say(ADMINISTRATOR);
    }
    let (guarding, unguarded) = oneshot::channel();
    let guard = opened.private().map(|private| tokio::spawn(look_after(Arc::clone(private), unguarded)));
    let answered = answer(app, listeners, opened.stop()).await;
    drop(guarding);
    if let Some(guard) = guard {
        // Its share of the server must be given back before the server is.
        let _ = guard.await;
    }
    db.close().await?;
    answered
}

/// Answers, keeps house and brings webhooks until told to stop, and then brings to its end what is under way.
async fn answer(app: App, listeners: Listeners, stop: &Stop) -> anyhow::Result<()> {
    let courier = app.courier()?;
    let webhooks = Box::pin(courier.clone().deliver(stop.clone().told()));
    let (told, live) = (stop.clone(), app.clone());
    let ending = async move {
        told.told().await;
        live.end();
    };
    let answering = Box::pin(async {
        serve(listeners.requests, app.clone(), router(app.clone()), ending).await;
        app.quiet().await;
    });
    let serving = async { tokio::join!(answering, webhooks) };
    tokio::select! {
        ((), ()) = serving => {}
        () = grace(stop.clone()) => {}
        () = keep_house(app.clone()) => {}
        () = keep_listening(app.clone()) => {}
        () = keep_following(app.clone()) => {}
        () = keep_measuring(app.clone()) => {}
        () = tell_figures(app.clone(), listeners.figures) => {}
    }
    if let Err(error) = courier.release().await {
        tracing::debug!(%error, "webhooks that were cut off are taken up once their leases end");
    }
    Ok(())
}

/// Tells the figures where nothing else is answered, to the end.
async fn tell_figures(app: App, listener: Option<TcpListener>) {
    match listener {
        Some(listener) => serve(listener, app.clone(), metrics_router(app), pending()).await,
        None => pending().await,
    }
}

/// How long those who are being answered are waited for.
async fn grace(stop: Stop) {
    stop.told().await;
    tokio::time::sleep(GRACE).await;
    tracing::warn!("requests were cut off that took longer than {} seconds", GRACE.as_secs());
}

/// Starts the private server again where it was killed, until the service ends.
async fn look_after(private: Arc<PrivatePostgres>, mut ended: oneshot::Receiver<()>) {
    let mut interval = tokio::time::interval(LOOK);
    let mut is_dead = false;
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            _ = &mut ended => return,
        }
        let private = Arc::clone(&private);
        match tokio::task::spawn_blocking(move || private.ensure_running()).await {
            Ok(Ok(started)) => {
                if started || is_dead {
                    tracing::warn!("the private database server had died and was started again");
                }
                is_dead = false;
            }
            // Once is enough to say it.
            Ok(Err(error)) if !is_dead => {
                tracing::error!(%error, "the private database server has died");
                is_dead = true;
            }
            Ok(Err(_)) | Err(_) => {}
        }
    }
}

/// What the newcomer sees: what runs, what to open, what to try, how to stop.
fn first_screen(opened: &Opened, address: SocketAddr, settings: &ServeSettings) -> String {
    let base = format!("http://{address}");
    let data = match opened.private() {
        Some(private) => format!("a private PostgreSQL in {}", place(private).display()),
        None => "the database that DATABASE_URL names".to_owned(),
    };
    let page = if settings.production { "the endpoint" } else { "the endpoint; in a browser, GraphiQL" };
    format!(
        "\nlmi {version} · the California Labor-Management Initiative's shared dataset\n\n\
         \x20 Open    {base}/          what this is\n\
         \x20         {base}/graphql   {page}\n\
         \x20 Try     curl {base}/graphql -H 'Content-Type: application/json' \\\n\
         \x20           -d '{{\"query\": \"{{ convening(by: {{slug: \\\"2015-symposium\\\"}}) {{ title startsOn endsOn }} }}\"}}'\n\
         \x20 Data    {data}\n\
         \x20 More    lmi --help; lmi import districts FILE takes over the state's directory\n\
         \x20 Stop    Ctrl-C\n",
        version = env!("CARGO_PKG_VERSION"),
    )
}
