//! The import of the state's directory: the Department of Education's public districts file, as it is published.
//!
//! Whole or not at all, and again without effect: the file says what the directory is, and what is not in it any more
//! has closed. A district that the initiative's record names keeps its name; the directory's becomes another spelling.

mod file;
mod plan;
mod report;

pub use report::{Ambiguous, Change, Report};

#[cfg(fuzzing)]
pub(crate) use file::read;

use crate::auth::Actor;
use crate::database::former;
use crate::error::{Error, Result};
use crate::policy::{Action, Kind, authorize};
use crate::writing::attribute;
use entity::{county, district, district_candidate};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseConnection, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, TransactionTrait as _,
};

/// Two imports at once would each close what the other creates.
const LOCK: &str = "SELECT pg_advisory_xact_lock(8025963010862572397)";
/// The closing of more districts than this, in percent, is taken for a damaged file.
const MOST_CLOSED: usize = 5;

/// How an import goes about it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Only say what would change.
    pub dry_run: bool,
    /// Close however many districts the file leaves out or closes.
    pub allow_closing: bool,
}

/// Imports a file.
pub async fn run(db: &DatabaseConnection, actor: Actor<'_>, bytes: &[u8], options: Options) -> Result<Report> {
    authorize(actor.viewer, Kind::Directory, Action::Create)?;
    let transaction = db.begin().await?;
    transaction.execute_unprepared(LOCK).await?;
    attribute(&transaction, actor).await?;
    let counties = county::Entity::find().all(&transaction).await?;
    let file = file::read(bytes, &counties)?;
    // Locked: what somebody changes meanwhile would be overwritten with what stood there before.
    let known = district::Entity::find().order_by_asc(district::Column::Id).lock_exclusive();
    let known = known.all(&transaction).await?;
    let former = former::all_slugs::<district::Entity>(&transaction).await?;
    let plan = plan::make(&file, &known, &former, actor.now);
    if !options.allow_closing {
        whole(&file, &counties)?;
    }
    if !options.allow_closing && plan.closed.len() * 100 > plan.open_before * MOST_CLOSED {
        return Err(Error::BadInput(format!(
            "the file leaves out or closes {} of {} districts that are open here; it ends at line {}. Is it whole? \
             To close them all the same, add --allow-closing.",
            plan.closed.len(),
            plan.open_before,
            file.last_line
        )));
    }
    let report = Report {
        rows: file.entries.len() + file.skipped,
        skipped: file.skipped,
        unchanged: plan.unchanged,
        changes: plan.changes(),
        ambiguous: ambiguous(&transaction, &known, &counties).await?,
        is_dry_run: options.dry_run,
    };
    if !options.dry_run {
        plan.apply(&transaction).await?;
        transaction.commit().await?;
    }
    Ok(report)
}

/// Refuses a file that leaves out a whole county: each has its county office at least.
fn whole(file: &file::Directory, counties: &[county::Model]) -> Result<()> {
    let listed = |county: &&county::Model| file.entries.iter().any(|entry| entry.county == county.id);
    let mut missing: Vec<&str> =
        counties.iter().filter(|county| !listed(county)).map(|county| county.name.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    missing.sort_unstable();
    Err(Error::BadInput(format!(
        "the file has nothing of {} of the {} counties ({}); it ends at line {}. Is it whole? \
         To take it all the same, add --allow-closing.",
        missing.len(),
        counties.len(),
        missing.join(", "),
        file.last_line
    )))
}

/// The districts that a person has to decide on, with their candidates.
async fn ambiguous(
    db: &impl ConnectionTrait,
    known: &[district::Model],
    counties: &[county::Model],
) -> Result<Vec<Ambiguous>> {
    let mut ambiguous = Vec::new();
    for row in known.iter().filter(|row| row.status == district::Status::Unresolved) {
        let candidates = district_candidate::Entity::find()
            .filter(district_candidate::Column::DistrictId.eq(row.id))
            .order_by_asc(district_candidate::Column::CdsCode)
            .all(db)
            .await?;
        let words = |candidate: &district_candidate::Model| {
            let county = counties.iter().find(|county| county.id == candidate.county_id);
            let county = county.map_or("", |county| county.name.as_str());
            format!("{} {} ({county})", candidate.cds_code, candidate.name)
        };
        ambiguous.push(Ambiguous { name: row.name.clone(), candidates: candidates.iter().map(words).collect() });
    }
    Ok(ambiguous)
}
