//! Documents that a request names instead of carrying them: by the hash of one that was sent before (automatic persisted
//! queries), or by the id under which it is registered (trusted documents).

use super::documents::{Documents, Hash, Known};
use super::fault::one;
use crate::graphql::code;
use async_graphql::{Request, ServerError, Value};
use std::sync::Arc;

/// The name of the extension that carries the hash.
const PERSISTED_QUERY: &str = "persistedQuery";
/// The one version of it that there is.
const VERSION: i64 = 1;
/// What begins an id that is a hash.
const SHA256: &str = "sha256:";
/// The words by which clients know that they have to send the document once.
const NOT_FOUND: &str = "PersistedQueryNotFound";

/// How a document is asked for.
pub(super) struct Asked<'a> {
    /// The id under which it is registered, where it is named by one.
    pub(super) document_id: Option<&'a str>,
    /// Whether whoever asks is told what may have been meant by a name that the schema does not have.
    pub(super) suggests: bool,
}

/// The document that a request carries or names, and whether it is a registered one.
pub(super) fn find(
    documents: &Documents,
    request: &Request,
    asked: &Asked<'_>,
) -> Result<(Arc<Known>, bool), Vec<ServerError>> {
    let text = &request.query;
    if let Some(id) = asked.document_id {
        if !text.is_empty() {
            let message = "Send either `query` or `documentId`.";
            return Err(one(message, code::BAD_USER_INPUT));
        }
        let registered = documents.trusted().by_id(id);
        let registered = registered.or_else(|| documents.trusted().by_hash(&hash(id.strip_prefix(SHA256)?)?));
        let message = if documents.trusted().only {
            "No document is registered here under this `documentId`, and no others are run. Ask for it to be registered."
        } else {
            "No document is registered here under this `documentId`. Send the document itself as `query`."
        };
        return Ok((registered.ok_or_else(|| one(message, code::PERSISTED_QUERY_NOT_FOUND))?, true));
    }
    let known = match (named(request)?, text.is_empty()) {
        (None, _) => documents.read(text, asked.suggests)?,
        (Some(hash), true) => documents.known(&hash).ok_or_else(|| one(NOT_FOUND, code::PERSISTED_QUERY_NOT_FOUND))?,
        (Some(hash), false) if hash == documents.hash_of(text) => documents.read(text, asked.suggests)?,
        (Some(_), false) => {
            let message = "The hash in `extensions.persistedQuery` is not the SHA-256 of `query`.";
            return Err(one(message, code::BAD_USER_INPUT));
        }
    };
    let is_registered = documents.trusted().holds(&known);
    Ok((known, is_registered))
}

/// The hash that a request names.
fn named(request: &Request) -> Result<Option<Hash>, Vec<ServerError>> {
    let Some(given) = request.extensions.0.get(PERSISTED_QUERY).filter(|given| **given != Value::Null) else {
        return Ok(None);
    };
    let Value::Object(fields) = given else { return Err(unreadable()) };
    match (fields.get("version"), fields.get("sha256Hash")) {
        (Some(Value::Number(version)), Some(Value::String(text))) if version.as_i64() == Some(VERSION) => {
            hash(text).map(Some).ok_or_else(unreadable)
        }
        _ => Err(unreadable()),
    }
}

fn unreadable() -> Vec<ServerError> {
    let message = "`extensions.persistedQuery` is `{version: 1, sha256Hash: …}`, the hash as 64 hexadecimal digits.";
    one(message, code::BAD_USER_INPUT)
}

/// A hash as it is written.
fn hash(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    let digits = text.as_bytes();
    if digits.len() != 2 * hash.len() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, two) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::super::documents::hash_of;
    use super::*;

    #[test]
    fn a_hash_is_64_digits() {
        let text = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
        assert_eq!(hash(text), Some(hash_of("{__typename}")));
        assert_eq!(hash(&text.to_uppercase()), Some(hash_of("{__typename}")));
        for wrong in ["", "+f", &text[1..], &format!("{text}0"), &text.replace('e', "+"), &text.replace('e', "é")] {
            assert_eq!(hash(wrong), None, "{wrong}");
        }
    }
}
