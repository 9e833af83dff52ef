//! How the domain's errors reach a client.

use crate::error::Error;
use crate::observe::trail::request_id;
use async_graphql::{ErrorExtensionValues, ErrorExtensions as _, ServerError, Value};
use std::sync::Arc;

/// The codes of `errors[].extensions.code`.
pub(crate) mod code {
    pub(crate) const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
    pub(crate) const FORBIDDEN: &str = "FORBIDDEN";
    pub(crate) const NOT_FOUND: &str = "NOT_FOUND";
    pub(crate) const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    pub(crate) const GRAPHQL_PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
    pub(crate) const GRAPHQL_VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
    pub(crate) const PERSISTED_QUERY_NOT_FOUND: &str = "PERSISTED_QUERY_NOT_FOUND";
    pub(crate) const QUERY_LIMIT: &str = "QUERY_LIMIT";
    pub(crate) const RATE_LIMITED: &str = "RATE_LIMITED";
    pub(crate) const IDEMPOTENCY_KEY_REUSED: &str = "IDEMPOTENCY_KEY_REUSED";
    pub(crate) const TIMEOUT: &str = "TIMEOUT";
    pub(crate) const UNAVAILABLE: &str = "UNAVAILABLE";
    pub(crate) const INTERNAL_SERVER_ERROR: &str = "INTERNAL_SERVER_ERROR";

    const ALL: [&str; 13] = [
        UNAUTHENTICATED,
        FORBIDDEN,
        NOT_FOUND,
        BAD_USER_INPUT,
        GRAPHQL_PARSE_FAILED,
        GRAPHQL_VALIDATION_FAILED,
        PERSISTED_QUERY_NOT_FOUND,
        QUERY_LIMIT,
        RATE_LIMITED,
        IDEMPOTENCY_KEY_REUSED,
        TIMEOUT,
        UNAVAILABLE,
        INTERNAL_SERVER_ERROR,
    ];

    /// The one of these codes that a text is.
    pub(crate) fn known(text: &str) -> &'static str {
        ALL.into_iter().find(|code| *code == text).unwrap_or("OTHER")
    }
}

/// What says, beside the code of an error, in how many seconds another attempt is worth it.
pub(crate) const RETRY_AFTER: &str = "retryAfter";

/// In how many seconds another attempt is worth it where nothing else is said: another server may have taken over by then.
pub(crate) const SOON: u64 = 1;

/// What says, beside the code of an error, why, where a program has to know.
pub(crate) const REASON: &str = "reason";
/// That it may have been done, so that sending it again may do it twice.
pub(crate) const IN_DOUBT: &str = "IN_DOUBT";
/// What names, beside the code of an error that is our fault, the request in the log.
pub(crate) const REQUEST_ID: &str = "requestId";
/// That a feed has to be read from its beginning again.
const CURSOR_EXPIRED: &str = "CURSOR_EXPIRED";

/// The only error that a resolver may return. It has no `Display`, on purpose: the library shows the text of
/// whatever has one to the client, so a stray `?` on a database error does not compile.
#[derive(Clone, Debug)]
pub(crate) struct FieldError(Arc<Error>);

/// What a resolver returns.
pub(crate) type FieldResult<T> = Result<T, FieldError>;

/// What a resolver of a field returns that the schema lets be null. The library takes an error outside of the option for
/// the parent's, and makes the whole parent null.
pub(crate) type Nullable<T> = Option<FieldResult<T>>;

impl<E: Into<Error>> From<E> for FieldError {
    fn from(error: E) -> Self {
        Self(Arc::new(error.into()))
    }
}

impl FieldError {
    /// An error that more than one field may have to report.
    pub(crate) fn shared(error: &Arc<Error>) -> Self {
        Self(Arc::clone(error))
    }
}

impl From<FieldError> for async_graphql::Error {
    fn from(FieldError(error): FieldError) -> Self {
        let code = match &*error {
            Error::Unauthenticated => code::UNAUTHENTICATED,
            Error::Forbidden => code::FORBIDDEN,
            Error::NotFound(_) => code::NOT_FOUND,
            Error::BadInput(_) | Error::Invalid(_) | Error::OutOfStep(_) => code::BAD_USER_INPUT,
            Error::TooMuch(_) => code::QUERY_LIMIT,
            Error::RateLimited(_) => code::RATE_LIMITED,
            Error::TimedOut(_) => code::TIMEOUT,
            Error::Unavailable(_) | Error::InDoubt | Error::NotReady(_) => code::UNAVAILABLE,
            Error::Internal(_) => code::INTERNAL_SERVER_ERROR,
        };
        if let Error::Unavailable(cause) = &*error {
            tracing::warn!(%cause, "the database is out of reach");
        }
        if let Error::Internal(cause) = &*error {
            tracing::error!(?cause, "internal error");
        }
        Self::new(error.to_string()).extend_with(|_, extensions| {
            extensions.set("code", code);
            if let Error::RateLimited(seconds) = &*error {
                extensions.set(RETRY_AFTER, *seconds);
            }
            if let Error::InDoubt = &*error {
                extensions.set(REASON, IN_DOUBT);
            } else if code == code::UNAVAILABLE {
                extensions.set(RETRY_AFTER, SOON);
            }
            if let Error::OutOfStep(_) = &*error {
                extensions.set(REASON, CURSOR_EXPIRED);
            }
            if code == code::INTERNAL_SERVER_ERROR
                && let Some(id) = request_id()
            {
                extensions.set(REQUEST_ID, id);
            }
        })
    }
}

/// Sets the code of an error that has none yet.
pub(crate) fn set_code(error: &mut ServerError, code: &str) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_none() {
        extensions.set("code", Value::from(code));
    }
}
