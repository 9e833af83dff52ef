//! How a replica stands: whether it follows the server that takes writes, and how far behind.

use super::address::Seen;
use super::position::Position;
use super::primary::{Line, Place};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long it may be behind before it is left out.
const LAG: Duration = Duration::from_secs(1);
/// How long it stands still before what it was sent last is taken for a part of something that never came.
pub(super) const STILL: Duration = Duration::from_secs(1);

/// How a replica stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Standing {
    /// It remains to be seen.
    #[default]
    Unknown,
    /// It does not answer.
    Silent,
    /// It does not follow the server that takes writes, or has yet to come where that one took over.
    Astray,
    /// It is too far behind.
    Behind,
    /// It can be read from.
    Following,
}

impl Standing {
    /// As it is told.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Silent => "silent",
            Self::Astray => "astray",
            Self::Behind => "behind",
            Self::Following => "following",
        }
    }
}

/// What was seen of it last.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    pub(super) standing: Standing,
    pub(super) position: Position,
    /// Whether it has done all that it was sent.
    pub(super) is_settled: bool,
    /// When it was asked.
    pub(super) asked: Option<Instant>,
    /// Whether it was told not to come farther for now.
    pub(super) is_paused: bool,
    /// Of one that has taken over: how often that has happened.
    pub(super) timeline: Option<u32>,
    /// What it has of the line of the primary.
    pub(super) mark: Option<Uuid>,
}

impl Look {
    /// Whether it has come to a place on the line of that place: one that still follows a server which was taken over from
    /// may have come farther, and has nothing of what was written since.
    pub(super) fn has_reached(&self, place: Place) -> bool {
        self.standing == Standing::Following && self.mark == Some(place.mark) && self.position >= place.position
    }

    pub(super) fn is_settled_since(&self, moment: Instant) -> bool {
        let is_ours = matches!(self.standing, Standing::Behind | Standing::Following);
        is_ours && self.is_settled && self.asked.is_some_and(|asked| asked > moment)
    }
}

/// How long it has not come as far as the primary was, nor any farther.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lag {
    /// How far the primary was, and when: it has not come there yet.
    missing: Option<(Position, Instant)>,
    /// How far it has come itself, and since when.
    still: Option<(Position, Instant)>,
    /// Since when it has not followed the primary.
    astray: Option<Instant>,
    pub(super) bytes: u64,
    /// What the log says of it.
    pub(super) told: Standing,
}

impl Lag {
    /// A look, with what it says about how the replica stands.
    pub(super) fn judge(&mut self, mut look: Look, primary: Option<Seen>, line: Option<Line>) -> Look {
        let since =
            self.still.filter(|(position, _)| *position == look.position).map_or_else(Instant::now, |(_, at)| at);
        self.still = Some((look.position, since));
        look.is_settled |= look.timeline.is_none() && since.elapsed() > STILL && !look.is_paused;
        let strays =
            |line: Line| look.mark != Some(line.mark) || look.timeline.is_some_and(|timeline| timeline < line.timeline);
        if line.is_none_or(strays) {
            // It may just have to come where the primary took over.
            let since = *self.astray.get_or_insert_with(Instant::now);
            let standing = if since.elapsed() > LAG { Standing::Astray } else { Standing::Unknown };
            return Look { standing, is_settled: false, ..look };
        }
        self.astray = None;
        // While no server takes writes, nobody gets ahead of it.
        let Some(seen) = primary else { return look };
        self.bytes = seen.position.since(look.position);
        if self.bytes == 0 {
            self.missing = None;
            return look;
        }
        match self.missing {
            Some((position, since)) if look.position < position => {
                let standing = if since.elapsed() > LAG { Standing::Behind } else { look.standing };
                Look { standing, ..look }
            }
            _ => {
                self.missing = Some((seen.position, Instant::now()));
                look
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Line = Line { timeline: 2, mark: Uuid::from_u128(2) };

    fn look(bytes: u64) -> Look {
        let mark = Some(LINE.mark);
        Look { standing: Standing::Following, position: Position::at(bytes), mark, ..Look::default() }
    }

    fn judge(mut lag: Lag, look: Look, primary: Option<Seen>) -> Look {
        lag.judge(look, primary, Some(LINE))
    }

    fn primary(bytes: u64) -> Seen {
        Seen { position: Position::at(bytes), timeline: 2, waits: false }
    }

    /// A replica that was behind this place when it was looked at long ago.
    fn missing(bytes: u64) -> Lag {
        let long_ago = Instant::now().checked_sub(2 * LAG).unwrap_or_else(Instant::now);
        Lag { missing: Some((Position::at(bytes), long_ago)), ..Lag::default() }
    }

    #[test]
    fn whoever_has_not_come_in_time_where_the_primary_was_is_behind() {
        assert_eq!(judge(missing(100), look(90), Some(primary(200))).standing, Standing::Behind);
        assert_eq!(
            judge(missing(100), look(100), Some(primary(200))).standing,
            Standing::Following,
            "it is on its way"
        );
        assert_eq!(judge(missing(100), look(90), None).standing, Standing::Following, "there is nothing to follow");
        let mut lag = Lag::default();
        assert_eq!(
            lag.judge(look(90), Some(primary(200)), Some(LINE)).standing,
            Standing::Following,
            "it may come yet"
        );
        assert_eq!(lag.bytes, 110);
        lag.judge(look(200), Some(primary(200)), Some(LINE));
        assert_eq!((lag.bytes, lag.missing), (0, None));
    }

    #[test]
    fn a_place_on_another_line_is_not_reached_however_far_one_has_come() {
        let place = |mark| Place { position: Position::at(200), mark };
        assert!(look(200).has_reached(place(LINE.mark)));
        assert!(!look(199).has_reached(place(LINE.mark)));
        // It was looked at before another server took over, and is not known yet to follow the one before.
        assert!(!look(300).has_reached(place(Uuid::from_u128(3))));
    }

    #[test]
    fn whoever_was_taken_over_from_is_not_read_from() {
        let of = |timeline| Look { timeline: Some(timeline), is_settled: true, ..look(300) };
        let judged = judge(Lag::default(), of(1), Some(primary(200)));
        assert_eq!((judged.standing, judged.is_settled), (Standing::Unknown, false));
        assert_eq!(judge(Lag::default(), of(2), Some(primary(200))).standing, Standing::Following);
    }

    #[test]
    fn whoever_follows_another_is_not_read_from_however_far_it_has_come() {
        for mark in [None, Some(Uuid::from_u128(1))] {
            let strays = Look { mark, is_settled: true, ..look(300) };
            for primary in [Some(primary(200)), None] {
                let judged = judge(Lag::default(), strays, primary);
                assert_eq!((judged.standing, judged.is_settled), (Standing::Unknown, false));
                let long_ago = Instant::now().checked_sub(2 * LAG);
                let judged = judge(Lag { astray: long_ago, ..Lag::default() }, strays, primary);
                assert_eq!((judged.standing, judged.is_settled), (Standing::Astray, false));
            }
        }
    }

    #[test]
    fn whoever_stands_still_has_done_what_it_was_sent_unless_it_was_told_to() {
        let long_ago = Instant::now().checked_sub(2 * STILL).unwrap_or_else(Instant::now);
        let lag = Lag { still: Some((Position::at(90), long_ago)), ..Lag::default() };
        assert!(judge(lag, look(90), None).is_settled);
        assert!(!judge(lag, look(95), None).is_settled);
        assert!(!judge(lag, Look { is_paused: true, ..look(90) }, None).is_settled);
    }
}
