//! The scalars that the library does not have under the names of the contract.

use crate::validation::{ADDRESS, is_address};
use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};

/// A calendar date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date(pub NaiveDate);

/// A calendar date as ISO 8601 writes it, for example `2015-05-08`. It has no time zone: it is the date at the place
/// that it speaks of.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/local-date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        // chrono also takes `2015-5-8`, `2015- 5- 8`, and years with a sign or five digits that no calendar here knows.
        let digits = text.bytes().enumerate().all(|(i, byte)| matches!(i, 4 | 7) || byte.is_ascii_digit());
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| digits && text.len() == 10);
        date.map(Self).ok_or_else(|| InputValueError::custom("A date is written as in 2015-05-08."))
    }

    /// Asked before anything runs, so that a date that is none is refused with the whole document.
    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time(pub(crate) DateTime<Utc>);

/// A moment as RFC 3339 writes it, with the offset from universal time: `2015-05-08T16:00:00-07:00`. Answers are in
/// universal time, `+00:00`.
#[Scalar(name = "DateTime", specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for Time {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        // To the microsecond that PostgreSQL keeps: what is later than something is so there, too.
        let kept = |moment: DateTime<_>| Self(moment.with_timezone(&Utc).trunc_subsecs(6));
        let moment = DateTime::parse_from_rfc3339(text).map(kept);
        moment.map_err(|_| InputValueError::custom("A moment is written as in 2015-05-08T16:00:00-07:00."))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339())
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
        if is_address(&text) { Ok(Self(text)) } else { Err(InputValueError::custom(ADDRESS)) }
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_what_it_looks_like() {
        let address = |text: &str| Url::parse(Value::from(text)).ok().map(|url| url.0);
        for good in ["https://example.org", "http://127.0.0.1:9/a?b=c#d", "https://bücher.example/ä"] {
            assert_eq!(address(good).as_deref(), Some(good));
        }
        for refused in [
            "",
            "example.org",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            " https://example.org",
            "https://example.org/\r\nX: y",
            "https://exam\tple.org",
            "https://lmi.example.org@attacker.example/",
            "https://somebody:secret@example.org/",
        ] {
            assert_eq!(address(refused), None, "{refused}");
        }
    }

    #[test]
    fn a_date_is_written_in_one_way() {
        let date = |text: &str| Date::parse(Value::from(text)).ok().map(|date| date.0.to_string());
        assert_eq!(date("2015-05-08").as_deref(), Some("2015-05-08"));
        for refused in
            ["2015-5-8", "2015- 5- 8", "+215-05-08", "-215-05-08", "2015-02-30", "12015-05-8", "2015/05/08", ""]
        {
            assert_eq!(date(refused), None, "{refused}");
        }
    }
}
