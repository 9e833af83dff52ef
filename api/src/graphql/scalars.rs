//! The scalars that the library does not have under the names of the contract.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

/// A calendar date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date(pub NaiveDate);

/// A calendar date as ISO 8601 writes it, for example `2015-05-08`. It has no time zone: it is the date at the place
/// that it speaks of.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/local-date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        // chrono also takes `2015-5-8`, and years of five digits that no calendar here knows.
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .filter(|_| text.len() == 10)
            .map(Self)
            .ok_or_else(|| InputValueError::custom("A date is written as in 2015-05-08."))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url(pub String);

/// An absolute `http` or `https` address.
#[Scalar(name = "URL", specified_by_url = "https://url.spec.whatwg.org/")]
impl ScalarType for Url {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = value else { return Err(InputValueError::expected_type(value)) };
        match url::Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(Self(text)),
            _ => Err(InputValueError::custom("An address starts with http:// or https:// and names a host.")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}
