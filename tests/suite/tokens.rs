//! Credentials that are not good: every one is answered alike, whatever is wrong with it.

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tests::{Answer, PASSWORD, PUBLIC_URL, Service, signing_key, with_empty};

const ADA: &str = "ada@example.org";

/// The header and the claims of a token, unread.
fn parts(token: &str) -> (Value, Value) {
    let read = |part: &str| {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).expect("a part of a token");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    let mut parts = token.split('.');
    (read(parts.next().expect("a header")), read(parts.next().expect("claims")))
}

fn part(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

fn key(number: u8) -> EncodingKey {
    EncodingKey::from_ed_pem(signing_key(number).as_bytes()).expect("a key")
}

/// A token with this header and these claims, signed with the service's own key unless another is given.
fn signed(header: &Value, claims: &Value, number: u8) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &key(number), Algorithm::EdDSA).expect("a signature");
    format!("{message}.{signature}")
}

/// The value with one field another.
fn with(value: &Value, field: &str, changed: Value) -> Value {
    let mut value = value.clone();
    value[field] = changed;
    value
}

fn without(value: &Value, field: &str) -> Value {
    let mut value = value.clone();
    value.as_object_mut().expect("an object").remove(field);
    value
}

async fn shown(service: &Service, credential: &str) -> Answer {
    service.bearing(credential).ask("{ viewer { account { email } } }").await
}

/// That an answer is the one that every bad credential gets.
fn assert_unknown(answer: &Answer, what: &str) {
    let expected = json!({ "errors": [{ "message": "This credential is not good here. Leave it out to ask as the public.",
        "extensions": { "code": "UNAUTHENTICATED" } }] });
    assert_eq!((answer.status.as_u16(), answer.json()), (401, expected), "{what}");
    assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer error=\"invalid_token\"", "{what}");
}

#[test]
fn a_token_says_who_for_whom_and_for_how_long() {
    with_empty(async |service| {
        let id = service.make_account(ADA, &[]).await;
        let (header, claims) = parts(&service.sign_in(ADA).await.access);
        let jwks = service.get("/.well-known/jwks.json", "application/json").await;
        let published = jwks.json()["keys"].clone();
        assert_eq!(published.as_array().map(Vec::len), Some(1), "{published}");
        let kid = published[0]["kid"].clone();
        let expected =
            json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": published[0]["x"] });
        assert_eq!(published[0], expected, "the public half and nothing else");
        assert_eq!(header, json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": kid }));
        let now = Service::clock().now().timestamp();
        let expected = json!({ "iss": PUBLIC_URL, "aud": "lmi", "sub": id.0, "iat": now, "nbf": now, "exp": now + 900,
            "sid": claims["sid"], "jti": claims["jti"] });
        assert_eq!(claims, expected);
    });
}

#[test]
fn whatever_is_wrong_with_a_token_is_answered_alike() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let good = service.sign_in(ADA).await.access;
        let (header, claims) = parts(&good);
        assert_eq!(shown(&service, &signed(&header, &claims, 1)).await.at("/viewer/account/email"), ADA);
        let now = Service::clock().now().timestamp();
        let mut bad: Vec<(String, String)> = Vec::new();
        for (field, value) in [
            ("typ", json!("JWT")),
            ("typ", json!("at+JWT ")),
            ("typ", Value::Null),
            ("crit", json!(["exp"])),
            ("crit", json!([])),
            ("kid", json!("another")),
            ("kid", json!("../../etc/passwd")),
            ("kid", Value::Null),
            ("alg", json!("ES256")),
            ("alg", json!("RS256")),
            ("alg", json!("HS256")),
            ("alg", json!("none")),
            ("alg", json!("eddsa")),
        ] {
            bad.push((format!("{field}: {value}"), signed(&with(&header, field, value), &claims, 1)));
        }
        for (field, value) in [
            ("iss", json!("https://other.example.org")),
            ("iss", json!(format!("{PUBLIC_URL}/"))),
            ("aud", json!("other")),
            ("aud", json!(["lmi", "other"])),
            ("exp", json!(now - 5)),
            ("exp", json!("never")),
            ("exp", json!(1e300)),
            ("nbf", json!(now + 6)),
            ("iat", json!(now + 6)),
            ("sub", json!("ada")),
            ("sub", json!("00000000-0000-7000-8000-000000000000")),
            ("sid", json!("00000000-0000-7000-8000-000000000000")),
        ] {
            bad.push((format!("{field}: {value}"), signed(&header, &with(&claims, field, value), 1)));
        }
        for field in ["iss", "aud", "exp", "nbf", "iat", "sub", "sid", "jti"] {
            bad.push((format!("no {field}"), signed(&header, &without(&claims, field), 1)));
        }
        for field in ["typ", "alg", "kid"] {
            bad.push((format!("no {field}"), signed(&without(&header, field), &claims, 1)));
        }
        bad.push(("another key".to_owned(), signed(&header, &claims, 2)));
        for (what, credential) in bad {
            assert_unknown(&shown(&service, &credential).await, &what);
        }
    });
}

#[test]
fn tokens_that_are_forged_cut_or_blown_up_are_answered_alike() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let good = service.sign_in(ADA).await.access;
        let (header, claims) = parts(&good);
        let unsigned = format!("{}.{}.", part(&with(&header, "alg", json!("none"))), part(&claims));
        // The public key, in each form that somebody may have it in, as the secret of another algorithm.
        let jwks = service.get("/.well-known/jwks.json", "application/json").await;
        let x = jwks.json()["keys"][0]["x"].as_str().expect("a public key").to_owned();
        let raw = BASE64_URL_SAFE_NO_PAD.decode(&x).expect("bytes");
        let mut bad = vec![unsigned.clone(), format!("{unsigned}AAAA")];
        for secret in [x.as_bytes(), &raw, jwks.text.as_bytes(), signing_key(1).as_bytes()] {
            let mut forged = Header::new(Algorithm::HS256);
            forged.typ = Some("at+jwt".to_owned());
            forged.kid = header["kid"].as_str().map(str::to_owned);
            bad.push(encode(&forged, &claims, &EncodingKey::from_secret(secret)).expect("a token"));
        }
        let (message, signature) = good.rsplit_once('.').expect("a signature");
        let (head, payload) = message.split_once('.').expect("two parts");
        let changed = part(&with(&claims, "exp", json!(claims["exp"].as_i64().expect("a time") + 60)));
        bad.extend([
            message.to_owned(),
            format!("{message}."),
            format!("{head}.{signature}"),
            format!("{head}.{changed}.{signature}"),
            format!("{head}.{payload}.{signature}="),
            format!("{good}.{signature}"),
            good[..good.len() - 1].to_owned(),
            good[1..].to_owned(),
            format!("{good}A"),
            signed(&with(&header, "pad", json!("a".repeat(8 * 1024))), &claims, 1),
            "a".repeat(48 * 1024),
            format!("{head}.{}.{signature}", "a".repeat(48 * 1024)),
            "...".to_owned(),
            ".".to_owned(),
            "lmi_".to_owned(),
            "lmi_0123456789ab_secret".to_owned(),
        ]);
        for credential in bad {
            assert_unknown(&shown(&service, &credential).await, credential.get(..200).unwrap_or(&credential));
        }
        assert_eq!(shown(&service, &good).await.at("/viewer/account/email"), ADA);
    });
}

#[test]
fn only_one_credential_shown_in_the_one_way_is_taken() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let good = service.sign_in(ADA).await.access;
        let send = async |values: &[String]| {
            let mut request = Request::get("/graphql?query=%7Bviewer%7Baccount%7Bemail%7D%7D%7D");
            for value in values {
                request = request.header(header::AUTHORIZATION, value);
            }
            service.send(request.body(Body::empty()).expect("a request")).await
        };
        for value in [format!("Bearer {good}"), format!("bearer {good}"), format!("BEARER  {good}")] {
            assert_eq!(send(std::slice::from_ref(&value)).await.at("/viewer/account/email"), ADA, "{value}");
        }
        let twice = vec![format!("Bearer {good}"), format!("Bearer {good}")];
        assert_unknown(&send(&twice).await, "twice");
        let bad = [
            good.clone(),
            format!("Basic {good}"),
            format!("Bearer{good}"),
            format!("Bearer {good},{good}"),
            format!("Bearer {good} {good}"),
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            String::new(),
        ];
        for value in bad {
            assert_unknown(&send(std::slice::from_ref(&value)).await, &value);
        }
    });
}

#[test]
fn a_token_is_good_for_a_quarter_of_an_hour_and_no_longer_than_its_account() {
    with_empty(async |service| {
        service.make_account(ADA, &[]).await;
        let token = service.sign_in(ADA).await.access;
        let after = |seconds| service.later(TimeDelta::seconds(seconds));
        for seconds in [-5, 0, 904] {
            assert_eq!(shown(&after(seconds), &token).await.at("/viewer/account/email"), ADA, "{seconds}");
        }
        for seconds in [-6, 905, 90_000] {
            assert_unknown(&shown(&after(seconds), &token).await, &seconds.to_string());
        }
        let disable = "UPDATE account SET disabled_at = now()";
        service.db.execute_unprepared(disable).await.expect("a disabled account");
        assert_unknown(&shown(&service, &token).await, "disabled");
        assert_eq!(service.try_sign_in(ADA, PASSWORD).await.at("/signIn/accessToken"), Value::Null);
    });
}
