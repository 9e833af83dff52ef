//! Who may do what in the database: the second wall, behind the policy of the service.
//!
//! The owner of the tables brings them up to date and gives out rights. The service works as a role that owns nothing: it can
//! neither change what a table is nor what was written down for good, and reads no hash of a secret. What is asked by
//! people who have not signed in is read as a third role, which sees nothing but the views of a schema of its own, with the rows
//! and columns that are public. `table.rs` says what is whose; whatever it does not name is denied.
//!
//! Rights are given anew each time that the database is brought up to date, so that what was changed by hand, and what an
//! older version gave, does not last. All of it is one transaction.

mod statements;
mod table;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseConnection, DbBackend, Statement, TransactionTrait as _};

/// The schema of what the public is shown. Whoever reads as the public has it before that of the tables on the search path.
pub const SHOWN: &str = "lmi_shown";

/// What says who has which: a database that was made a template of is another where it differs.
pub(crate) const TEXT: [&str; 2] = [include_str!("table.rs"), include_str!("statements.rs")];

/// The roles that rights are given to.
#[derive(Clone, Copy, Debug)]
pub struct Roles<'a> {
    /// What the service works as.
    pub service: &'a str,
    /// What is asked by people who have not signed in is read as this one, where there is one.
    pub public: Option<&'a str>,
}

/// Gives these roles the rights that they need, and takes every other from them. To be called as the owner of the tables.
pub async fn give(db: &DatabaseConnection, roles: Roles<'_>) -> Result<(), DbErr> {
    let lock = super::locked(db).await?;
    let transaction = db.begin().await?;
    let there = There::look(&transaction).await?;
    for statement in statements::all(&there, roles) {
        transaction.execute_unprepared(&statement).await?;
    }
    transaction.commit().await?;
    lock.commit().await
}

/// Tables, views and functions with their owner's rights for which no right was decided on; what was decided on and is not there.
pub async fn undecided(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    Ok(statements::undecided(&There::look(db).await?))
}

/// The names of all tables and views that rights were decided on.
pub fn tables() -> impl Iterator<Item = &'static str> {
    table::TABLES.iter().map(|table| table.name)
}

/// What is there to give rights to.
struct There {
    schema: String,
    database: String,
    owner: String,
    /// Each with the columns and their types, in order.
    tables: Vec<Relation>,
    /// What runs with its owner's rights: the name, and the name with its arguments.
    functions: Vec<(String, String)>,
    /// The policies, as `table.policy`, and whom they are for.
    policies: Vec<(String, String)>,
    /// What is said of views that are there: what they are made of.
    views: Vec<(String, String)>,
}

struct Relation {
    name: String,
    is_table: bool,
    has_policies: bool,
    columns: Vec<String>,
    types: Vec<String>,
}

const HERE: &str =
    "SELECT current_schema()::text AS schema, current_database()::text AS database, current_user::text AS owner";
const RELATIONS: &str = "
    SELECT c.relname::text AS name, c.relkind <> 'v' AS is_table, c.relrowsecurity AS has_policies,
      array_agg(a.attname::text ORDER BY a.attnum) AS columns,
      array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS types
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
    GROUP BY c.oid ORDER BY c.relname";
const DEFINED: &str = "
    SELECT p.proname::text AS name, p.oid::regprocedure::text AS signature FROM pg_proc AS p
    WHERE p.pronamespace = current_schema()::regnamespace AND p.prosecdef
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1";
const POLICIES: &str = "
    SELECT tablename || '.' || policyname AS name, array_to_string(roles, ',') AS signature
    FROM pg_policies WHERE schemaname = current_schema() ORDER BY 1";
const VIEWS: &str = "
    SELECT c.relname::text AS name, coalesce(obj_description(c.oid), '') AS signature
    FROM pg_class AS c WHERE c.relkind = 'v' AND c.relnamespace = to_regnamespace('lmi_shown')";

impl There {
    async fn look(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let query = |sql| Statement::from_string(DbBackend::Postgres, sql);
        let missing = || DbErr::RecordNotFound("the database does not say where it is".to_owned());
        let here = db.query_one_raw(query(HERE)).await?.ok_or_else(missing)?;
        let tables = db.query_all_raw(query(RELATIONS)).await?;
        let tables = tables.iter().map(|row| {
            Ok(Relation {
                name: row.try_get("", "name")?,
                is_table: row.try_get("", "is_table")?,
                has_policies: row.try_get("", "has_policies")?,
                columns: row.try_get("", "columns")?,
                types: row.try_get("", "types")?,
            })
        });
        Ok(Self {
            schema: here.try_get("", "schema")?,
            database: here.try_get("", "database")?,
            owner: here.try_get("", "owner")?,
            tables: tables.collect::<Result<_, DbErr>>()?,
            functions: pairs(db, query(DEFINED)).await?,
            policies: pairs(db, query(POLICIES)).await?,
            views: pairs(db, query(VIEWS)).await?,
        })
    }
}

async fn pairs(db: &impl ConnectionTrait, query: Statement) -> Result<Vec<(String, String)>, DbErr> {
    let rows = db.query_all_raw(query).await?;
    rows.iter().map(|row| Ok((row.try_get("", "name")?, row.try_get("", "signature")?))).collect()
}
