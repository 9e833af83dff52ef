//! Operations that took too long: what they were, what took the time, and how the database goes about the slowest statement.
//!
//! What is said of them must not make an overload worse: few are told in a minute, a plan is asked for seldom, and only where a
//! connection lies idle. How many there were is counted whatever is told.

mod plan;
mod sparing;

use super::kind::Kind;
use super::line::{hex, short};
use super::metrics::metrics;
use super::statements::{Slowest, Statements};
use super::trail::{Facts, Trail};
use sea_orm::DatabaseConnection;
use sparing::Sparing;
use std::fmt::Write as _;
use std::time::Duration;

/// How many are told in a minute.
static TELLING: Sparing = Sparing::new(12, Duration::from_mins(1));
/// How often a plan is asked for.
static PLANNING: Sparing = Sparing::new(1, Duration::from_secs(10));
/// Statements that are told one by one.
const LISTED: usize = 20;

/// Tells of a request that took this long, where that is too long.
pub(crate) fn notice(db: &DatabaseConnection, trail: &Trail, took: Duration, slow: Option<Duration>) {
    if slow.is_none_or(|slow| took < slow) {
        return;
    }
    let mut facts = trail.facts();
    // A subscription is as long as it is open.
    if matches!(facts.kind, Kind::Subscription | Kind::Health) {
        return;
    }
    metrics().slow();
    if !TELLING.may() {
        return;
    }
    let slowest = facts.statements.slowest.take();
    tell(trail, &facts, took);
    if let Some(slowest) = slowest {
        explain(db, trail, slowest);
    }
}

fn tell(trail: &Trail, facts: &Facts, took: Duration) {
    tracing::warn!(
        target: "lmi::slow", request = %trail.id(), kind = facts.kind.name(), operation = facts.operation.as_deref().map(short),
        document = facts.document.as_ref().map(hex), cost = facts.cost, ms = millis(took),
        statements = facts.statements.count, sql_ms = millis(facts.statements.took), each_ms = listed(&facts.statements),
        "an operation was slow"
    );
}

/// Asks how the database goes about a statement, while whoever asked goes on.
fn explain(db: &DatabaseConnection, trail: &Trail, slowest: Slowest) {
    let pool = db.get_postgres_connection_pool();
    // Where all are in use, one more is what it lacks least.
    let has_room = pool.num_idle() > 0 || pool.size() < pool.options().get_max_connections();
    if !has_room || !PLANNING.may() {
        return;
    }
    let (Ok(runtime), db, id) = (tokio::runtime::Handle::try_current(), db.clone(), trail.id().clone()) else { return };
    runtime.spawn(async move {
        let Slowest { sql, took } = slowest;
        let ms = millis(took);
        match plan::of(&db, &sql).await {
            Ok(plan) => {
                tracing::warn!(target: "lmi::slow", request = %id, ms, statement = sql, plan, "its slowest statement");
            }
            Err(error) => {
                let error = error.to_string();
                tracing::warn!(target: "lmi::slow", request = %id, ms, statement = sql, error, "its slowest statement has no plan");
            }
        }
    });
}

fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

/// The statements in their order, with what each took, in milliseconds.
fn listed(statements: &Statements) -> String {
    let mut text = String::new();
    for (does, took) in statements.each.iter().take(LISTED) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{}{} {}", if text.is_empty() { "" } else { ", " }, does.name(), millis(*took));
    }
    if statements.count > LISTED {
        text.push_str(", …");
    }
    text
}
