//! As whom the service works: best as a role of the database that owns nothing, and as another for whoever has not signed in.

use super::finding::Findings;
use crate::cli::serve::Settings;
use crate::error::Error;
use migration::rights;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

/// Whether whoever is connected could change what the tables are.
const OWNS: &str = "
    SELECT coalesce(bool_or(pg_has_role(current_user, relowner, 'USAGE')), false) AS owns
    FROM pg_class WHERE relname = 'change' AND relnamespace = 'public'::regnamespace";

pub(super) async fn check(db: &DatabaseConnection, settings: Settings<'_>, findings: &mut Findings) {
    const ABOUT: &str = "PostgreSQL roles";
    let database = settings.database;
    let is_private = database.database_url.is_none();
    if database.database_owner_url.is_none() && !is_private {
        match owns(db).await {
            Ok(true) => findings.note(
                ABOUT,
                "the service owns its tables, so that whatever gets past it gets at everything; make a role that owns nothing, name \
                 it by DATABASE_URL and the present one by DATABASE_OWNER_URL, and run lmi migrate",
            ),
            Ok(false) => findings.good(ABOUT, "the service owns nothing; its tables are brought up to date by another"),
            Err(error) => findings.wrong(ABOUT, &format!("it cannot be told who owns the tables: {error}")),
        }
    } else {
        match rights::undecided(db).await {
            Ok(undecided) if undecided.is_empty() => {
                findings.good(ABOUT, "the service owns nothing; it has its rights from lmi migrate");
            }
            Ok(undecided) => findings.note(
                ABOUT,
                &format!("not ours, or of another version, and nobody's but the owner's: {}", undecided.join(", ")),
            ),
            Err(error) => findings.wrong(ABOUT, &format!("it cannot be told what there is: {}", Error::from(error))),
        }
    }
    if database.database_public_url.is_none() && !is_private {
        findings.note(
            ABOUT,
            "whoever has not signed in is answered as the same role as everybody else; make another, and name it by DATABASE_PUBLIC_URL",
        );
    }
}

async fn owns(db: &DatabaseConnection) -> Result<bool, Error> {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, OWNS)).await?;
    Ok(row.ok_or_else(|| Error::internal("no row"))?.try_get("", "owns")?)
}
