//! Every root field is asked as everybody.

use crate::documents::{ROOT_FIELDS, variables};
use crate::expectations::viewers;
use crate::leaks::assert_hides;
use std::collections::BTreeSet;
use tests::{with_empty, with_fixture};

#[test]
fn every_root_field_has_a_document() {
    with_empty(async |service| {
        let answer = service.ask("{ __schema { queryType { fields { name } } } }").await;
        let fields = answer.each("/__schema/queryType/fields", "/name");
        let fields: BTreeSet<&str> = fields.iter().filter_map(|name| name.as_str()).collect();
        let documents: BTreeSet<&str> = ROOT_FIELDS.into_iter().map(|(name, _)| name).collect();
        assert_eq!(documents, fields, "give every root field its document in ROOT_FIELDS, and no other");
    });
}

#[test]
fn no_root_field_tells_anybody_what_is_hidden() {
    with_fixture(async |service, fixture| {
        let variables = variables(&fixture);
        for viewer in viewers(&fixture) {
            for (field, document) in ROOT_FIELDS {
                let answer = viewer.service(&service).ask_with(document, &variables).await;
                // A field that is not for this viewer says so; anything else that goes wrong is a fault.
                let refused = answer.codes();
                assert!(
                    refused.iter().all(|code| ["UNAUTHENTICATED", "FORBIDDEN"].contains(&code.as_str())),
                    "{field}"
                );
                assert!(answer.json()["data"].get(field).is_some(), "{}: {field}", answer.text);
                assert_hides(&viewer, &fixture, &answer.text, document);
            }
        }
    });
}
