//! What has to be put away from time to time.

use super::app::App;
use super::once;
use crate::account;
use crate::error::Result;
use crate::feed;
use crate::selection;
use crate::webhook;
use std::time::Duration;

/// How often.
const EVERY: Duration = Duration::from_hours(1);

/// Puts away what is no longer needed, now and every hour, for as long as the service runs.
pub async fn keep_house(app: App) {
    let mut hours = tokio::time::interval(EVERY);
    loop {
        hours.tick().await;
        if let Err(error) = put_away(&app).await {
            tracing::warn!(%error, "what is no longer needed was not put away; it is tried again in an hour");
        }
    }
}

/// Follows whichever server of the database takes writes, and looks how far those are that follow it, for as long as the
/// service runs.
pub async fn keep_following(app: App) {
    app.reads().look_after().await;
}

/// Hears of what is changed elsewhere, for as long as the service runs, so that answers can be kept.
pub async fn keep_listening(app: App) {
    app.notices().keep_listening().await;
}

/// Puts away what is no longer needed, once, and passes places on that nobody answered for in time. Each is done whatever
/// becomes of the others.
pub async fn put_away(app: &App) -> Result<()> {
    let _writing = app.answers().writing();
    let now = app.clock().now();
    let answers = once::forget(app.db(), now).await;
    let credentials = account::service::put_away(app.db(), now).await;
    let feeds = feed::put_away(app.db(), now).await;
    let webhooks = webhook::put_away(app.db(), app.accounts().authority.seals(), now).await;
    let offers = selection::service::keep(app.db(), now).await;
    for news in offers? {
        let accounts = app.accounts();
        selection::letters::send(&accounts.mailer, accounts.public_url.as_str(), news);
    }
    tracing::debug!(credentials = credentials?, "deleted what is over of sign-ins, links and failures");
    tracing::debug!(feeds = feeds?, "forgot old changes, and feeds that nobody reads");
    tracing::debug!(webhooks = webhooks?, "forgot what was sent to webhooks long ago");
    tracing::debug!(answers = answers?, "forgot answers to mutations that can no longer be repeated");
    Ok(())
}
