//! Rows of which only what is asked for is read.

use crate::documents::Types;
use crate::walk::nodes;
use lmi::auth::Role;
use std::collections::BTreeSet;
use tests::with_fixture;

#[test]
fn a_field_says_the_same_by_itself_and_beside_all_others() {
    with_fixture(async |service, fixture| {
        let types = Types::of(&service).await;
        let service = service.as_role(Role::Admin);
        let mut compared = BTreeSet::new();
        let typenames: BTreeSet<&str> = fixture.rows.iter().map(|row| row.typename).collect();
        for typename in typenames {
            let rows = fixture.rows.iter().filter(|row| row.typename == typename);
            let ids: Vec<&str> = rows.map(|row| row.id.as_str()).collect();
            let whole =
                nodes(&service, &ids, &format!("... on {typename} {{ {} }}", types.everything(typename, 1))).await;
            for field in types.fields(typename) {
                let Some(selection) = types.field(types.field_of(typename, &field), 1) else { continue };
                let alone = nodes(&service, &ids, &format!("... on {typename} {{ {selection} }}")).await;
                for (alone, whole) in alone.iter().zip(&whole) {
                    assert_eq!(alone[&field], whole[&field], "{typename}.{field}");
                    if !alone[&field].is_null() {
                        compared.insert(format!("{typename}.{field}"));
                    }
                }
            }
        }
        assert!(compared.len() > 350, "fields that said something: {}", compared.len());
    });
}
