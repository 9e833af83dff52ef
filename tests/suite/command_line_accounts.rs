//! Accounts, keys and the signing key at the command line, and a service that is told of them while it runs.

use crate::program::{DataFolder, Ended, Serving, ask, ended, lmi, run_on};
use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use tests::{PASSWORD, Service, contents, with_record};

const WHO: &str = "{ viewer { account { email displayName } roles { role organization { slug } district { slug }
    convening { slug } region { number } } permissions } }";

/// Runs a command to its end, with these lines on its standard input.
fn with_input(mut command: Command, input: &str) -> Ended {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a program");
    // It may have refused its arguments before it reads.
    let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("an end");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("a text");
    Ended { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Makes an account on the database of a test.
pub(crate) fn create(service: &Service, email: &str, arguments: &[&str], password: &str) -> Ended {
    let mut command = lmi();
    command.args(["account", "create", "--email", email, "--name", "Ada Example"]).args(arguments);
    command.env("DATABASE_URL", &service.url);
    with_input(command, password)
}

#[test]
fn an_account_is_made_with_any_role_and_signs_in() {
    with_record(async |service| {
        for (role, scope, field, told) in [
            ("PARTNER", &["--organization", "cta"][..], "/organization/slug", json!("cta")),
            (
                "TEAM_LEAD",
                &["--district", "antelope-valley-unified-school-district"],
                "/district/slug",
                json!("antelope-valley-unified-school-district"),
            ),
            ("ORGANIZER", &["--convening", "2015-symposium"], "/convening/slug", json!("2015-symposium")),
            ("ORGANIZER", &["--organization", "cta"], "/organization/slug", json!("cta")),
            ("organizer", &["--region", "5"], "/region/number", json!(5)),
            ("ADMIN", &[], "/role", json!("ADMIN")),
        ] {
            let email = format!("{}-{}@example.org", role.to_lowercase(), scope.last().unwrap_or(&"all"));
            let arguments = [&["--role", role][..], scope].concat();
            // With the end of line that each system writes, or none.
            let made = create(&service, &email, &arguments, &format!("{PASSWORD}\r\n")).done();
            assert_eq!(made, format!("{email} has an account, with the role {}.\n", role.to_uppercase()));
            let access = service.sign_in(&email).await.access;
            let me = service.bearing(&access).ask(WHO).await;
            assert_eq!(me.at("/viewer/account"), json!({ "email": email, "displayName": "Ada Example" }));
            assert_eq!(me.at(&format!("/viewer/roles/0{field}")), told, "{role}");
        }
        assert_eq!(create(&service, "plain@example.org", &[], PASSWORD).done(), "plain@example.org has an account.\n");
        service.sign_in("plain@example.org").await;
        let list = run_on(&service, &["account", "list"]).done();
        assert!(list.contains("admin-all@example.org  Ada Example  ADMIN\n"), "{list}");
        assert_eq!(list.lines().count(), 7);
    });
}

#[test]
fn an_account_that_cannot_be_made_leaves_nothing_behind() {
    with_record(async |service| {
        create(&service, "ada@example.org", &[], PASSWORD).done();
        let before = contents(&service.db).await;
        for (email, arguments, password, reason) in [
            (
                "ADA@example.org",
                &[][..],
                PASSWORD,
                "The input was refused: email: There is an account of this address already.",
            ),
            ("ada", &[], PASSWORD, "The input was refused: email: Write an address, as in name@example.org."),
            (
                "ben@example.org",
                &[],
                "short",
                "The input was refused: password: Use 12 to 200 letters, several words for example.",
            ),
            ("ben@example.org", &[], "", "give the password on standard input, one line"),
            (
                "ben@example.org",
                &["--role", "PARTNER", "--organization", "nowhere"],
                PASSWORD,
                "there is no organization `nowhere`",
            ),
            (
                "ben@example.org",
                &["--role", "TEAM_LEAD", "--district", "nowhere"],
                PASSWORD,
                "there is no district `nowhere`",
            ),
            (
                "ben@example.org",
                &["--role", "ORGANIZER", "--convening", "nothing"],
                PASSWORD,
                "there is no convening `nothing`",
            ),
            ("ben@example.org", &["--role", "ORGANIZER", "--region", "99"], PASSWORD, "there is no region 99"),
            ("ben@example.org", &["--organization", "cta"], PASSWORD, "a scope goes with a role; give --role, too"),
            (
                "ben@example.org",
                &["--role", "PARTNER"],
                PASSWORD,
                "The input was refused: organizationId: This role is granted for one. Say which.",
            ),
            (
                "ben@example.org",
                &["--role", "ADMIN", "--region", "5"],
                PASSWORD,
                "The input was refused: regionId: This role is not granted for such a one. Leave it out.",
            ),
        ] {
            let refused = create(&service, email, arguments, password).refused(1);
            assert_eq!(refused, format!("lmi: {reason}"), "{arguments:?}");
        }
        assert!(contents(&service.db).await == before, "nothing was written");
        let Ended { status, err, .. } = create(&service, "ben@example.org", &["--role", "KING"], PASSWORD);
        assert!(status == Some(2) && err.contains("KING"), "{err}");
    });
}

#[test]
fn an_account_is_shut_out_and_its_password_set_anew() {
    with_record(async |service| {
        create(&service, "keeper@example.org", &["--role", "ADMIN"], PASSWORD).done();
        create(&service, "ada@example.org", &[], PASSWORD).done();
        let me = service.bearing(&service.sign_in("ada@example.org").await.access);
        let mut reset = lmi();
        reset.args(["account", "reset-link", "--email", "Ada@example.org"]);
        reset.env("DATABASE_URL", &service.url).env("LMI_PUBLIC_URL", "https://lmi.example.org/");
        let link = ended(reset).done();
        let token = link.trim().strip_prefix("https://lmi.example.org/password-reset#").expect("a link");
        let reset = "mutation ($token: String!) { resetPassword(input: {token: $token, newPassword: \"another battery of horses\"}) { userErrors { message } } }";
        // The program asks the machine what time it is, which is not the time of the tests.
        let now = service.at(lmi::clock::Clock::System);
        assert_eq!(now.ask_with(reset, &json!({ "token": token })).await.at("/resetPassword/userErrors"), json!([]));
        assert_eq!(me.ask("{ __typename }").await.status, 401);
        let disable = |email| run_on(&service, &["account", "disable", "--email", email, "--reason", "Left."]);
        assert_eq!(disable("ada@example.org").done(), "ada@example.org is shut out.\n");
        assert_eq!(
            now.try_sign_in("ada@example.org", "another battery of horses").await.at("/signIn/accessToken"),
            Value::Null
        );
        assert_eq!(
            disable("nobody@example.org").refused(1),
            "lmi: there is no account of the address `nobody@example.org`"
        );
        let last = disable("keeper@example.org").refused(1);
        assert_eq!(
            last,
            "lmi: The input was refused: id: No other administrator is in force. Grant somebody else ADMIN first."
        );
        let reason =
            tests::texts(&service.db, "SELECT origin || ' ' || reason AS text FROM change WHERE reason IS NOT NULL")
                .await;
        assert_eq!(reason, ["command_line Left."]);
    });
}

#[test]
fn a_key_is_printed_once_listed_and_revoked() {
    with_record(async |service| {
        let now = service.at(lmi::clock::Clock::System);
        let partner = [
            "key",
            "create",
            "--name",
            "CTA's site",
            "--role",
            "PARTNER",
            "--organization",
            "cta",
            "--expires",
            "2999-12-31",
        ];
        let key = run_on(&service, &partner).done();
        let site = now.bearing(key.trim());
        let words = site.ask(WHO).await.at("/viewer/permissions");
        assert!(words.as_array().expect("words").contains(&json!("directory:update")), "{words}");
        let dashboard = run_on(&service, &["key", "create", "--name", "Dashboard"]).done();
        assert_eq!(now.bearing(dashboard.trim()).ask("{ __typename }").await.status, 200);
        let prefix = |key: &str| key.split('_').nth(1).expect("a prefix").to_owned();
        let list = || run_on(&service, &["key", "list"]).done();
        assert_eq!(
            list(),
            format!("{}  CTA's site  PARTNER\n{}  Dashboard  reads\n", prefix(&key), prefix(&dashboard))
        );
        let revoked = run_on(&service, &["key", "revoke", &prefix(&key)]).done();
        assert_eq!(revoked, format!("The key {} is good for nothing any more.\n", prefix(&key)));
        assert_eq!(site.ask("{ __typename }").await.status, 401);
        assert!(list().contains("CTA's site  PARTNER revoked\n"), "{}", list());
        for (arguments, reason) in [
            (
                &["key", "create", "--name", "K", "--role", "STAFF"][..],
                "The input was refused: role: A key has the role PARTNER, or none.",
            ),
            (
                &["key", "create", "--name", "K", "--role", "PARTNER"],
                "The input was refused: organizationId: A PARTNER's key is of an organization. Say which.",
            ),
            (
                &["key", "create", "--name", "K", "--expires", "2020-01-01"],
                "The input was refused: expiresAt: Give a moment to come, or none.",
            ),
            (&["key", "revoke", "nothing"], "there is no key `nothing`"),
        ] {
            assert_eq!(run_on(&service, arguments).refused(1), format!("lmi: {reason}"));
        }
    });
}

/// The answer to `GET` of a path, over the network.
fn get(address: SocketAddr, path: &str) -> Value {
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("a request sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str(body).expect("JSON")
}

#[test]
fn a_running_service_takes_in_an_administrator_and_a_new_signing_key() {
    let folder = DataFolder::new();
    let (mut serving, address) = Serving::started(&folder);
    serving.says("Admin   nobody yet");
    let file = folder.path().join("signing-key.pem");
    assert_eq!(fs::metadata(&file).expect("a key").permissions().mode() & 0o777, 0o600);
    let mut create = folder.lmi();
    create
        .args(["account", "create", "--email", "keeper@example.org", "--name", "Keeper", "--role", "ADMIN"])
        .env("LMI_LOG", "off");
    with_input(create, PASSWORD).done();

    let sign_in = format!(
        "mutation {{ signIn(input: {{email: \"keeper@example.org\", password: \"{PASSWORD}\"}}) {{
        accessToken refreshToken viewer {{ roles {{ role }} }} }} }}"
    );
    let signed_in = ask(address, &sign_in).expect("an answer")["data"]["signIn"].clone();
    assert_eq!(signed_in["viewer"]["roles"], json!([{ "role": "ADMIN" }]));
    let claims =
        |tokens: &Value| tokens["accessToken"].as_str().and_then(|token| token.split('.').nth(1)).map(str::to_owned);
    let issuer = claims(&signed_in).map(|claims| {
        use base64::Engine as _;
        base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(claims).expect("claims")
    });
    let claims: Value = serde_json::from_slice(&issuer.expect("claims")).expect("JSON");
    assert_eq!(claims["iss"], format!("http://{address}"));

    let names = || -> Vec<Value> {
        let keys = get(address, "/.well-known/jwks.json")["keys"].clone();
        keys.as_array().expect("keys").iter().map(|key| key["kid"].clone()).collect()
    };
    let before = names();
    let said = folder.run(&["signing-key", "rotate"]).done();
    assert_eq!(said, format!("Tokens are signed with a new key from now on: {}\n", file.display()));
    let after = names();
    assert_eq!((before.len(), after.len(), &after[1]), (1, 2, &before[0]));
    let again = ask(address, &sign_in).expect("an answer")["data"]["signIn"].clone();
    assert!(again["accessToken"].is_string());
    serving.signal("-INT");
    serving.ended();

    let (mut serving, _) = Serving::started(&folder);
    serving.says("Stop    Ctrl-C");
    serving.signal("-INT");
    serving.ended();
    fs::set_permissions(&file, Permissions::from_mode(0o640)).expect("other permissions");
    let mut serve = folder.lmi();
    serve.arg("serve").env("LMI_LOG", "off");
    let refused = ended(serve);
    assert_eq!((refused.status, refused.out.as_str()), (Some(1), ""));
    let line = format!(
        "lmi: LMI_SIGNING_KEY (--signing-key): {0} can be read by others, who could sign in as anybody; chmod 600 {0}\n",
        file.display()
    );
    assert_eq!(refused.err, line);
}
