//! When what failed is tried again. Pure.

use crate::auth::random;
use crate::error::Result;
use chrono::TimeDelta;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// Seconds from one attempt to the next, as Standard Webhooks recommends: a bit more than three days in all.
const PAUSES: [i64; 9] = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// However long a receiver asks to be left alone, it is for no longer.
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// How long it is until the next attempt, after so many that failed; none where there is to be none. A part of it is chance,
/// so that those who failed together do not come back together. A receiver may wish it to be longer, within bounds.
pub(super) fn pause(failures: usize, wished: Option<TimeDelta>) -> Result<Option<TimeDelta>> {
    let [chance] = random::<1>()?;
    let wished = wished.unwrap_or_default().min(LONGEST);
    Ok(with_chance(failures, chance).map(|pause| pause.max(wished)))
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

    #[test]
    fn a_wish_makes_a_pause_longer_and_never_shorter_or_endless() -> Result<()> {
        let first = with_chance(1, 0);
        assert!(pause(1, Some(TimeDelta::seconds(-60)))? >= first && pause(1, Some(TimeDelta::seconds(1)))? >= first);
        assert_eq!(pause(1, Some(TimeDelta::hours(1)))?, Some(TimeDelta::hours(1)));
        assert_eq!(pause(1, Some(TimeDelta::days(365)))?, Some(LONGEST));
        assert_eq!(pause(10, Some(TimeDelta::hours(1)))?, None, "whoever is given up is given up");
        Ok(())
    }
}
