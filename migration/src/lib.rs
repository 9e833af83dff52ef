//! The database's steps, in order. A step that has been released is never changed: a new one follows it.
//!
//! To add one: two files in `sql/`, a line in [`STEPS`]. `README.md` tells how a change is spread over
//! releases so that two versions of the service can run on one database meanwhile.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait as _, QueryOrder as _, TransactionTrait as _,
};
use sea_orm_migration::seaql_migrations;

mod counties;
pub mod rights;
mod step;

pub use counties::names_and_regions;
use step::Step;

/// Every step in SQL, oldest first: the number and name, what it makes, and how it is undone.
const STEPS: &[Step] = &[
    Step {
        name: "0001_foundation",
        up: include_str!("../sql/0001_foundation.up.sql"),
        down: include_str!("../sql/0001_foundation.down.sql"),
    },
    Step {
        name: "0002_geography",
        up: include_str!("../sql/0002_geography.up.sql"),
        down: include_str!("../sql/0002_geography.down.sql"),
    },
    Step {
        name: "0003_organization",
        up: include_str!("../sql/0003_organization.up.sql"),
        down: include_str!("../sql/0003_organization.down.sql"),
    },
    Step {
        name: "0004_district",
        up: include_str!("../sql/0004_district.up.sql"),
        down: include_str!("../sql/0004_district.down.sql"),
    },
    Step {
        name: "0005_person",
        up: include_str!("../sql/0005_person.up.sql"),
        down: include_str!("../sql/0005_person.down.sql"),
    },
    Step {
        name: "0006_convening",
        up: include_str!("../sql/0006_convening.up.sql"),
        down: include_str!("../sql/0006_convening.down.sql"),
    },
    Step {
        name: "0007_session",
        up: include_str!("../sql/0007_session.up.sql"),
        down: include_str!("../sql/0007_session.down.sql"),
    },
    Step {
        name: "0008_team",
        up: include_str!("../sql/0008_team.up.sql"),
        down: include_str!("../sql/0008_team.down.sql"),
    },
    Step {
        name: "0009_history",
        up: include_str!("../sql/0009_history.up.sql"),
        down: include_str!("../sql/0009_history.down.sql"),
    },
    Step {
        name: "0010_access",
        up: include_str!("../sql/0010_access.up.sql"),
        down: include_str!("../sql/0010_access.down.sql"),
    },
    Step {
        name: "0011_idempotency",
        up: include_str!("../sql/0011_idempotency.up.sql"),
        down: include_str!("../sql/0011_idempotency.down.sql"),
    },
    Step {
        name: "0012_merge",
        up: include_str!("../sql/0012_merge.up.sql"),
        down: include_str!("../sql/0012_merge.down.sql"),
    },
    Step {
        name: "0014_erasure",
        up: include_str!("../sql/0014_erasure.up.sql"),
        down: include_str!("../sql/0014_erasure.down.sql"),
    },
    Step {
        name: "0015_team_life",
        up: include_str!("../sql/0015_team_life.up.sql"),
        down: include_str!("../sql/0015_team_life.down.sql"),
    },
    Step {
        name: "0016_agenda_release",
        up: include_str!("../sql/0016_agenda_release.up.sql"),
        down: include_str!("../sql/0016_agenda_release.down.sql"),
    },
    Step {
        name: "0017_seating",
        up: include_str!("../sql/0017_seating.up.sql"),
        down: include_str!("../sql/0017_seating.down.sql"),
    },
    Step {
        name: "0018_survey",
        up: include_str!("../sql/0018_survey.up.sql"),
        down: include_str!("../sql/0018_survey.down.sql"),
    },
    Step {
        name: "0019_team_time",
        up: include_str!("../sql/0019_team_time.up.sql"),
        down: include_str!("../sql/0019_team_time.down.sql"),
    },
    Step {
        name: "0020_selection",
        up: include_str!("../sql/0020_selection.up.sql"),
        down: include_str!("../sql/0020_selection.down.sql"),
    },
    Step {
        name: "0021_seats_by_block",
        up: include_str!("../sql/0021_seats_by_block.up.sql"),
        down: include_str!("../sql/0021_seats_by_block.down.sql"),
    },
    Step {
        name: "0022_change_notice",
        up: include_str!("../sql/0022_change_notice.up.sql"),
        down: include_str!("../sql/0022_change_notice.down.sql"),
    },
    Step {
        name: "0023_feed",
        up: include_str!("../sql/0023_feed.up.sql"),
        down: include_str!("../sql/0023_feed.down.sql"),
    },
    Step {
        name: "0024_webhook",
        up: include_str!("../sql/0024_webhook.up.sql"),
        down: include_str!("../sql/0024_webhook.down.sql"),
    },
    Step {
        name: "0026_told",
        up: include_str!("../sql/0026_told.up.sql"),
        down: include_str!("../sql/0026_told.down.sql"),
    },
    Step {
        name: "0027_live",
        up: include_str!("../sql/0027_live.up.sql"),
        down: include_str!("../sql/0027_live.down.sql"),
    },
    Step {
        name: "0028_agenda_events",
        up: include_str!("../sql/0028_agenda_events.up.sql"),
        down: include_str!("../sql/0028_agenda_events.down.sql"),
    },
    Step {
        name: "0032_timeline",
        up: include_str!("../sql/0032_timeline.up.sql"),
        down: include_str!("../sql/0032_timeline.down.sql"),
    },
    Step {
        name: "0037_prefix_query",
        up: include_str!("../sql/0037_prefix_query.up.sql"),
        down: include_str!("../sql/0037_prefix_query.down.sql"),
    },
    Step {
        name: "0038_lesser_role",
        up: include_str!("../sql/0038_lesser_role.up.sql"),
        down: include_str!("../sql/0038_lesser_role.down.sql"),
    },
    Step {
        name: "0042_bound_names",
        up: include_str!("../sql/0042_bound_names.up.sql"),
        down: include_str!("../sql/0042_bound_names.down.sql"),
    },
    Step {
        name: "0043_shown_speakers",
        up: include_str!("../sql/0043_shown_speakers.up.sql"),
        down: include_str!("../sql/0043_shown_speakers.down.sql"),
    },
    Step {
        name: "0044_planned_names",
        up: include_str!("../sql/0044_planned_names.up.sql"),
        down: include_str!("../sql/0044_planned_names.down.sql"),
    },
    Step {
        name: "0045_team_status",
        up: include_str!("../sql/0045_team_status.up.sql"),
        down: include_str!("../sql/0045_team_status.down.sql"),
    },
    Step {
        name: "0046_name_beginnings",
        up: include_str!("../sql/0046_name_beginnings.up.sql"),
        down: include_str!("../sql/0046_name_beginnings.down.sql"),
    },
    Step {
        name: "0047_ranked_hits",
        up: include_str!("../sql/0047_ranked_hits.up.sql"),
        down: include_str!("../sql/0047_ranked_hits.down.sql"),
    },
    Step {
        name: "0048_district_beginnings",
        up: include_str!("../sql/0048_district_beginnings.up.sql"),
        down: include_str!("../sql/0048_district_beginnings.down.sql"),
    },
    Step {
        name: "0049_likeness",
        up: include_str!("../sql/0049_likeness.up.sql"),
        down: include_str!("../sql/0049_likeness.down.sql"),
    },
    Step {
        name: "0050_index_query",
        up: include_str!("../sql/0050_index_query.up.sql"),
        down: include_str!("../sql/0050_index_query.down.sql"),
    },
];

/// Applies and undoes the steps.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    /// What is known here of what was applied. Steps of a newer version are none of our business: while the service is upgraded,
    /// this one works on what that one has expanded.
    async fn get_migration_models<C>(db: &C) -> Result<Vec<seaql_migrations::Model>, DbErr>
    where
        C: ConnectionTrait,
    {
        Self::install(db).await?;
        let applied = seaql_migrations::Entity::find().order_by_asc(seaql_migrations::Column::Version).all(db).await?;
        let known = names();
        Ok(applied.into_iter().filter(|step| known.contains(&step.version)).collect())
    }

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut steps: Vec<Box<dyn MigrationTrait>> = Vec::with_capacity(STEPS.len() + 1);
        for step in STEPS {
            steps.push(Box::new(*step));
            if step.name == "0002_geography" {
                steps.push(Box::new(counties::Counties));
            }
        }
        steps
    }
}

/// Where what was applied is noted.
const TABLE: &str = "seaql_migrations";

/// Two services that start at once on one database must not both migrate it: the second waits for this lock.
pub const LOCK: i64 = 0x6c6d_695f_6d69;

/// Applies what is pending, one process at a time.
pub async fn up(db: &DatabaseConnection) -> Result<(), DbErr> {
    let lock = locked(db).await?;
    let done = Migrator::up(db, None).await;
    lock.commit().await?;
    done
}

/// A transaction that holds the lock on one connection of the pool while the work is done on others. It ends with the
/// connection, so a killed process leaves nothing locked.
async fn locked(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let lock = db.begin().await?;
    lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    Ok(lock)
}

/// Applies what is pending before a step: to try that step on rows that are older than it.
pub async fn up_to(db: &DatabaseConnection, step: &str) -> Result<(), DbErr> {
    let before = pending(db).await?.into_iter().take_while(|pending| pending != step).map(|_| 1).sum();
    Migrator::up(db, Some(before)).await
}

/// Undoes every step, the last first. Everything that the tables hold is lost.
pub async fn down(db: &DatabaseConnection) -> Result<(), DbErr> {
    let lock = locked(db).await?;
    // What the public is shown is made of the tables.
    db.execute_unprepared(&format!("DROP SCHEMA IF EXISTS {} CASCADE", rights::SHOWN)).await?;
    let done = Migrator::down(db, None).await;
    lock.commit().await?;
    done
}

/// The names of the steps that have not been applied. Nothing is changed by asking.
pub async fn pending(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    if !SchemaManager::new(db).has_table(TABLE).await? {
        return Ok(names());
    }
    let applied = seaql_migrations::Entity::find().all(db).await?;
    Ok(names().into_iter().filter(|name| !applied.iter().any(|step| step.version == *name)).collect())
}

/// The names of all steps, oldest first.
pub fn names() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

/// A text that changes whenever a step does: names the template database that tests are copied from.
pub fn fingerprint() -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    for step in STEPS {
        (step.name, step.up).hash(&mut hasher);
    }
    counties::CSV.hash(&mut hasher);
    rights::TEXT.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
