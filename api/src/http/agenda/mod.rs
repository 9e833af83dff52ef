//! `GET /convenings/{slug}/agenda.…`: public agendas as files. Whoever asks gets what everybody may read: no credential
//! is looked at, so that caches and other sites may keep what they get.

mod read;

use super::app::App;
use super::problem::{problem, refusal};
use super::public::{self, Asking, Reading};
use super::tag::Content;
use crate::account::PublicUrl;
use crate::agenda::file::{self, Agenda};
use crate::error::Result;
use crate::graphql::code;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::FutureExt as _;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

/// A form in which an agenda is given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Calendar,
    Table,
    Linked,
    Page,
}

impl Form {
    /// The file of this form, beneath its convening.
    fn file(self) -> &'static str {
        match self {
            Self::Calendar => "agenda.ics",
            Self::Table => "agenda.csv",
            Self::Linked => "agenda.jsonld",
            Self::Page => "agenda",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Calendar => "text/calendar; charset=utf-8; method=PUBLISH",
            Self::Table => "text/csv; charset=utf-8",
            Self::Linked => "application/ld+json; charset=utf-8",
            Self::Page => "text/html; charset=utf-8",
        }
    }

    fn of(self, agenda: &Agenda, url: &PublicUrl) -> Result<Vec<u8>> {
        match self {
            Self::Calendar => Ok(file::calendar(agenda, url).into_bytes()),
            Self::Table => file::table(agenda),
            Self::Linked => Ok(file::linked(agenda, url).into_bytes()),
            Self::Page => Ok(file::page(agenda, url).into_bytes()),
        }
    }

    /// What is said of it besides: a file is named where it is kept, and a page holds to its own style.
    fn describe(self, headers: &mut HeaderMap, slug: &str) {
        let (name, value) = match self {
            Self::Page => (header::CONTENT_SECURITY_POLICY, POLICY.clone()),
            Self::Linked => return,
            Self::Calendar | Self::Table => {
                let ending = self.file().trim_start_matches("agenda");
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{slug}{ending}\""))
            }
        };
        // The slug is that of a convening, and so plain.
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}

/// What the page may do: show its own style, wherever it is framed. There is no script, and nothing is asked for.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = BASE64_STANDARD.encode(Sha256::digest(file::STYLE));
    format!("default-src 'none'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; form-action 'none'")
});

/// Its paths.
pub(super) fn routes() -> Router<App> {
    let answer = |form: Form| {
        let path = format!("/convenings/{{slug}}/{}", form.file());
        let agenda = get(move |State(app): State<App>, Path(slug): Path<String>, asking: Asking| async move {
            agenda(&app, form, &slug, &asking).await
        });
        Router::new().route(&path, agenda)
    };
    answer(Form::Calendar).merge(answer(Form::Table)).merge(answer(Form::Linked)).merge(answer(Form::Page))
}

/// The agenda in a form.
async fn agenda<'a>(app: &'a App, form: Form, slug: &'a str, asked: &Asking) -> Response {
    let made = |reading: Reading<'a>| {
        let made = async move {
            let for_calendars = form == Form::Calendar;
            let Some(agenda) = read::agenda(&reading, slug, for_calendars).await? else { return Err(nowhere()) };
            let body = form.of(&agenda, &app.accounts().public_url).map_err(refusal)?;
            Ok(Content::from(body).changed_at(agenda.changed_at()))
        };
        made.boxed()
    };
    let path = format!("{slug}/{}", form.file());
    let mut response = public::answer(app, &path, asked, form.content_type(), made).await;
    if !response.status().is_client_error() && !response.status().is_server_error() {
        form.describe(response.headers_mut(), slug);
    }
    response
}

fn nowhere() -> Response {
    let message = "There is no published agenda here. Agendas are found by the slugs of their convenings.";
    problem(StatusCode::NOT_FOUND, code::NOT_FOUND, message)
}
