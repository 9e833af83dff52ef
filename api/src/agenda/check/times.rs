//! What is wrong with times: sessions without any, on days that are none of the convening's, in rounds that do not fit.

use super::facts::{Facts, Session, Slot, overlap};
use super::{Kind, Warning};
use std::collections::BTreeSet;

pub(super) fn check(facts: &Facts, warnings: &mut Vec<Warning>) {
    for session in &facts.sessions {
        without_time(facts, session, warnings);
        outside(facts, session, warnings);
        rounds(facts, session, warnings);
    }
    rounds_overlap(facts, warnings);
}

fn without_time(facts: &Facts, session: &Session, warnings: &mut Vec<Warning>) {
    let slots: Vec<&Slot> = facts.slots_of(session.id).collect();
    let open: Vec<&Slot> = slots.iter().copied().filter(|slot| slot.span.is_none()).collect();
    if slots.is_empty() || !open.is_empty() {
        let message = format!("“{}” has no time yet. Schedule it.", session.title);
        let warning = Warning::about(Kind::SessionWithoutTime, message, open);
        warnings.push(Warning { sessions: vec![session.id], ..warning });
    }
}

fn outside(facts: &Facts, session: &Session, warnings: &mut Vec<Warning>) {
    let (title, first, last) = (&session.title, facts.first_day, facts.last_day);
    if session.date.is_some_and(|date| !(first..=last).contains(&date)) {
        let message =
            format!("“{title}” is on a day outside of the convening, which is from {first} to {last}. Move it.");
        let warning = Warning::about(Kind::OutsideConvening, message, []);
        warnings.push(Warning { sessions: vec![session.id], ..warning });
    }
    for slot in facts.slots_of(session.id) {
        let Some(span) = slot.span else { continue };
        if !facts.holds(span) {
            let message =
                format!("“{title}” takes place outside of the convening, which is from {first} to {last}. Move it.");
            warnings.push(Warning::about(Kind::OutsideConvening, message, [slot]));
        }
        if session.date.is_some_and(|date| date != facts.day_of(span.0)) {
            let message = format!(
                "“{title}” is dated {}, and takes place on {}. Correct one of the two.",
                session.date.unwrap_or_default(),
                facts.day_of(span.0)
            );
            warnings.push(Warning::about(Kind::AnotherDay, message, [slot]));
        }
    }
}

/// A session of a block is in each of its rounds, and in no other. One that is in no round yet is not planned so far.
fn rounds(facts: &Facts, session: &Session, warnings: &mut Vec<Warning>) {
    let block = facts.blocks.iter().find(|block| Some(block.id) == session.block);
    let Some((block, rounds)) = block.and_then(|block| Some((block, block.rounds?))) else { return };
    let (title, named) = (&session.title, &block.title);
    let slots: Vec<&Slot> = facts.slots_of(session.id).collect();
    let offered: BTreeSet<i32> = slots.iter().filter_map(|slot| slot.round).collect();
    let missing: Vec<String> = (1..=rounds).filter(|round| !offered.contains(round)).map(|no| no.to_string()).collect();
    if !offered.is_empty() && !missing.is_empty() {
        let message = format!(
            "“{title}” is not offered in round {} of “{named}”. Schedule it there too, unless it is meant so.",
            missing.join(", ")
        );
        warnings.push(Warning::about(Kind::FewerRounds, message, slots.iter().copied()));
    }
    for slot in slots {
        if let Some(round) = slot.round.filter(|round| *round > rounds) {
            let message = format!("“{title}” is in round {round}, and “{named}” has {rounds}. Correct one of the two.");
            warnings.push(Warning::about(Kind::UnknownRound, message, [slot]));
        }
    }
}

/// Two rounds of a block at one time: nobody can be in both. Each pair of rounds is told once.
fn rounds_overlap(facts: &Facts, warnings: &mut Vec<Warning>) {
    let mut told = BTreeSet::new();
    for (i, slot) in facts.slots.iter().enumerate() {
        let Some(((block, round), span)) = facts.round_of(slot).zip(slot.span) else { continue };
        for other in &facts.slots[i + 1..] {
            let Some(((same, another), other_span)) = facts.round_of(other).zip(other.span) else { continue };
            let rounds = (round.min(another), round.max(another));
            if same == block && another != round && overlap(span, other_span) && told.insert((block, rounds)) {
                let title = facts.blocks.iter().find(|each| each.id == block).map_or("", |block| &block.title);
                let message = format!(
                    "Rounds {} and {} of “{title}” overlap: “{}” and “{}” are at the same time. Move one of them.",
                    rounds.0,
                    rounds.1,
                    facts.title_of(slot),
                    facts.title_of(other)
                );
                warnings.push(Warning::about(Kind::RoundsOverlap, message, [slot, other]));
            }
        }
    }
}
