//! `lmi`: the shared dataset of the California Labor-Management Initiative as a GraphQL service.
//!
//! In reading order: a request comes in by [`http`], [`auth`] says who asks, [`schema`] lists what can be asked, each
//! concept of the initiative answers from its own folder, [`policy`] decides which rows that is, and [`database`] has
//! them. `ARCHITECTURE.md` walks one query all the way.

pub mod cli;
pub mod config;
pub mod http;

pub mod auth;
pub mod mail;
pub mod observe;
pub mod policy;
pub mod schema;

mod arithmetic;
mod backup;
pub mod clock;
pub mod database;
pub mod error;
mod graphql;
mod unending;
mod validation;
mod writing;

#[cfg(fuzzing)]
pub mod fuzzing;

pub mod account;
pub mod agenda;
mod api_key;
mod check_in;
mod convening;
mod convening_result;
mod delegation;
pub mod district;
mod erasure;
pub mod federation;
pub mod feed;
pub mod generate;
mod geography;
mod grant;
mod history;
mod identity;
mod interest;
mod merge;
mod metric;
mod offering;
mod organization;
mod participation;
mod partnership;
mod person;
pub mod record;
mod resource;
mod room;
mod search;
pub mod seating;
pub mod selection;
mod session;
mod slot;
mod speaker;
mod sponsorship;
mod spreadsheet;
pub mod survey;
pub mod team;
mod team_time;
pub mod webhook;
