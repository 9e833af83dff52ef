//! `lmi serve`: from nothing to a service that answers.

use super::open::{Opened, fill_if_empty, place};
use super::say;
use super::stop::{Stop, Stopped};
use crate::clock::Clock;
use crate::config::{DatabaseSettings, ServeSettings};
use crate::database::Purpose;
use crate::database::private::PrivatePostgres;
use crate::http::{App, keep_house, router};
use anyhow::Context as _;
use std::future::IntoFuture as _;
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

/// Serves until it is told to stop.
pub(super) async fn run(database: &DatabaseSettings, settings: &ServeSettings) -> anyhow::Result<ExitCode> {
    // First the address: where it is taken, nothing else is touched.
    let listener = TcpListener::bind(settings.listen).await.with_context(|| {
        format!("LMI_LISTEN (--listen): {} cannot be served on; give another, as in 127.0.0.1:8081", settings.listen)
    })?;
    let address = listener.local_addr()?;
    let served = match Opened::open(database).await {
        Ok(opened) => {
            let served = prepare_and_serve(&opened, listener, address, settings).await;
            opened.close().await;
            served
        }
        Err(error) => Err(error),
    };
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
    listener: TcpListener,
    address: SocketAddr,
    settings: &ServeSettings,
) -> anyhow::Result<()> {
    opened.stop().or(opened.with_up_to_date(fill_if_empty)).await?;
    let db = opened.connect(Purpose::Serve).await?;
    let app = App::new(db.clone(), settings.production, Clock::System);
    say(&first_screen(opened, address, settings));
    let (guarding, unguarded) = oneshot::channel();
    let guard = opened.private().map(|private| tokio::spawn(look_after(Arc::clone(private), unguarded)));
    let stopped = opened.stop().clone();
    let housekeeping = keep_house(app.clone());
    let serving = axum::serve(listener, router(app)).with_graceful_shutdown(stopped.clone().told()).into_future();
    let served = tokio::select! {
        served = serving => served,
        () = grace(stopped) => Ok(()),
        () = housekeeping => Ok(()),
    };
    drop(guarding);
    if let Some(guard) = guard {
        // Its share of the server must be given back before the server is.
        let _ = guard.await;
    }
    db.close().await?;
    Ok(served?)
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
