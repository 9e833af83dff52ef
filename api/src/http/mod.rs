//! What the service answers over HTTP.

mod accept;
mod address;
mod agenda;
mod answers;
mod app;
mod cors;
mod embed;
mod endpoint;
mod export;
mod front;
mod graphiql;
mod health;
mod housekeeping;
mod identify;
mod keys;
mod live;
mod map;
mod once;
mod pages;
mod problem;
mod public;
mod query;
mod reply;
mod router;
mod sent;
mod serve;
mod size;
mod tag;

pub use app::{App, Options};
pub use cors::Origin;
pub use front::{Documents, Manifest, STACK};
pub use housekeeping::{keep_house, keep_listening, put_away};
pub use router::router;
pub use serve::serve;
