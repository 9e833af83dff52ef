//! Being told to stop: Ctrl-C at the terminal, or SIGTERM from whoever runs the program.

use std::process::exit;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// What shells say of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;
/// Within so long it is one and the same: `timeout` and `npm` hand on what the terminal has told the program already.
const ONCE: Duration = Duration::from_millis(500);

/// Knows whether the program was told to stop. Told twice, it stops where it stands: what it had begun is rolled back,
/// and a private server that runs on is adopted by the next start.
#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Receiver<bool>);

/// What a command ends with that was told to stop before it was done.
#[derive(Debug, thiserror::Error)]
#[error("stopped before it was done")]
pub(super) struct Stopped;

impl Stop {
    /// Listens from now on, so that nothing that is said between two waits is lost.
    pub(super) fn listen() -> std::io::Result<Self> {
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let (tell, told) = watch::channel(false);
        tokio::spawn(async move {
            let mut first: Option<Instant> = None;
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                match first {
                    Some(first) if first.elapsed() < ONCE => {}
                    Some(_) => exit(INTERRUPTED),
                    None => {
                        first = Some(Instant::now());
                        tell.send_replace(true);
                    }
                }
            }
        });
        Ok(Self(told))
    }

    /// Waits until the program is told to stop.
    pub(super) async fn told(mut self) {
        if self.0.wait_for(|told| *told).await.is_err() {
            // Nobody is left to tell.
            std::future::pending::<()>().await;
        }
    }

    /// Does this unless told to stop before it is done; then it is broken off.
    pub(super) async fn or<T>(&self, work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
        tokio::select! {
            done = work => done,
            () = self.clone().told() => Err(Stopped.into()),
        }
    }
}
