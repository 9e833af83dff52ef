//! `lmi check` finds what is wrong, and says how to mend it.

use crate::mail_server::MailServer;
use crate::program::{DataFolder, Ended, Serving, ended, run_on};
use sea_orm::ConnectionTrait as _;
use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use tests::{IdentityProvider, Service, signing_key, with_bare, with_empty};

/// The program in a folder of its own, on the database of a test.
fn on(service: &Service, folder: &DataFolder) -> Command {
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).expect("a folder of one's own");
    let mut program = folder.lmi();
    program.arg("check").env("DATABASE_URL", &service.url).env("LMI_LOG", "off");
    program
}

fn checked(mut program: Command, settings: &[(&str, &str)]) -> Ended {
    program.envs(settings.iter().copied());
    ended(program)
}

/// The line about this, which says these words.
fn assert_says(checked: &Ended, verdict: &str, about: &str, words: &str) {
    let start = format!("{verdict:<5}  {about}: ");
    let found = checked.out.lines().any(|line| line.starts_with(&start) && line.contains(words));
    assert!(found, "no `{start}…{words}`:\n{}\n{}", checked.out, checked.err);
}

#[test]
fn a_service_that_is_set_up_well_has_nothing_to_mend() {
    with_empty(async |service| {
        let folder = DataFolder::new();
        let checked = checked(on(&service, &folder), &[]);
        for (about, words) in [
            ("DATABASE_URL", "takes writes"),
            ("PostgreSQL version", "1"),
            ("PostgreSQL extensions", "all are there"),
            ("PostgreSQL rights", "brought up to date"),
            ("migrations", "up to date"),
            ("clock", "this machine"),
            ("LMI_LISTEN", "can be served on"),
            ("LMI_DATA_DIR", "by its owner alone"),
            ("max_connections", "an instance takes up to"),
        ] {
            assert_says(&checked, "ok", about, words);
        }
        // The server of tests keeps nothing on the disk, which is wrong, and all that is.
        assert_says(&checked, "WRONG", "durability", "set fsync = on");
        assert_says(&checked, "WRONG", "durability", "set synchronous_commit = on");
        assert_says(&checked, "WRONG", "durability", "set full_page_writes = on");
        assert!(checked.out.contains("\n3 to mend, "), "{}", checked.out);
        assert_eq!((checked.status, checked.err.as_str()), (Some(1), ""));
        assert!(!folder.path().join("signing-key.pem").exists(), "nothing was begun");
    });
}

#[test]
fn a_service_that_owns_its_tables_is_told_to_own_nothing() {
    with_empty(async |service| {
        let folder = DataFolder::new();
        let as_owner = checked(on(&service, &folder), &[]);
        assert_says(&as_owner, "note", "PostgreSQL roles", "make a role that owns nothing");
        assert_says(&as_owner, "note", "PostgreSQL roles", "name it by DATABASE_PUBLIC_URL");
        let (served, public) = (as_role(&service.url, "lmi_service"), as_role(&service.url, "lmi_public"));
        let as_itself = checked(on(&service, &folder), &[("DATABASE_URL", &served)]);
        assert_says(&as_itself, "ok", "PostgreSQL roles", "brought up to date by another");
        let whole =
            [("DATABASE_URL", &*served), ("DATABASE_OWNER_URL", &*service.url), ("DATABASE_PUBLIC_URL", &*public)];
        let behind_the_wall = checked(on(&service, &folder), &whole);
        assert_says(&behind_the_wall, "ok", "PostgreSQL roles", "it has its rights from lmi migrate");
        assert!(!behind_the_wall.out.contains("note   PostgreSQL roles"), "{}", behind_the_wall.out);
        service.db.execute_unprepared("CREATE TABLE stray (id integer)").await.expect("a table of somebody's");
        let with_a_stray = checked(on(&service, &folder), &whole);
        assert_says(&with_a_stray, "note", "PostgreSQL roles", "nobody's but the owner's: stray");
    });
}

#[test]
fn a_private_database_is_as_it_should_be() {
    let folder = DataFolder::new();
    let before = folder.run(&["check"]);
    assert_says(&before, "note", "DATABASE_URL", "makes a private one at its first start");
    assert!(!folder.path().join("postgres").exists(), "nothing was begun");
    folder.run(&["migrate"]).done();
    let after = folder.run(&["check"]);
    assert_eq!(after.status, Some(0), "{}{}", after.out, after.err);
    assert_says(&after, "ok", "durability", "on the disk");
    assert_says(&after, "note", "backups", "make them");
}

#[test]
fn a_database_that_cannot_be_used_is_told_and_its_password_is_not() {
    with_bare(async |service| {
        let folder = DataFolder::new();
        let bare = checked(on(&service, &folder), &[]);
        assert_says(&bare, "WRONG", "migrations", "run lmi migrate");
        assert_says(&bare, "note", "PostgreSQL extensions", "made by lmi migrate");
        let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        let away = format!("postgres://lmi:s3cret@{closed}/lmi");
        let checked = checked(on(&service, &folder), &[("DATABASE_URL", &away)]);
        assert_says(&checked, "WRONG", "DATABASE_URL", "no answer within 5 seconds");
        assert!(!checked.out.contains("s3cret") && checked.status == Some(1), "{}", checked.out);
    });
}

#[test]
fn an_account_of_the_database_that_may_too_little_is_told_of() {
    with_empty(async |service| {
        let role = format!("little_{}", std::process::id());
        let execute =
            async |sql: String| service.db.execute_unprepared(&sql).await.expect("a statement of the administrator");
        execute(format!("CREATE ROLE {role} LOGIN")).await;
        execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC".to_owned()).await;
        let url = as_role(&service.url, &role);
        let folder = DataFolder::new();
        let checked = checked(on(&service, &folder), &[("DATABASE_URL", &url)]);
        execute(format!("DROP ROLE {role}")).await;
        assert_says(&checked, "WRONG", "PostgreSQL rights", "GRANT CREATE ON DATABASE");
    });
}

/// The same database as somebody else.
fn as_role(url: &str, role: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("an address");
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
    format!("{scheme}://{role}@{rest}")
}

#[test]
fn settings_that_do_not_go_together_are_told_of() {
    with_empty(async |service| {
        let folder = DataFolder::new();
        let production = checked(on(&service, &folder), &[("LMI_PRODUCTION", "true")]);
        assert_says(&production, "WRONG", "LMI_PUBLIC_URL", "https://lmi.example.org");
        assert_says(&production, "note", "LMI_TRUSTED_PROXIES", "name the proxy");
        assert_says(&production, "note", "LMI_METRICS_LISTEN", "/metrics");
        let plain = [("LMI_PRODUCTION", "true"), ("LMI_PUBLIC_URL", "http://lmi.example.org")];
        assert_says(&checked(on(&service, &folder), &plain), "WRONG", "LMI_PUBLIC_URL", "https://");
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = taken.local_addr().expect("an address").to_string();
        assert_says(
            &checked(on(&service, &folder), &[("LMI_LISTEN", &address)]),
            "note",
            "LMI_LISTEN",
            "served on already",
        );
        let elsewhere = checked(on(&service, &folder), &[("LMI_LISTEN", "192.0.2.1:80")]);
        assert_says(&elsewhere, "WRONG", "LMI_LISTEN", "give another");
        let documents = folder.path().join("documents.json");
        fs::write(&documents, r#"{ "a": "{ nothing }" }"#).expect("a file");
        let documents = documents.to_str().expect("a path");
        let wrong = checked(on(&service, &folder), &[("LMI_TRUSTED_DOCUMENTS", documents)]);
        assert_says(&wrong, "WRONG", "LMI_TRUSTED_DOCUMENTS", "cannot be registered");
        let unreadable = run_on(&service, &["check", "--listen", "nowhere"]);
        assert_eq!(unreadable.status, Some(2), "what cannot be understood is said before anything is looked at");
    });
}

#[test]
fn keys_that_others_can_read_are_told_of() {
    with_empty(async |service| {
        let folder = DataFolder::new();
        let key = folder.path().join("signing-key.pem");
        fs::write(&key, signing_key(1)).expect("a file");
        fs::set_permissions(&key, Permissions::from_mode(0o644)).expect("rights");
        assert_says(&checked(on(&service, &folder), &[]), "WRONG", "LMI_SIGNING_KEY", "chmod 600");
        fs::set_permissions(&key, Permissions::from_mode(0o600)).expect("rights");
        assert_says(&checked(on(&service, &folder), &[]), "ok", "LMI_SIGNING_KEY", "the first signs");
        fs::write(&key, "no key").expect("a file");
        assert_says(&checked(on(&service, &folder), &[]), "WRONG", "LMI_SIGNING_KEY", "cannot be used");
        let absent = checked(on(&service, &folder), &[("LMI_SIGNING_KEY", "/nowhere/key.pem")]);
        assert_says(&absent, "WRONG", "LMI_SIGNING_KEY", "cannot be read");
        let program = on(&service, &folder);
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).expect("rights");
        assert_says(&checked(program, &[]), "WRONG", "LMI_DATA_DIR", "chmod go-w");
    });
}

#[test]
fn whoever_the_service_turns_to_is_tried_out() {
    with_empty(async |service| {
        let folder = DataFolder::new();
        let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        let away = [
            ("LMI_SMTP_URL", &*format!("smtp://lmi:s3cret@{closed}")),
            ("LMI_MAIL_FROM", "CA LMI <lmi@example.org>"),
            ("LMI_OIDC_ISSUERS", &*format!("http://{closed}")),
            ("LMI_OIDC_AUDIENCE", "lmi"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &*format!("http://{closed}")),
            ("DATABASE_READ_URLS", &service.url),
        ];
        let found = checked(on(&service, &folder), &away);
        assert_says(&found, "WRONG", "LMI_SMTP_URL", "letters cannot be sent");
        assert_says(&found, "WRONG", "LMI_OIDC_ISSUERS", "does not publish keys");
        assert_says(&found, "WRONG", "OTEL_EXPORTER_OTLP_ENDPOINT", "cannot be reached");
        assert_says(&found, "WRONG", "DATABASE_READ_URLS", "the 1. server takes writes and follows nobody");
        assert!(!found.out.contains("s3cret"), "{}", found.out);

        let provider = IdentityProvider::start(Service::clock().now(), "ES256");
        let (mail, _) = MailServer::start().await;
        let url = mail.url().to_owned();
        let there = [
            ("LMI_SMTP_URL", url),
            ("LMI_MAIL_FROM", "CA LMI <lmi@example.org>".to_owned()),
            ("LMI_OIDC_ISSUERS", provider.setting(&[])),
            ("LMI_OIDC_AUDIENCE", "lmi".to_owned()),
        ];
        let program = on(&service, &folder);
        let trying = tokio::task::spawn_blocking(move || {
            let there: Vec<(&str, &str)> = there.iter().map(|(name, value)| (*name, value.as_str())).collect();
            checked(program, &there)
        });
        // It says whom it has in front of it, and goes.
        mail.letter().await;
        let found = trying.await.expect("an end");
        assert_says(&found, "ok", "LMI_SMTP_URL", "the mail server answers");
        assert_says(&found, "ok", "LMI_OIDC_ISSUERS", "publishes keys");
    });
}

#[test]
fn ways_to_other_machines_on_which_others_could_read_along_are_told() {
    with_empty(async |service| {
        let folder = DataFolder::new();
        let (replica, mail) = ("postgres://somebody:s3cret@db.invalid/lmi", "smtp://somebody:s3cret@mail.invalid");
        let settings = [("DATABASE_READ_URLS", replica), ("LMI_SMTP_URL", mail)];
        let tried = checked(on(&service, &folder), &settings);
        assert_says(&tried, "note", "DATABASE_READ_URLS", "add sslmode=verify-full");
        let production = [settings[0], settings[1], ("LMI_PRODUCTION", "true")];
        let found = checked(on(&service, &folder), &production);
        assert_says(&found, "WRONG", "DATABASE_READ_URLS", "add sslmode=verify-full");
        assert_says(&found, "WRONG", "LMI_SMTP_URL", "write smtps://, or add ?tls=required");
        assert!(!found.out.contains("s3cret") && !found.err.contains("s3cret"), "{}{}", found.out, found.err);

        let mut serve = folder.lmi();
        serve.env("DATABASE_URL", &service.url).env("LMI_SMTP_URL", mail).env("LMI_PRODUCTION", "true");
        let mut serving = Serving::run(serve);
        serving.address();
        let log = serving.log();
        assert!(log.contains("LMI_SMTP_URL: it leads to another machine") && !log.contains("s3cret"), "{log}");
        assert!(!log.contains("DATABASE_URL: it leads"), "it is on this machine: {log}");
    });
}
