//! What the service answers over HTTP.

mod accept;
mod app;
mod document;
mod endpoint;
mod export;
mod graphiql;
mod health;
mod housekeeping;
mod identify;
mod once;
mod pages;
mod problem;
mod reply;
mod router;

pub use app::App;
pub use housekeeping::keep_house;
pub use router::router;
