//! The page that says who may do what is printed from the policy.

#[test]
fn the_page_on_permissions_is_the_policy() {
    tests::golden("docs/permissions.md", &lmi::policy::to_markdown());
}
