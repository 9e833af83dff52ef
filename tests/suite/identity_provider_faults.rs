//! Providers whose pages are not as they should be: nothing is believed of them, and nobody else is asked instead.

use axum::Router;
use axum::body::Body;
use axum::http::{StatusCode, Uri, header};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use lmi::auth::provider::Providers;
use serde_json::json;
use tests::{IdentityProvider, Service};
use tokio::net::TcpListener;

fn now() -> DateTime<Utc> {
    Service::clock().now()
}

/// Serves pages on loopback for as long as the test runs: the address.
async fn serve(page: impl Fn(&str, &str) -> (StatusCode, String) + Clone + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let own = url.clone();
    let answer = move |uri: Uri| {
        let (status, text) = page(uri.path(), &own);
        let answer = Response::builder().status(status);
        let answer = if status.is_redirection() { answer.header(header::LOCATION, text.clone()) } else { answer };
        async { answer.body(Body::from(text)).expect("an answer") }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    url
}

/// Whether a token is accepted that the key of `real` signed in the name of the provider at `url`.
async fn believed(real: &mut IdentityProvider, url: &str) -> bool {
    let (issuer, audience) = (url.parse().expect("an issuer"), std::slice::from_ref(&real.audience));
    let providers = Providers::new(&[issuer], audience).expect("providers");
    let claims = json!({ "iss": url, "sub": "imogen-1", "aud": real.audience, "iat": now().timestamp(),
                         "exp": (now() + TimeDelta::hours(1)).timestamp() });
    let token = real.sign(&json!({}), &claims, "itself");
    match providers.verify(&token, now()).await {
        Ok(_) => true,
        Err(refused) => {
            assert_eq!(refused.to_string(), "its key is not known");
            false
        }
    }
}

const CONFIGURATION: &str = "/.well-known/openid-configuration";

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_taken_from_where_the_provider_says() {
    let mut real = IdentityProvider::start(now(), "ES256");
    let keys = format!("{}/jwks", real.url);
    let url = serve(move |path, own| match path {
        CONFIGURATION => (StatusCode::FOUND, format!("{own}/moved")),
        "/moved" => (StatusCode::OK, json!({ "issuer": own, "jwks_uri": keys }).to_string()),
        _ => (StatusCode::NOT_FOUND, String::new()),
    })
    .await;
    assert!(believed(&mut real, &url).await);
    assert_eq!(real.asked(), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_but_who_was_named() {
    let mut real = IdentityProvider::start(now(), "ES256");
    let (keys, configuration) = (format!("{}/jwks", real.url), format!("{}{CONFIGURATION}", real.url));
    let elsewhere = serve(move |_, _| (StatusCode::FOUND, configuration.clone())).await;
    assert!(!believed(&mut real, &elsewhere).await);
    let keys_elsewhere = serve(move |path, own| match path {
        CONFIGURATION => (StatusCode::OK, json!({ "issuer": own, "jwks_uri": format!("{own}/keys") }).to_string()),
        _ => (StatusCode::TEMPORARY_REDIRECT, keys.clone()),
    })
    .await;
    assert!(!believed(&mut real, &keys_elsewhere).await);
    let in_circles = serve(|_, own| (StatusCode::FOUND, format!("{own}{CONFIGURATION}"))).await;
    assert!(!believed(&mut real, &in_circles).await);
    assert_eq!(real.asked(), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_is_the_issuers_own() {
    let mut real = IdentityProvider::start(now(), "ES256");
    let keys = format!("{}/jwks", real.url);
    for (issuer, place) in [
        (Some("https://login.example.org"), keys.as_str()),
        (Some(real.url.clone().as_str()), keys.as_str()),
        (None, "ftp://127.0.0.1/jwks"),
        (None, "http://keys.example.org/jwks"),
        (None, "jwks"),
    ] {
        let (issuer, place) = (issuer.map(str::to_owned), place.to_owned());
        let page = move |_: &str, own: &str| {
            let issuer = issuer.clone().unwrap_or_else(|| own.to_owned());
            (StatusCode::OK, json!({ "issuer": issuer, "jwks_uri": place }).to_string())
        };
        assert!(!believed(&mut real, &serve(page).await).await);
    }
    let slash =
        serve(|_, own| (StatusCode::OK, json!({ "issuer": format!("{own}/"), "jwks_uri": own }).to_string())).await;
    assert!(!believed(&mut real, &slash).await, "letter by letter");
    assert_eq!(real.asked(), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_no_keys_are_not_taken_for_any() {
    let mut real = IdentityProvider::start(now(), "ES256");
    let endless = format!("{{ \"keys\": [], \"more\": \"{}\" }}", "a".repeat(1024 * 1024));
    let secret = json!({ "keys": [{ "kty": "oct", "kid": "key-1", "alg": "HS256", "k": "c2VjcmV0" }] }).to_string();
    for (status, text) in [
        (StatusCode::OK, "<html>".to_owned()),
        (StatusCode::OK, json!({ "keys": [] }).to_string()),
        (StatusCode::OK, secret),
        (StatusCode::OK, endless),
        (StatusCode::INTERNAL_SERVER_ERROR, json!({ "keys": [] }).to_string()),
        (StatusCode::NO_CONTENT, String::new()),
    ] {
        let page = move |path: &str, own: &str| match path {
            CONFIGURATION => (StatusCode::OK, json!({ "issuer": own, "jwks_uri": format!("{own}/keys") }).to_string()),
            _ => (status, text.clone()),
        };
        assert!(!believed(&mut real, &serve(page).await).await);
    }
}

#[test]
fn settings_that_cannot_work_are_refused_in_words() {
    let issuer = |text: &str| text.parse().expect("an issuer");
    let refused = |issuers: &[&str], audiences: &[&str]| {
        let issuers: Vec<_> = issuers.iter().map(|text| issuer(text)).collect();
        let audiences: Vec<_> = audiences.iter().map(|&text| text.to_owned()).collect();
        Providers::new(&issuers, &audiences).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let (one, other) = ("https://login.example.org=example.org", "https://login.example.com");
    assert_eq!(refused(&[], &[]), "");
    assert_eq!(refused(&[one, other], &["lmi"]), "");
    assert!(refused(&[one], &[]).starts_with("LMI_OIDC_AUDIENCE (--oidc-audience): a value is needed"));
    assert!(refused(&[one], &[""]).starts_with("LMI_OIDC_AUDIENCE (--oidc-audience): a value is needed"));
    let twice = refused(&[one, other, "https://login.example.org"], &["lmi"]);
    assert_eq!(twice, "LMI_OIDC_ISSUERS (--oidc-issuers): https://login.example.org is named twice; name it once");
}
