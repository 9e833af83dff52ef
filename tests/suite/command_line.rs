//! The commands of the program, as the person at the terminal sees them.

use crate::program::{Ended, ended, lmi, run, run_on};
use crate::state_file::{FILE, Table};
use lmi::record::INITIATIVE;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;
use tests::{contents, golden, with_bare, with_empty, with_record};

/// A folder with one file in it.
fn written(name: &str, content: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(name);
    std::fs::write(&file, content).expect("a file");
    (folder, file)
}

fn path(file: &Path) -> &str {
    file.to_str().expect("a path in UTF-8")
}

#[test]
fn the_schema_is_printed_and_kept_at_the_root() {
    golden("schema.graphql", &run(&["schema"]).done());
}

#[test]
fn nobody_has_to_read_all_that_is_printed() {
    let mut command = lmi();
    let mut child = command.arg("schema").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
}

#[test]
fn a_database_is_brought_up_to_date_once() {
    with_bare(async |service| {
        let pending = run_on(&service, &["migrate", "--check"]);
        insta::assert_snapshot!(pending.out);
        assert_eq!((pending.status, pending.err.as_str()), (Some(1), ""));
        assert!(contents(&service.db).await.is_empty(), "a check changes nothing");
        for arguments in [&["migrate"][..], &["migrate", "--check"], &["migrate"]] {
            assert_eq!(run_on(&service, arguments).done(), "The database is up to date.\n");
        }
        assert_eq!(contents(&service.db).await["county"].len(), 58);
    });
}

#[test]
fn a_record_is_loaded_once() {
    with_empty(async |service| {
        let (_folder, file) = written("record.toml", INITIATIVE);
        insta::assert_snapshot!(run_on(&service, &["load", path(&file)]).done());
        let title = "{ convening(by: {slug: \"2015-symposium\"}) { startsOn } }";
        assert_eq!(service.ask(title).await.at("/convening/startsOn"), "2015-05-08");

        let before = contents(&service.db).await;
        let again = run_on(&service, &["load", path(&file)]).refused(1);
        let reason = "was refused whole; nothing was changed: organization `ca-lmi`: \
                      The input was refused: slug: Another organization has this slug.";
        assert_eq!(again, format!("lmi: {} {reason}", file.display()));
        assert!(contents(&service.db).await == before, "a refused record changes nothing");
    });
}

#[test]
fn a_record_with_a_fault_in_its_middle_leaves_nothing_behind() {
    with_empty(async |service| {
        let before = contents(&service.db).await;
        let strand = INITIATIVE.replacen("\nstrand = 1\n", "\nstrand = 99\n", 1);
        let (_folder, file) = written("record.toml", &strand);
        let refused = run_on(&service, &["load", path(&file)]).refused(1);
        insta::assert_snapshot!(refused.replace(path(&file), "record.toml"));

        let line = INITIATIVE.lines().position(|line| line == "[[convening]]").expect("a convening") + 2;
        let misspelt = INITIATIVE.replacen("[[convening]]\n", "[[convening]]\nvenu = \"The hall\"\n", 1);
        let (_folder, file) = written("record.toml", &misspelt);
        let refused = run_on(&service, &["load", path(&file)]).refused(1);
        assert!(refused.contains(&format!("line {line}")) && refused.contains("unknown field `venu`"), "{refused}");
        assert!(contents(&service.db).await == before, "a refused record changes nothing");
    });
}

#[test]
fn the_states_file_is_tried_then_taken_over() {
    with_record(async |service| {
        let (_folder, file) = written("pubdistricts.txt", FILE);
        let before = contents(&service.db).await;
        let tried = run_on(&service, &["import", "districts", path(&file), "--dry-run"]).done();
        assert!(contents(&service.db).await == before, "a dry run changes nothing");
        let (changes, summary) = tried.split_once("Rows ").expect("a summary");
        assert_eq!(changes.lines().count(), 994);
        let done = run_on(&service, &["import", "districts", path(&file)]).done();
        assert_eq!(format!("Rows {summary}"), format!("{done}This was a dry run: nothing was changed.\n"));
        let again = run_on(&service, &["import", "districts", path(&file)]).done();
        assert!(again.contains("\nUnchanged  994\n"), "{again}");
    });
}

#[test]
fn a_damaged_file_of_the_state_is_refused_in_words() {
    with_record(async |service| {
        let before = contents(&service.db).await;
        let damaged = Table::published().with("0161119", "County", "Alamdea").text("\n");
        let (_folder, file) = written("pubdistricts.txt", &damaged);
        let refused = run_on(&service, &["import", "districts", path(&file)]).refused(1);
        let reason = "was refused whole; nothing was changed: line 5: no county `Alamdea`";
        assert_eq!(refused, format!("lmi: {} {reason}", file.display()));
        assert!(contents(&service.db).await == before, "a refused file changes nothing");
    });
}

#[test]
fn wrong_usage_is_told_from_failure() {
    let wrong: &[&[&str]] = &[
        &["serv"],
        &["migrate", "now"],
        &["migrate", "--chek"],
        &["load"],
        &["import"],
        &["import", "districts"],
        &["import", "schools", "file.txt"],
        &["schema", "--listen", "127.0.0.1:0"],
        // It would be read and have no effect.
        &["--listen", "127.0.0.1:0", "migrate"],
        &["--production", "serve"],
        &["--trusted-proxies", "10.0.0.0/8", "migrate"],
        &["account"],
        &["account", "create", "--name", "Ada"],
        &["key", "create"],
        &["signing-key"],
        &["--oidc-issuers", "https://login.example.org", "migrate"],
    ];
    for arguments in wrong {
        let Ended { status, out, err } = run(arguments);
        assert_eq!((status, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err.contains("Usage: lmi"), "{err}");
    }
    let missing = run(&["load", "no/such/file.toml"]).refused(1);
    assert_eq!(missing, "lmi: no/such/file.toml cannot be read: No such file or directory (os error 2)");
}

#[test]
fn a_wrong_setting_stops_with_a_line_that_names_it() {
    for (variable, value, command, status, line) in [
        (
            "LMI_LISTEN",
            "everywhere",
            "serve",
            2,
            "(--listen): `everywhere` cannot be used: invalid socket address syntax",
        ),
        ("LMI_LISTEN", "", "serve", 2, "(--listen): a value is needed"),
        ("LMI_PRODUCTION", "maybe", "serve", 2, "(--production): `maybe` cannot be used: value was not a boolean"),
        (
            "LMI_PUBLIC_URL",
            "lmi.example.org",
            "serve",
            2,
            "(--public-url): `lmi.example.org` cannot be used: give an address as in https://lmi.example.org, without a question mark or a number sign",
        ),
        (
            "LMI_TRUSTED_PROXIES",
            "10.0.0.0/8,proxy",
            "serve",
            2,
            "(--trusted-proxies): `proxy` cannot be used: give addresses or networks, as in 10.0.0.0/8,192.0.2.1",
        ),
        (
            "LMI_CORS_ORIGINS",
            "https://partner.example.org,*",
            "serve",
            2,
            "(--cors-origins): `*` cannot be used: give each origin as a browser does, as in https://partner.example.org, without a path",
        ),
        (
            "LMI_TRUSTED_DOCUMENTS",
            "no/such/file.json",
            "serve",
            1,
            "(--trusted-documents): no/such/file.json cannot be read: No such file or directory (os error 2)",
        ),
        (
            "LMI_SMTP_URL",
            "https://somebody:s3cret@mail.example.org",
            "serve",
            1,
            "(--smtp-url): this is not the address of a mail server, as in smtps://user:password@mail.example.org or smtp://user:password@mail.example.org:587?tls=required",
        ),
        (
            "LMI_OIDC_ISSUERS",
            "https://login.example.org=example.org,login.example.com",
            "serve",
            2,
            "(--oidc-issuers): `login.example.com` cannot be used: give its URL, as in https://login.example.org",
        ),
        ("LMI_OIDC_ISSUERS", "", "serve", 2, "(--oidc-issuers): a value is needed"),
        ("LMI_DATA_DIR", "", "migrate", 2, "(--data-dir): a value is needed"),
        (
            "LMI_LOG",
            "lmi=loud",
            "schema",
            2,
            "(--log): error parsing level filter: expected one of \"off\", \"error\", \"warn\", \"info\", \"debug\", \"trace\", or a number 0-5",
        ),
    ] {
        let mut command_line = lmi();
        command_line.arg(command).env(variable, value);
        assert_eq!(ended(command_line).refused(status), format!("lmi: {variable} {line}"));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut migrate = lmi();
    migrate.arg("migrate").env("LMI_DATA_DIR", folder.path()).env("LMI_POSTGRES_BIN", "/nonexistent");
    let refused = ended(migrate).refused(1);
    assert!(refused.starts_with("lmi: LMI_POSTGRES_BIN is /nonexistent, but "), "{refused}");
    with_empty(async |service| {
        let no_key = folder.path().join("no-key.pem");
        std::fs::write(&no_key, "nothing").expect("a file");
        for (file, reason) in [
            (folder.path().join("missing.pem"), "cannot be read: No such file or directory (os error 2)"),
            (no_key, "cannot be used: no private key in PKCS#8 form is in it, as `openssl genpkey` writes them"),
        ] {
            let mut serve = lmi();
            serve
                .env("DATABASE_URL", &service.url)
                .env("LMI_SIGNING_KEY", &file)
                .env("LMI_LISTEN", "127.0.0.1:0")
                .env("LMI_LOG", "off");
            let refused = ended(serve).refused(1);
            assert_eq!(refused, format!("lmi: LMI_SIGNING_KEY (--signing-key): {} {reason}", file.display()));
        }
    });
}

#[test]
fn a_database_out_of_reach_is_told_without_its_password() {
    with_empty(async |service| {
        let socket = service.url.split_once("?host=").expect("the folder of a socket").1;
        let not_an_address = "this is not the address of a PostgreSQL database, as in postgres://user:password@host:5432/lmi (a comma within one is %2C)";
        let told = |address: &str, status: i32| {
            let mut migrate = lmi();
            migrate.arg("migrate").env("DATABASE_URL", address);
            ended(migrate).refused(status)
        };
        for (address, reason) in [
            ("mysql://somebody:s3cret@localhost/lmi", not_an_address),
            ("somebody:s3cret", not_an_address),
            ("postgres://somebody:s3cret@localhost:port/lmi", not_an_address),
            ("", "a value is needed"),
        ] {
            assert_eq!(told(address, 2), format!("lmi: DATABASE_URL (--database-url): {reason}"));
        }
        for (address, reason) in [
            (
                "postgres://somebody:s3cret@localhost/lmi?sslmode=often".to_owned(),
                "error with configuration: unknown value \"often\" for `ssl_mode`",
            ),
            (
                "postgres://somebody:s3cret@127.0.0.1:1/lmi".to_owned(),
                "no answer within 5 seconds; does the server run?",
            ),
            (
                format!("postgres://somebody:s3cret@localhost:5432/lmi?host={socket}"),
                "the server refuses: role \"somebody\" does not exist",
            ),
            (
                format!("postgres://postgres:s3cret@localhost:5432/nowhere?host={socket}"),
                "the server refuses: database \"nowhere\" does not exist",
            ),
        ] {
            assert_eq!(told(&address, 1), format!("lmi: DATABASE_URL (--database-url): {reason}"));
        }
    });
}
