//! Backups: what is in one, and what somebody finds who restores it.

use crate::changes::{beginning, end, page, since, told};
use crate::feed_cursors::found;
use crate::program::{DataFolder, Ended, ended, lmi, run_on};
use crate::receiver::{Answers, Receiver};
use crate::webhooking::{self, deliver, done, endpoint};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;
use tests::{
    Node, Service, contents, run_program, texts, with_bare, with_empty, with_fixture, with_record, with_servers,
};

/// Tables that hold what a restored database must not promise, and the mark of its servers.
const PROMISES: [&str; 8] = [
    "audience",
    "audience_change",
    "audience_row",
    "one_time_token",
    "timeline",
    "token_family",
    "webhook_delivery",
    "webhook_progress",
];

/// A place for backups that is gone afterwards.
pub(crate) struct Shelf(TempDir);

impl Shelf {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The names of what is there.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder").flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// A backup of the database of a service.
    pub(crate) fn backup(&self, service: &Service) -> PathBuf {
        let folder = self.at("backup");
        let said = run_on(service, &["backup", text(&folder)]).done();
        assert!(said.starts_with("Backed up "), "{said}");
        folder
    }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// Runs a command on a database.
pub(crate) fn run_at(url: &str, arguments: &[&str]) -> Ended {
    let mut command = lmi();
    command.args(arguments).env("DATABASE_URL", url);
    ended(command)
}

/// An empty database beside that of a test: its address. It is left over for the next run to remove.
pub(crate) async fn beside(service: &Service) -> String {
    let (_, name) = service.url.split_once("/test_").expect("the name of a database");
    let name = name.split('?').next().expect("a name");
    let other = format!("test_{name}_restored");
    service.db.execute_unprepared(&format!("CREATE DATABASE {other} TEMPLATE template0")).await.expect("a database");
    service.url.replacen(&format!("/test_{name}?"), &format!("/{other}?"), 1)
}

pub(crate) async fn connected(url: &str) -> DatabaseConnection {
    Database::connect(url).await.expect("a connection")
}

/// All but what is not promised.
fn lasting(mut contents: BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    contents.retain(|table, _| !PROMISES.contains(&table.as_str()));
    contents
}

#[test]
fn everything_is_restored_as_it_was() {
    with_fixture(async |service, _| {
        let before = lasting(contents(&service.db).await);
        let shelf = Shelf::new();
        let backup = shelf.backup(&service);
        let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
        assert_eq!(mode(&backup), 0o700, "nobody else enters");
        for file in ["manifest.json", "database.dump"] {
            assert_eq!(mode(&backup.join(file)), 0o600, "nobody else reads {file}");
        }
        assert_eq!(shelf.names(), ["backup"], "nothing is left beside it");

        let url = beside(&service).await;
        let said = run_at(&url, &["restore", text(&backup)]).done();
        assert!(said.starts_with("Restored the backup of "), "{said}");
        let restored = connected(&url).await;
        let after = lasting(contents(&restored).await);
        for (table, rows) in &before {
            assert!(after[table] == *rows, "{table} is as it was");
        }
        assert_eq!(before.len(), after.len());
        for table in ["audience", "one_time_token", "timeline"] {
            let left = texts(&restored, &format!("SELECT count(*)::text AS text FROM {table}")).await;
            assert_eq!(left, ["0"], "{table}");
        }
        // Rights are part of what is restored: the one function that rewrites history is nobody's but its owner's.
        let anybody =
            "SELECT has_function_privilege('public', 'erase_person(uuid, timestamptz)', 'execute')::text AS text";
        assert_eq!(texts(&restored, anybody).await, ["false"]);
    });
}

#[test]
fn postgresqls_programs_alone_restore_it_too() {
    with_fixture(async |service, _| {
        let shelf = Shelf::new();
        let dump = shelf.backup(&service).join("database.dump");
        let url = beside(&service).await;
        run_program("pg_restore", &["--exit-on-error", "--no-owner", &format!("--dbname={url}"), text(&dump)]);
        let names = "SELECT search_name AS text FROM organization ORDER BY id";
        assert_eq!(texts(&connected(&url).await, names).await, texts(&service.db, names).await);
    });
}

#[test]
fn what_an_older_version_left_is_brought_up_to_date() {
    with_bare(async |service| {
        migration::up_to(&service.db, "0042_bound_names").await.expect("what there was before");
        let insert = "INSERT INTO organization (id, slug, name, kind) VALUES (gen_random_uuid(), 'alder', 'Alder Föundation', 'other')";
        service.db.execute_unprepared(insert).await.expect("an organization");
        let shelf = Shelf::new();
        let backup = shelf.backup(&service);
        assert!(!migration::pending(&service.db).await.expect("steps").is_empty(), "a backup changes nothing");

        let url = beside(&service).await;
        run_at(&url, &["restore", text(&backup)]).done();
        let restored = connected(&url).await;
        assert_eq!(migration::pending(&restored).await.expect("steps"), Vec::<String>::new());
        let names = texts(&restored, "SELECT search_name AS text FROM organization").await;
        assert_eq!(names, ["alder foundation"]);
    });
}

#[test]
fn a_backup_is_of_one_moment_while_others_write() {
    with_empty(async |service| {
        found(&service, "Alder Foundation").await;
        let (over, writing) = (Arc::new(AtomicBool::new(false)), service.clone());
        let told = Arc::clone(&over);
        let writer = tokio::spawn(async move {
            let mut number = 0;
            while !told.load(Ordering::Relaxed) {
                number += 1;
                found(&writing, &format!("Made Up Body {number}")).await;
            }
            number
        });
        while texts(&service.db, "SELECT count(*)::text AS text FROM organization").await == ["1"] {}
        let shelf = Shelf::new();
        let (at, url) = (shelf.at("backup"), service.url.clone());
        let folder = at.clone();
        let made =
            tokio::task::spawn_blocking(move || run_at(&url, &["backup", text(&folder)])).await.expect("a backup");
        made.done();
        over.store(true, Ordering::Relaxed);
        let written: i32 = writer.await.expect("a writer");

        let url = beside(&service).await;
        run_at(&url, &["restore", text(&at)]).done();
        let restored = connected(&url).await;
        // Each organization came with its entry in the history, in one transaction.
        let counts = texts(
            &restored,
            "SELECT count(*)::text AS text FROM organization UNION ALL
             SELECT count(*)::text FROM change WHERE table_name = 'organization' AND action = 'created'",
        );
        let counts = counts.await;
        assert_eq!(counts[0], counts[1]);
        let count: i32 = counts[0].parse().expect("a number");
        assert!((2..=written + 1).contains(&count), "{count} of {written}");
    });
}

#[test]
fn a_service_goes_on_from_a_backup_on_another_server() {
    with_servers(async || {
        let (here, there) = (Node::primary().await, Node::primary().await);
        here.migrate().await;
        let service = here.instance(&here.url(), None, None).await;
        // The other server counts transactions anew, and is far behind this one.
        for _ in 0..40 {
            here.execute("DO $$ BEGIN FOR i IN 1..50 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$")
                .await;
        }
        // Roles are a server's own, and so are rights that are given to them.
        here.execute(
            "CREATE ROLE made_up; GRANT SELECT ON account TO made_up; ALTER TABLE account ENABLE ROW LEVEL SECURITY;
            CREATE POLICY made_up ON account TO made_up USING (true)",
        )
        .await;
        let alder = found(&service, "Alder Foundation").await;
        service.make_account("ada@example.org", &[Grant::new(Role::Staff, Scope::Everything)]).await;
        let tokens = service.sign_in("ada@example.org").await;
        let cursor = end(&service).await;
        let shelf = Shelf::new();
        let backup = shelf.backup(&service);

        run_at(&there.url(), &["restore", text(&backup)]).done();
        let restored = there.instance(&there.url(), None, None).await;
        let refused = page(&restored, &json!({ "after": cursor })).await;
        assert!(refused.messages().contains("Start again with `from: BEGINNING`"), "{}", refused.text);
        assert_eq!(restored.bearing(&tokens.access).ask("{ viewer { roles { role } } }").await.status, 401);
        restored.sign_in("ada@example.org").await;

        let (all, cursor) = beginning(&restored).await;
        assert!(all.iter().any(|change| change["nodeId"] == alder), "{all:?}");
        // What was written in the other's time is no news here.
        let behind =
            "SELECT count(*)::text AS text FROM change WHERE transaction_id >= pg_snapshot_xmin(pg_current_snapshot())
            AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())";
        assert_eq!(there.texts(behind).await, ["0"]);
        found(&restored, "Birch Foundation").await;
        let (news, _) = since(&restored, &cursor).await;
        assert_eq!(told(&news), ["CREATED | Organization"]);
        assert_eq!(restored.missed_by_the_feed().await, Vec::<String>::new());
    });
}

#[test]
fn what_was_due_is_not_sent_again_and_receivers_are_told_to_begin_anew() {
    with_empty(async |service| {
        let mut receiver = Receiver::start().await;
        let owner = webhooking::staff(&service).await;
        let endpoint = endpoint(&owner, &receiver.url()).await;
        receiver.will([Answers::Status(500)]);
        webhooking::add(&service, "Alder Foundation").await;
        deliver(&service).await;
        done(&owner, "sendTestWebhook", &endpoint.id).await;
        let shelf = Shelf::new();
        let backup = shelf.backup(&service);
        receiver.all();

        let url = beside(&service).await;
        run_at(&url, &["restore", text(&backup)]).done();
        let restored = Service::on(connected(&url).await, url);
        deliver(&restored).await;
        let came = receiver.all();
        let types: Vec<Value> = came.iter().map(|message| message.json()["type"].clone()).collect();
        assert_eq!(types, ["feed.restarted"], "neither the test nor the change that was due");
        let birch = webhooking::add(&restored, "Birch Foundation").await;
        deliver(&restored).await;
        assert_eq!(receiver.next().await.told(), ("organization.created".to_owned(), birch));
    });
}

#[test]
fn keys_are_kept_or_revoked_as_is_asked() {
    with_record(async |service| {
        let key = run_on(&service, &["key", "create", "--name", "Dashboard"]).done();
        let shelf = Shelf::new();
        let backup = shelf.backup(&service);
        let url = beside(&service).await;
        let said = run_at(&url, &["restore", text(&backup), "--revoke-keys"]).done();
        assert!(said.ends_with("All API keys are revoked: make new ones.\n"), "{said}");
        let restored = Service::on(connected(&url).await, url);
        assert_eq!(restored.bearing(key.trim()).ask("{ __typename }").await.status, 401);
        assert_eq!(service.bearing(key.trim()).ask("{ __typename }").await.status, 200);
        let why = "SELECT reason AS text FROM change WHERE table_name = 'api_key' AND action = 'updated'";
        assert_eq!(texts(&restored.db, why).await, ["The database was put back to an earlier state"]);
    });
}

#[test]
fn a_private_database_is_backed_up_and_restored_into_a_new_folder() {
    let (from, to, shelf) = (DataFolder::new(), DataFolder::new(), Shelf::new());
    from.run(&["key", "create", "--name", "Dashboard"]).done();
    let backup = shelf.at("backup");
    let said = from.run(&["backup", text(&backup)]).done();
    assert!(said.contains("signing-key"), "it says what is not in it: {said}");
    let verified = from.run(&["restore", text(&backup), "--verify"]).done();
    assert!(verified.starts_with("Verified the backup of "), "{verified}");
    to.run(&["restore", text(&backup)]).done();
    assert!(to.run(&["key", "list"]).done().contains("Dashboard"));
    // What is there is not written over.
    let refused = to.run(&["restore", text(&backup)]).refused(1);
    assert!(refused.contains("the database is not empty, and nothing is overwritten"), "{refused}");
}

#[test]
fn so_many_are_kept_as_were_asked_for() {
    with_empty(async |service| {
        let shelf = Shelf::new();
        let kept = shelf.at("kept");
        for name in ["lmi-20200101T000000Z", "lmi-20200102T000000Z", "lmi-unfinished", "lmi-20200103T000000Z"] {
            fs::create_dir_all(kept.join(name)).expect("a folder");
            if name != "lmi-20200103T000000Z" {
                fs::write(kept.join(name).join("manifest.json"), "{}").expect("a file");
            }
        }
        let said = run_on(&service, &["backup", "--into", text(&kept), "--keep", "2"]).done();
        assert!(said.contains("Removed 1 older than the 2 that are kept."), "{said}");
        let entries = fs::read_dir(&kept).expect("a folder").flatten();
        let mut left: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        left.sort();
        assert_eq!(left.len(), 4, "{left:?}");
        assert_eq!(left[..2], ["lmi-20200102T000000Z", "lmi-20200103T000000Z"], "what is not whole is let be");
        assert!(left.contains(&"lmi-unfinished".to_owned()));
    });
}
