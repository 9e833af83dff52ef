//! Whether whoever keeps something open may still do what they might: their standing, looked at anew whenever something was
//! done about it.
//!
//! Thousands wait here at once, so that what is over soon has a box of its own, and nobody keeps room for it meanwhile.

use super::admission::{Payer, Refusal};
use super::app::App;
use super::open::Caller;
use crate::auth::{Standing, Viewer};
use crate::database::{Channel, Notice, Waiting};
use crate::error::Result;
use crate::graphql::{code, set_code};
use async_graphql::ServerError;
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use std::future::pending;
use std::time::Duration;

/// How long it is before a standing is asked for again that nobody could tell.
const PAUSE: Duration = Duration::from_secs(1);

/// What became of somebody's standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// What was shown is not good any more.
    Credential,
    /// Something that was granted is not any more.
    Grants,
}

impl Loss {
    /// The error that ends what is open.
    pub(super) fn error(self) -> ServerError {
        let (message, code) = match self {
            Self::Credential => ("What you showed to sign in is not good any more.", code::UNAUTHENTICATED),
            Self::Grants => {
                ("You may do less than when this began. Ask again for what you may see now.", code::FORBIDDEN)
            }
        };
        let mut error = ServerError::new(message, None);
        set_code(&mut error, code);
        error
    }
}

/// Looks after somebody's standing.
pub(super) struct Watch {
    app: App,
    standing: Standing,
    viewer: Viewer,
    /// What is told of standings; nothing for whoever has none to lose.
    told: Option<Waiting>,
    /// Whether something was told that was not looked at yet.
    looks: bool,
}

impl Watch {
    /// Looks after somebody who comes now, once it is their turn to be looked at.
    pub(super) async fn begin(app: &App, caller: &Caller) -> Result<Result<Option<Self>>, Refusal> {
        // Whoever shows nothing is not looked at.
        let turn = if caller.standing.may_end() {
            Some(app.admission().credential(Payer::at(caller.client)).await?)
        } else {
            None
        };
        let watch = Self::over(app, &caller.standing).await;
        drop(turn);
        Ok(watch)
    }

    /// Looks after it from now on; nothing where what was shown is not good any more.
    async fn over(app: &App, standing: &Standing) -> Result<Option<Self>> {
        // First it is listened, then looked: what happens between the two is told.
        let told = if standing.may_end() { Some(app.notices().wait(Channel::Standing).await?) } else { None };
        let Some(viewer) = standing.viewer(app.accounts()).await? else { return Ok(None) };
        Ok(Some(Self { app: app.clone(), standing: standing.clone(), viewer, told, looks: false }))
    }

    /// Who it is, as far as is known.
    pub(super) fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// Waits until something is lost. It may be broken off and asked for again.
    pub(super) async fn loss(&mut self) -> Loss {
        loop {
            if !self.looks && self.news().await == News::End {
                return Loss::Credential;
            }
            self.looks = true;
            if let Some(loss) = self.look().await {
                return loss;
            }
        }
    }

    /// Waits until what was shown is not good any more.
    pub(super) async fn credential_lost(mut self) {
        while self.loss().await != Loss::Credential {}
    }

    /// What is lost of which something was told already; nobody is waited for who was told nothing.
    pub(super) async fn lost_as_told(&mut self) -> Option<Loss> {
        while let Some(notice) = self.told.as_mut().and_then(Waiting::try_next) {
            self.looks |= concerns(notice, &self.viewer);
        }
        if self.looks { self.look().await } else { None }
    }

    /// What is lost at this moment, whether or not anything was told of it.
    pub(super) async fn lost_by_now(&mut self) -> Option<Loss> {
        self.told.as_ref()?;
        self.looks = true;
        self.look().await
    }

    /// The same, where it can be told at once.
    pub(super) async fn lost_if_known(&mut self) -> Option<Loss> {
        self.told.as_ref()?;
        self.glance().boxed().await.ok().flatten()
    }

    /// Waits until something may have happened to it.
    async fn news(&mut self) -> News {
        let Self { app, viewer, told: Some(told), .. } = self else { return pending().await };
        tokio::select! {
            () = at(app, viewer.end()) => News::End,
            () = at(app, viewer.first_end_of_a_grant()) => News::Other,
            () = heard(app, told, viewer) => News::Other,
        }
    }

    /// Looks until it is known who it is now.
    async fn look(&mut self) -> Option<Loss> {
        loop {
            match self.glance().boxed().await {
                Ok(loss) => return loss,
                Err(error) => tracing::warn!(%error, "it cannot be told who is still let in; it is asked again"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Looks once.
    async fn glance(&mut self) -> Result<Option<Loss>> {
        // A few at a time: of many who wait, all may have to be looked at at once.
        let _turn = self.app.asking().acquire().await;
        let Some(now) = self.standing.viewer(self.app.accounts()).await? else { return Ok(Some(Loss::Credential)) };
        self.looks = false;
        let before = std::mem::replace(&mut self.viewer, now);
        Ok((!self.viewer.is_still(&before)).then_some(Loss::Grants))
    }
}

/// What may have happened to a standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    /// What was shown has come to the end that it always had.
    End,
    /// Something that has to be looked at.
    Other,
}

/// Waits for a moment, if there is one.
async fn at(app: &App, moment: Option<DateTime<Utc>>) {
    match moment {
        Some(moment) => tokio::time::sleep((moment - app.clock().now()).to_std().unwrap_or_default()).await,
        None => pending().await,
    }
}

/// Waits until something is told that concerns this viewer.
async fn heard(app: &App, told: &mut Waiting, viewer: &Viewer) {
    loop {
        match told.next().await {
            Some(notice) if concerns(notice, viewer) => return,
            Some(_) => {}
            None => {
                // Whoever listened for all has gone, and what was told meanwhile was missed.
                *told = listening(app).boxed().await;
                return;
            }
        }
    }
}

/// Listens again, as soon as that can be done.
async fn listening(app: &App) -> Waiting {
    loop {
        match app.notices().wait(Channel::Standing).await {
            Ok(told) => return told,
            Err(error) => tracing::debug!(%error, "nobody tells at present who is still let in; it is tried again"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether something may have happened to this viewer.
fn concerns(notice: Notice, viewer: &Viewer) -> bool {
    match notice {
        Notice::Of(row) => viewer.identity().row() == Some(row),
        Notice::Any | Notice::Missed => true,
    }
}
