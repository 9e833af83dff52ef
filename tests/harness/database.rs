//! A database for each test, copied from a template that is made once.

use crate::cluster::cluster;
use crate::contents::texts;
use crate::fixtures::Fixture;
use crate::service::Service;
use lmi::auth::{Actor, Viewer};
use lmi::clock::Clock;
use lmi::database::private::{Durability, Options, PrivatePostgres};
use lmi::database::{Purpose, connect, connect_as_public, roles};
use lmi::http::STACK;
use lmi::record;
use migration::rights::Roles;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::runtime::Runtime;

/// What is in the database when the test begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// Nothing at all: what somebody gives the service who has a server of their own.
    Bare,
    /// Tables, counties and regions.
    Empty,
    /// The initiative's record as well.
    Record,
    /// A dataset in which nearly everything must stay hidden from somebody.
    Fixture,
}

/// Beginnings of names that stand where rows of a kind are looked for and are nobody's, and those that are missing there.
fn wrong_beginnings(of: &str) -> String {
    format!(
        "WITH known AS (SELECT beginning, sort_name, id FROM {of}, beginnings(search_vector) AS beginning)
        (SELECT 'nobody''s: ' || b::text AS text FROM (TABLE {of}_beginning EXCEPT TABLE known) AS b)
        UNION ALL (SELECT 'missing: ' || b::text FROM (TABLE known EXCEPT TABLE {of}_beginning) AS b)"
    )
}

/// Runs a test on a database of its own. Whatever the test has written, people and districts are found by the names that they
/// have then. One that fails leaves its database for inspection until the next run.
pub fn run(seed: Seed, test: impl AsyncFnOnce(Service)) {
    runtime().block_on(async {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let admin = connect(&cluster().url("postgres"), Purpose::Command).await.expect("a connection");
        let template = template(&admin, seed).await;
        execute(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        // Rights on a database are not copied with it.
        execute(&admin, &format!("REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")).await;
        let url = cluster().url(&name);
        let db = connect(&url, Purpose::Serve).await.expect("a connection");
        let (service, public) = match seed {
            // Nothing is there to be given rights to.
            Seed::Bare => (db.clone(), None),
            Seed::Empty | Seed::Record | Seed::Fixture => {
                let service = connect(&cluster().url_as(roles::SERVICE, &name), Purpose::Serve).await;
                let public = connect_as_public(&cluster().url_as(roles::PUBLIC, &name)).await;
                (service.expect("a connection"), Some(public.expect("a connection")))
            }
        };
        Box::pin(test(Service::on_roles(db.clone(), (service.clone(), public.clone()), url))).await;
        if seed != Seed::Bare {
            for of in ["district", "person"] {
                assert_eq!(
                    texts(&db, &wrong_beginnings(of)).await,
                    Vec::<String>::new(),
                    "each {of} is found by its names"
                );
            }
        }
        for own in std::iter::once(service).chain(public) {
            let _ = own.close().await;
        }
        let _ = db.close().await;
        execute(&admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        let _ = admin.close().await;
    });
}

/// Runs something on the state that `lmi generate --data-dir` has put into a folder, brought up to date.
pub fn run_on_state(folder: &Path, test: impl AsyncFnOnce(Service)) {
    let options = Options {
        data_dir: folder.join("postgres"),
        durability: Durability::Durable,
        max_connections: 100,
        postgres_bin: None,
    };
    let server = PrivatePostgres::start(&options, &|_| ()).expect("a PostgreSQL server on what was generated");
    let whole = async {
        let url = server.url("lmi");
        let owner = connect(&url, Purpose::Command).await.expect("a connection");
        fill(&owner, Seed::Empty).await;
        let db = connect(&url, Purpose::Serve).await.expect("a connection");
        let service = connect(&server.url_as(roles::SERVICE, "lmi"), Purpose::Serve).await.expect("a connection");
        let public = connect_as_public(&server.url_as(roles::PUBLIC, "lmi")).await.expect("a connection");
        test(Service::on_roles(db.clone(), (service.clone(), Some(public.clone())), url)).await;
        for own in [owner, db, service, public] {
            let _ = own.close().await;
        }
    };
    let outcome = catch_unwind(AssertUnwindSafe(|| runtime().block_on(whole)));
    // The server ends also where the test fails.
    let _ = server.release();
    if let Err(fault) = outcome {
        resume_unwind(fault);
    }
}

fn runtime() -> Runtime {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_stack_size(STACK).enable_all().build();
    runtime.expect("a runtime")
}

/// The name of the template for a seed, which is made by whoever comes first.
async fn template(admin: &DatabaseConnection, seed: Seed) -> String {
    let mut hasher = DefaultHasher::new();
    migration::fingerprint().hash(&mut hasher);
    let kind = match seed {
        Seed::Bare => return "template0".to_owned(),
        Seed::Empty => "empty",
        Seed::Record => {
            record::INITIATIVE.hash(&mut hasher);
            "record"
        }
        Seed::Fixture => {
            include_str!("fixtures/mod.rs").hash(&mut hasher);
            include_str!("fixtures/access.rs").hash(&mut hasher);
            include_str!("fixtures/build.rs").hash(&mut hasher);
            include_str!("fixtures/gathering.rs").hash(&mut hasher);
            include_str!("fixtures/releases.rs").hash(&mut hasher);
            include_str!("fixtures/merges.rs").hash(&mut hasher);
            include_str!("fixtures/surveys.rs").hash(&mut hasher);
            include_str!("fixtures/selections.rs").hash(&mut hasher);
            include_str!("fixtures/team_times.rs").hash(&mut hasher);
            "fixture"
        }
    };
    let name = format!("template_{kind}_{:016x}", hasher.finish());
    if exists(admin, &name).await {
        return name;
    }
    // A connection of its own holds the lock until the template is there.
    let holder = connect(&cluster().url("postgres"), Purpose::Command).await.expect("a connection");
    let lock = sea_orm::TransactionTrait::begin(&holder).await.expect("a transaction");
    lock.execute_unprepared("SELECT pg_advisory_xact_lock(4711)").await.expect("a lock");
    if !exists(admin, &name).await {
        drop_leftovers(admin).await;
        let new = format!("{name}_new");
        execute(admin, &format!("DROP DATABASE IF EXISTS {new} WITH (FORCE)")).await;
        execute(admin, &format!("CREATE DATABASE {new} TEMPLATE template0")).await;
        let db = connect(&cluster().url(&new), Purpose::Command).await.expect("a connection");
        fill(&db, seed).await;
        db.close().await.expect("nobody stays connected to the template");
        execute(admin, &format!("ALTER DATABASE {new} RENAME TO {name}")).await;
    }
    lock.commit().await.expect("the lock given back");
    let _ = holder.close().await;
    name
}

async fn fill(db: &DatabaseConnection, seed: Seed) {
    migration::up(db).await.expect("migrations");
    roles::make(db).await.expect("roles");
    let roles = Roles { service: roles::SERVICE, public: Some(roles::PUBLIC) };
    migration::rights::give(db, roles).await.expect("rights");
    match seed {
        Seed::Bare | Seed::Empty => {}
        Seed::Record => {
            let (viewer, record) = (Viewer::command_line(), record::parse(record::INITIATIVE));
            let record = record.expect("a record that can be read");
            let loaded = record::load(db, Actor::new(&viewer, Clock::System), record, true).await;
            loaded.expect("a record that can be loaded");
        }
        Seed::Fixture => Fixture::insert(db).await,
    }
}

/// Databases of earlier runs.
async fn drop_leftovers(admin: &DatabaseConnection) {
    let mine = format!("test_{}_%", std::process::id());
    let names = "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%' AND datname NOT LIKE $1 \
                 AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = pg_database.datname)";
    let names = Statement::from_sql_and_values(DbBackend::Postgres, names, [mine.into()]);
    for row in admin.query_all_raw(names).await.expect("a list of databases") {
        let name: String = row.try_get("", "datname").expect("a name");
        let _ = admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await;
    }
}

async fn exists(admin: &DatabaseConnection, name: &str) -> bool {
    let known = "SELECT 1 FROM pg_database WHERE datname = $1";
    let known = Statement::from_sql_and_values(DbBackend::Postgres, known, [name.into()]);
    admin.query_one_raw(known).await.expect("an answer").is_some()
}

async fn execute(admin: &DatabaseConnection, sql: &str) {
    admin.execute_unprepared(sql).await.expect("a statement of the harness");
}
