//! The dataset as a part of a larger graph: an Apollo Federation subgraph, whose router asks for rows by what others know
//! of them, their ids, codes and slugs. It asks with the credential of whoever asks it, and sees as much.

mod graphql;
mod loader;
mod sdl;

pub(crate) use graphql::FederationQuery;
pub use sdl::sdl;

/// By what else than their ids the rows of a type are known.
const NAMES: [(&str, &[&str]); 4] =
    [("Convening", &["slug"]), ("District", &["slug", "cdsCode"]), ("Organization", &["slug"]), ("Person", &["slug"])];
