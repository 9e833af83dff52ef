//! What is said over a socket.

use crate::http::front::Sent;
use crate::http::sent::Parameters;
use async_graphql::{Response, ServerError};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Said {
    /// Who it is.
    ConnectionInit { payload: Option<Map<String, Value>> },
    Ping {
        #[expect(dead_code, reason = "what comes with it is nothing to us, but it must be an object")]
        payload: Option<Map<String, Value>>,
    },
    Pong {
        #[expect(dead_code, reason = "what comes with it is nothing to us, but it must be an object")]
        payload: Option<Map<String, Value>>,
    },
    /// An operation, under a name of the client's own.
    Subscribe {
        id: String,
        #[serde(deserialize_with = "object")]
        payload: Box<Sent>,
    },
    /// It does not want more of an operation.
    Complete { id: String },
}

impl Said {
    /// Reads a message; nothing where it is none of the protocol.
    pub(super) fn read(text: &str) -> Option<Self> {
        // A list would be taken for the fields of a message, in their order.
        if text.trim_ascii_start().starts_with('{') { serde_json::from_str(text).ok() } else { None }
    }
}

/// An operation that is an object, and not a list of its fields.
fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<Sent>, D::Error> {
    let fields = Map::deserialize(deserializer)?;
    let parameters: Parameters = serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom)?;
    parameters.sent().map(Box::new).map_err(|unread| D::Error::custom(format_args!("{unread:?}")))
}

/// What the service says.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Say<'a> {
    ConnectionAck,
    Pong,
    Next { id: &'a str, payload: &'a Response },
    Error { id: &'a str, payload: &'a [ServerError] },
    Complete { id: &'a str },
}

impl Say<'_> {
    /// The message as it is sent.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|error| {
            tracing::error!(%error, "a message has no JSON form");
            String::new()
        })
    }
}
