//! How many ballots one network is handed of a survey that anybody may answer. It is kept in memory and nowhere else: a table
//! would tell who has answered.

use crate::auth::network;
use crate::error::{Error, Result};
use chrono::{DateTime, Duration, Utc};
use entity::ids::SurveyId;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Ballots for one network within an hour. Behind its address may be everybody in a hall.
const BALLOTS: u32 = 300;

/// The ballots that were handed out lately.
#[derive(Debug, Default)]
pub(crate) struct Allowance(Mutex<HashMap<(SurveyId, IpAddr), Handed>>);

#[derive(Clone, Copy, Debug)]
struct Handed {
    since: DateTime<Utc>,
    ballots: u32,
}

impl Allowance {
    /// Takes one, if there is one left.
    pub(crate) fn take(&self, survey: SurveyId, address: Option<IpAddr>, now: DateTime<Utc>) -> Result<()> {
        let Some(address) = address else { return Ok(()) };
        let hour = Duration::hours(1);
        let mut handed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        handed.retain(|_, handed| now - handed.since < hour);
        let handed = handed.entry((survey, network(address))).or_insert(Handed { since: now, ballots: 0 });
        if handed.ballots >= BALLOTS {
            let wait = (handed.since + hour - now).num_seconds();
            return Err(Error::RateLimited(u64::try_from(wait).unwrap_or(1).max(1)));
        }
        handed.ballots += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_handed_so_many_and_then_waits() {
        let (allowance, survey, now) = (Allowance::default(), SurveyId::new(), DateTime::<Utc>::UNIX_EPOCH);
        let take = |address: &str, now| allowance.take(survey, address.parse().ok(), now);
        for _ in 0..BALLOTS {
            assert!(take("192.0.2.1", now).is_ok());
        }
        assert!(matches!(take("192.0.2.1", now + Duration::minutes(10)), Err(Error::RateLimited(3000))));
        assert!(take("192.0.2.2", now).is_ok(), "another network");
        assert!(allowance.take(SurveyId::new(), "192.0.2.1".parse().ok(), now).is_ok(), "another survey");
        assert!(take("192.0.2.1", now + Duration::hours(1)).is_ok(), "an hour later");
    }
}
