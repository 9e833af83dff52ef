//! Whether the process runs, and whether it can answer.
//!
//! Whoever asks learns no address and no name of a server. However many ask, the database is asked once in a second.

use super::app::App;
use crate::auth::Viewer;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde::Serialize;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long the database may take to say anything.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long what was found holds.
const HOLDS: Duration = Duration::from_secs(1);
/// What a check says that found nothing wrong.
const OK: &str = "ok";

const WRITES: &str =
    "SELECT NOT pg_is_in_recovery() AND NOT current_setting('transaction_read_only')::boolean AS writes";

/// What was found last, so that asking often costs nothing.
#[derive(Debug, Default)]
pub(super) struct Health(Mutex<Option<(Instant, Found)>>);

/// Whether the service can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    /// Everything.
    Ok,
    /// What is asked for, with something missing that the operator should know of.
    Degraded,
    /// Nothing, so that others should be asked.
    Unavailable,
}

#[derive(Clone, Debug, Serialize)]
struct Found {
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    checks: Checks,
}

/// What each check found: `ok`, or what is wrong.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Checks {
    database: &'static str,
    migrations: &'static str,
    signing_key: &'static str,
    notices: &'static str,
    replicas: Vec<Replica>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replica {
    number: usize,
    standing: &'static str,
    lag_bytes: Option<u64>,
}

/// The process runs. The database is not asked: to start the process again mends nothing there.
pub(super) async fn live() -> Response {
    Json(json!({ "status": OK })).into_response()
}

/// The process can answer.
pub(super) async fn ready(State(app): State<App>) -> Response {
    if app.is_ending() {
        let reason = json!({ "status": Status::Unavailable, "reason": "the service is stopping" });
        return told((StatusCode::SERVICE_UNAVAILABLE, Json(reason)).into_response());
    }
    let found = app.health().found(&app).await;
    let status = match found.status {
        Status::Ok | Status::Degraded => StatusCode::OK,
        Status::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    };
    told((status, Json(found)).into_response())
}

fn told(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Health {
    /// What was found within the last second. Whoever asks while it is looked waits for that.
    async fn found(&self, app: &App) -> Found {
        let mut last = self.0.lock().await;
        if let Some((at, found)) = &*last
            && at.elapsed() < HOLDS
        {
            return found.clone();
        }
        let found = look(app).await;
        *last = Some((Instant::now(), found.clone()));
        found
    }
}

/// The database, as far as it says anything in time: whether it takes writes, and whether it is what this version works on.
async fn database(app: &App) -> (&'static str, &'static str) {
    const SILENT: (&str, &str) = ("the database does not answer", "unknown");
    let asked = async {
        let row = app.db().query_one_raw(Statement::from_string(DbBackend::Postgres, WRITES)).await.ok()??;
        let writes: bool = row.try_get("", "writes").ok()?;
        let is_up_to_date = migration::pending(app.db()).await.ok()?.is_empty();
        Some((writes, is_up_to_date))
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Some((writes, is_up_to_date))) => (
            if writes { OK } else { "the database takes no writes" },
            if is_up_to_date { OK } else { "the database is not up to date; run lmi migrate" },
        ),
        Ok(None) | Err(_) => SILENT,
    }
}

async fn look(app: &App) -> Found {
    // While no server takes writes, whoever asks for what everybody may read is answered, and would not be if no instance were
    // asked any more.
    let reads_go_on = app.near(&Viewer::public()).await.is_some_and(|near| !near.is_current);
    let (database, migrations) = if reads_go_on { ("no server takes writes", "unknown") } else { database(app).await };
    let is_heard = app.notices().pulse().epoch().is_some();
    let replica = |replica: crate::database::ReplicaStanding<'_>| Replica {
        number: replica.number,
        standing: replica.standing,
        lag_bytes: replica.lag_bytes,
    };
    let checks = Checks {
        database,
        migrations,
        signing_key: if app.accounts().authority.has_its_keys() {
            OK
        } else {
            "the file of the signing key cannot be read"
        },
        notices: if is_heard { OK } else { "what is changed elsewhere is not heard of at present" },
        replicas: app.reads().standings().map(replica).collect(),
    };
    let (status, reason) = judged(&checks, reads_go_on);
    Found { status, reason, checks }
}

fn judged(checks: &Checks, reads_go_on: bool) -> (Status, Option<&'static str>) {
    let first = |found: &[&'static str]| found.iter().copied().find(|found| *found != OK);
    if reads_go_on {
        return (Status::Degraded, Some("no server takes writes; reads go on"));
    }
    if let Some(reason) = first(&[checks.database, checks.migrations]) {
        return (Status::Unavailable, Some(reason));
    }
    let is_followed = checks.replicas.iter().all(|replica| replica.standing == "following");
    let replicas = if is_followed { OK } else { "a replica is left out" };
    match first(&[checks.signing_key, checks.notices, replicas]) {
        Some(reason) => (Status::Degraded, Some(reason)),
        None => (Status::Ok, None),
    }
}
