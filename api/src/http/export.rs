//! `GET /export/{what}.csv`: spreadsheets of what the viewer may read.

use super::admission::Turn;
use super::app::App;
use super::identify::let_in;
use super::open::Caller;
use super::problem::{problem, refusal};
use crate::error::Error;
use crate::graphql::code;
use crate::spreadsheet::{Export, What};
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use std::io;
use std::time::Duration;
use tokio::sync::mpsc;

/// How long a reader may leave a piece unread.
const STALLED: Duration = Duration::from_secs(30);
/// Pieces that wait for a slow reader.
const WAITING: usize = 2;

/// What narrows an export down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    convening: Option<String>,
}

/// A piece of a spreadsheet; nothing is its end.
type Piece = Result<Option<Vec<u8>>, Error>;

/// The spreadsheet, sent as it is read. What goes wrong before the first piece has a status; later the answer breaks
/// off, so that nobody takes a part for the whole.
pub(super) async fn get(State(app): State<App>, Path(file): Path<String>, request: Request) -> Response {
    let_in(&app, request, async |caller, request| answer(&app, &caller, &file, request.uri()).await).await
}

async fn answer(app: &App, caller: &Caller, file: &str, uri: &Uri) -> Response {
    let Some(what) = file.strip_suffix(".csv").and_then(What::named) else { return nothing_of_that_name() };
    let Ok(Query(Parameters { convening })) = Query::try_from_uri(uri) else {
        let message = "An export takes `convening` with a convening's slug, once, and nothing else.";
        return problem(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message);
    };
    let turn = match app.admission().spreadsheet(caller.payer()).await {
        Ok(turn) => turn,
        Err(refusal) => return refusal.told(),
    };
    let mut pieces =
        match Export::prepare(app.db(), (caller.viewer(), app.clock().now()), what, convening.as_deref()).await {
            Ok(export) => start(app.clone(), export, turn),
            Err(error) => return refusal(error),
        };
    let first = match pieces.recv().await {
        Some(Ok(first)) => first.unwrap_or_default(),
        Some(Err(error)) => return refusal(error),
        None => return refusal(Error::internal("an export ended before it began")),
    };
    // Whoever compresses it looks behind its end.
    let body = stream::once(async { Ok(first) }).chain(rest(pieces)).fuse();
    let name = convening.map_or_else(String::new, |slug| format!("-{slug}"));
    let disposition = format!("attachment; filename=\"{}{name}.csv\"", what.name());
    let mut response = Body::from_stream(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::VARY, HeaderValue::from_static("authorization"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The slug is that of a convening, and so plain.
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// Reads in a task of its own, as fast as the pieces are taken.
fn start(app: App, export: Export, turn: Turn) -> mpsc::Receiver<Piece> {
    let (sender, pieces) = mpsc::channel::<Piece>(WAITING);
    tokio::spawn(async move {
        let send = |piece| {
            let sender = sender.clone();
            async move {
                let sent = tokio::time::timeout(STALLED, sender.send(Ok(Some(piece)))).await;
                if matches!(sent, Ok(Ok(()))) { Ok(()) } else { Err(()) }
            }
        };
        let last = match export.write(app.db(), send).await {
            Ok(true) => Ok(None),
            Ok(false) => return,
            Err(error) => Err(error),
        };
        drop(turn);
        // It may be that nobody is there to be told.
        let _ = sender.send(last).await;
    });
    pieces
}

/// The pieces up to the end. Where they stop without one, so does the answer, and its reader knows that it is not whole.
fn rest(pieces: mpsc::Receiver<Piece>) -> impl Stream<Item = io::Result<Vec<u8>>> + Send {
    stream::unfold(Some(pieces), |pieces| async move {
        let mut pieces = pieces?;
        match pieces.recv().await {
            Some(Ok(Some(piece))) => Some((Ok(piece), Some(pieces))),
            Some(Ok(None)) => None,
            Some(Err(error)) => {
                tracing::error!(%error, "an export broke off");
                Some((Err(io::Error::other("broken off")), None))
            }
            None => Some((Err(io::Error::other("read too slowly")), None)),
        }
    })
}

fn nothing_of_that_name() -> Response {
    let names: Vec<_> = What::ALL.iter().map(|what| format!("{}.csv", what.name())).collect();
    let message = format!("There is no such export. There are {}.", names.join(", "));
    problem(StatusCode::NOT_FOUND, code::NOT_FOUND, &message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader gets of these pieces, and whether the reader knows it to be all.
    async fn read(sent: Vec<Piece>) -> (Vec<Vec<u8>>, bool) {
        let (sender, pieces) = mpsc::channel(sent.len().max(1));
        for piece in sent {
            assert!(sender.send(piece).await.is_ok());
        }
        drop(sender);
        let read: Vec<_> = rest(pieces).collect().await;
        let whole = read.iter().all(Result::is_ok);
        (read.into_iter().flatten().collect(), whole)
    }

    #[tokio::test]
    async fn only_what_ends_is_whole() {
        let piece = || Ok(Some(b"row".to_vec()));
        assert_eq!(read(vec![piece(), Ok(None)]).await, (vec![b"row".to_vec()], true));
        assert_eq!(read(vec![piece()]).await, (vec![b"row".to_vec()], false));
        assert_eq!(read(vec![piece(), Err(Error::Forbidden), piece()]).await, (vec![b"row".to_vec()], false));
    }
}
