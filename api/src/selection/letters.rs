//! What those are told by letter who lead a team.

use super::service::{Letters, News};
use crate::mail::{Letter, Mailer};
use chrono::{DateTime, Utc};

const DECISION: &str = "Your district's team at the Labor-Management Initiative";
const OFFER: &str = "A place for your district's team at the Labor-Management Initiative";

/// Sends letters, where letters go out at all.
pub(crate) fn send(mailer: &Mailer, public_url: &str, letters: Letters) {
    if !mailer.is_on() {
        return;
    }
    let Letters { convening, time_zone, news } = letters;
    for (to, news) in news {
        let (subject, what) = match news {
            News::Selected(due) => (
                DECISION,
                format!(
                    "Your district's team was selected for {convening}. Please confirm your place, or give it back, by {}.",
                    at(due, &time_zone)
                ),
            ),
            News::Waitlisted => (
                DECISION,
                format!(
                    "Your district's team is on the waiting list for {convening}. You are offered a place as soon as one \
                     becomes free for you."
                ),
            ),
            News::NotSelected => (DECISION, format!("Your district's team was not selected for {convening}.")),
            News::Offered(due) => (
                OFFER,
                format!(
                    "A place at {convening} has become free for your district's team. Please confirm it, or give it on, \
                     by {}. After that it goes to the next.",
                    at(due, &time_zone)
                ),
            ),
        };
        mailer.send(Letter::decision(to, subject, &what, public_url));
    }
}

/// A moment as the clocks at the convening show it.
fn at(moment: DateTime<Utc>, time_zone: &str) -> String {
    const FORM: &str = "%A, %B %-d, %Y, %-I:%M %p %Z";
    match time_zone.parse::<chrono_tz::Tz>() {
        Ok(zone) => moment.with_timezone(&zone).format(FORM).to_string(),
        Err(_) => moment.format(FORM).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::at;

    #[test]
    fn a_time_to_answer_is_told_as_clocks_there_show_it() {
        let told = "2026-07-01T06:30:00Z".parse().map(|moment| at(moment, "America/Los_Angeles"));
        assert_eq!(told.ok().as_deref(), Some("Tuesday, June 30, 2026, 11:30 PM PDT"));
    }
}
