//! Whether what was acknowledged stays, however the server ends, and whether there is room for those who ask.

use super::finding::Findings;
use crate::cli::serve::Settings;
use crate::database::why_unreachable;
use crate::error::{Error, Result};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, FromQueryResult, Statement};

/// Connections that an instance takes at most: those that answer, those that listen and follow, and a command beside it.
const TAKEN: i32 = 24;

/// As PostgreSQL writes it.
const OFF: &str = "off";

const ABOUT: &str = "
    SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit,
      current_setting('full_page_writes') AS full_page_writes, current_setting('data_checksums') AS checksums,
      current_setting('archive_mode') AS archive_mode,
      current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer AS connections";

#[derive(FromQueryResult)]
struct About {
    fsync: String,
    synchronous_commit: String,
    full_page_writes: String,
    checksums: String,
    archive_mode: String,
    connections: i32,
}

pub(super) async fn check(db: &DatabaseConnection, settings: Settings<'_>, findings: &mut Findings) {
    match about(db).await {
        Ok(about) => {
            stays(&about, findings);
            backups(&about, settings, findings);
        }
        Err(error) => findings.wrong(
            "durability",
            &format!("the database does not say how it keeps what was written: {}", why_unreachable(&error)),
        ),
    }
}

async fn about(db: &DatabaseConnection) -> Result<About> {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, ABOUT)).await?;
    Ok(About::from_query_result(&row.ok_or_else(|| Error::internal("no row"))?, "")?)
}

fn stays(about: &About, findings: &mut Findings) {
    const ABOUT: &str = "durability";
    let mut is_durable = true;
    let mut wrong = |says: &str| {
        is_durable = false;
        findings.wrong(ABOUT, says);
    };
    if about.fsync == OFF {
        wrong("fsync is off: a crash of the machine may destroy the database; set fsync = on");
    }
    if about.synchronous_commit == OFF {
        wrong("synchronous_commit is off: what was acknowledged may be lost in a crash; set synchronous_commit = on");
    }
    if about.full_page_writes == OFF {
        wrong(
            "full_page_writes is off: a crash of the machine may leave half-written pages; set full_page_writes = on",
        );
    }
    if is_durable {
        findings.good(ABOUT, "what is acknowledged is on the disk");
    }
    if about.checksums == OFF {
        findings.note(ABOUT, "data_checksums is off: a failing disk is not noticed; pg_checksums --enable turns it on while the server is down");
    }
}

fn backups(about: &About, settings: Settings<'_>, findings: &mut Findings) {
    if about.connections < TAKEN {
        let says = format!(
            "the server admits {} connections, and an instance takes up to {TAKEN}; raise max_connections",
            about.connections
        );
        findings.wrong("max_connections", &says);
    } else {
        findings.good(
            "max_connections",
            &format!("the server admits {}, and an instance takes up to {TAKEN}", about.connections),
        );
    }
    if about.archive_mode == OFF {
        let private = if settings.database.database_url.is_none() { "of the private database " } else { "" };
        findings.note(
            "backups",
            &format!(
                "nothing here tells of backups {private}(archive_mode is off); make them (lmi backup), and restore one now and then (lmi restore --verify)"
            ),
        );
    } else {
        findings.good("backups", "the server archives what it writes; see that the archive can be restored");
    }
}
