//! The floor: for each operation one prepared statement on the product's own tables, whose JSON is passed through, behind
//! a bare HTTP handler. No policy beyond what the answer takes, no GraphQL, no validation. And answers of a given length
//! from memory, by the same HTTP stack as the product's: what a kept answer costs at the very least.
//!
//! `floor FOLDER_OF_SOCKET DATABASE PORT`

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, NoTls, Statement};
use uuid::Uuid;

/// As many as there are clients in a measurement.
const CONNECTIONS: usize = 16;

/// What each operation takes, and its statement.
const OPERATIONS: [(&str, &[Type], &str); 7] = [
    ("q1", &[Type::UUID], include_str!("../sql/q1.sql")),
    ("q2", &[], include_str!("../sql/q2.sql")),
    ("q3", &[Type::UUID], include_str!("../sql/q3.sql")),
    ("q4", &[Type::UUID], include_str!("../sql/q4.sql")),
    ("q5", &[Type::TEXT], include_str!("../sql/q5.sql")),
    ("q6", &[Type::UUID], include_str!("../sql/q6.sql")),
    ("m1", &[Type::UUID, Type::UUID, Type::TEXT, Type::TEXT], include_str!("../sql/m1.sql")),
];

/// A connection with all statements prepared.
struct Connection {
    client: Client,
    statements: Vec<Statement>,
}

struct Floor {
    connections: Vec<Connection>,
    next: AtomicUsize,
    letters: Bytes,
}

#[derive(Deserialize)]
struct Asked {
    id: Option<Uuid>,
    convening: Option<Uuid>,
    prefix: Option<String>,
    slug: Option<String>,
    title: Option<String>,
}

impl Floor {
    async fn open(folder: &str, database: &str) -> Result<Self, tokio_postgres::Error> {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let address = format!("host={folder} user=postgres dbname={database}");
            let (client, connection) = tokio_postgres::connect(&address, NoTls).await?;
            tokio::spawn(connection);
            let mut statements = Vec::new();
            for (_, types, sql) in OPERATIONS {
                statements.push(client.prepare_typed(sql, types).await?);
            }
            connections.push(Connection { client, statements });
        }
        Ok(Self { connections, next: AtomicUsize::new(0), letters: Bytes::from(vec![b'x'; 1 << 20]) })
    }

    async fn answer(&self, operation: &str, asked: &Asked) -> Result<Option<String>, tokio_postgres::Error> {
        let Some(place) = OPERATIONS.iter().position(|(name, ..)| *name == operation) else { return Ok(None) };
        let connection = &self.connections[self.next.fetch_add(1, Ordering::Relaxed) % CONNECTIONS];
        let values: Vec<&(dyn ToSql + Sync)> = match operation {
            "q2" => Vec::new(),
            "q5" => vec![&asked.prefix],
            "m1" => vec![&asked.id, &asked.convening, &asked.slug, &asked.title],
            _ => vec![&asked.id],
        };
        let row = connection.client.query_one(&connection.statements[place], &values).await?;
        row.try_get(0).map(Some)
    }
}

async fn answer(State(floor): State<Arc<Floor>>, Path(operation): Path<String>, Query(asked): Query<Asked>) -> Response {
    match floor.answer(&operation, &asked).await {
        Ok(Some(body)) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// So many letters, whatever was sent; what was sent is read, as it is by whoever answers it.
async fn letters(State(floor): State<Arc<Floor>>, Path(length): Path<usize>, _sent: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], floor.letters.slice(..length.min(1 << 20))).into_response()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, folder, database, port] = arguments.as_slice() else { return Err("floor FOLDER DATABASE PORT".into()) };
    let floor = Arc::new(Floor::open(folder, database).await?);
    let router = Router::new()
        .route("/static/{length}", post(letters))
        .route("/{operation}", get(answer).post(answer))
        .with_state(floor);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    axum::serve(axum::serve::ListenerExt::tap_io(listener, |tcp| drop(tcp.set_nodelay(true))), router).await?;
    Ok(())
}
