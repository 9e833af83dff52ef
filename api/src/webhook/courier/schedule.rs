//! When what failed is tried again. Pure.

use crate::auth::random;
use crate::error::Result;
use chrono::TimeDelta;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// Seconds from one attempt to the next, as Standard Webhooks recommends: a bit more than three days in all.
const PAUSES: [i64; 9] = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// How long it is until the next attempt, after so many that failed; none where there is to be none. A part of it is chance,
/// so that those who failed together do not come back together.
pub(super) fn pause(failures: usize) -> Result<Option<TimeDelta>> {
    let [chance] = random::<1>()?;
    Ok(with_chance(failures, chance))
}

/// The pause, longer by up to a tenth.
fn with_chance(failures: usize, chance: u8) -> Option<TimeDelta> {
    let seconds = *PAUSES.get(failures.checked_sub(1)?)?;
    Some(TimeDelta::milliseconds(seconds * 1000 + seconds * 100 * i64::from(chance) / 255))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_after_three_days() {
        let pauses: Vec<_> = (1..).map_while(|failures| with_chance(failures, 0)).collect();
        assert!(pauses.is_sorted() && pauses.len() == 9);
        let all = pauses.iter().sum::<TimeDelta>();
        assert!(all > TimeDelta::days(3) && all < TimeDelta::days(4), "{all}");
        for (failures, pause) in (1..).zip(pauses) {
            let longest = with_chance(failures, u8::MAX);
            assert_eq!(longest, Some(pause + pause / 10));
        }
        assert_eq!((with_chance(0, 0), with_chance(10, 0)), (None, None));
    }
}
