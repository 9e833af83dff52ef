//! Every bound that can be set: its name, what it is of, what becomes of whoever goes past it.

use super::Limits;

/// One of the bounds.
pub(super) struct Limit {
    /// As it is set.
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    /// How whoever goes past it is refused.
    pub(super) beyond: &'static str,
    pub(super) unit: Unit,
    /// The least and the most that it may be set to.
    pub(super) range: (usize, usize),
    pub(super) of: fn(&mut Limits) -> &mut usize,
}

/// What a bound counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Things,
    Bytes,
    Seconds,
}

const REFUSED: &str = "`QUERY_LIMIT`";
const FULL: &str = "503 `UNAVAILABLE`, with `Retry-After`";
const KILO: usize = 1024;
const MANY: usize = 1_000_000;
/// Of the sixteen connections of the pool (`database/connect.rs`), those that are not needed to find out who asks.
const POOL: usize = 13;

/// A number of things in a document, which is refused where there are more.
const fn of_document(name: &'static str, what: &'static str, most: usize, of: fn(&mut Limits) -> &mut usize) -> Limit {
    Limit { name, what, beyond: REFUSED, unit: Unit::Things, range: (1, most), of }
}

const fn things(
    (name, what, beyond): (&'static str, &'static str, &'static str),
    range: (usize, usize),
    of: fn(&mut Limits) -> &mut usize,
) -> Limit {
    Limit { name, what, beyond, unit: Unit::Things, range, of }
}

const fn bytes(
    (name, what, beyond): (&'static str, &'static str, &'static str),
    range: (usize, usize),
    of: fn(&mut Limits) -> &mut usize,
) -> Limit {
    Limit { name, what, beyond, unit: Unit::Bytes, range, of }
}

const fn seconds(
    (name, what, beyond): (&'static str, &'static str, &'static str),
    of: fn(&mut Limits) -> &mut usize,
) -> Limit {
    Limit { name, what, beyond, unit: Unit::Seconds, range: (1, 600), of }
}

/// All of them, in the order in which a request meets them.
pub(super) const TABLE: &[Limit] = &[
    things(("connections", "connections at once", "closed at once"), (1, MANY), |of| &mut of.connections),
    things(
        ("connections-of-network", "the same from one network, unless it is a trusted proxy's", "closed at once"),
        (1, MANY),
        |of| &mut of.connections_of_network,
    ),
    things(("streams", "requests at once on a connection, by HTTP/2", "not taken yet"), (1, 10_000), |of| {
        &mut of.streams
    }),
    seconds(
        ("head-seconds", "the head of a request must come within, from when the connection is free for one", "closed"),
        |of| &mut of.head_seconds,
    ),
    bytes(("address", "an address", "414 `QUERY_LIMIT`"), (KILO, 64 * KILO), |of| &mut of.address),
    bytes(("headers", "headers, names and values", "431 `QUERY_LIMIT`"), (4 * KILO, 96 * KILO), |of| &mut of.headers),
    bytes(("body", "a body", "413 `QUERY_LIMIT`"), (KILO, 16 * KILO * KILO), |of| &mut of.body),
    seconds(("body-seconds", "a body must come within", "408 `TIMEOUT`, and closed"), |of| &mut of.body_seconds),
    seconds(("stalled-seconds", "something of an answer must be taken within", "closed"), |of| &mut of.stalled_seconds),
    of_document("tokens", "a document's names, numbers, strings and signs", 100_000, |of| &mut of.document.tokens),
    of_document("nesting", "brackets, and selections once fragments are written out, within one another", 200, |of| {
        &mut of.document.nesting
    }),
    of_document("chained-fragments", "fragments that spread one another in a row", 100, |of| &mut of.document.chained),
    of_document("fields", "fields of all operations, fragments written out", 100_000, |of| {
        &mut of.document.expanded_fields
    }),
    of_document("selections", "fields, spreads and inline fragments, counted in the same way", 500_000, |of| {
        &mut of.document.expanded_selections
    }),
    of_document("depth", "levels of fields from the root field on; the schema's own description apart", 200, |of| {
        &mut of.document.depth
    }),
    of_document("levels", "levels of fields, those of the schema's own description counted", 200, |of| {
        &mut of.document.levels
    }),
    of_document("introspection-lists", "lists of the schema's own description within one another", 10, |of| {
        &mut of.document.introspection
    }),
    of_document("root-fields", "root fields of an operation", 1_000, |of| &mut of.document.root_fields),
    of_document("aliases", "aliases of a document", 10_000, |of| &mut of.document.aliases),
    of_document("directives", "directives of a document", 10_000, |of| &mut of.document.directives),
    bytes(("message", "a message over a socket", "closed with 4400"), (KILO, 16 * KILO * KILO), |of| &mut of.message),
    seconds(("introduction-seconds", "`connection_init` must come within", "closed with 4408"), |of| {
        &mut of.introduction_seconds
    }),
    things(("operations", "operations at once on a socket", REFUSED), (1, 10_000), |of| &mut of.operations),
    things(("sockets", "sockets open at once", FULL), (1, MANY), |of| &mut of.sockets),
    things(("sockets-of-network", "the same of one network", FULL), (1, MANY), |of| &mut of.sockets_of_network),
    things(("subscriptions", "subscriptions open at once, over sockets or as events", FULL), (1, MANY), |of| {
        &mut of.subscriptions
    }),
    things(("subscriptions-of-network", "the same of one network", FULL), (1, MANY), |of| {
        &mut of.subscriptions_of_network
    }),
    seconds(
        (
            "reader-seconds",
            "a reader of what is open must make room for more within",
            "1013, or `UNAVAILABLE` as the last event",
        ),
        |of| &mut of.reader_seconds,
    ),
    things(("at-once", "root fields that ask the database at once", "waits its turn"), (1, POOL), |of| &mut of.at_once),
    things(("at-once-of-one", "the same of one viewer or network", "waits its turn"), (1, POOL), |of| {
        &mut of.at_once_of_one
    }),
    things(("waiting", "requests that wait their turn", FULL), (1, 100_000), |of| &mut of.waiting),
    things(("waiting-of-one", "the same of one viewer or network", FULL), (1, 100_000), |of| &mut of.waiting_of_one),
    seconds(("waiting-seconds", "a turn must come within", FULL), |of| &mut of.waiting_seconds),
];
