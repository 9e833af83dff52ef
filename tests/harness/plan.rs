//! What PostgreSQL does for a statement: its plan, with the rows that each step looked at. A statement is prepared and run as
//! often as it takes until PostgreSQL has settled on a plan for all values or on one for each, as it does for the service.

use sea_orm::sea_query::{ArrayType, PostgresQueryBuilder, QueryBuilder as _, Value};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, Statement, TransactionTrait as _};
use serde_json::Value as Json;

/// From the sixth time on PostgreSQL may take one plan for all values.
const TIMES: usize = 6;

/// A step of a plan that was carried out.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is done: `Seq Scan`, `Sort`.
    pub what: String,
    /// The table that is read, where one is.
    pub table: Option<String>,
    /// How many rows of the table were looked at, all times together.
    pub looked_at: f64,
    /// How many rows came in each time from the step before.
    pub came_in: f64,
}

/// The steps of a statement that reads; none where nothing is to be told of it.
pub async fn steps(db: &DatabaseConnection, statement: &Statement) -> Vec<Step> {
    let reads = ["SELECT", "WITH"].iter().any(|word| statement.sql.trim_start().starts_with(word));
    // A function that tells what there is to see has no plan of its own.
    if !reads || statement.sql.contains("FOR UPDATE") {
        return Vec::new();
    }
    let transaction = db.begin().await.expect("a transaction");
    let plan = settled(&transaction, statement).await;
    transaction.rollback().await.expect("an end");
    let mut steps = Vec::new();
    walk(&plan[0]["Plan"], &mut steps);
    steps
}

async fn settled(db: &DatabaseTransaction, statement: &Statement) -> Json {
    let values = statement.values.iter().flat_map(|values| &values.0);
    let (types, texts): (Vec<String>, Vec<String>) = values.map(typed).unzip();
    let listed = |list: &[String]| if list.is_empty() { String::new() } else { format!("({})", list.join(", ")) };
    let prepare = format!("PREPARE planned {} AS {}", listed(&types), statement.sql);
    db.execute_unprepared(&prepare).await.expect(&statement.sql);
    let explain = format!("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE planned {}", listed(&texts));
    let mut plan = Json::Null;
    for _ in 0..TIMES {
        let row = db.query_one_raw(Statement::from_string(sea_orm::DbBackend::Postgres, &explain)).await;
        plan = row.expect(&statement.sql).expect("a row").try_get_by_index(0).expect("a plan");
    }
    db.execute_unprepared("DEALLOCATE planned").await.expect("an end");
    plan
}

/// A value's type, as the service tells it, and the value as it is written.
fn typed(value: &Value) -> (String, String) {
    let name = match value {
        Value::Array(of, _) => format!("{}[]", of_array(of)),
        Value::Bool(_) => "boolean".to_owned(),
        Value::SmallInt(_) => "smallint".to_owned(),
        Value::Int(_) => "integer".to_owned(),
        Value::BigInt(_) | Value::BigUnsigned(_) | Value::Unsigned(_) => "bigint".to_owned(),
        Value::Double(_) => "double precision".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Bytes(_) => "bytea".to_owned(),
        Value::Json(_) => "jsonb".to_owned(),
        Value::ChronoDate(_) => "date".to_owned(),
        Value::ChronoDateTimeUtc(_) => "timestamptz".to_owned(),
        Value::Uuid(_) => "uuid".to_owned(),
        other => panic!("a value of a type that no statement has had so far: {other:?}"),
    };
    let text = PostgresQueryBuilder.value_to_string(value);
    let text = format!("{text}::{name}");
    (name, text)
}

fn of_array(of: &ArrayType) -> &'static str {
    match of {
        ArrayType::SmallInt => "smallint",
        ArrayType::Int => "integer",
        ArrayType::BigInt => "bigint",
        ArrayType::String => "text",
        ArrayType::Uuid => "uuid",
        other => panic!("a list of a type that no statement has had so far: {other:?}"),
    }
}

fn walk(node: &Json, steps: &mut Vec<Step>) {
    let number = |node: &Json, name: &str| node[name].as_f64().unwrap_or_default();
    let times = number(node, "Actual Loops");
    // What was never come to costs nothing.
    if times <= 0.0 {
        return;
    }
    let removed = ["Rows Removed by Filter", "Rows Removed by Index Recheck"];
    let looked_at = number(node, "Actual Rows") + removed.iter().map(|name| number(node, name)).sum::<f64>();
    let nothing = Vec::new();
    let before = node["Plans"].as_array().unwrap_or(&nothing);
    let outer = before.iter().find(|plan| plan["Parent Relationship"] == "Outer");
    let table = node["Relation Name"].as_str().map(str::to_owned);
    steps.push(Step {
        what: node["Node Type"].as_str().unwrap_or_default().to_owned(),
        looked_at: if table.is_some() { looked_at * times } else { 0.0 },
        table,
        came_in: outer.map_or(0.0, |outer| number(outer, "Actual Rows") * number(outer, "Actual Loops") / times),
    });
    for plan in before {
        walk(plan, steps);
    }
}
