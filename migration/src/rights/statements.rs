//! The rights of the table as statements.

use super::table::{FUNCTIONS, May, OF_TRIGGERS, Shown, TABLES, Table};
use super::{Relation, Roles, SHOWN, There};

/// A name as a statement has it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as a statement has it.
fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

fn decided(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

/// What was not decided on, and what was decided on and is not there.
pub(super) fn undecided(there: &There) -> Vec<String> {
    let tables = there.tables.iter().filter(|relation| decided(&relation.name).is_none());
    let known = |name: &str| FUNCTIONS.contains(&name) || OF_TRIGGERS.contains(&name);
    let functions = there.functions.iter().filter(|(name, _)| !known(name));
    let gone = TABLES.iter().filter(|table| there.tables.iter().all(|relation| relation.name != table.name));
    let columns = TABLES.iter().flat_map(|table| {
        let relation = there.tables.iter().find(|relation| relation.name == table.name);
        let named = table.secret.iter().chain(table.hidden);
        named.filter(move |column| {
            relation.is_some_and(|relation| !relation.columns.iter().any(|name| name == **column))
        })
    });
    (tables.map(|relation| relation.name.clone()))
        .chain(functions.map(|(_, signature)| signature.clone()))
        .chain(gone.map(|table| table.name.to_owned()))
        .chain(columns.map(|column| (*column).to_owned()))
        .collect()
}

/// Everything that gives these roles their rights.
pub(super) fn all(there: &There, roles: Roles<'_>) -> Vec<String> {
    let mut all = nobody_else(there);
    all.extend(shown(there));
    for role in std::iter::once(roles.service).chain(roles.public) {
        all.extend(nothing(there, role));
    }
    for relation in &there.tables {
        let Some(table) = decided(&relation.name) else { continue };
        all.extend(served(table, relation, there, roles.service));
        all.extend(guarded(table, relation, there, roles));
        if let Some(public) = roles.public {
            all.extend(given(table, there, public));
        }
    }
    if let Some(public) = roles.public {
        let public = quoted(public);
        all.push(format!("GRANT USAGE ON SCHEMA {SHOWN} TO {public}"));
        all.push(format!("GRANT EXECUTE ON FUNCTION {SHOWN}.agenda_events(uuid) TO {public}"));
    }
    let service = quoted(roles.service);
    let functions = there.functions.iter().filter(|(name, _)| FUNCTIONS.contains(&name.as_str()));
    all.extend(functions.map(|(_, signature)| format!("GRANT EXECUTE ON FUNCTION {signature} TO {service}")));
    all
}

/// What PostgreSQL gives everybody, and nobody needs. Where the schema or the database is another's, it says so and goes on.
fn nobody_else(there: &There) -> Vec<String> {
    let (schema, database, owner) = (quoted(&there.schema), quoted(&there.database), quoted(&there.owner));
    let mut all = vec![
        format!("REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"),
        // A table for the time being would stand before the one of its name, for whoever has the connection next.
        format!("GRANT TEMPORARY ON DATABASE {database} TO {owner}"),
        format!("REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"),
        format!("REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC"),
    ];
    let functions = there
        .functions
        .iter()
        .filter(|(name, _)| FUNCTIONS.contains(&name.as_str()) || OF_TRIGGERS.contains(&name.as_str()));
    all.extend(functions.map(|(_, signature)| format!("REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")));
    all
}

/// Takes everything from a role, so that it has what is given now.
fn nothing(there: &There, role: &str) -> [String; 5] {
    let (schema, role) = (quoted(&there.schema), quoted(role));
    [
        format!("REVOKE ALL ON ALL TABLES IN SCHEMA {schema}, {SHOWN} FROM {role}"),
        format!("REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role}"),
        format!("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema}, {SHOWN} FROM {role}"),
        format!("REVOKE ALL ON SCHEMA {schema}, {SHOWN} FROM {role}"),
        format!("GRANT USAGE ON SCHEMA {schema} TO {role}"),
    ]
}

/// What the service may do with a table.
fn served(table: &Table, relation: &Relation, there: &There, role: &str) -> Vec<String> {
    let (name, role) = (format!("{}.{}", quoted(&there.schema), quoted(table.name)), quoted(role));
    let readable = listed(relation.columns.iter().filter(|column| !table.secret.contains(&column.as_str())));
    let of_columns =
        |right: &str| if table.secret.is_empty() { right.to_owned() } else { format!("{right} ({readable})") };
    let (select, update) = (of_columns("SELECT"), of_columns("UPDATE"));
    let rights = match table.service {
        May::Edit => vec![select, update, "INSERT".to_owned(), "DELETE".to_owned()],
        May::Keep => vec![select, update, "INSERT".to_owned()],
        May::Add => vec![select, "INSERT".to_owned()],
        // Whoever holds a row must have the right to change some column of it; that none is changed is the policies' to see to.
        May::Hold => vec![select, format!("UPDATE ({})", listed(relation.columns.iter().take(1)))],
        May::Read => vec![select],
    };
    vec![format!("GRANT {} ON {name} TO {role}", rights.join(", "))]
}

/// Rows of a table that has anything private are for the service alone, whoever is given a right on the table by mistake.
fn guarded(table: &Table, relation: &Relation, there: &There, roles: Roles<'_>) -> Vec<String> {
    if !relation.is_table || (table.public == Shown::All && table.service != May::Hold) {
        return Vec::new();
    }
    let name = format!("{}.{}", quoted(&there.schema), quoted(table.name));
    let service = (roles.service, quoted(roles.service));
    let mut wanted = match table.service {
        May::Hold => vec![
            ("lmi_read", service.0, format!("FOR SELECT TO {} USING (true)", service.1)),
            ("lmi_hold", service.0, format!("FOR UPDATE TO {} USING (true) WITH CHECK (false)", service.1)),
        ],
        _ => vec![("lmi_service", service.0, format!("TO {} USING (true) WITH CHECK (true)", service.1))],
    };
    if let (Shown::All, Some(public)) = (table.public, roles.public) {
        wanted.push(("lmi_public", public, format!("FOR SELECT TO {} USING (true)", quoted(public))));
    }
    let is_there = |policy: &str, role: &str| {
        there.policies.iter().any(|(name, of)| *name == format!("{}.{policy}", table.name) && of == role)
    };
    // Each takes a lock that lets nobody else at the table: what stands is left alone.
    let mut all = Vec::new();
    if !relation.has_policies {
        all.push(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"));
    }
    for (policy, role, rest) in wanted.iter().filter(|(policy, role, _)| !is_there(policy, role)) {
        let _ = role;
        all.push(format!("DROP POLICY IF EXISTS {policy} ON {name}"));
        all.push(format!("CREATE POLICY {policy} ON {name} {rest}"));
    }
    let prefix = format!("{}.", table.name);
    let others = there.policies.iter().filter_map(|(name, _)| name.strip_prefix(&prefix));
    let others = others.filter(|policy| wanted.iter().all(|(wanted, _, _)| wanted != policy));
    all.extend(others.map(|policy| format!("DROP POLICY {} ON {name}", quoted(policy))));
    all
}

/// What the public may read: the views, and tables that are everybody's.
fn given(table: &Table, there: &There, role: &str) -> Option<String> {
    let schema = match table.public {
        Shown::Nothing => return None,
        Shown::All => quoted(&there.schema),
        Shown::NoRow | Shown::Where(_) => SHOWN.to_owned(),
    };
    Some(format!("GRANT SELECT ON {schema}.{} TO {}", quoted(table.name), quoted(role)))
}

/// The views of what is public. What is not is not there, or empty: statements that name it work, and find nothing.
fn shown(there: &There) -> Vec<String> {
    let mut all =
        vec![format!("CREATE SCHEMA IF NOT EXISTS {SHOWN}"), format!("REVOKE ALL ON SCHEMA {SHOWN} FROM PUBLIC")];
    for relation in &there.tables {
        let Some(table) = decided(&relation.name) else { continue };
        let condition = match table.public {
            Shown::Nothing | Shown::All => continue,
            Shown::NoRow => "false",
            Shown::Where(condition) => condition,
        };
        let columns = relation.columns.iter().zip(&relation.types).map(|(column, kind)| {
            if table.hidden.contains(&column.as_str()) {
                format!("NULL::{kind} AS {}", quoted(column))
            } else {
                format!("t.{}", quoted(column))
            }
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        let from = format!("{}.{}", quoted(&there.schema), quoted(table.name));
        let definition = format!("SELECT {columns} FROM {from} AS t WHERE {condition}");
        let view = format!("{SHOWN}.{}", quoted(table.name));
        if there.views.iter().any(|(name, made_of)| name == table.name && *made_of == definition) {
            continue;
        }
        all.push(format!("DROP VIEW IF EXISTS {view}"));
        all.push(format!("CREATE VIEW {view} AS {definition}"));
        all.push(format!("COMMENT ON VIEW {view} IS {}", text(&definition)));
    }
    all.extend(events(there));
    all
}

/// What calendars are told takes every release of an agenda, of which only the last is public: it is told, and they are not shown.
fn events(there: &There) -> [String; 2] {
    let schema = quoted(&there.schema);
    let name = format!("{SHOWN}.agenda_events(of_convening uuid)");
    let make = format!(
        "CREATE OR REPLACE FUNCTION {name} \
         RETURNS TABLE (of_slot boolean, id uuid, stands boolean, number integer, changed_at timestamptz) \
         LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$ \
           SELECT * FROM agenda_events(of_convening) \
           WHERE EXISTS (SELECT FROM convening AS c WHERE c.id = of_convening AND c.agenda_published) $$"
    );
    [make, format!("REVOKE ALL ON FUNCTION {SHOWN}.agenda_events(uuid) FROM PUBLIC")]
}
