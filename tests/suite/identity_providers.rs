//! Tokens of a real identity provider: who they say somebody is, and for how long that is believed while the provider
//! is gone or has other keys.

use chrono::{DateTime, TimeDelta, Utc};
use lmi::auth::provider::{ExternalIdentity, Providers};
use serde_json::json;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::task::Poll;
use tests::{IdentityProvider, Service};

const SUBJECT: &str = "imogen-1";
const EMAIL: &str = "imogen.sample@district.example";

fn now() -> DateTime<Utc> {
    Service::clock().now()
}

fn after(time: TimeDelta) -> DateTime<Utc> {
    now() + time
}

/// The service's side of a provider that vouches for nobody's address.
fn accepting(provider: &IdentityProvider) -> Providers {
    accepting_with(provider, &[])
}

fn accepting_with(provider: &IdentityProvider, domains: &[&str]) -> Providers {
    let audience = std::slice::from_ref(&provider.audience);
    Providers::new(&[provider.issuer(domains)], audience).expect("providers")
}

fn identity(provider: &IdentityProvider, verified_email: Option<&str>) -> ExternalIdentity {
    let (issuer, subject) = (provider.url.clone(), SUBJECT.to_owned());
    ExternalIdentity { issuer, subject, verified_email: verified_email.map(str::to_owned) }
}

/// Why a token is refused; nothing where it is not.
async fn refusal(providers: &Providers, token: &str, at: DateTime<Utc>) -> String {
    providers.verify(token, at).await.err().map(|refused| refused.to_string()).unwrap_or_default()
}

const UNKNOWN: &str = "its key is not known";

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_is_known_whatever_the_provider_signs_with() {
    for algorithm in ["RS256", "PS256", "ES256", "EdDSA"] {
        let mut provider = IdentityProvider::start(now(), algorithm);
        let providers = accepting(&provider);
        let tokens = provider.sign_in(SUBJECT, EMAIL);
        for token in [&tokens.identity, &tokens.access] {
            assert!(providers.are_named_by(token), "{algorithm}");
            assert_eq!(providers.verify(token, now()).await, Ok(identity(&provider, None)), "{algorithm}");
        }
        assert_eq!(provider.asked(), (1, 1), "{algorithm}: what is known is not asked for again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_counts_where_it_is_verified_by_who_may_vouch_for_it() {
    let mut provider = IdentityProvider::start(now(), "ES256");
    let token = provider.sign_in(SUBJECT, EMAIL).identity;
    for (domains, email) in [
        (&["district.example"][..], Some(EMAIL)),
        (&["other.example", "District.Example"], Some(EMAIL)),
        (&["other.example"], None),
        (&["example"; 0], None),
    ] {
        let providers = accepting_with(&provider, domains);
        assert_eq!(providers.verify(&token, now()).await, Ok(identity(&provider, email)), "{domains:?}");
    }
    let providers = accepting_with(&provider, &["district.example"]);
    for (email, verified) in [
        (json!(EMAIL), json!(false)),
        (json!(EMAIL), json!("true")),
        (json!(EMAIL), json!(1)),
        (json!("imogen.sample@district.example.org"), json!(true)),
        (json!("district.example"), json!(true)),
        (json!(null), json!(true)),
    ] {
        let details = json!({ "subject": SUBJECT, "email": email, "verified": verified });
        let token = provider.sign_in_with(&details).identity;
        assert_eq!(providers.verify(&token, now()).await, Ok(identity(&provider, None)), "{details}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_was_killed_signs_nobody_out_for_a_day() {
    let mut provider = IdentityProvider::start(now(), "RS256");
    let providers = accepting(&provider);
    let token = provider.sign_in(SUBJECT, EMAIL).identity;
    assert_eq!(providers.verify(&token, now()).await, Ok(identity(&provider, None)));
    provider.kill();
    for time in [TimeDelta::minutes(59), TimeDelta::hours(1), TimeDelta::hours(2), TimeDelta::hours(24)] {
        assert_eq!(providers.verify(&token, after(time)).await, Ok(identity(&provider, None)), "{time}");
    }
    let later = after(TimeDelta::hours(24) + TimeDelta::minutes(2));
    assert_eq!(refusal(&providers, &token, later).await, UNKNOWN, "a stolen key is not good for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_at_the_start_is_asked_again() {
    let mut provider = IdentityProvider::start(now(), "ES256");
    let token = provider.sign_in(SUBJECT, EMAIL).access;
    provider.hang_up();
    let providers = accepting(&provider);
    providers.prepare(now());
    assert_eq!(refusal(&providers, &token, now()).await, UNKNOWN);
    provider.come_back();
    assert_eq!(refusal(&providers, &token, after(TimeDelta::seconds(59))).await, UNKNOWN, "not again at once");
    assert_eq!(provider.asked(), (0, 0));
    let minute = after(TimeDelta::seconds(60));
    assert_eq!(providers.verify(&token, minute).await, Ok(identity(&provider, None)));
    assert_eq!(provider.asked(), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_asked_for_when_it_is_first_seen() {
    let mut provider = IdentityProvider::start(now(), "RS256");
    let providers = accepting(&provider);
    let old = provider.sign_in(SUBJECT, EMAIL).identity;
    assert_eq!(providers.verify(&old, now()).await, Ok(identity(&provider, None)));

    provider.roll("ES256");
    let new = provider.sign_in(SUBJECT, EMAIL).identity;
    let soon = after(TimeDelta::seconds(59));
    assert_eq!(refusal(&providers, &new, soon).await, UNKNOWN, "a provider is asked once a minute");
    let minute = after(TimeDelta::seconds(60));
    assert_eq!(providers.verify(&new, minute).await, Ok(identity(&provider, None)));
    assert_eq!(provider.asked(), (2, 2));
    assert_eq!(refusal(&providers, &old, minute).await, UNKNOWN, "what is withdrawn is good no more");
    assert_eq!(provider.asked(), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_asked_for_anew_after_an_hour_while_the_old_ones_serve() {
    let mut provider = IdentityProvider::start(now(), "ES256");
    let providers = accepting(&provider);
    let old = provider.sign_in(SUBJECT, EMAIL).identity;
    assert_eq!(providers.verify(&old, now()).await, Ok(identity(&provider, None)));
    provider.roll("ES256");

    let almost = after(TimeDelta::minutes(59));
    assert_eq!(providers.verify(&old, almost).await, Ok(identity(&provider, None)));
    assert_eq!(provider.asked(), (1, 1), "what is not old is not asked for");
    let hour = after(TimeDelta::hours(1));
    assert_eq!(providers.verify(&old, hour).await, Ok(identity(&provider, None)), "nobody waits");
    // Whoever brings an unknown key waits for what is on its way.
    let new = provider.sign_in(SUBJECT, EMAIL).identity;
    assert_eq!(providers.verify(&new, hour).await, Ok(identity(&provider, None)));
    assert_eq!(provider.asked(), (2, 2));
    assert_eq!(refusal(&providers, &old, hour).await, UNKNOWN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_made_up_keys_at_once_make_one_request() {
    let mut provider = IdentityProvider::start(now(), "ES256");
    let providers = accepting(&provider);
    let good = provider.sign_in(SUBJECT, EMAIL).identity;
    let claims = json!({ "iss": provider.url });
    let made_up: Vec<_> = (0..100)
        .map(|number| provider.sign(&json!({ "kid": format!("made-up-{number}") }), &claims, "stranger"))
        .collect();
    for (round, time) in [(1, TimeDelta::zero()), (2, TimeDelta::minutes(1))] {
        let ask = |token: String| {
            let providers = providers.clone();
            tokio::spawn(async move { refusal(&providers, &token, after(time)).await })
        };
        let asking: Vec<_> = made_up.iter().cloned().map(ask).collect();
        for refused in asking {
            assert_eq!(refused.await.expect("an answer"), UNKNOWN);
        }
        assert_eq!(provider.asked(), (round, round));
        assert_eq!(providers.verify(&good, after(time)).await, Ok(identity(&provider, None)));
        assert_eq!(provider.asked(), (round, round));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_and_goes_away_leaves_the_answer_to_the_others() {
    let mut provider = IdentityProvider::start(now(), "ES256");
    let providers = accepting(&provider);
    let token = provider.sign_in(SUBJECT, EMAIL).identity;
    {
        let mut gone = pin!(providers.verify(&token, now()));
        poll_fn(|context| Poll::Ready(gone.as_mut().poll(context).is_pending())).await;
    }
    assert_eq!(providers.verify(&token, now()).await, Ok(identity(&provider, None)));
    assert_eq!(provider.asked(), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_provider_speaks_for_itself_alone() {
    let (mut one, mut other) = (IdentityProvider::start(now(), "ES256"), IdentityProvider::start(now(), "ES256"));
    let both = Providers::new(&[one.issuer(&[]), other.issuer(&[])], &[one.audience.clone()]).expect("providers");
    let (first, second) = (one.sign_in(SUBJECT, EMAIL).identity, other.sign_in(SUBJECT, EMAIL).identity);
    assert_eq!(both.verify(&first, now()).await, Ok(identity(&one, None)));
    assert_eq!(both.verify(&second, now()).await, Ok(identity(&other, None)), "the same word, another person");

    let only = accepting(&one);
    assert!(!only.are_named_by(&second));
    assert_eq!(refusal(&only, &second, now()).await, "it is of an issuer that is not accepted");
    let claims = json!({ "iss": one.url, "sub": SUBJECT, "aud": one.audience, "iat": now().timestamp(),
                         "exp": after(TimeDelta::hours(1)).timestamp() });
    let signed = (one.sign(&json!({}), &claims, "itself"), other.sign(&json!({}), &claims, "itself"));
    assert_eq!(both.verify(&signed.0, now()).await, Ok(identity(&one, None)));
    assert_eq!(refusal(&both, &signed.1, now()).await, "its signature or its claims are not good");
    assert!(!Providers::default().are_named_by(&first), "without the setting, nobody is believed");
}
