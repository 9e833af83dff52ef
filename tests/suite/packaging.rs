//! What installs and runs the service names what there is: settings, paths, ports, versions, commands.

use crate::program::{DataFolder, Serving, ask, ended, lmi};
use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use tests::{root, signing_key, with_record};

const DOCKERFILE: &str = "packaging/container/Dockerfile";
const COMPOSE: &str = "packaging/container/compose.yaml";
const UNITS: [&str; 2] = ["packaging/systemd/lmi.service", "packaging/systemd/lmi-backup.service"];
const SETTINGS: &str = "packaging/systemd/lmi.env";
const ADMIN: &str = "packaging/systemd/lmi-admin";
const PAGE: &str = "docs/operations.md";

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a file")
}

/// The first group of everything that an expression finds.
fn found(text: &str, expression: &str) -> Vec<String> {
    let expression = Regex::new(expression).expect("an expression");
    expression.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// The value of a directive of a unit, the last time that it stands there.
fn directive(unit: &str, name: &str) -> String {
    let mut lines = unit.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    lines.next_back().unwrap_or_else(|| panic!("no {name}")).to_owned()
}

#[test]
fn every_setting_that_is_named_is_one() {
    let settings: BTreeSet<_> = found(&lmi::cli::settings_to_markdown(), r"\| `([A-Z_]+)` \|").into_iter().collect();
    for file in [DOCKERFILE, COMPOSE, UNITS[0], UNITS[1], SETTINGS, ADMIN, PAGE] {
        for name in found(&read(file), r"\b((?:LMI|DATABASE)_[A-Z_]+)\b") {
            assert!(settings.contains(&name), "{file} names {name}, which is no setting");
        }
    }
}

#[test]
fn the_image_holds_no_secret_and_runs_as_nobody_in_particular() {
    let image = read(DOCKERFILE);
    let (_, service) = image.split_once(" AS service\n").expect("the service");
    assert!(!service.contains("\nFROM "), "the service is what is built where nothing is named");
    for stage in image.split("\nFROM ").filter(|stage| stage.contains("ENTRYPOINT")) {
        let users = found(stage, r"(?m)^USER (.*)$");
        assert_eq!(users, ["10001:10001"], "{stage}");
    }
    let secrets = ["ARG ", "DATABASE_URL=", "LMI_SIGNING_KEY=", "LMI_SMTP_URL=", "PASSWORD"];
    let told: Vec<_> = image.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(secrets.iter().all(|secret| told.iter().all(|line| !line.contains(secret))), "{image}");
    // Everything that is copied from here is let through.
    let through = read("packaging/container/Dockerfile.dockerignore");
    assert!(through.lines().any(|line| line == "*"), "nothing else is");
    for name in through.lines().filter_map(|line| line.strip_prefix('!')) {
        assert!(root().join(name).exists(), "{name}");
    }
    let toolchain = &found(&read("rust-toolchain.toml"), r#"channel = "(\d+\.\d+)\."#)[0];
    assert_eq!(found(&image, r"FROM rust:(\d+\.\d+)-"), [toolchain.as_str()]);
}

#[test]
fn the_parts_of_the_container_fit() {
    let (image, compose) = (read(DOCKERFILE), read(COMPOSE));
    let port = &found(&image, r"EXPOSE (\d+)")[0];
    assert_eq!(found(&image, r"LMI_LISTEN=0\.0\.0\.0:(\d+)"), [port.as_str()]);
    assert_eq!(found(&compose, r#"- "127\.0\.0\.1:\d+:(\d+)""#), [port.as_str()]);
    let server: BTreeSet<_> = found(&compose, r"image: postgres:(\d+)-").into_iter().collect();
    let programs: BTreeSet<_> = found(&image, r"FROM postgres:(\d+)-").into_iter().collect();
    assert_eq!(server, programs, "backups take the programs of the server's version");
    assert_eq!(found(&image, r"LMI_POSTGRES_BIN=/usr/lib/postgresql/(\d+)/bin"), Vec::from_iter(programs));
    let folder = root().join("packaging/container");
    for file in found(&compose, r"dockerfile: (\S+)") {
        assert!(folder.join("../..").join(&file).is_file(), "{file}");
    }
    // What is stopped is given more time than it takes.
    let grace =
        found(&read("api/src/cli/serve.rs"), r"GRACE: Duration = Duration::from_secs\((\d+)\)")[0].parse::<u32>();
    let given = found(&compose, r"stop_grace_period: (\d+)s")[0].parse::<u32>();
    assert!(given.expect("seconds") >= 2 * grace.expect("seconds"));
    let secrets = found(&compose, r"file: \./(secrets/\S+)");
    assert_eq!(secrets.len(), 3);
    for secret in secrets {
        assert!(read(PAGE).contains(&secret), "the page says how {secret} is made");
    }
    assert!(!compose.contains("PASSWORD:") && compose.matches("read_only: true").count() == 2);
}

#[test]
fn the_units_are_shut_in_and_end_in_time() {
    for path in UNITS {
        let unit = read(path);
        for (name, value) in [
            ("User", "lmi"),
            ("NoNewPrivileges", "yes"),
            ("CapabilityBoundingSet", ""),
            ("ProtectSystem", "strict"),
            ("ProtectHome", "yes"),
            ("PrivateTmp", "yes"),
            ("PrivateDevices", "yes"),
            ("RestrictNamespaces", "yes"),
            ("SystemCallArchitectures", "native"),
            ("UMask", "0077"),
            ("EnvironmentFile", "/etc/lmi/lmi.env"),
            ("LoadCredential", "database-url:/etc/lmi/database-url"),
        ] {
            assert_eq!(directive(&unit, name), value, "{name} of {path}");
        }
        assert!(unit.contains("DATABASE_URL=file:%d/database-url"), "{path}");
        assert_eq!(found(&unit, r"ExecStart=(\S+)"), ["/usr/local/bin/lmi"]);
    }
    let service = read(UNITS[0]);
    assert_eq!(directive(&service, "Restart"), "on-failure");
    assert!(directive(&service, "TimeoutStopSec").trim_end_matches('s').parse::<u32>().expect("seconds") >= 20);
    assert_eq!(directive(&service, "StateDirectory"), "lmi");
    // Its folder is made, and is the one that may be written to.
    let backups = directive(&read(UNITS[1]), "ReadWritePaths");
    assert!(read("packaging/systemd/lmi.tmpfiles").contains(&format!("d {backups} 0700 lmi lmi")));
    assert!(directive(&read(UNITS[1]), "ExecStart").contains(&backups));
}

#[test]
fn the_units_mean_something_to_systemd() {
    // Where there is none, nobody runs them either.
    let Ok(version) = Command::new("systemd-analyze").arg("--version").output() else { return };
    assert!(version.status.success());
    let timer = "packaging/systemd/lmi-backup.timer";
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("lmi");
    fs::copy("/bin/true", &program).expect("a program");
    for path in [UNITS[0], UNITS[1], timer] {
        let unit = read(path).replace("/usr/local/bin/lmi", program.to_str().expect("a path"));
        fs::write(folder.path().join(Path::new(path).file_name().expect("a name")), unit).expect("a unit");
    }
    for path in [UNITS[0], UNITS[1], timer] {
        let unit = folder.path().join(Path::new(path).file_name().expect("a name"));
        let verified =
            Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&unit).output().expect("an end");
        let said = String::from_utf8_lossy(&verified.stderr);
        let of_ours: Vec<_> =
            said.lines().filter(|line| line.contains("lmi") && !line.contains("postgresql")).collect();
        assert!(of_ours.is_empty(), "{path}: {said}");
    }
}

/// The commands of ours that a page has between its fences.
fn commands(page: &str) -> Vec<Vec<String>> {
    let fenced = page.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("sh\n"));
    let lines = fenced.flat_map(str::lines).map(|line| line.split(" #").next().unwrap_or_default().trim());
    let ours = lines.filter_map(|line| {
        let line = line.strip_prefix("docker compose exec lmi ").unwrap_or(line);
        line.strip_prefix("lmi-admin ").or_else(|| line.strip_prefix("lmi "))
    });
    ours.map(|line| line.split_whitespace().map(|word| word.trim_matches('\'').to_owned()).collect()).collect()
}

#[test]
fn the_commands_of_the_page_are_understood() {
    let commands = commands(&read(PAGE));
    assert!(commands.len() > 10, "{commands:?}");
    for arguments in commands {
        // Words of a text in quotes are one.
        let mut joined: Vec<String> = Vec::new();
        for word in arguments {
            match (word.as_str(), joined.last_mut()) {
                ("Name", Some(last)) if last == "Your" => last.push_str(" Name"),
                _ => joined.push(word),
            }
        }
        let mut command = lmi();
        command.args(&joined).arg("--help");
        let helped = ended(command);
        assert_eq!(helped.status, Some(0), "{joined:?}: {}", helped.err);
    }
}

#[test]
fn with_a_database_and_a_key_nothing_is_written_anywhere() {
    with_record(async |service| {
        let folder = DataFolder::new();
        let key = folder.path().join("signing-key.pem");
        fs::write(&key, signing_key(7)).expect("a key");
        fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o400)).expect("a key of one's own");
        let mut program = folder.lmi();
        // Whoever wrote there would fail.
        program
            .env("LMI_DATA_DIR", "/dev/null/nowhere")
            .env("TMPDIR", "/dev/null/nowhere")
            .env("HOME", "/dev/null/nowhere");
        program.env("DATABASE_URL", &service.url).env("LMI_SIGNING_KEY", &key).current_dir("/proc/self");
        let mut serving = Serving::run(program);
        let address = serving.address();
        let answer = ask(address, "{ convening(by: {slug: \"2015-symposium\"}) { startsOn } }").expect("an answer");
        assert_eq!(answer["data"]["convening"]["startsOn"], "2015-05-08");

        let asked = |arguments: &[&str]| {
            let mut command = lmi();
            command.args(arguments).env("LMI_LISTEN", address.to_string());
            ended(command)
        };
        asked(&["health"]).done();
        assert!(asked(&["health", "--ready"]).done().contains("\"ok\""));
        drop(serving);
        let away = asked(&["health"]).refused(1);
        assert!(away.contains("nothing answers at http://127.0.0.1:"), "{away}");
    });
}
