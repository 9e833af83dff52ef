//! What partners are told works as it is written.

use crate::http::JSON;
use crate::tutorial::Rehearsal;
use lmi::auth::{Grant, Role, Scope};
use tests::{with_empty, with_record};

const PAGE: &str = include_str!("../../docs/partners.md");

#[test]
fn every_document_for_partners_works_as_it_is_written() {
    with_record(async |service| {
        service.make_account("you@example.org", &[Grant::new(Role::Admin, Scope::Everything)]).await;
        Rehearsal::of(service, PAGE).await;
    });
}

#[test]
fn a_document_is_found_by_the_hash_that_the_page_tells() {
    let (_, hash) = PAGE.split_once("\"sha256Hash\":\"").expect("an address with a hash");
    let hash = hash.split('"').next().unwrap_or_default();
    with_empty(async |service| {
        // As curl writes it.
        let extensions = format!("{{%22persistedQuery%22:{{%22version%22:1,%22sha256Hash%22:%22{hash}%22}}}}");
        let address = format!("/graphql?extensions={extensions}");
        assert_eq!(service.get(&address, JSON).await.codes(), ["PERSISTED_QUERY_NOT_FOUND"]);
        service.ask("{ regions { number name } }").await.data();
        assert_eq!(service.get(&address, JSON).await.at("/regions/0/number"), 1);
    });
}
