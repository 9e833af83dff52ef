//! A real identity provider: the npm package `oidc-provider`, run by Node on loopback (`tests/oidc`).

use crate::golden::root;
use chrono::{DateTime, Utc};
use lmi::auth::provider::Issuer;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

/// What the tests of identity providers need, for whoever lacks it.
const NEEDED: &str = "The tests of identity providers run a real one: install Node 20 or later with npm, and run \
                      `npm ci` in tests/oidc.";

/// A running provider. It ends with the test.
#[derive(Debug)]
pub struct IdentityProvider {
    /// Its `issuer`.
    pub url: String,
    /// The name by which it knows the service.
    pub audience: String,
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

/// What somebody gets who signed in.
#[derive(Clone, Debug)]
pub struct ProviderTokens {
    /// Who it is.
    pub identity: String,
    /// What it is good for.
    pub access: String,
}

impl IdentityProvider {
    /// Starts one whose clock stands at that time and whose key is for that algorithm.
    pub fn start(now: DateTime<Utc>, algorithm: &str) -> Self {
        let folder = root().join("tests/oidc");
        install(&folder);
        let mut process = Command::new("node")
            .args(["provider.mjs", &now.timestamp().to_string(), algorithm])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // It warns of what only matters in earnest.
            .stderr(Stdio::null())
            .spawn()
            .expect(NEEDED);
        let input = process.stdin.take().expect("an input");
        let mut output = BufReader::new(process.stdout.take().expect("an output")).lines();
        let started = read(&mut output);
        let text = |field: &str| started[field].as_str().expect("a text").to_owned();
        Self { url: text("issuer"), audience: text("audience"), process, input, output }
    }

    /// The setting that names it, with the domains that it vouches for.
    pub fn setting(&self, domains: &[&str]) -> String {
        let separator = if domains.is_empty() { "" } else { "=" };
        format!("{}{separator}{}", self.url, domains.join("+"))
    }

    /// The same, understood.
    pub fn issuer(&self, domains: &[&str]) -> Issuer {
        self.setting(domains).parse().expect("an issuer")
    }

    /// Signs somebody in at the service.
    pub fn sign_in(&mut self, subject: &str, email: &str) -> ProviderTokens {
        self.sign_in_with(&json!({ "subject": subject, "email": email, "verified": true }))
    }

    /// Signs somebody in, with more said: `verified`, whether the address is the subject's; `client`, the service.
    pub fn sign_in_with(&mut self, details: &Value) -> ProviderTokens {
        let tokens = self.act("signIn", details);
        let text = |field: &str| tokens[field].as_str().expect("a token").to_owned();
        ProviderTokens { identity: text("idToken"), access: text("accessToken") }
    }

    /// A token with these claims and with what differs in its header, signed `by` the provider `itself`, by a `stranger`
    /// under the name of its key, by `nobody`, or with its `publicKey` for a shared secret.
    pub fn sign(&mut self, header: &Value, claims: &Value, by: &str) -> String {
        let signed = self.act("sign", &json!({ "header": header, "claims": claims, "by": by }));
        signed["token"].as_str().expect("a token").to_owned()
    }

    /// Replaces its key by a new one, for that algorithm.
    pub fn roll(&mut self, algorithm: &str) {
        self.act("roll", &json!({ "algorithm": algorithm }));
    }

    /// Sets its clock.
    pub fn set_clock(&mut self, now: DateTime<Utc>) {
        self.act("clock", &json!({ "seconds": now.timestamp() }));
    }

    /// How often it was asked for its keys, and for its configuration.
    pub fn asked(&mut self) -> (u64, u64) {
        let asked = self.act("asked", &json!({}));
        let number = |field: &str| asked[field].as_u64().expect("a number");
        (number("keys"), number("discovery"))
    }

    /// Is not to be reached any more, as if the line were cut.
    pub fn hang_up(&mut self) {
        self.act("hangUp", &json!({}));
    }

    /// Is to be reached again.
    pub fn come_back(&mut self) {
        self.act("comeBack", &json!({}));
    }

    /// Kills it.
    pub fn kill(&mut self) {
        self.process.kill().expect("a process");
        self.process.wait().expect("its end");
    }

    fn act(&mut self, act: &str, details: &Value) -> Value {
        let mut line = details.clone();
        line["act"] = json!(act);
        writeln!(self.input, "{line}").expect("a provider that listens");
        let answer = read(&mut self.output);
        assert!(answer.get("error").is_none(), "the provider failed: {}", answer["error"]);
        answer
    }
}

impl Drop for IdentityProvider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read(output: &mut Lines<BufReader<ChildStdout>>) -> Value {
    let line = output.next().expect("a provider that runs; run `npm ci` in tests/oidc").expect("a line");
    serde_json::from_str(&line).expect("an answer in JSON")
}

/// Fetches what the lock file names, where nobody did.
fn install(folder: &Path) {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        // As in `v20.20.2`.
        let version = Command::new("node").arg("--version").output().map(|output| output.stdout).unwrap_or_default();
        let version = String::from_utf8_lossy(&version);
        let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
        assert!(major >= Some(20), "{NEEDED}");
        let lock = File::open(folder.join("package-lock.json")).expect("a lock file");
        lock.lock().expect("the lock file to itself");
        if folder.join("node_modules/oidc-provider").is_dir() {
            return;
        }
        let mut fetch = Command::new("npm");
        fetch.args(["ci", "--loglevel=error"]).current_dir(folder).stdout(Stdio::null());
        assert!(fetch.status().is_ok_and(|fetched| fetched.success()), "{NEEDED}");
    });
}
