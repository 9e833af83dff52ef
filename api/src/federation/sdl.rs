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
    for name in SHARED {
        // Said where the type is defined: of an extension it would hold for the extension's own fields.
        sdl = sdl.replace(&format!("\ntype {name} {{"), &format!("\ntype {name} @shareable {{"));
    }
    for name in NODE_TYPES {
        let named = NAMES.iter().find(|(known, _)| known == name).map_or(&[][..], |(_, fields)| fields);
        // Writing to a text does not fail.
        let _ = write!(sdl, "\nextend type {name}");
        for field in ["id"].iter().chain(named) {
            let _ = write!(sdl, " @key(fields: \"{field}\")");
        }
    }
    sdl + "\n"
}
