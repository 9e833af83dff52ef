//! Documents that were read, kept by the hash of their text: whoever sends one again waits neither for the parser nor for
//! the validator, and not for the hash either, which of a text that is known is known.

use super::bounds::Bounds;
use super::convert::to_engine;
use super::cost::Price;
use super::fault::{invalid, one, unreadable};
use super::trusted::{Manifest, Trusted};
use super::{cost, literals};
use crate::graphql::code;
use crate::http::Limits;
use crate::schema;
use apollo_compiler::ast::OperationType as Kind;
use apollo_compiler::executable;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node, Schema};
use async_graphql::ServerError;
use async_graphql::parser::types::{ExecutableDocument as EngineDocument, OperationType};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// The SHA-256 of a document's text.
pub(super) type Hash = [u8; 32];

/// Tokens of all documents that are kept, at most: fifty of the longest, or thousands of ordinary ones.
const KEPT_TOKENS: u64 = 250_000;
/// Bytes of a text that take as much room as a token of the tree.
const LETTERS: usize = 200;
/// Operations of a document that are named where another is asked for.
const NAMED: usize = 20;
/// Documents that room is made for from the beginning.
const EXPECTED: usize = 1_000;
/// Bytes of all texts whose hashes are known, at most.
const KNOWN_TEXTS: u64 = 4 * 1024 * 1024;
/// Bytes that stand around a text.
const AROUND: usize = 128;

/// What the schema's own description says besides, which the validator does not know yet.
const ONE_OF: &str = "extend type __Type { isOneOf: Boolean }";

/// The schema as the validator has it.
static SCHEMA: LazyLock<Result<Valid<Schema>, String>> = LazyLock::new(|| {
    let schema = schema::served_sdl() + ONE_OF;
    Schema::parse_and_validate(schema, "schema.graphql").map_err(|faults| faults.to_string())
});

/// The documents that were read lately.
pub struct Documents {
    schema: &'static Valid<Schema>,
    bounds: Bounds,
    kept: Cache<Hash, Arc<Known>, ByTokens>,
    hashes: Cache<Arc<str>, Hash, ByLength>,
    trusted: Trusted,
}

/// A document within bounds, valid, with what was found out about it.
pub(super) struct Known {
    /// As the engine takes it.
    pub(super) engine: EngineDocument,
    /// Its operations.
    pub(super) operations: Vec<Operation>,
    /// Whether it asks for the schema's own description.
    pub(super) asks_for_schema: bool,
    /// Its text, and the hash of it.
    pub(super) text: Arc<str>,
    pub(super) hash: Hash,
    tokens: usize,
}

/// An operation of a document.
pub(super) struct Operation {
    pub(super) name: Option<String>,
    pub(super) does: OperationType,
    pub(super) variables: Vec<Node<executable::VariableDefinition>>,
    /// What it costs, as far as that is known without its variables.
    pub(super) prices: Vec<Price>,
    /// The names of its root fields, fragments written out.
    pub(super) root_fields: BTreeSet<String>,
}

#[derive(Clone)]
struct ByTokens;

impl Weighter<Hash, Arc<Known>> for ByTokens {
    fn weight(&self, _: &Hash, known: &Arc<Known>) -> u64 {
        known.tokens.max(known.text.len() / LETTERS) as u64
    }
}

#[derive(Clone)]
struct ByLength;

impl Weighter<Arc<str>, Hash> for ByLength {
    fn weight(&self, text: &Arc<str>, _: &Hash) -> u64 {
        (text.len() + AROUND) as u64
    }
}

impl Documents {
    /// Those that are registered, and room for others, all within these limits.
    pub fn new(registered: Manifest, limits: &Limits) -> anyhow::Result<Self> {
        let schema = SCHEMA.as_ref().map_err(|faults| anyhow::anyhow!("the schema is not valid: {faults}"))?;
        let kept = Cache::with_weighter(EXPECTED, KEPT_TOKENS, ByTokens);
        let hashes = Cache::with_weighter(EXPECTED, KNOWN_TEXTS, ByLength);
        let (bounds, trusted) = (limits.document, Trusted::default());
        let documents = Self { schema, bounds, kept, hashes, trusted };
        let trusted = Trusted::of(registered, &documents)?;
        Ok(Self { trusted, ..documents })
    }

    pub(super) fn schema(&self) -> &'static Valid<Schema> {
        self.schema
    }

    pub(super) fn trusted(&self) -> &Trusted {
        &self.trusted
    }

    /// The document of a text with this hash, where it is registered or was read lately.
    pub(super) fn known(&self, hash: &Hash) -> Option<Arc<Known>> {
        self.trusted.by_hash(hash).or_else(|| self.kept.get(hash))
    }

    /// Whether the document of a text is registered or was read lately.
    pub(super) fn holds(&self, text: &str) -> bool {
        self.known(&self.hash_of(text)).is_some()
    }

    /// The hash by which a text is known.
    pub(super) fn hash_of(&self, text: &str) -> Hash {
        self.hashes.get(text).unwrap_or_else(|| hash_of(text))
    }

    /// The document of this text: the one that is known, or read now. `suggests` says whether a refusal tells what may have been
    /// meant by a name that the schema does not have.
    pub(super) fn read(&self, text: &str, suggests: bool) -> Result<Arc<Known>, Vec<ServerError>> {
        if let Some(known) = self.hashes.get(text).and_then(|hash| self.known(&hash)) {
            return Ok(known);
        }
        let hash = hash_of(text);
        let known = if let Some(known) = self.known(&hash) {
            known
        } else {
            let known = Arc::new(self.parse(text, hash, suggests)?);
            self.kept.insert(hash, Arc::clone(&known));
            known
        };
        // Of documents alone: of what is none, nothing is remembered.
        self.hashes.insert(Arc::clone(&known.text), hash);
        Ok(known)
    }

    fn parse(&self, text: &str, hash: Hash, suggests: bool) -> Result<Known, Vec<ServerError>> {
        let tokens = self.bounds.check_text(text).map_err(|error| vec![error])?;
        let parsed = Parser::new().parse_ast(text, "document");
        let document = parsed.map_err(|faults| unreadable(&faults.errors))?;
        if document.definitions.is_empty() {
            return Err(one(
                "The document is empty. Send a query, as in { regions { number } }.",
                code::GRAPHQL_PARSE_FAILED,
            ));
        }
        self.bounds.check(&document).map_err(|error| vec![error])?;
        let valid = document.to_executable_validate(self.schema);
        let valid = valid.map_err(|faults| invalid(&faults.errors, suggests.then_some(self.schema)))?;
        literals::check(self.schema, &valid)?;
        let operations = valid.operations.iter().map(|operation| Operation::of(operation, &valid, self.schema));
        Ok(Known {
            operations: operations.collect(),
            engine: to_engine(&document, text)?,
            asks_for_schema: asks_for_schema(&valid),
            text: text.into(),
            hash,
            tokens,
        })
    }
}

impl Known {
    /// The operation that a request asks for, and its place.
    pub(super) fn operation(&self, name: Option<&str>) -> Result<(usize, &Operation), Vec<ServerError>> {
        let mut operations = self.operations.iter().enumerate();
        let found = match name {
            Some(name) => operations.find(|(_, operation)| operation.name.as_deref() == Some(name)),
            None if self.operations.len() == 1 => operations.next(),
            None => None,
        };
        found.ok_or_else(|| {
            let names = self.operations.iter().filter_map(|operation| operation.name.as_deref());
            // As long as somebody makes them, and as many.
            let names = names.take(NAMED).map(|name| format!("{name:.100}")).collect::<Vec<_>>().join(", ");
            let message = match name {
                Some(name) => format!("The document has no operation `{name:.100}`; it has {names}."),
                None => format!("Say by `operationName` which operation is meant: {names}."),
            };
            one(message, code::GRAPHQL_VALIDATION_FAILED)
        })
    }
}

impl Operation {
    fn of(operation: &executable::Operation, document: &ExecutableDocument, schema: &Schema) -> Self {
        Self {
            name: operation.name.as_ref().map(ToString::to_string),
            does: match operation.operation_type {
                Kind::Query => OperationType::Query,
                Kind::Mutation => OperationType::Mutation,
                Kind::Subscription => OperationType::Subscription,
            },
            variables: operation.variables.clone(),
            prices: cost::prices(schema, document, &operation.selection_set),
            root_fields: operation.root_fields(document).map(|field| field.name.to_string()).collect(),
        }
    }
}

/// The SHA-256 of a text.
pub(super) fn hash_of(text: &str) -> Hash {
    Sha256::digest(text).into()
}

fn asks_for_schema(document: &ExecutableDocument) -> bool {
    let mut fields = document.operations.iter().flat_map(|operation| operation.root_fields(document));
    fields.any(|field| ["__schema", "__type"].contains(&field.name.as_str()))
}

impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Documents").field("kept", &self.kept.len()).finish_non_exhaustive()
    }
}
