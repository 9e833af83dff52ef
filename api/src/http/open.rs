//! Operations that stay open, whichever way they came: whoever asked is looked at anew whenever something was done about
//! what they showed or were granted, and what they may not have any more ends at once.

use super::app::App;
use super::front::with_code;
use crate::auth::{Client, Standing, Viewer};
use crate::database::{Channel, Notice, Waiting};
use crate::error::Result;
use crate::graphql::{code, set_code};
use async_graphql::{Request, Response, ServerError};
use axum::Extension;
use chrono::{DateTime, Utc};
use futures_util::{FutureExt as _, Stream, StreamExt as _, stream};
use std::future::pending;
use std::time::Duration;

/// How long it is before a standing is asked for again that nobody could tell.
const PAUSE: Duration = Duration::from_secs(1);

/// Who asks for something that goes on, and from where.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) standing: Standing,
    pub(super) client: Client,
}

impl Caller {
    /// A viewer, by what was shown, where anything was.
    pub(super) fn new(viewer: &Viewer, client: Client, standing: Option<Extension<Standing>>) -> Self {
        let standing = standing.map_or_else(|| Standing::new(viewer.clone(), None), |Extension(standing)| standing);
        Self { standing, client }
    }

    /// A request with what its resolvers find of whoever sends it.
    pub(super) fn sends(&self, request: Request) -> Request {
        request.data(self.client).data(self.standing.clone())
    }
}

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
    told: Option<Waiting>,
}

impl Watch {
    /// Looks after it from now on; nothing where what was shown is not good any more.
    pub(super) async fn over(app: &App, standing: &Standing) -> Result<Option<Self>> {
        // First it is listened, then looked: what happens between the two is told.
        let told = if standing.may_end() { Some(app.notices().wait(Channel::Standing).await?) } else { None };
        let Some(viewer) = standing.viewer(app.accounts()).await? else { return Ok(None) };
        Ok(Some(Self { app: app.clone(), standing: standing.clone(), viewer, told }))
    }

    /// Who it is, as far as is known.
    pub(super) fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// Waits until something is lost.
    pub(super) async fn loss(mut self) -> Loss {
        self.next_loss().await
    }

    /// Waits until what was shown is not good any more.
    pub(super) async fn credential_lost(mut self) {
        while self.next_loss().await != Loss::Credential {}
    }

    async fn next_loss(&mut self) -> Loss {
        let Self { app, standing, viewer, told: Some(told) } = self else { return pending().await };
        loop {
            tokio::select! {
                () = at(app, viewer.end()) => return Loss::Credential,
                () = at(app, viewer.first_end_of_a_grant()) => {}
                () = concerns(told, viewer) => {}
            }
            let Some(now) = looked_at(app, standing).await else { return Loss::Credential };
            let before = std::mem::replace(viewer, now);
            if !viewer.is_still(&before) {
                return Loss::Grants;
            }
        }
    }
}

/// Waits for a moment, if there is one.
async fn at(app: &App, moment: Option<DateTime<Utc>>) {
    match moment {
        Some(moment) => tokio::time::sleep((moment - app.clock().now()).to_std().unwrap_or_default()).await,
        None => pending().await,
    }
}

/// Who somebody is now; nobody where what was shown is not good any more.
async fn looked_at(app: &App, standing: &Standing) -> Option<Viewer> {
    loop {
        // A few at a time: of many who wait, all may have to be looked at at once.
        let turn = app.asking().acquire().await;
        match standing.viewer(app.accounts()).await {
            Ok(viewer) => return viewer,
            Err(error) => tracing::warn!(%error, "it cannot be told who is still let in; it is asked again"),
        }
        drop(turn);
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits until something is told that may concern this viewer.
async fn concerns(told: &mut Waiting, viewer: &Viewer) {
    loop {
        match told.next().await {
            Some(Notice::Of(row)) if viewer.identity().row() != Some(row) => {}
            Some(_) => return,
            // Nobody listens any more: the service ends.
            None => return pending().await,
        }
    }
}

/// The answers of a subscription for as long as whoever asked may do what they might when it began; then what was lost.
pub(super) fn answers(app: &App, watch: Watch, request: Request) -> impl Stream<Item = Result<Response, Loss>> + use<> {
    let answers = app.schema().execute_stream(request).boxed();
    let loss = watch.loss().boxed();
    stream::unfold(Some((answers, loss)), async |open| {
        let (mut answers, mut loss) = open?;
        tokio::select! {
            biased;
            loss = &mut loss => Some((Err(loss), None)),
            answer = answers.next() => answer.map(|answer| (Ok(with_code(answer)), Some((answers, loss)))),
        }
    })
}
