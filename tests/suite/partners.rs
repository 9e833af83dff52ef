//! What partners are told works as it is written.

use crate::tutorial::Rehearsal;
use lmi::auth::{Grant, Role, Scope};
use tests::with_record;

const PAGE: &str = include_str!("../../docs/partners.md");

#[test]
fn every_document_for_partners_works_as_it_is_written() {
    with_record(async |service| {
        service.make_account("you@example.org", &[Grant::new(Role::Admin, Scope::Everything)]).await;
        Rehearsal::of(service, PAGE).await;
    });
}
