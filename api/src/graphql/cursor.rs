//! Cursors: the sort keys of one row, opaque, and bound to the order that they came from.

use super::tree::{Key, KeyValue};
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// What a cursor holds.
#[derive(Serialize, Deserialize)]
struct Position {
    /// Which list in which order.
    #[serde(rename = "o")]
    order: String,
    /// The row's sort keys, the last of which no two rows share.
    #[serde(rename = "k")]
    keys: Vec<KeyValue>,
}

/// The cursor of a row.
pub(crate) fn encode(order: &str, keys: Vec<KeyValue>) -> String {
    let position = Position { order: order.to_owned(), keys };
    // Strings and numbers always have a JSON form.
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&position).unwrap_or_default())
}

/// The sort keys in a cursor of this order.
pub(crate) fn decode(cursor: &str, order: &str, keys: &[Key]) -> Result<Vec<KeyValue>> {
    let malformed = || Error::bad_input("This is not a cursor of this service. Cursors come from a page's edges.");
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| malformed())?;
    let position: Position = serde_json::from_slice(&bytes).map_err(|_| malformed())?;
    if position.order != order || position.keys.len() != keys.len() {
        return Err(Error::bad_input(
            "This cursor comes from another list or another order. Start that list from its first page.",
        ));
    }
    let fits = keys.iter().zip(&position.keys).all(|(key, value)| key.takes(value));
    if fits { Ok(position.keys) } else { Err(malformed()) }
}
