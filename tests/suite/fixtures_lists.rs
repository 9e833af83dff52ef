//! Every list that is read by the page, with many rows that are alike in nearly everything.

use crate::fixtures_many::Many;
use lmi::auth::Role;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};
use tests::Service;

/// Rows in each list; no page size divides it.
pub(crate) const ROWS: usize = 11;

/// A list that is read by the page.
#[derive(Clone, Debug)]
pub(crate) struct List {
    /// A document whose `PAGE` stands for the paging arguments and `ROWS` for what is selected of the connection.
    pub(crate) document: String,
    /// Where in the answer the connection is.
    pub(crate) at: &'static str,
    /// What tells a row from the others: a selection, and where its value is.
    who: (&'static str, &'static str),
    /// The same rows in their order, read by an SQL statement of its own.
    sql: String,
}

/// One page of a list.
pub(crate) struct Page {
    pub(crate) rows: Vec<Value>,
    pub(crate) cursors: Vec<String>,
    pub(crate) has_next: bool,
    pub(crate) has_previous: bool,
    pub(crate) total: Value,
}

impl List {
    fn new(document: &str, at: &'static str, who: (&'static str, &'static str), sql: &str) -> Self {
        Self { document: document.to_owned(), at, who, sql: sql.to_owned() }
    }

    pub(crate) fn document(&self, arguments: &str) -> String {
        let rows = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } \
                    edges { cursor node { id WHO } } nodes { id }";
        self.document.replace("ROWS", &rows.replace("WHO", self.who.0)).replace("PAGE", arguments)
    }

    pub(crate) async fn page(&self, service: &Service, arguments: &str) -> Page {
        let connection = service.ask(&self.document(arguments)).await.at(self.at);
        let edges = connection["edges"].as_array().expect("edges").clone();
        let ids: Vec<_> = edges.iter().map(|edge| json!({ "id": edge["node"]["id"] })).collect();
        assert_eq!(connection["nodes"], Value::from(ids), "the nodes are those of the edges");
        let cursors: Vec<String> =
            edges.iter().map(|edge| edge["cursor"].as_str().expect("a cursor").to_owned()).collect();
        let info = &connection["pageInfo"];
        assert_eq!(info["startCursor"].as_str(), cursors.first().map(String::as_str));
        assert_eq!(info["endCursor"].as_str(), cursors.last().map(String::as_str));
        Page {
            rows: edges.iter().map(|edge| edge["node"].pointer(self.who.1).expect("a name").clone()).collect(),
            cursors,
            has_next: info["hasNextPage"] == true,
            has_previous: info["hasPreviousPage"] == true,
            total: connection["totalCount"].clone(),
        }
    }

    /// All rows by pages of a size, from the start or from the end; in the list's order either way.
    pub(crate) async fn walk(&self, service: &Service, size: usize, from_end: bool) -> Vec<Value> {
        let (mut rows, mut cursor): (Vec<Value>, Option<String>) = (Vec::new(), None);
        loop {
            let page = self.page(service, &arguments(size, from_end, cursor.as_deref())).await;
            assert_eq!(page.total, ROWS, "the count is the list's and not the page's");
            let (more, before) =
                if from_end { (page.has_previous, page.has_next) } else { (page.has_next, page.has_previous) };
            assert_eq!(before, cursor.is_some(), "what is behind a page is known");
            if from_end {
                rows.splice(0..0, page.rows);
                cursor = page.cursors.first().cloned();
            } else {
                rows.extend(page.rows);
                cursor = page.cursors.last().cloned();
            }
            assert_eq!(more, rows.len() < ROWS, "there is more until all rows were there");
            if !more {
                return rows;
            }
        }
    }

    pub(crate) async fn expected(&self, service: &Service) -> Vec<Value> {
        let rows = service.db.query_all_raw(Statement::from_string(DbBackend::Postgres, self.sql.clone())).await;
        let rows = rows.expect("a statement that the database takes");
        rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a text").into()).collect()
    }
}

fn arguments(size: usize, from_end: bool, cursor: Option<&str>) -> String {
    let (rows, place) = if from_end { ("last", "before") } else { ("first", "after") };
    let place = cursor.map_or_else(String::new, |cursor| format!(", {place}: \"{cursor}\""));
    format!("{rows}: {size}{place}")
}

/// Root lists under each of their orders and in both directions.
pub(crate) fn ordered() -> Vec<List> {
    const NAME: &str = "lower(unaccent(name)) COLLATE \"C\"";
    const TITLE: &str = "lower(unaccent(title)) COLLATE \"C\"";
    let orders = [
        (
            "organizations",
            "organization",
            vec![("NAME", NAME), ("CREATED_AT", "created_at"), ("UPDATED_AT", "updated_at")],
        ),
        (
            "districts",
            "district",
            vec![
                ("NAME", NAME),
                ("COUNTY", "(SELECT c.cds_county_code FROM county c WHERE c.id = county_id) WAY NULLS FAR, NAME"),
                ("ENROLLMENT", "enrollment WAY NULLS LAST, NAME"),
                ("UPDATED_AT", "updated_at"),
            ],
        ),
        ("people", "person", vec![("NAME", NAME), ("UPDATED_AT", "updated_at")]),
        (
            "convenings",
            "convening",
            vec![("STARTS_ON", "starts_on WAY, TITLE"), ("TITLE", TITLE), ("UPDATED_AT", "updated_at")],
        ),
    ];
    let mut lists = Vec::new();
    for (field, table, orders) in orders {
        let at: &'static str = match field {
            "organizations" => "/organizations",
            "districts" => "/districts",
            "people" => "/people",
            _ => "/convenings",
        };
        for (order, sql) in orders {
            for (way, far) in [("ASC", "LAST"), ("DESC", "FIRST")] {
                let sql = sql.replace("NAME", NAME).replace("TITLE", TITLE).replace("WAY", way).replace("FAR", far);
                lists.push(List::new(
                    &format!("{{ {field}(orderBy: {{field: {order}, direction: {way}}}, PAGE) {{ ROWS }} }}"),
                    at,
                    ("slug", "/slug"),
                    &format!("SELECT slug::text FROM {table} ORDER BY {sql} {way}, id {way}"),
                ));
            }
        }
    }
    lists
}

/// Lists in their one order, at the root and under a parent.
fn nested() -> Vec<List> {
    const SLUG: (&str, &str) = ("slug", "/slug");
    let affiliations = "FROM affiliation a JOIN person p ON p.id = person_id \
                        LEFT JOIN organization o ON o.id = organization_id \
                        LEFT JOIN district d ON d.id = district_id";
    let since = "ORDER BY coalesce(starts_on, stated_on) NULLS LAST, a.id";
    let team = "FROM team t JOIN district d ON d.id = district_id JOIN convening c ON c.id = convening_id";
    vec![
        List::new(
            "{ teams(filter: {status: ATTENDED, convening: CONVENING}, PAGE) { ROWS } }",
            "/teams",
            ("district { slug }", "/district/slug"),
            &format!("SELECT d.slug::text {team} WHERE c.slug = 'convening-00' ORDER BY d.sort_name, d.id, t.id"),
        ),
        List::new(
            "{ organization(by: {slug: \"organization-00\"}) { affiliations(PAGE) { ROWS } } }",
            "/organization/affiliations",
            ("person { slug }", "/person/slug"),
            &format!("SELECT p.slug::text {affiliations} WHERE o.slug = 'organization-00' {since}"),
        ),
        List::new(
            "{ district(by: {slug: \"district-00\"}) { affiliations(PAGE) { ROWS } } }",
            "/district/affiliations",
            ("person { slug }", "/person/slug"),
            &format!("SELECT p.slug::text {affiliations} WHERE d.slug = 'district-00' {since}"),
        ),
        List::new(
            "{ person(by: {slug: \"person-00\"}) { affiliations(PAGE, asOf: null) { ROWS } } }",
            "/person/affiliations",
            ("title", "/title"),
            &format!("SELECT a.title::text {affiliations} WHERE p.slug = 'person-00' {since}"),
        ),
        List::new(
            "{ organization(by: {slug: \"organization-00\"}) { sponsorships(PAGE) { ROWS } } }",
            "/organization/sponsorships",
            ("convening { slug }", "/convening/slug"),
            "SELECT c.slug::text FROM sponsorship s JOIN convening c ON c.id = convening_id \
             ORDER BY c.starts_on DESC, c.id DESC, \
             array_position(ARRAY['organizer', 'host', 'co_sponsor', 'core_funder', 'funder', 'partner'], role) DESC, \
             s.id DESC",
        ),
        List::new(
            "{ district(by: {slug: \"district-00\"}) { teams(PAGE) { ROWS } } }",
            "/district/teams",
            ("convening { slug }", "/convening/slug"),
            &format!(
                "SELECT c.slug::text {team} WHERE d.slug = 'district-00' ORDER BY c.starts_on DESC, c.id DESC, t.id DESC"
            ),
        ),
        List::new(
            "{ person(by: {slug: \"person-00\"}) { appearances(PAGE) { ROWS } } }",
            "/person/appearances",
            ("nameAsShown", "/nameAsShown"),
            "SELECT name_as_shown::text FROM speaker s JOIN session ON session.id = session_id \
             ORDER BY date NULLS LAST, session.id, s.id",
        ),
        List::new(
            "{ convening(by: {slug: \"convening-00\"}) { sessions(PAGE) { ROWS } } }",
            "/convening/sessions",
            SLUG,
            "SELECT slug::text FROM session \
             ORDER BY date NULLS LAST, number NULLS LAST, lower(unaccent(title)) COLLATE \"C\", id",
        ),
        List::new(
            "{ convening(by: {slug: \"convening-00\"}) { delegations(PAGE) { ROWS } } }",
            "/convening/delegations",
            ("organization { slug }", "/organization/slug"),
            "SELECT o.slug::text FROM delegation d JOIN organization o ON o.id = organization_id \
             ORDER BY o.sort_name, o.id, d.id",
        ),
        List::new(
            "{ convening(by: {slug: \"convening-00\"}) { teams(PAGE) { ROWS } } }",
            "/convening/teams",
            ("district { slug }", "/district/slug"),
            &format!("SELECT d.slug::text {team} WHERE c.slug = 'convening-00' ORDER BY d.sort_name, d.id, t.id"),
        ),
        List::new(
            "{ convening(by: {slug: \"convening-00\"}) { teams(filter: {district: DISTRICT}) { nodes { \
             members(PAGE) { ROWS } } } } }",
            "/convening/teams/nodes/0/members",
            ("person { slug }", "/person/slug"),
            "SELECT p.slug::text FROM team_member m JOIN person p ON p.id = person_id ORDER BY seat_rank, m.id",
        ),
    ]
}

/// Every list, over rows that are alike in nearly everything.
pub(crate) async fn lists(service: &Service) -> (Service, Vec<List>) {
    Many::fill(&service.db, ROWS).await;
    let service = service.as_role(Role::Staff);
    let answer = service
        .ask("{ convening(by: {slug: \"convening-00\"}) { id } district(by: {slug: \"district-00\"}) { id } }")
        .await;
    let mut lists = ordered();
    lists.extend(nested());
    for list in &mut lists {
        let document = list.document.replace("CONVENING", &answer.at("/convening/id").to_string());
        list.document = document.replace("DISTRICT", &answer.at("/district/id").to_string());
    }
    (service, lists)
}
