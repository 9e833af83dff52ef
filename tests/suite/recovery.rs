//! Point-in-time recovery: a server as it was just before an accident, by PostgreSQL's own means.

use crate::changes::{end, page};
use crate::feed_cursors::found;
use crate::program::{Ended, ended, lmi};
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::{Archived, Service, with_servers};

const NAMES: &str = "{ organizations(first: 50, orderBy: {field: NAME}) { nodes { name } } }";
const DELETE: &str = "mutation ($id: ID!) { deleteOrganization(id: $id, version: 1) { userErrors { message } } }";

async fn names(service: &Service) -> Vec<Value> {
    service.ask(NAMES).await.each("/organizations/nodes", "/name")
}

/// A command on the database of a server.
fn run_at(url: &str, arguments: &[&str]) -> Ended {
    let mut command = lmi();
    command.args(arguments).env("DATABASE_URL", url);
    ended(command)
}

#[test]
fn what_was_deleted_by_mistake_is_there_again_and_nothing_is_promised_that_is_not() {
    with_servers(async || {
        let archived = Archived::primary().await;
        let service = archived.node.instance(&archived.node.url(), None, None).await;
        found(&service, "Alder Foundation").await;
        archived.take_image();
        let birch = found(&service, "Birch Foundation").await;
        service.make_account("ada@example.org", &[Grant::new(Role::Staff, Scope::Everything)]).await;
        let token = service.sign_in("ada@example.org").await.access;
        let before = end(&service).await;

        let moment = archived.moment().await;
        service.bearing(&token).ask_with(DELETE, &json!({ "id": birch })).await.data();
        found(&service, "Cedar Foundation").await;
        let after = end(&service).await;
        assert_eq!(names(&service).await, ["Alder Foundation", "Cedar Foundation"]);
        archived.keep_log().await;

        let node = archived.recovered(&moment).await;
        let said = run_at(&node.url(), &["restore", "--recovered"]).done();
        assert!(said.starts_with("The database knows that it was put back.\n"), "{said}");
        let service = node.instance(&node.url(), None, None).await;
        assert_eq!(names(&service).await, ["Alder Foundation", "Birch Foundation"]);
        // New changes come to where the others were. Whoever was told of those must not go on as if nothing had been.
        found(&service, "Dogwood Foundation").await;
        found(&service, "Elm Foundation").await;
        for cursor in [&before, &after] {
            let refused = page(&service, &json!({ "after": cursor })).await;
            assert_eq!(refused.codes(), ["BAD_USER_INPUT"], "{}", refused.text);
            assert!(refused.messages().contains("Start again with `from: BEGINNING`"), "{}", refused.text);
        }
        assert_eq!(service.bearing(&token).ask("{ viewer { roles { role } } }").await.status, 401);
        assert_eq!(service.missed_by_the_feed().await, Vec::<String>::new());
    });
}
