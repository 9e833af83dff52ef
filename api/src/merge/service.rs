//! How two rows become one, and one two again.

use crate::auth::{Actor, Viewer};
use crate::error::{Error, Result, Violation, ViolationCode, is_contradiction};
use crate::policy::{Action, Resource, authorize_some};
use crate::validation::{Meaning, refused};
use crate::writing::{at_version_of, because, find_for, key_of};
use crate::{district, organization};
use entity::ids::MergeId;
use entity::merge::{self, Table};
use entity::{district as district_row, organization as organization_row, person};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use uuid::Uuid;

/// Two rows that are one.
#[derive(Clone, Debug)]
pub(crate) struct Two {
    /// The one that stays.
    pub keep: Uuid,
    /// Its version as it was read.
    pub keep_version: i32,
    /// The one that becomes part of it.
    pub gone: Uuid,
    /// Its version as it was read.
    pub gone_version: i32,
    /// Why they are one.
    pub reason: String,
}

/// What stands in the way where both have something that only one can have.
const MEANINGS: &[Meaning] = &[
    (
        "team_once",
        "goneId",
        ViolationCode::Conflict,
        "Both have a team at the same convening. Take one of the two teams away first.",
    ),
    (
        "team_member_once",
        "goneId",
        ViolationCode::Conflict,
        "Both sit in a team at the same convening. Take one of the two seats away first.",
    ),
];

/// Makes one organization of two.
pub(crate) async fn organizations(db: &impl ConnectionTrait, actor: Actor<'_>, two: Two) -> Result<Uuid> {
    let (kept, gone) = both::<organization_row::Entity>(db, actor, &two).await?;
    let within = organization::service::is_part_of(db, Some(kept.id), gone.id).await?
        || organization::service::is_part_of(db, Some(gone.id), kept.id).await?;
    if within {
        return Err(conflict("One of the two is part of the other. Change that first, if they are the same."));
    }
    merge(db, actor, Table::Organization, &two).await
}

/// Makes one district of two: one that is not matched to the state's directory becomes part of another.
pub(crate) async fn districts(db: &impl ConnectionTrait, actor: Actor<'_>, two: Two) -> Result<Uuid> {
    let (kept, gone) = both::<district_row::Entity>(db, actor, &two).await?;
    district::service::may_become_part_of(&gone, &kept).map_err(conflict)?;
    merge(db, actor, Table::District, &two).await
}

/// Makes one person of two.
pub(crate) async fn people(db: &impl ConnectionTrait, actor: Actor<'_>, two: Two) -> Result<Uuid> {
    both::<person::Entity>(db, actor, &two).await?;
    merge(db, actor, Table::Person, &two).await
}

/// Makes two of what a merge made one.
pub(crate) async fn undo(db: &impl ConnectionTrait, actor: Actor<'_>, id: MergeId) -> Result<MergeId> {
    let merged = find_for::<merge::Entity>(db, actor.viewer, id, Action::Read).await?;
    let kept = match merged.table_name {
        Table::Organization => kept::<organization_row::Entity>(db, actor.viewer, merged.kept_id).await,
        Table::District => kept::<district_row::Entity>(db, actor.viewer, merged.kept_id).await,
        Table::Person => kept::<person::Entity>(db, actor.viewer, merged.kept_id).await,
    }?;
    let in_the_way = if merged.undone_at.is_some() {
        Some("This merge has been undone already.")
    } else if merged.gone_slug.is_none() {
        Some("The person was erased since: nothing is left that could come back.")
    } else if kept != merged.kept_id {
        Some("What it was merged into has itself been merged since. Undo that merge first.")
    } else {
        None
    };
    if let Some(message) = in_the_way {
        return Err(fault("id", ViolationCode::Conflict, message));
    }
    let values = [id.0.into(), actor.now.into()];
    let undone = run(db, "SELECT undo_merge($1, $2)", values).await;
    undone.map_err(|error| {
        let message = "Something has changed since that keeps the two from being apart as they were: one has what \
                       belonged to the other, or what both were part of is gone.";
        told(error, "id", message)
    })?;
    Ok(id)
}

/// The two rows, locked in the order of their keys: of two who merge the same ones, one waits for the other.
async fn both<E: Resource>(db: &impl ConnectionTrait, actor: Actor<'_>, two: &Two) -> Result<(E::Model, E::Model)> {
    authorize_some(actor.viewer, E::KIND, Action::Merge)?;
    because(db, actor, &two.reason).await?;
    if two.keep == two.gone {
        return Err(conflict("This is the same one twice."));
    }
    let find = async |key: Uuid, field: &str| {
        let found = find_for::<E>(db, actor.viewer, key, Action::Merge).await;
        found.map_err(|error| match error {
            Error::NotFound(_) => fault(field, ViolationCode::NotFound, &error.to_string()),
            other => other,
        })
    };
    let (kept, gone) = if two.keep < two.gone {
        let kept = find(two.keep, "keepId").await?;
        (kept, find(two.gone, "goneId").await?)
    } else {
        let gone = find(two.gone, "goneId").await?;
        (find(two.keep, "keepId").await?, gone)
    };
    for (row, asked, field) in [(&kept, two.keep, "keepId"), (&gone, two.gone, "goneId")] {
        if key_of(row)? != asked {
            return Err(fault(
                field,
                ViolationCode::Conflict,
                "This was merged into another already: give that one's id.",
            ));
        }
    }
    let kept = at_version_of(kept, two.keep_version, "keepVersion")?;
    Ok((kept, at_version_of(gone, two.gone_version, "goneVersion")?))
}

/// The key of what a merge kept, or of what that was merged into, for whoever may merge it.
async fn kept<E: Resource>(db: &impl ConnectionTrait, viewer: &Viewer, key: Uuid) -> Result<Uuid> {
    authorize_some(viewer, E::KIND, Action::Merge)?;
    match find_for::<E>(db, viewer, key, Action::Merge).await {
        Ok(row) => key_of(&row),
        Err(Error::NotFound(_)) => {
            Err(fault("id", ViolationCode::Conflict, "What it was merged into has been taken away since."))
        }
        Err(error) => Err(error),
    }
}

async fn merge(db: &impl ConnectionTrait, actor: Actor<'_>, table: Table, two: &Two) -> Result<Uuid> {
    use sea_orm::ActiveEnum as _;
    let values = [MergeId::new().0.into(), table.to_value().into(), two.gone.into(), two.keep.into(), actor.now.into()];
    let merged = run(db, "SELECT merge_rows($1, $2, $3, $4, $5)", values).await;
    merged.map_err(|error| {
        told(error, "goneId", "What is known of the two contradicts itself, so that they cannot be one.")
    })?;
    Ok(two.keep)
}

async fn run<const N: usize>(db: &impl ConnectionTrait, sql: &str, values: [sea_orm::Value; N]) -> Result<(), DbErr> {
    db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await.map(drop)
}

/// What the database refused, for a person: by the rule that refused it, else in general.
fn told(error: DbErr, field: &str, otherwise: &str) -> Error {
    let contradiction = is_contradiction(&error);
    match refused(error, MEANINGS) {
        Error::Internal(_) if contradiction => fault(field, ViolationCode::Conflict, otherwise),
        error => error,
    }
}

fn conflict(message: &str) -> Error {
    fault("goneId", ViolationCode::Conflict, message)
}

fn fault(field: &str, code: ViolationCode, message: &str) -> Error {
    Error::Invalid(vec![Violation::new(field, code, message)])
}
