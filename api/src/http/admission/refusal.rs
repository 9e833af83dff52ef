//! What whoever may not ask now is told: the same words and codes over HTTP and over sockets.

use super::super::front::coded;
use super::super::problem::problem;
use crate::graphql::{RETRY_AFTER, SOON, code};
use async_graphql::{ErrorExtensionValues, ServerError};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

/// Why somebody is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Refusal {
    /// Too little is left to spend.
    Poor(Short),
    /// Too many wait, or it took too long until it was one's turn.
    Busy,
}

/// What is wanted, and what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) struct Short {
    /// Points that it would have cost.
    pub(super) wanted: u64,
    /// Points that each has in a minute.
    pub(super) of: u64,
    /// Seconds until there are enough.
    pub(super) wait: u64,
}

impl Refusal {
    /// As an answer that comes instead of any other.
    pub(in crate::http) fn told(self) -> Response {
        let (status, code) = match self {
            Self::Poor(_) => (StatusCode::TOO_MANY_REQUESTS, code::RATE_LIMITED),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, code::UNAVAILABLE),
        };
        let mut response = problem(status, code, &self.message());
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(self.wait()));
        response
    }

    /// As the error of one operation among others.
    pub(in crate::http) fn error(self) -> ServerError {
        let code = match self {
            Self::Poor(_) => code::RATE_LIMITED,
            Self::Busy => code::UNAVAILABLE,
        };
        let mut error = coded(ServerError::new(self.message(), None), code);
        error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(RETRY_AFTER, self.wait());
        error
    }

    fn message(self) -> String {
        match self {
            Self::Poor(Short { wanted, of, wait }) => format!(
                "Each may spend {of} points in a minute, and too little is left for the {wanted} of this. Wait {wait} seconds, or \
                 ask for less."
            ),
            Self::Busy => {
                "More is asked than can be answered at present. Nothing of this was done; send it again in a moment."
                    .to_owned()
            }
        }
    }

    /// Seconds until another attempt is worth it.
    fn wait(self) -> u64 {
        match self {
            Self::Poor(short) => short.wait,
            Self::Busy => SOON,
        }
    }
}
