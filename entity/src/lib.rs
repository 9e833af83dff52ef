//! The rows of the database: one file per table, its enumerations beside it, and the typed keys.
//!
//! No queries and no GraphQL. Columns that the database computes for sorting and searching (`sort_name`,
//! `search_vector` …) are not named here; what each column means stands in `migration/sql`, and what the public
//! sees of it in `schema.graphql`.
#![expect(missing_docs, reason = "a column's meaning stands once, beside its constraints, in migration/sql")]

pub mod ids;
pub mod part;
pub mod quantity;
pub mod seat;
pub mod source;

pub mod account;
pub mod affiliation;
pub mod agenda_release;
pub mod alias;
pub mod answer;
pub mod api_key;
pub mod audience;
pub mod change;
pub mod composition_rule;
pub mod convening;
pub mod county;
pub mod covered_session;
pub mod decision_publication;
pub mod delegation;
pub mod district;
pub mod district_candidate;
pub mod experience_level;
pub mod focus_question;
pub mod identity;
pub mod interest;
pub mod merge;
pub mod metric;
pub mod offering;
pub mod one_time_token;
pub mod organization;
pub mod partnership;
pub mod person;
pub mod person_contact;
pub mod published_result;
pub mod refresh_token;
pub mod region;
pub mod required_seat;
pub mod resource;
pub mod resource_subject;
pub mod response;
pub mod role_alike;
pub mod role_grant;
pub mod room;
pub mod seat_assignment;
pub mod selection;
pub mod selection_outcome;
pub mod session;
pub mod session_block;
pub mod session_relation;
pub mod sign_in_failure;
pub mod slot;
pub mod speaker;
pub mod sponsorship;
pub mod strand;
pub mod survey;
pub mod survey_item;
pub mod team;
pub mod team_focus_question;
pub mod team_member;
pub mod team_note;
pub mod team_time;
pub mod token_family;
pub mod webhook_delivery;
pub mod webhook_endpoint;
pub mod webhook_progress;
pub mod written_answer;
