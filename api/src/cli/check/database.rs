//! The database: its version, what it lacks, what the service may do there, and what time it has.

use super::finding::Findings;
use crate::clock::Clock;
use crate::database::why_unreachable;
use crate::error::{Error, Result};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, FromQueryResult, Statement};

/// The oldest version that is supported, as PostgreSQL writes it for programs.
const OLDEST: i32 = 140_000;
/// How far clocks may be apart: tokens are good for so much longer.
const APART: TimeDelta = TimeDelta::seconds(5);

const ABOUT: &str = "
    SELECT current_setting('server_version') AS version, current_setting('server_version_num')::integer AS number,
      current_setting('server_encoding') AS encoding,
      has_database_privilege(current_database(), 'CREATE') AND has_schema_privilege('public', 'CREATE') AS may_create,
      (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS is_superuser,
      coalesce(has_table_privilege(to_regclass('public.change'), 'SELECT'), false) AS is_served,
      (SELECT coalesce(string_agg(needed, ', '), '')
       FROM unnest(ARRAY['unaccent', 'pg_trgm', 'btree_gist', 'fuzzystrmatch']) AS needs (needed)
       WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = needed)) AS extensions_missing,
      (SELECT coalesce(string_agg(needed, ', '), '')
       FROM unnest(ARRAY['unaccent', 'pg_trgm', 'btree_gist', 'fuzzystrmatch']) AS needs (needed)
       WHERE NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = needed)) AS extensions_unavailable,
      clock_timestamp() AS now";

#[derive(FromQueryResult)]
struct About {
    version: String,
    number: i32,
    encoding: String,
    may_create: bool,
    is_superuser: bool,
    /// Whether it was given the service's rights by an owner.
    is_served: bool,
    extensions_missing: String,
    extensions_unavailable: String,
    now: DateTime<Utc>,
}

pub(super) async fn check(db: &DatabaseConnection, findings: &mut Findings) {
    match about(db).await {
        Ok((about, here)) => {
            version(&about, findings);
            extensions(&about, findings);
            rights(&about, findings);
            clock(about.now, here, findings);
        }
        Err(error) => findings
            .wrong("DATABASE_URL", &format!("the database does not say what it is: {}", why_unreachable(&error))),
    }
    migrations(db, findings).await;
}

/// What the database says of itself, and what time it was here meanwhile.
async fn about(db: &DatabaseConnection) -> Result<(About, DateTime<Utc>)> {
    let before = Clock::System.now();
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, ABOUT)).await?;
    let after = Clock::System.now();
    let row = row.ok_or_else(|| Error::internal("no row"))?;
    Ok((About::from_query_result(&row, "")?, before + (after - before) / 2))
}

fn version(about: &About, findings: &mut Findings) {
    const ABOUT: &str = "PostgreSQL version";
    if about.number < OLDEST {
        findings.wrong(ABOUT, &format!("{} is too old; take 14 or later", about.version));
    } else {
        findings.good(ABOUT, &about.version);
    }
    if about.encoding != "UTF8" {
        findings.wrong(
            "PostgreSQL encoding",
            &format!("{}; names need UTF8: make the database with ENCODING 'UTF8'", about.encoding),
        );
    }
}

fn extensions(about: &About, findings: &mut Findings) {
    const ABOUT: &str = "PostgreSQL extensions";
    if about.extensions_missing.is_empty() {
        findings.good(ABOUT, "all are there");
    } else if about.extensions_unavailable.is_empty() {
        findings.note(ABOUT, &format!("{} are made by lmi migrate", about.extensions_missing));
    } else {
        let says =
            format!("{} cannot be made there; install PostgreSQL's contrib package", about.extensions_unavailable);
        findings.wrong(ABOUT, &says);
    }
}

fn rights(about: &About, findings: &mut Findings) {
    const ABOUT: &str = "PostgreSQL rights";
    if about.may_create {
        findings.good(ABOUT, "the schema can be brought up to date");
    } else if about.is_served {
        findings.good(ABOUT, "those of a role that owns nothing");
    } else {
        let says = "the account of DATABASE_URL may not create in this database, so that it cannot be brought up to date; \
                    GRANT CREATE ON DATABASE and ON SCHEMA public to it, or let another account run lmi migrate";
        findings.wrong(ABOUT, says);
    }
    if about.is_superuser {
        findings.note(
            ABOUT,
            "the account of DATABASE_URL may do everything on the server; one that owns the database is enough",
        );
    }
}

fn clock(there: DateTime<Utc>, here: DateTime<Utc>, findings: &mut Findings) {
    let apart = there - here;
    let says = format!(
        "the database is {:.1} s {} this machine",
        apart.abs().as_seconds_f64(),
        if apart > TimeDelta::zero() { "ahead of" } else { "behind" }
    );
    if apart.abs() > APART {
        findings.wrong("clock", &format!("{says}; let both follow one clock (NTP), or tokens and dates go wrong"));
    } else {
        findings.good("clock", &says);
    }
}

async fn migrations(db: &DatabaseConnection, findings: &mut Findings) {
    const ABOUT: &str = "migrations";
    match migration::pending(db).await {
        Ok(pending) if pending.is_empty() => findings.good(ABOUT, "the database is up to date"),
        Ok(pending) => findings
            .wrong(ABOUT, &format!("pending: {}; run lmi migrate, or start lmi, which does it", pending.join(", "))),
        Err(error) => findings.wrong(ABOUT, &format!("it cannot be told which are pending: {}", Error::from(error))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    fn about() -> About {
        About {
            version: "13.2".to_owned(),
            number: 130_002,
            encoding: "LATIN1".to_owned(),
            may_create: false,
            is_superuser: true,
            is_served: false,
            extensions_missing: "pg_trgm, unaccent".to_owned(),
            extensions_unavailable: "unaccent".to_owned(),
            now: DateTime::UNIX_EPOCH,
        }
    }

    fn found(check: impl Fn(&mut Findings)) -> (Vec<String>, usize) {
        let mut findings = Findings::default();
        check(&mut findings);
        (findings.all().iter().map(ToString::to_string).collect(), findings.count(Verdict::Wrong))
    }

    #[test]
    fn a_server_that_cannot_be_had_for_a_test_is_found_wanting() {
        let about = about();
        let (lines, wrong) = found(|findings| {
            version(&about, findings);
            extensions(&about, findings);
            rights(&about, findings);
        });
        assert_eq!(wrong, 4, "{lines:#?}");
        assert!(lines[0].contains("13.2 is too old"), "{lines:#?}");
        let (lines, wrong) = found(|findings| clock(about.now, about.now + TimeDelta::seconds(6), findings));
        assert_eq!((wrong, lines[0].contains("6.0 s behind")), (1, true), "{lines:#?}");
        assert_eq!(found(|findings| clock(about.now, about.now - TimeDelta::seconds(4), findings)).1, 0);
    }
}
