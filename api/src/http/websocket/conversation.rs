//! What is said over one socket, from the introduction to its end.
//!
//! Thousands wait at once: what is over soon has a box of its own, so that nobody keeps room for it, and so has what would be
//! moved about.

use super::close::End;
use super::message::{Said, Say};
use super::operation::Operations;
use crate::auth::Standing;
use crate::http::app::App;
use crate::http::identify::bearer_in;
use crate::http::open::Caller;
use crate::http::watch::Watch;
use axum::extract::ws::{Message, WebSocket};
use futures_util::FutureExt as _;
use serde_json::{Map, Value};
use std::time::Duration;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};

/// How often the other side is asked whether it is still there.
const ALIVE: Duration = Duration::from_secs(12);

/// Speaks with a client until the end.
pub(super) async fn converse(app: &App, caller: Caller, socket: &mut WebSocket) -> End {
    let patience = app.live().patience;
    let mut talk = Talk { socket, patience, heard: true };
    let talking = async {
        let introduced = timeout(app.live().introduction, talk.introduction(app, caller).boxed()).await;
        let (caller, watch) = introduced.unwrap_or(Err(End::NO_INTRODUCTION))?;
        let operations = Operations::new(app, caller);
        tokio::select! {
            biased;
            () = watch.credential_lost() => Err(End::SHUT_OUT),
            end = talk.go_on(operations) => end,
        }
    }
    .boxed();
    let end: Result<(), End> = tokio::select! {
        biased;
        () = app.ending() => Err(End::LEAVING),
        end = talking => end,
    };
    end.err().unwrap_or(End::Gone)
}

struct Talk<'a> {
    socket: &'a mut WebSocket,
    /// How long it may take the other side to read a message.
    patience: Duration,
    /// Whether anything was heard since it was asked whether the other side is there.
    heard: bool,
}

impl Talk<'_> {
    /// Waits until the client says who it is.
    async fn introduction(&mut self, app: &App, caller: Caller) -> Result<(Caller, Watch), End> {
        loop {
            let received = self.socket.recv().await;
            match self.understood(received)? {
                Some(Said::ConnectionInit { payload }) => {
                    let (caller, watch) = known(app, caller, payload).await?;
                    self.say(&Say::ConnectionAck).await?;
                    return Ok((caller, watch));
                }
                Some(Said::Subscribe { .. }) => return Err(End::NOT_INTRODUCED),
                Some(Said::Ping { .. }) => self.say(&Say::Pong).await?,
                Some(Said::Pong { .. } | Said::Complete { .. }) | None => {}
            }
        }
    }

    /// Runs what the client asks for.
    async fn go_on(&mut self, mut operations: Operations) -> Result<(), End> {
        let mut alive = every(ALIVE);
        loop {
            tokio::select! {
                received = self.socket.recv() => if let Some(said) = self.understood(received)? {
                    self.answer(said, &mut operations).boxed().await?;
                },
                message = operations.next() => self.send(Message::Text(message?.into())).await?,
                _ = alive.tick() => self.ask_whether_alive().await?,
            }
        }
    }

    async fn answer(&mut self, said: Said, operations: &mut Operations) -> Result<(), End> {
        match said {
            Said::ConnectionInit { .. } => Err(End::INTRODUCED_TWICE),
            Said::Ping { .. } => self.say(&Say::Pong).await,
            Said::Pong { .. } => Ok(()),
            Said::Subscribe { id, payload } => match operations.begin(id, *payload)? {
                Some(message) => self.send(Message::Text(message.into())).await,
                None => Ok(()),
            },
            Said::Complete { id } => {
                operations.end(&id);
                Ok(())
            }
        }
    }

    /// What the client says; nothing where it is only a sign of life.
    fn understood(&mut self, received: Option<Result<Message, axum::Error>>) -> Result<Option<Said>, End> {
        self.heard = true;
        match received {
            Some(Ok(Message::Text(text))) => Said::read(&text).map(Some).ok_or(End::MALFORMED),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
            Some(Ok(Message::Binary(_)) | Err(_)) => Err(End::UNREADABLE),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
        }
    }

    /// Asks whether the other side is there. One of whom nothing was heard since it was asked before is not.
    async fn ask_whether_alive(&mut self) -> Result<(), End> {
        if !std::mem::take(&mut self.heard) {
            return Err(End::Gone);
        }
        self.send(Message::Ping(axum::body::Bytes::new())).await
    }

    async fn say(&mut self, message: &Say<'_>) -> Result<(), End> {
        self.send(Message::Text(message.text().into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.patience, self.socket.send(message)).await {
            Ok(sent) => sent.map_err(|_| End::Gone),
            Err(_) => Err(End::SLOW),
        }
    }
}

/// The one who opened the socket, as whom the introduction says: what it shows counts, and else what came with the
/// handshake.
async fn known(app: &App, caller: Caller, payload: Option<Map<String, Value>>) -> Result<(Caller, Watch), End> {
    let shown = payload.into_iter().flatten().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let standing = match shown {
        Some((_, Value::String(shown))) => {
            let credential = bearer_in(&shown).ok_or(End::SHUT_OUT)?;
            Standing::new(crate::auth::Viewer::public(), Some(credential.to_owned()))
        }
        Some(_) => return Err(End::SHUT_OUT),
        None => caller.standing,
    };
    let caller = Caller { standing, client: caller.client };
    let watch = Watch::begin(app, &caller).await.map_err(|_| End::UNABLE)?.map_err(|error| {
        tracing::warn!(%error, "nobody can tell at present who opens a socket");
        End::UNABLE
    })?;
    Ok((caller, watch.ok_or(End::SHUT_OUT)?))
}

fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
