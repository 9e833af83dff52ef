//! What is wrong with people: who is to be in two places at once.

use super::facts::{Facts, Slot, Speaks, overlap};
use super::{Kind, Warning};
use entity::session::Format;
use std::collections::BTreeSet;

pub(super) fn check(facts: &Facts, warnings: &mut Vec<Warning>) {
    // Somebody may be in one session in two roles.
    let mut looked_at = BTreeSet::new();
    for speaker in &facts.speakers {
        if looked_at.insert((speaker.person, speaker.session)) {
            twice(facts, speaker, warnings);
            elsewhere(facts, speaker, warnings);
            seated(facts, speaker, warnings);
            misses_team_time(facts, speaker, warnings);
        }
    }
}

/// Speaks in another session at one time. Each pair is told once, at the first of the two.
fn twice(facts: &Facts, speaker: &Speaks, warnings: &mut Vec<Warning>) {
    let place = |session| facts.sessions.iter().position(|each| each.id == session);
    let others: BTreeSet<_> = facts
        .speakers
        .iter()
        .filter(|other| other.person == speaker.person && place(other.session) > place(speaker.session))
        .map(|other| other.session)
        .collect();
    for other in others {
        for (one, two) in pairs(facts, speaker, facts.slots_of(other)) {
            let message = format!(
                "{} speaks in “{}” and in “{}” at the same time. Move one of them, or ask somebody else.",
                speaker.name,
                facts.title_of(one),
                facts.title_of(two)
            );
            warnings.push(of(speaker, Warning::about(Kind::SpeakerTwice, message, [one, two])));
        }
    }
}

fn elsewhere(facts: &Facts, speaker: &Speaks, warnings: &mut Vec<Warning>) {
    for slot in facts.slots_of(speaker.session) {
        let busy = |span| facts.elsewhere.iter().any(|busy| busy.person == speaker.person && overlap(busy.span, span));
        if slot.span.is_some_and(busy) {
            // Not where: that may be hidden.
            let message = format!(
                "{} speaks at another convening at the time of “{}”. Move it, or ask somebody else.",
                speaker.name,
                facts.title_of(slot)
            );
            warnings.push(of(speaker, Warning::about(Kind::SpeakerElsewhere, message, [slot])));
        }
    }
}

fn seated(facts: &Facts, speaker: &Speaks, warnings: &mut Vec<Warning>) {
    let seats = facts.seats.iter().filter(|seat| seat.person == speaker.person).map(|seat| seat.slot);
    let seats: BTreeSet<_> = seats.collect();
    let taken = facts.slots.iter().filter(|slot| seats.contains(&slot.id) && slot.session != speaker.session);
    for (speaking, seated) in pairs(facts, speaker, taken) {
        let message = format!(
            "{} speaks in “{}” and has a seat in “{}” at the same time. Free the seat, or move one of them.",
            speaker.name,
            facts.title_of(speaking),
            facts.title_of(seated)
        );
        warnings.push(of(speaker, Warning::about(Kind::SpeakerSeated, message, [speaking, seated])));
    }
}

fn misses_team_time(facts: &Facts, speaker: &Speaks, warnings: &mut Vec<Warning>) {
    if !facts.in_teams.contains(&speaker.person) {
        return;
    }
    let for_teams = |slot: &&Slot| {
        slot.session != speaker.session
            && facts.session(slot.session).is_some_and(|session| session.format == Format::TeamTime)
    };
    for (speaking, together) in pairs(facts, speaker, facts.slots.iter().filter(for_teams)) {
        let message = format!(
            "{} speaks in “{}” while the own team has its time together in “{}”. Move one of them if the team needs \
             everybody.",
            speaker.name,
            facts.title_of(speaking),
            facts.title_of(together)
        );
        warnings.push(of(speaker, Warning::about(Kind::SpeakerMissesTeamTime, message, [speaking, together])));
    }
}

/// The slots in which somebody speaks with those of others that are at the same time.
fn pairs<'a>(facts: &'a Facts, speaker: &Speaks, others: impl Iterator<Item = &'a Slot>) -> Vec<(&'a Slot, &'a Slot)> {
    let others: Vec<&Slot> = others.collect();
    let own = facts.slots_of(speaker.session);
    own.flat_map(|slot| others.iter().filter(|other| facts.at_once(slot, other)).map(move |other| (slot, *other)))
        .collect()
}

fn of(speaker: &Speaks, warning: Warning) -> Warning {
    Warning { person: Some(speaker.person), ..warning }
}
