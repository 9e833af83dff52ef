//! Backups that are refused, and what is left then: what was there before.

use crate::backups::{Shelf, beside, connected, run_at, text};
use crate::program::{ended, lmi, run_on};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tests::{Service, contents, with_bare, with_empty, with_record};

/// Changes the manifest of a backup.
fn changed(backup: &Path, change: impl FnOnce(&mut Value)) {
    let file = backup.join("manifest.json");
    let mut manifest = serde_json::from_slice(&fs::read(&file).expect("a manifest")).expect("a manifest");
    change(&mut manifest);
    fs::write(&file, manifest.to_string()).expect("a manifest");
}

/// What is said to whoever restores it elsewhere, where nothing comes of it.
async fn refused(service: &Service, backup: &Path) -> String {
    let url = beside(service).await;
    let refused = run_at(&url, &["restore", text(backup)]).refused(1);
    let other = connected(&url).await;
    assert!(contents(&other).await.is_empty(), "nothing was restored: {refused}");
    drop(other);
    let (_, name) = url.split_once("5432/").expect("a name");
    let name = name.split('?').next().expect("a name");
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sea_orm::ConnectionTrait::execute_unprepared(&service.db, &drop).await.expect("a database that is gone");
    refused
}

#[test]
fn what_is_not_whole_is_refused_before_anything_is_touched() {
    with_record(async |service| {
        let shelf = Shelf::new();
        let backup = shelf.backup(&service);
        let (dump, manifest) = (backup.join("database.dump"), backup.join("manifest.json"));
        let (whole, says) = (fs::read(&dump).expect("a dump"), fs::read(&manifest).expect("a manifest"));

        fs::write(&dump, &whole[..whole.len() / 2]).expect("a dump");
        let said = refused(&service, &backup).await;
        assert!(said.contains("is not whole") && said.contains("take another backup"), "{said}");

        let mut damaged = whole.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 1;
        fs::write(&dump, &damaged).expect("a dump");
        assert!(refused(&service, &backup).await.contains("is damaged: it is not what was written"));
        fs::write(&dump, &whole).expect("a dump");

        fs::write(&manifest, &says[..says.len() - 9]).expect("a manifest");
        assert!(refused(&service, &backup).await.contains("is damaged; take another backup"));
        fs::remove_file(&manifest).expect("no manifest");
        assert!(refused(&service, &backup).await.contains("is no backup: its manifest.json cannot be read"));
        fs::write(&manifest, &says).expect("a manifest");

        // What came is counted before it is there.
        changed(&backup, |manifest| manifest["tables"]["public.county"] = json!(59));
        let said = refused(&service, &backup).await;
        assert!(
            said.contains("nothing was restored: psql failed: public.county has 58 rows, and the backup says 59"),
            "{said}"
        );
    });
}

#[test]
fn a_dump_that_breaks_off_half_way_leaves_nothing() {
    with_record(async |service| {
        let shelf = Shelf::new();
        let backup = shelf.backup(&service);
        let dump = backup.join("database.dump");
        let mut bytes = fs::read(&dump).expect("a dump");
        bytes.truncate(bytes.len() - 100);
        fs::write(&dump, &bytes).expect("a dump");
        let digest = std::process::Command::new("sha256sum").arg(&dump).output().expect("a digest").stdout;
        let digest = String::from_utf8(digest).expect("a text").split(' ').next().expect("a digest").to_owned();
        changed(&backup, |manifest| manifest["dump"] = json!({ "bytes": bytes.len(), "sha256": digest }));
        let said = refused(&service, &backup).await;
        assert!(said.contains("nothing was restored: "), "{said}");
    });
}

#[test]
fn what_a_later_version_made_is_refused_and_says_which() {
    with_empty(async |service| {
        let shelf = Shelf::new();
        let backup = shelf.backup(&service);
        changed(&backup, |manifest| {
            manifest["lmi"] = json!("99.1.0");
            manifest["migrations"].as_array_mut().expect("a list").push(json!("9999_later"));
        });
        let said = refused(&service, &backup).await;
        assert!(said.contains("made by a newer lmi: 99.1.0") && said.contains("9999_later"), "{said}");
        changed(&backup, |manifest| manifest["format"] = json!(2));
        assert!(refused(&service, &backup).await.contains("restore it with that version or a later one"));
        changed(&backup, |manifest| {
            manifest["format"] = json!(1);
            manifest["migrations"].as_array_mut().expect("a list").pop();
            manifest["postgresql"] = json!(99);
        });
        assert!(refused(&service, &backup).await.contains("restore it on 99 or later"));
    });
}

#[test]
fn nothing_is_written_over() {
    with_record(async |service| {
        let shelf = Shelf::new();
        let backup = shelf.backup(&service);
        let before = contents(&service.db).await;
        let said = run_on(&service, &["restore", text(&backup)]).refused(1);
        assert!(said.contains("the database is not empty, and nothing is overwritten"), "{said}");
        assert!(contents(&service.db).await == before);

        let dump = fs::read(backup.join("database.dump")).expect("a dump");
        let said = run_on(&service, &["backup", text(&backup)]).refused(1);
        assert!(said.ends_with("is there already, and nothing is overwritten; give another name"), "{said}");
        assert!(fs::read(backup.join("database.dump")).expect("a dump") == dump);
    });
}

#[test]
fn a_backup_that_cannot_be_made_leaves_nothing() {
    with_bare(async |service| {
        let shelf = Shelf::new();
        let said = run_on(&service, &["backup", text(&shelf.at("backup"))]).refused(1);
        assert!(said.contains("there is nothing to back up"), "{said}");
        let said = run_on(&service, &["backup", text(&shelf.at("no/such/folder"))]).refused(1);
        assert!(said.contains("see that the folder above it is there and yours"), "{said}");
        assert_eq!(shelf.names(), Vec::<String>::new());
    });
    with_empty(async |service| {
        let shelf = Shelf::new();
        // What was killed is cleared away.
        fs::create_dir(shelf.at("backup.partial")).expect("a folder");
        fs::write(shelf.at("backup.partial").join("database.dump"), "half").expect("a file");
        let mut without = lmi();
        without.args(["backup", text(&shelf.at("backup"))]).env("DATABASE_URL", &service.url);
        without.env("LMI_POSTGRES_BIN", shelf.at("nowhere"));
        let said = ended(without).refused(1);
        assert!(said.contains("LMI_POSTGRES_BIN") && said.contains("pg_dump, pg_restore, psql"), "{said}");
        assert_eq!(shelf.names(), Vec::<String>::new());
        shelf.backup(&service);
        assert_eq!(shelf.names(), ["backup"]);
    });
}

#[test]
fn no_password_stands_where_others_read_it() {
    with_empty(async |service| {
        let shelf = Shelf::new();
        let programs = shelf.at("bin");
        fs::create_dir(&programs).expect("a folder");
        let written = shelf.at("arguments");
        for name in ["pg_dump", "pg_restore", "psql"] {
            let script = format!(
                "#!/bin/sh\n[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) 99.0' && exit\n\
                 echo \"$@\" > {}\n[ \"$PGPASSWORD\" = 's3cret' ] || exit 3\necho 'pg_dump: error: refused on purpose' >&2\nexit 1\n",
                written.display()
            );
            fs::write(programs.join(name), script).expect("a program");
            let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            fs::set_permissions(programs.join(name), executable).expect("a program that runs");
        }
        let mut command = lmi();
        command.args(["backup", text(&shelf.at("backup"))]).env("LMI_POSTGRES_BIN", &programs);
        let given = service.url.replacen('@', ":s3cret@", 1);
        let said = ended({
            command.env("DATABASE_URL", given);
            command
        });
        let said = said.refused(1);
        assert_eq!(said, "lmi: pg_dump failed: refused on purpose");
        let arguments = fs::read_to_string(&written).expect("what it was called with");
        assert!(!arguments.contains("s3cret") && !arguments.contains("host"), "{arguments}");
        assert_eq!(shelf.names(), ["arguments", "bin"]);
    });
}
