//! The schema as a router takes it in.

use super::NAMES;
use crate::schema::{self, NODE_TYPES};
use std::fmt::Write as _;

/// The specification's first version that has all that is used here: whoever composes takes the newest of all parts.
const LINK: &str =
    "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.0\", import: [\"@key\", \"@shareable\"])";
/// Types that every graph with pages has.
const SHARED: [&str; 1] = ["PageInfo"];

/// The subgraph in the schema language: the plain schema, and the keys by which its types can be extended elsewhere.
pub fn sdl() -> String {
    let mut sdl = format!("{}\n{LINK}\n", schema::sdl());
    for name in NODE_TYPES {
        let named = NAMES.iter().find(|(known, _)| known == name).map_or(&[][..], |(_, fields)| fields);
        let keys: String = ["id"].iter().chain(named).map(|field| format!(" @key(fields: \"{field}\")")).collect();
        // Writing to a text does not fail.
        let _ = write!(sdl, "\nextend type {name}{keys}");
    }
    for name in SHARED {
        let _ = write!(sdl, "\nextend type {name} @shareable");
    }
    sdl + "\n"
}
