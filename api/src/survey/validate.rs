//! What a survey, its questions and the answers to them must be like.

use super::ballot::GivenAnswer;
use super::input::NewItem;
use crate::error::ViolationCode;
use crate::validation::{MAX_TITLE, Violations};
use entity::survey::{Audience, Model};
use entity::survey_item::{self, Kind};
use std::collections::BTreeSet;

/// Questions at most.
const MAX_ITEMS: usize = 50;
/// Options of a question at most.
const MAX_OPTIONS: usize = 50;
/// Letters of a written answer at most.
const MAX_ANSWER: usize = 2000;
/// How far numbers may reach.
const FAR: i32 = 1_000_000;

/// The survey itself.
pub(super) fn survey(row: &Model, violations: &mut Violations) {
    violations.title("title", &row.title);
    violations.text("introduction", row.introduction.as_deref());
    let in_order = row.opens_at.zip(row.closes_at).is_none_or(|(opens, closes)| opens < closes);
    violations.check(in_order, "closesAt", "A survey closes after it opens.");
    let somewhere = row.audience == Audience::PublicLink || row.convening_id.is_some();
    violations.check(
        somewhere,
        "audience",
        "Only a convening has participants and teams. Name it, or choose PUBLIC_LINK.",
    );
}

/// Its questions.
pub(super) fn items(items: &[NewItem], violations: &mut Violations) {
    violations.check(items.len() <= MAX_ITEMS, "items", "Ask at most 50 questions.");
    for (place, new) in items.iter().enumerate() {
        item(&format!("items.{place}"), new, violations);
    }
}

fn item(at: &str, new: &NewItem, violations: &mut Violations) {
    violations.title(&format!("{at}.prompt"), &new.prompt);
    let options = format!("{at}.options");
    if matches!(new.kind, Kind::SingleChoice | Kind::MultipleChoice) {
        let fits = (2..=MAX_OPTIONS).contains(&new.options.len());
        violations.check(fits, &options, "Give 2 to 50 options to choose from.");
        violations.titles(&options, &new.options);
        let once = new.options.iter().collect::<BTreeSet<_>>().len() == new.options.len();
        violations.check(once, &options, "Give each option once.");
    } else {
        violations.check(new.options.is_empty(), &options, "Only single and multiple choice have options.");
    }
    match (new.kind, new.bounds) {
        (Kind::Number, (Some(minimum), Some(maximum))) => {
            let fits = minimum < maximum && minimum >= -FAR && maximum <= FAR;
            violations.check(fits, &format!("{at}.maximum"), "Give more than the minimum, and at most a million.");
        }
        (Kind::Number, _) => {
            let message = "Say between which whole numbers the answer is.";
            violations.add(&format!("{at}.minimum"), ViolationCode::Required, message);
        }
        (_, bounds) => {
            let none = bounds == (None, None);
            violations.check(none, &format!("{at}.minimum"), "Only numbers have a minimum and a maximum.");
        }
    }
}

/// What somebody answers: to each question once at most, in its form, and to all that must be answered.
pub(super) fn answers(items: &[survey_item::Model], given: &[GivenAnswer], violations: &mut Violations) {
    let mut answered = BTreeSet::new();
    for (place, answer) in given.iter().enumerate() {
        let at = format!("answers.{place}");
        match items.iter().find(|item| item.id == answer.item) {
            None => {
                let message = "There is no such question in this survey.";
                violations.add(&format!("{at}.itemId"), ViolationCode::NotFound, message);
            }
            Some(_) if !answered.insert(answer.item) => {
                violations.add(&format!("{at}.itemId"), ViolationCode::Taken, "Answer each question once.");
            }
            Some(item) => form(&at, item, answer, violations),
        }
    }
    for item in items.iter().filter(|item| item.required && !answered.contains(&item.id)) {
        violations.add("answers", ViolationCode::Required, format!("Answer this too: {}", item.prompt));
    }
}

/// An answer in the form that its question asks for.
fn form(at: &str, item: &survey_item::Model, answer: &GivenAnswer, violations: &mut Violations) {
    let given = [answer.rating.is_some(), answer.choices.is_some(), answer.number.is_some(), answer.text.is_some()];
    let form = match item.kind {
        Kind::Likert => "rating",
        Kind::SingleChoice | Kind::MultipleChoice => "choices",
        Kind::Number => "number",
        Kind::OpenText | Kind::Headline => "text",
    };
    let field = format!("{at}.{form}");
    let is_only = given.into_iter().filter(|given| *given).count() <= 1;
    violations.check(is_only, at, &format!("This question is answered by `{form}` alone."));
    let fits = match item.kind {
        Kind::Likert => answer.rating.is_some_and(|rating| (1..=5).contains(&rating)),
        Kind::SingleChoice => {
            answer.choices.as_ref().is_some_and(|choices| choices.len() == 1 && all_there(item, choices))
        }
        Kind::MultipleChoice => answer.choices.as_ref().is_some_and(|choices| all_there(item, choices)),
        Kind::Number => answer.number.is_some_and(|number| {
            item.minimum.is_none_or(|minimum| minimum <= number) && item.maximum.is_none_or(|maximum| number <= maximum)
        }),
        Kind::OpenText => answer.text.as_ref().is_some_and(|text| is_written(text, MAX_ANSWER)),
        Kind::Headline => answer.text.as_ref().is_some_and(|text| is_written(text, MAX_TITLE) && !text.contains('\n')),
    };
    let message = match item.kind {
        Kind::Likert => "Give a number from 1, strongly disagree, to 5, strongly agree.".to_owned(),
        Kind::SingleChoice => format!("Choose one, by its place from 1 to {}.", item.options.len()),
        Kind::MultipleChoice => format!("Choose any, each once, by their places from 1 to {}.", item.options.len()),
        Kind::Number => {
            let (minimum, maximum) = (item.minimum.unwrap_or_default(), item.maximum.unwrap_or_default());
            format!("Give a whole number from {minimum} to {maximum}.")
        }
        Kind::OpenText => "Write 1 to 2,000 letters, or leave the question out.".to_owned(),
        Kind::Headline => "Write one line of at most 300 letters, or leave the question out.".to_owned(),
    };
    violations.check(fits, &field, &message);
}

/// Places of options, each once.
fn all_there(item: &survey_item::Model, choices: &[i32]) -> bool {
    let there = |place: &i32| usize::try_from(*place).is_ok_and(|place| (1..=item.options.len()).contains(&place));
    choices.iter().all(there) && choices.iter().collect::<BTreeSet<_>>().len() == choices.len()
}

fn is_written(text: &str, letters: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= letters
}
