//! The service behind PgBouncer, which gives each transaction another session.

use crate::kept_answers::kept;
use crate::program::{DataFolder, ended};
use futures_util::future::join_all;
use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Node, Pooler, SETTINGS, Service, with_servers};

const MEGABYTE: u64 = 1024 * 1024;
const NAMES: &str = "{ organizations(first: 50, orderBy: {field: NAME}) { nodes { name } } }";
const CREATE: &str = "mutation ($name: String!) { createOrganization(input: {name: $name, kind: OTHER}) {
    organization { name history(first: 1) { nodes { action } } } userErrors { message } } }";

async fn create(service: &Service, name: &str) {
    let answer = service.as_role(Role::Staff).ask_with(CREATE, &json!({ "name": name })).await;
    assert_eq!(answer.at("/createOrganization/organization/name"), name, "{}", answer.text);
}

#[test]
#[ignore = "takes PgBouncer 1.21 or later, as the program `pgbouncer`"]
fn everything_works_through_a_pooler() {
    with_servers(async || {
        let server = Node::primary().await;
        server.migrate().await;
        let pooler = Pooler::before(&server, SETTINGS, 200);
        let instance = async || server.instance(&server.url(), Some(&pooler.url()), None).await.keeping(MEGABYTE);
        let instances = [instance().await, instance().await];
        // More at once than there are sessions, and more kinds of statements than one.
        let turns = |number: usize| (instances[number % 2].clone(), instances[(number + 1) % 2].clone());
        join_all((0..40).map(|number| (number, turns(number))).map(|(number, (writer, reader))| async move {
            let name = format!("Example {number:02}");
            create(&writer, &name).await;
            let search =
                format!("{{ organizations(filter: {{search: \"exampel {number:02}\"}}) {{ nodes {{ name }} }} }}");
            let staff = reader.as_role(Role::Staff);
            let (found, all) = (staff.ask(&search).await, staff.ask(NAMES).await);
            assert!(found.text.contains(&name), "a typo is forgiven: {}", found.text);
            assert!(all.text.contains(&name), "{}", all.text);
        }))
        .await;
        // What one writes, the other hears of.
        for number in 40..45 {
            let before = kept(&instances[1], NAMES).await;
            create(&instances[0], &format!("Example {number}")).await;
            while instances[1].ask(NAMES).await.text == before.text {}
        }
        let (_, statements) = instances[0].counted(NAMES, &Value::Null).await;
        assert!(statements <= 1);
    });
}

#[test]
#[ignore = "takes PgBouncer 1.21 or later, as the program `pgbouncer`"]
fn a_pooler_that_lacks_something_is_refused_with_what_it_lacks() {
    with_servers(async || {
        let server = Node::primary().await;
        let folder = DataFolder::new();
        let told = |pooler: &Pooler, direct: bool| {
            let mut program = folder.lmi();
            program.arg("serve").env("DATABASE_URL", pooler.url()).env("LMI_LOG", "off");
            if direct {
                program.env("DATABASE_DIRECT_URL", server.url());
            }
            ended(program).refused(1)
        };
        let direct = told(&Pooler::before(&server, SETTINGS, 200), false);
        assert!(direct.contains("name the servers behind it by DATABASE_DIRECT_URL"), "{direct}");
        let settings = told(&Pooler::before(&server, "", 200), true);
        assert!(settings.contains(SETTINGS), "{settings}");
        let statements = told(&Pooler::before(&server, SETTINGS, 0), true);
        assert!(statements.contains("max_prepared_statements"), "{statements}");
    });
}
