//! Documents that are named instead of sent: by their hash, and by the id that they are registered under.

use crate::http::{JSON, assert_refused, header_of};
use crate::live_service::{Instance, Socket};
use crate::program::{ended, lmi};
use axum::body::Body;
use axum::http::{Request, header};
use lmi::auth::Role;
use lmi::http::Manifest;
use serde_json::{Value, json};
use tests::{Answer, Service, with_empty};

/// `{__typename}`, and its hash.
const TYPENAME: &str = "{__typename}";
const HASH: &str = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
/// An operation that is registered.
const REGIONS: &str = "query Regions($yes: Boolean = true) { regions { number @include(if: $yes) } }";

async fn post(service: &Service, body: &Value) -> Answer {
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, JSON);
    service.send(request.body(Body::from(body.to_string())).expect("a request")).await
}

fn hashed(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

/// In an address.
async fn get(service: &Service, parameters: &str) -> Answer {
    service.get(&format!("/graphql?{parameters}"), JSON).await
}

fn registered(service: &Service, only: bool) -> Service {
    let manifest = json!({ "regions": REGIONS, "out": "mutation { signOut(input: {refreshToken: \"x\"}) { userErrors { code } } }" });
    let manifest = Manifest::parse("documents.json".to_owned(), &manifest.to_string()).expect("a manifest");
    service.set_up(|setup| setup.registered = manifest.only(only))
}

#[test]
fn a_document_that_was_sent_once_is_named_by_its_hash() {
    with_empty(async |service| {
        let unknown = post(&service, &json!({ "extensions": hashed(HASH) })).await;
        assert_refused(&unknown, 200, "PERSISTED_QUERY_NOT_FOUND");
        assert_eq!(unknown.messages(), "PersistedQueryNotFound", "clients go by these words");
        let by_get = format!("extensions={{%22persistedQuery%22:{{%22version%22:1,%22sha256Hash%22:%22{HASH}%22}}}}");
        assert_refused(&get(&service, &by_get).await, 200, "PERSISTED_QUERY_NOT_FOUND");
        let sent = post(&service, &json!({ "query": TYPENAME, "extensions": hashed(HASH) })).await;
        assert_eq!(sent.data(), json!({ "__typename": "Query" }));
        for answer in [
            post(&service, &json!({ "extensions": hashed(HASH) })).await,
            post(&service, &json!({ "query": "", "extensions": hashed(&HASH.to_uppercase()) })).await,
            get(&service, &by_get).await,
        ] {
            assert_eq!(answer.data(), json!({ "__typename": "Query" }));
        }
        // Two that are named by hashes are not taken for one another.
        let other = "{ regions { number } }";
        let hash = "bca65da9d2e5d5c3dd5b6a6e1e0f0a3ef2f5c1d2".repeat(2);
        assert_refused(
            &post(&service, &json!({ "query": other, "extensions": hashed(&hash[..64]) })).await,
            200,
            "BAD_USER_INPUT",
        );
        assert_refused(
            &post(&service, &json!({ "query": other, "extensions": hashed("x") })).await,
            200,
            "BAD_USER_INPUT",
        );
        let version = json!({ "persistedQuery": { "version": 2, "sha256Hash": HASH } });
        assert_refused(
            &post(&service, &json!({ "query": TYPENAME, "extensions": version })).await,
            200,
            "BAD_USER_INPUT",
        );
    });
}

#[test]
fn a_registered_document_is_run_by_its_id() {
    with_empty(async |service| {
        let service = registered(&service, false);
        let by_id = |id: &str| json!({ "documentId": id });
        assert_eq!(post(&service, &by_id("regions")).await.at("/regions/0/number"), 1);
        let address = "documentId=regions&variables={%22yes%22:true}&operationName=Regions";
        assert_eq!(get(&service, address).await.at("/regions/0/number"), 1);
        let varied = json!({ "documentId": "regions", "variables": { "yes": false } });
        assert_eq!(post(&service, &varied).await.at("/regions/0"), json!({}));
        assert_refused(&post(&service, &by_id("nothing")).await, 200, "PERSISTED_QUERY_NOT_FOUND");
        assert_refused(&post(&service, &by_id("sha256:é")).await, 200, "PERSISTED_QUERY_NOT_FOUND");
        let both = json!({ "documentId": "regions", "query": TYPENAME });
        assert_refused(&post(&service, &both).await, 200, "BAD_USER_INPUT");
        let refused = get(&service, "documentId=out").await;
        assert_refused(&refused, 405, "BAD_USER_INPUT");
        assert_eq!(header_of(&refused, header::ALLOW), "POST");
        // Under one key, two registered documents are two requests.
        let keyed = async |id: &str| {
            let request = Request::post("/graphql").header(header::CONTENT_TYPE, JSON).header("idempotency-key", "k-1");
            service.send(request.body(Body::from(by_id(id).to_string())).expect("a request")).await
        };
        assert_eq!(keyed("out").await.status, 200);
        assert_eq!(keyed("out").await.headers["idempotent-replayed"], "true");
    });
}

#[test]
fn where_nothing_else_is_run_for_the_public_it_is_not() {
    with_empty(async |service| {
        let service = registered(&service, true);
        assert_eq!(post(&service, &json!({ "documentId": "regions" })).await.at("/regions/0/number"), 1);
        assert_eq!(service.ask(REGIONS).await.at("/regions/0/number"), 1, "the same text is the same document");
        for body in [
            json!({ "query": TYPENAME }),
            json!({ "query": format!("{REGIONS} ") }),
            json!({ "query": TYPENAME, "extensions": hashed(HASH) }),
        ] {
            assert_refused(&post(&service, &body).await, 200, "UNAUTHENTICATED");
        }
        // What somebody else sent before is not known to the public for that.
        let partner = service.as_role(Role::Partner);
        partner.ask(TYPENAME).await.data();
        assert_refused(&post(&service, &json!({ "extensions": hashed(HASH) })).await, 200, "UNAUTHENTICATED");
        let file = service.get("/participation.geojson", "*/*").await;
        assert_eq!(file.status, 200, "the service's own files need no registration");
    });
}

#[test]
fn a_manifest_that_is_none_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("documents.json");
    for (text, said) in [
        ("[]", "is no manifest of documents"),
        ("{\"a\": 1}", "is no manifest of documents"),
        (
            "{\"a\": \"{ nothing }\"}",
            "the document `a` cannot be registered: Cannot query field \"nothing\" on type \"Query\".",
        ),
        (
            "{\"format\": \"apollo-persisted-query-manifest\", \"version\": 1, \"operations\": [{\"id\": \"a\", \"name\": \"A\", \"type\": \"query\", \"body\": \"query A {\"}]}",
            "the document `a` cannot be registered: The document cannot be read",
        ),
    ] {
        std::fs::write(&file, text).expect("a file");
        let mut serve = lmi();
        serve.args(["serve", "--data-dir"]).arg(folder.path()).env("LMI_TRUSTED_DOCUMENTS", &file);
        let line = ended(serve).refused(1);
        assert!(line.starts_with("lmi: LMI_TRUSTED_DOCUMENTS (--trusted-documents): "), "{line}");
        assert!(line.contains("documents.json") && line.contains(said), "{line}");
    }
    let mut serve = lmi();
    serve.args(["serve", "--trusted-only"]);
    assert!(ended(serve).refused(1).starts_with("lmi: LMI_TRUSTED_ONLY (--trusted-only): no documents are registered"));
}

#[test]
fn a_registered_document_is_run_by_its_id_over_sockets_as_well() {
    with_empty(async |service| {
        let instance = Instance::of(&registered(&service, false)).await;
        let mut socket = Socket::introduced(&instance, None).await;
        let asked = |payload: Value| json!({ "id": "1", "type": "subscribe", "payload": payload });
        socket.say(&asked(json!({ "documentId": "regions" }))).await;
        assert_eq!(socket.hear().await.said()["payload"]["data"]["regions"][0]["number"], 1);
        assert_eq!(socket.hear().await.said()["type"], "complete");
        socket.say(&asked(json!({ "extensions": hashed(HASH) }))).await;
        let unknown = socket.hear().await.said();
        assert_eq!(unknown["payload"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
    });
}

#[test]
fn in_production_those_who_have_signed_in_are_told_what_they_may_have_meant() {
    with_empty(async |service| {
        let service = service.in_production();
        let mistyped = "{ regions { numbr } }";
        assert!(!service.ask(mistyped).await.messages().contains("Did you mean"));
        assert!(service.as_role(Role::Partner).ask(mistyped).await.messages().contains("Did you mean \"number\"?"));
        assert!(!service.ask(mistyped).await.messages().contains("Did you mean"));
    });
}
