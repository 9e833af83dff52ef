//! What the service answers over HTTP.

mod accept;
mod app;
mod document;
mod endpoint;
mod graphiql;
mod health;
mod identify;
mod pages;
mod problem;
mod router;

pub use app::App;
pub use router::router;
