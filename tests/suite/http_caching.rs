//! What is kept on the way between the service and whoever asks.

use crate::http::header_of;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use lmi::auth::Role;
use sea_orm::ConnectionTrait as _;
use tests::{Answer, Service, with_empty};

const JSON: &str = "application/json";
const REGIONS: &str = "/graphql?query=%7Bregions%7Bnumber%20name%7D%7D";

/// What is answered to whoever shows the tag of what they have.
async fn again(service: &Service, path: &str, tag: &str) -> Answer {
    let request = Request::get(path).header(header::ACCEPT, JSON).header(header::IF_NONE_MATCH, tag);
    service.send(request.body(Body::empty()).expect("a request")).await
}

async fn rename(service: &Service) {
    let change = "UPDATE region SET name = 'Renamed' WHERE number = 1";
    service.db.execute_unprepared(change).await.expect("a change");
}

#[test]
fn what_is_everybodys_may_be_kept_and_is_asked_for_anew() {
    with_empty(async |service| {
        let first = service.get(REGIONS, JSON).await;
        assert_eq!(header_of(&first, header::CACHE_CONTROL), "public, max-age=0, s-maxage=1, must-revalidate");
        assert_eq!(header_of(&first, header::VARY), "Accept, Authorization, LMI-Cost");
        let tag = header_of(&first, header::ETAG).to_owned();
        assert!(tag.starts_with('"'), "a strong tag: {tag}");
        let same = again(&service, REGIONS, &tag).await;
        assert_eq!((same.status, same.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
        for name in [header::ETAG, header::CACHE_CONTROL, header::VARY] {
            assert_eq!(header_of(&same, name.clone()), header_of(&first, name));
        }
        rename(&service).await;
        let changed = again(&service, REGIONS, &tag).await;
        assert_eq!(changed.at("/regions/0/name"), "Renamed");
        assert_ne!(header_of(&changed, header::ETAG), tag);
    });
}

#[test]
fn the_same_answer_in_another_form_has_another_tag() {
    with_empty(async |service| {
        let tag = header_of(&service.get(REGIONS, JSON).await, header::ETAG).to_owned();
        let modern = service.get(REGIONS, "application/graphql-response+json").await;
        assert_ne!(header_of(&modern, header::ETAG), tag);
    });
}

#[test]
fn a_page_of_changes_that_is_still_the_same_is_not_sent_again() {
    with_empty(async |service| {
        let path = "/graphql?query=%7Bchanges(from:BEGINNING,types:[%22Organization%22])%7Bnodes%7Baction%7D%7D%7D";
        let first = service.get(path, JSON).await;
        assert_eq!(header_of(&first, header::CACHE_CONTROL), "public, max-age=0, s-maxage=1, must-revalidate");
        let tag = header_of(&first, header::ETAG).to_owned();
        assert_eq!(again(&service, path, &tag).await.status, StatusCode::NOT_MODIFIED);
        let create = "mutation { createOrganization(input: {name: \"Alder\", kind: OTHER}) { userErrors { code } } }";
        service.as_role(Role::Staff).ask(create).await.data();
        assert_eq!(again(&service, path, &tag).await.at("/changes/nodes/0/action"), "CREATED");
    });
}

#[test]
fn what_is_not_everybodys_is_kept_by_nobody() {
    with_empty(async |service| {
        let tag = header_of(&service.get(REGIONS, JSON).await, header::ETAG).to_owned();
        let unknown = "/graphql?query=%7Bnothing%7D";
        let costed = Request::get(REGIONS).header(header::ACCEPT, JSON).header("lmi-cost", "1");
        let wrong = "/graphql?query=%7Borganizations(first:1000)%7BtotalCount%7D%7D";
        let partly = "/graphql?query=%7Bregions%7Bnumber%7Daccounts%7BtotalCount%7D%7D";
        for answer in [
            again(&service.as_role(Role::Partner), REGIONS, &tag).await,
            service.get(wrong, JSON).await,
            service.get(unknown, JSON).await,
            service.get("/graphql?documentId=nothing", JSON).await,
            service.get(partly, JSON).await,
            service.send(costed.body(Body::empty()).expect("a request")).await,
        ] {
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            assert_eq!(header_of(&answer, header::CACHE_CONTROL), "no-store", "{}", answer.text);
            assert!(!answer.headers.contains_key(header::ETAG), "{}", answer.text);
        }
    });
}

#[test]
fn an_answer_by_post_has_no_tag() {
    with_empty(async |service| {
        let answer = service.ask("{ regions { number } }").await;
        assert!(!answer.headers.contains_key(header::ETAG));
    });
}
