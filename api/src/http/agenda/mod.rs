//! `GET /convenings/{slug}/agenda.…`: public agendas as files. Whoever asks gets what everybody may read: no credential
//! is looked at, so that caches and other sites may keep what they get.

mod read;

use super::app::App;
use super::problem::problem;
use super::tag::tagged;
use crate::account::PublicUrl;
use crate::agenda::file::{self, Agenda};
use crate::graphql::code;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use tower_http::set_header::SetResponseHeaderLayer;

/// How long anybody may keep what is public, in seconds, before asking whether it is still so.
const KEPT: &str = "public, max-age=60";

/// A form in which an agenda is given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Calendar,
    Table,
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Self::Calendar => "ics",
            Self::Table => "csv",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Calendar => "text/calendar; charset=utf-8; method=PUBLISH",
            Self::Table => "text/csv; charset=utf-8",
        }
    }

    fn of(self, agenda: &Agenda, url: &PublicUrl) -> Result<Vec<u8>, crate::error::Error> {
        match self {
            Self::Calendar => Ok(file::calendar(agenda, url).into_bytes()),
            Self::Table => file::table(agenda),
        }
    }
}

/// Its paths.
pub(super) fn routes() -> Router<App> {
    let answer = |form: Form| {
        get(move |State(app): State<App>, Path(slug): Path<String>, headers: HeaderMap| async move {
            agenda(&app, form, &slug, &headers).await
        })
    };
    Router::new()
        .route("/convenings/{slug}/agenda.ics", answer(Form::Calendar))
        .route("/convenings/{slug}/agenda.csv", answer(Form::Table))
        .layer(SetResponseHeaderLayer::overriding(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")))
}

/// The agenda in a form; where a convening is known by another slug by now, the way there.
async fn agenda(app: &App, form: Form, slug: &str, asked: &HeaderMap) -> Response {
    let agenda = match read::agenda(app, slug).await {
        Ok(Some(agenda)) => agenda,
        Ok(None) => {
            let message = "There is no published agenda here. Agendas are found by the slugs of their convenings.";
            return problem(StatusCode::NOT_FOUND, code::NOT_FOUND, message);
        }
        Err(refusal) => return refusal,
    };
    if agenda.slug != slug {
        return Redirect::permanent(&format!("../{}/agenda.{}", agenda.slug, form.ending())).into_response();
    }
    match form.of(&agenda, &app.accounts().public_url) {
        Ok(body) => {
            let mut response = tagged(asked, form.content_type(), body);
            keep(response.headers_mut(), agenda.changed_at());
            let name = format!("attachment; filename=\"{}.{}\"", agenda.slug, form.ending());
            // The slug is that of a convening, and so plain.
            if let Ok(name) = HeaderValue::try_from(name) {
                response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
            }
            response
        }
        Err(error) => super::problem::refusal(error),
    }
}

/// Lets everybody keep an answer for a while. Whether it is still so is told by its tag.
fn keep(headers: &mut HeaderMap, changed_at: DateTime<Utc>) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
    let changed_at = changed_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(changed_at) = HeaderValue::try_from(changed_at) {
        headers.insert(header::LAST_MODIFIED, changed_at);
    }
}
