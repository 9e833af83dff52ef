//! What every answer tells browsers, where secrets may stand, and that the page on security names tests that are there.

use crate::http::JSON;
use crate::program::{ended, lmi};
use axum::body::Body;
use axum::http::{Method, Request, header};
use std::fs;
use std::path::Path;
use tests::{root, with_empty, with_record};

#[test]
fn every_answer_tells_browsers_what_it_may_do() {
    with_record(async |service| {
        for path in [
            "/",
            "/graphql",
            "/graphql?query={regions{number}}",
            "/schema.graphql",
            "/participation.geojson",
            "/embed/lmi-agenda.js",
            "/invitation",
            "/survey",
            "/survey.js",
            "/export/people.csv",
            "/.well-known/jwks.json",
            "/health/ready",
            "/nothing",
        ] {
            for form in [JSON, "text/html"] {
                let answer = service.get(path, form).await;
                let told = |name| answer.headers.get(&name).and_then(|value| value.to_str().ok()).unwrap_or_default();
                let policy = told(header::CONTENT_SECURITY_POLICY);
                assert!(
                    policy.starts_with("default-src 'none'") && policy.contains("base-uri 'none'"),
                    "{path}: {policy}"
                );
                assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
                assert_eq!(told(header::REFERRER_POLICY), "no-referrer", "{path}");
                assert_eq!(told(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
                assert_eq!(told(header::STRICT_TRANSPORT_SECURITY), "max-age=31536000; includeSubDomains", "{path}");
                assert!(!answer.headers.contains_key(header::SET_COOKIE), "{path}");
            }
        }
    });
}

#[test]
fn what_has_not_changed_keeps_what_stood_beside_it() {
    with_record(async |service| {
        let tag = service.get("/schema.graphql", JSON).await.headers[header::ETAG].clone();
        let again = Request::get("/schema.graphql").header(header::IF_NONE_MATCH, tag).body(Body::empty());
        let again = service.send(again.expect("a request")).await;
        assert_eq!(again.status, 304);
        assert!(!again.headers.contains_key(header::CONTENT_SECURITY_POLICY));
    });
}

#[test]
fn methods_that_nothing_takes_are_refused() {
    with_empty(async |service| {
        for method in [Method::TRACE, Method::PUT, Method::DELETE, Method::PATCH, Method::CONNECT] {
            for path in ["/", "/graphql", "/schema.graphql", "/health/live"] {
                let request = Request::builder().method(&method).uri(path).body(Body::empty());
                let answer = service.send(request.expect("a request")).await;
                assert_eq!(answer.status, 405, "{method} {path}");
            }
        }
    });
}

#[test]
fn a_secret_may_stand_in_a_file_and_is_told_to_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("secret");
    let told = |variable: &str, value: &str, status: i32| {
        let mut serve = lmi();
        serve.arg("serve").env("LMI_LISTEN", "127.0.0.1:0").env("LMI_LOG", "off").env(variable, value);
        ended(serve).refused(status)
    };
    let at = format!("file:{}", file.display());
    let missing = told("DATABASE_URL", &at, 2);
    let reason = format!("{} cannot be read: No such file or directory (os error 2)", file.display());
    assert_eq!(missing, format!("lmi: DATABASE_URL (--database-url): {reason}"));
    for (variable, wrong, status) in [
        ("DATABASE_URL", "mysql://somebody:s3cret@localhost/lmi", 2),
        ("DATABASE_URL", "postgres://somebody:s3cret@127.0.0.1:1/lmi", 1),
        ("DATABASE_READ_URLS", "somebody:s3cret", 2),
        ("LMI_SMTP_URL", "https://somebody:s3cret@mail.example.org", 1),
    ] {
        fs::write(&file, format!("{wrong}\n")).expect("a file that can be written");
        let refused = told(variable, &at, status);
        assert!(refused.starts_with(&format!("lmi: {variable} (")) && !refused.contains("s3cret"), "{refused}");
    }
    fs::write(&file, "postgres://somebody:s3cret@127.0.0.1:1/lmi\n").expect("a file that can be written");
    let silent = told("DATABASE_URL", &at, 1);
    assert!(silent.ends_with("no answer within 5 seconds; does the server run?"), "it was read: {silent}");
}

#[test]
fn the_page_on_security_names_tests_that_are_there() {
    let page = fs::read_to_string(root().join("docs/security.md")).expect("the page");
    let named = page.split("[`").skip(1).filter_map(|rest| {
        let (test, rest) = rest.split_once("`](../")?;
        Some((test, rest.split_once(')')?.0))
    });
    let is_there = |(test, path): &(&str, &str)| {
        let text = fs::read_to_string(root().join(path)).unwrap_or_default();
        let is_file = Path::new(path).extension().is_some_and(|extension| extension == "rs");
        is_file && text.contains("test") && text.contains(&format!("fn {test}("))
    };
    let (there, missing): (Vec<_>, Vec<_>) = named.partition(is_there);
    assert_eq!(missing, Vec::<(&str, &str)>::new());
    assert!(there.len() > 50, "{}", there.len());
}
