//! What is wrong with places: rooms that are taken twice, too small, or not there.

use super::facts::{Facts, Slot};
use super::{Kind, Warning};
use entity::session::Format;
use std::collections::BTreeSet;

pub(super) fn check(facts: &Facts, warnings: &mut Vec<Warning>) {
    taken_twice(facts, warnings);
    for slot in &facts.slots {
        too_small(facts, slot, warnings);
        without_room(facts, slot, warnings);
    }
    rounds(facts, warnings);
}

fn taken_twice(facts: &Facts, warnings: &mut Vec<Warning>) {
    for (i, slot) in facts.slots.iter().enumerate() {
        let Some(room) = facts.room_of(slot) else { continue };
        let others = facts.slots[i + 1..].iter().filter(|other| other.room == slot.room);
        for other in others.filter(|other| facts.at_once(slot, other)) {
            let (one, two) = (facts.title_of(slot), facts.title_of(other));
            let message = format!(
                "“{one}” and “{two}” are in {} at the same time. Give one of them another room or another time.",
                room.name
            );
            warnings.push(Warning { room: Some(room.id), ..Warning::about(Kind::RoomTwice, message, [slot, other]) });
        }
    }
}

fn too_small(facts: &Facts, slot: &Slot, warnings: &mut Vec<Warning>) {
    let title = facts.title_of(slot);
    let room = facts.room_of(slot);
    let limits = [slot.capacity, room.and_then(|room| room.capacity)];
    if let Some(limit) = limits.into_iter().flatten().min()
        && slot.taken > i64::from(limit)
    {
        let message =
            format!("{} have a seat in “{title}”, which holds {limit}. Find a larger room, or free seats.", slot.taken);
        let warning = Warning::about(Kind::Overbooked, message, [slot]);
        warnings.push(Warning { room: slot.room, ..warning });
        return;
    }
    let Some((room, holds)) = room.and_then(|room| Some((room, room.capacity?))) else { return };
    let for_all = facts.session(slot.session).is_some_and(|session| expects_everybody(session.format));
    let offered = slot.capacity.map(i64::from);
    let expected = offered.or(for_all.then_some(facts.participants)).unwrap_or_default();
    if expected > i64::from(holds) {
        let message = format!(
            "“{title}” is for {expected}, and {} holds {holds}. Give it a larger room, or take fewer.",
            room.name
        );
        warnings.push(Warning { room: Some(room.id), ..Warning::about(Kind::RoomTooSmall, message, [slot]) });
    }
}

/// Sessions to which everybody goes.
fn expects_everybody(format: Format) -> bool {
    matches!(format, Format::Welcome | Format::Plenary | Format::Panel | Format::MealPresentation | Format::Closing)
}

fn without_room(facts: &Facts, slot: &Slot, warnings: &mut Vec<Warning>) {
    let needs_none = |session: &super::Session| matches!(session.format, Format::Break | Format::Unstructured);
    if slot.room.is_none() && !facts.session(slot.session).is_some_and(needs_none) {
        let round = slot.round.map_or_else(String::new, |round| format!(", round {round},"));
        let message = format!("“{}”{round} has no room. Give it one.", facts.title_of(slot));
        warnings.push(Warning::about(Kind::SlotWithoutRoom, message, [slot]));
    }
}

/// Rounds of a block in which there is not a seat for each participant. Where it is not known of every slot how many it
/// takes, nothing can be said.
fn rounds(facts: &Facts, warnings: &mut Vec<Warning>) {
    let rounds: BTreeSet<_> = facts.slots.iter().filter_map(|slot| facts.round_of(slot)).collect();
    for (block, round) in rounds {
        let slots: Vec<&Slot> =
            facts.slots.iter().filter(|slot| facts.round_of(slot) == Some((block, round))).collect();
        let holds = |slot: &&Slot| {
            let room = facts.room_of(slot).and_then(|room| room.capacity);
            slot.capacity.into_iter().chain(room).min().map(i64::from)
        };
        let Some(seats) = slots.iter().map(holds).sum::<Option<i64>>() else { continue };
        if seats < facts.participants {
            let title = facts.blocks.iter().find(|each| each.id == block).map_or("", |block| &block.title);
            let message = format!(
                "Round {round} of “{title}” has {seats} seats for {} participants. Find larger rooms, or offer more \
                 sessions.",
                facts.participants
            );
            warnings.push(Warning::about(Kind::RoundTooSmall, message, slots));
        }
    }
}
