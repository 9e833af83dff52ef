//! Spreadsheets in: many creates and updates of the concepts' own services, in one transaction, all of it or nothing.
//!
//! A row is compared with the same row as an export would show it to the viewer. Only the cells that differ are
//! changes, so what went out and comes back changes nothing; and what an import did is told by comparing again.

mod grid;
mod plan;
mod problems;
mod report;
mod run;

pub(crate) use report::{Change, Effect, Imported, Report};

use super::sheet::{Row, Sheet};
use super::{Draft, export};
use crate::auth::{Actor, Viewer};
use crate::database::any_of;
use crate::error::{Result, ViolationCode};
use crate::policy::{Action, Kind, authorize_some};
use crate::validation::Violations;
use entity::convening;
use entity::ids::ConveningId;
use grid::Grid;
use problems::Problems;
use run::Run;
use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

/// Reads a file as far as it alone tells what it asks for, and answers what stands in the way.
#[cfg(fuzzing)]
pub(crate) fn read(text: &str, table: &super::sheet::Table) -> Result<()> {
    let grid = Grid::read(text)?;
    let mut problems = Problems::default();
    plan::entries(&grid, table, &mut problems);
    problems.finish()
}

/// A file to import.
#[derive(Clone, Copy, Debug)]
pub(crate) struct File<'a> {
    /// What stands in it.
    pub(crate) text: &'a str,
    /// The convening that its rows belong to.
    pub(crate) convening: Option<ConveningId>,
    /// Whether it is only tried.
    pub(crate) is_dry_run: bool,
}

/// Imports a file within a transaction, which a dry run leaves as it was.
pub(crate) async fn import<D: Draft>(
    db: &DatabaseTransaction,
    actor: Actor<'_>,
    sheet: &Sheet<D>,
    file: File<'_>,
) -> Result<Report> {
    may_import(actor.viewer, sheet.table.kind)?;
    check_convening(db, actor.viewer, sheet, file.convening).await?;
    let grid = Grid::read(file.text)?;
    let mut problems = Problems::default();
    let entries = plan::entries(&grid, &sheet.table, &mut problems);
    let keys = entries.iter().filter_map(|entry| entry.key).collect();
    let before = rows(db, actor, sheet, file.convening, keys).await?;
    // What comes of it is undone by itself, whatever else the transaction holds.
    let whole = db.begin().await?;
    let mut run = Run { db: &whole, actor, sheet, convening: file.convening, before, problems };
    let mut keys = Vec::with_capacity(entries.len());
    for entry in &entries {
        keys.push(run.enter(entry).await?);
    }
    let Run { before, problems, .. } = run;
    if let Err(refusal) = problems.finish() {
        whole.rollback().await?;
        return Err(refusal);
    }
    let keys: Vec<Uuid> = keys.into_iter().flatten().collect();
    let after = rows(&whole, actor, sheet, None, keys.clone()).await?;
    let imported = entries.iter().zip(keys).filter_map(|(entry, key)| {
        let was = before.get(&key);
        let row = Imported::of(entry.line, (&sheet.table, &sheet.uses), was, after.get(&key)?);
        let id = row.id.clone().filter(|_| was.is_some() || !file.is_dry_run);
        Some(Imported { id, ..row })
    });
    let report = Report { rows: imported.collect() };
    if file.is_dry_run {
        whole.rollback().await?;
    } else {
        whole.commit().await?;
    }
    Ok(report)
}

/// Lets pass whoever may add or change some row of the kind.
fn may_import(viewer: &Viewer, kind: Kind) -> Result<()> {
    authorize_some(viewer, kind, Action::Update).or_else(|_| authorize_some(viewer, kind, Action::Create))
}

/// Refuses a convening that the viewer does not see, or where rows belong to none.
async fn check_convening<D>(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    sheet: &Sheet<D>,
    given: Option<ConveningId>,
) -> Result<()> {
    let mut violations = Violations::default();
    let belongs = given.is_none() || sheet.table.has_convenings();
    violations.check(belongs, "conveningId", "These do not belong to a convening. Leave it out.");
    if let Some(id) = given
        // It is not held yet: whoever changes its agenda takes it whole.
        && export::seen_convening(db, viewer, convening::Column::Id, id).await?.is_none()
    {
        violations.add("conveningId", ViolationCode::NotFound, "There is no such convening, or not for you.");
    }
    violations.finish()
}

/// The rows of these keys that the viewer sees, as an export shows them.
async fn rows<D>(
    db: &impl ConnectionTrait,
    actor: Actor<'_>,
    sheet: &Sheet<D>,
    convening: Option<ConveningId>,
    keys: Vec<Uuid>,
) -> Result<HashMap<Uuid, Row>> {
    let (mut select, of) = sheet.table.select((actor.viewer, actor.now), convening);
    select.and_where(any_of(of.computed("id"), keys));
    let mut rows = HashMap::new();
    for row in db.query_all(&select).await? {
        let row = sheet.table.row(&row)?;
        rows.insert(row.key, row);
    }
    Ok(rows)
}
