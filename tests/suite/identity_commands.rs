//! Identity providers at the command line: linking accounts, and the settings of the program that serves.

use crate::identity_accounts::{DOMAIN, EMAIL, WHO, accepting, assert_refused, provider, who};
use crate::program::{DataFolder, Serving, ask_bearing, ended, run_on};
use lmi::clock::Clock;
use serde_json::json;
use tests::{IdentityProvider, with_empty, with_record};

#[test]
fn an_identity_is_linked_beside_the_database() {
    with_record(async |service| {
        let mut provider = provider();
        let service = accepting(&service, &provider, &[]);
        service.make_account(EMAIL, &[]).await;
        let token = provider.sign_in("imogen-1", EMAIL).identity;
        assert_refused(&who(&service, &token).await);
        let link = |email: &'static str, issuer: &str, subject: &'static str| {
            let arguments = ["account", "link", "--email", email, "--issuer", issuer, "--subject", subject];
            run_on(&service, &arguments)
        };
        let done = link("IMOGEN.sample@district.example", &provider.url, "imogen-1").done();
        assert_eq!(done, format!("{EMAIL} signs in at {}.\n", provider.url));
        assert_eq!(who(&service, &token).await.at("/viewer/account/email"), EMAIL);

        let refused = link("nobody@district.example", &provider.url, "imogen-1").refused(1);
        assert_eq!(refused, "lmi: there is no account of the address `nobody@district.example`");
        let refused = link(EMAIL, &provider.url, "imogen-2").refused(1);
        assert!(refused.contains("another identity at this identity provider. Unlink that one first."), "{refused}");
        let refused = link(EMAIL, "https://login.example.org", "").refused(1);
        assert!(refused.contains("subject: Give who they are there, in 1 to 255 letters."), "{refused}");
        let wrong = link(EMAIL, "login.example.org", "imogen-1");
        assert!(wrong.status == Some(2) && wrong.err.contains("give its URL"), "{}", wrong.err);
    });
}

#[test]
fn the_program_accepts_the_providers_that_its_settings_name() {
    with_empty(async |service| {
        let mut provider = IdentityProvider::start(Clock::System.now(), "RS256");
        service.make_account(EMAIL, &[]).await;
        let (folder, other) = (DataFolder::new(), "https://127.0.0.1:1");
        let mut program = folder.lmi();
        program.env("DATABASE_URL", &service.url).env("LMI_OIDC_AUDIENCE", &provider.audience);
        program.env("LMI_LOG", "warn,lmi=debug");
        // One of them is down, and keeps nobody from starting.
        program.env("LMI_OIDC_ISSUERS", format!("{other},{}", provider.setting(DOMAIN)));
        let mut serving = Serving::run(program);
        let address = serving.address();
        serving.logs("the keys of an identity provider could not be fetched");
        let token = provider.sign_in("imogen-1", EMAIL).identity;
        let answer = ask_bearing(address, &token, WHO).expect("an answer");
        assert_eq!(answer.pointer("/data/viewer/account/email"), Some(&json!(EMAIL)), "{answer}");

        // What is wrong with a token is told to whoever runs the service, and not whose it is.
        let details = json!({ "subject": "imogen-1", "email": EMAIL, "verified": true, "client": "another-service" });
        let bad = provider.sign_in_with(&details).identity;
        let answer = ask_bearing(address, &bad, WHO).expect("an answer");
        assert_eq!(answer.pointer("/errors/0/extensions/code"), Some(&json!("UNAUTHENTICATED")), "{answer}");
        let log = serving.log();
        assert!(log.contains("it is meant for another service") && log.contains(&provider.url), "{log}");
        let parts = token.split('.').chain(bad.split('.'));
        for told in parts.chain([EMAIL, "imogen-1"]) {
            assert!(!log.contains(told), "the log tells `{told}`");
        }

        let mut itself = folder.lmi();
        itself.env("DATABASE_URL", &service.url).env("LMI_OIDC_AUDIENCE", "lmi").env("LMI_OIDC_ISSUERS", other);
        itself.env("LMI_PUBLIC_URL", other);
        let refused = ended(itself).refused(1);
        assert!(refused.ends_with("https://127.0.0.1:1 is this service itself; leave it out"), "{refused}");

        let mut without = folder.lmi();
        without.env("LMI_OIDC_ISSUERS", other);
        let refused = ended(without).refused(1);
        assert!(refused.starts_with("lmi: LMI_OIDC_AUDIENCE (--oidc-audience): a value is needed where"), "{refused}");
    });
}
