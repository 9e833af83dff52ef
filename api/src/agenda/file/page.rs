//! An agenda as a page to read, without a script: to link to, to frame, and for whoever has no script.

use super::linked::linked;
use super::text::{joined, label};
use super::{Agenda, Item, Speaker};
use crate::account::PublicUrl;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const PAGE: &str = include_str!("../../../assets/agenda.html");
/// How it looks; the page allows this style and no other.
pub(crate) const STYLE: &str = include_str!("../../../assets/agenda.css");

/// The agenda as a page.
pub(crate) fn page(agenda: &Agenda, url: &PublicUrl) -> String {
    let mut main = head(agenda);
    let items = agenda.items();
    let mut named = BTreeSet::new();
    for day in items.chunk_by(|one, other| one.day == other.day) {
        let title = day[0].day.map_or_else(|| "Day not given".to_owned(), date);
        // On a day of which no time is known, times have no column.
        let class = if day.iter().any(|item| item.start().is_some()) { "items" } else { "items untimed" };
        let _ = write!(main, "<section>\n<h2>{title}</h2>\n<ol class=\"{class}\">\n");
        for item in day {
            // What comes twice is found at its first time.
            let id = named.insert(&item.session.slug).then(|| format!(" id=\"{}\"", html(&item.session.slug)));
            let time = time(agenda, item).or_else(|| (class == "items").then(|| "Time not given".to_owned()));
            let time = time.map(|time| format!("\n<p class=\"time\">{time}</p>")).unwrap_or_default();
            let _ = writeln!(main, "<li{}>{time}{}</li>", id.unwrap_or_default(), entry(item));
        }
        main.push_str("</ol>\n</section>\n");
    }
    if items.is_empty() {
        main.push_str("<p>Nothing is on this agenda yet.</p>\n");
    }
    main.push_str(&foot(agenda));
    // What agendas say comes last: nothing in it is taken for a place in the page.
    let page =
        PAGE.replace("{{style}}", STYLE).replace("{{title}}", &html(&agenda.title).replace("{{", "&#123;&#123;"));
    let (before, after) = page.split_once("{{linked}}").unwrap_or((&page, ""));
    let (between, after) = after.split_once("{{main}}").unwrap_or((after, ""));
    [before, &linked(agenda, url), between, &main, after].concat()
}

fn head(agenda: &Agenda) -> String {
    let days = if agenda.starts_on == agenda.ends_on {
        date(agenda.starts_on)
    } else {
        format!("{} to {}", date(agenda.starts_on), date(agenda.ends_on))
    };
    let venue = agenda.venue.as_ref();
    let place = venue.map(|venue| [venue.name.as_deref(), venue.address.as_deref(), venue.city.as_deref()]);
    let place = joined(place.into_iter().flatten(), ", ");
    let mut head = format!("<h1>{}</h1>\n<p class=\"quiet\">{days}", html(&agenda.title));
    if !place.is_empty() {
        let _ = write!(head, "<br>{}", html(&place));
    }
    head.push_str("</p>\n");
    if agenda.is_cancelled() {
        head.push_str("<p class=\"cancelled\">Cancelled: this convening does not take place.</p>\n");
    }
    // What it is, and not all that is told of it.
    if let Some(first) = agenda.description.as_ref().and_then(|text| text.lines().next()) {
        let _ = writeln!(head, "<p>{}</p>", html(first));
    }
    head
}

fn entry(item: &Item<'_>) -> String {
    let session = item.session;
    let mut entry = format!("\n<div>\n<h3>{}</h3>", html(&session.title));
    let strand = session.strand.as_ref().map(|strand| strand.title.as_str());
    let round = item.round().map(|round| format!("Round {round}"));
    let audience = item.audience();
    let kind = label(&session.format);
    let minutes = session.duration_minutes.filter(|_| item.start().is_none());
    let minutes = minutes.map(|minutes| format!("{minutes} minutes"));
    let facts = [Some(kind.as_str()), strand, round.as_deref(), audience.as_deref(), item.room(), minutes.as_deref()];
    let _ = write!(entry, "\n<p class=\"facts\">{}</p>", html(&joined(facts, " · ")));
    if let Some(text) = &session.r#abstract {
        let _ = write!(entry, "\n<p class=\"abstract\">{}</p>", html(text));
    }
    if !session.speakers.is_empty() {
        let speakers: String = session.speakers.iter().map(speaker).collect();
        let _ = write!(entry, "\n<ul class=\"speakers\">{speakers}\n</ul>");
    }
    entry + "\n</div>\n"
}

fn speaker(speaker: &Speaker) -> String {
    let position = joined([Some(speaker.position().as_str()), Some(label(&speaker.role).as_str())], " · ");
    let (name, position) = (html(&speaker.name_as_shown), html(&position));
    format!("\n<li><b>{name}</b> <span class=\"quiet\">{position}</span></li>")
}

/// From when until when; nothing where that is not known.
fn time(agenda: &Agenda, item: &Item<'_>) -> Option<String> {
    let clock = |moment| {
        let there = agenda.local(moment);
        format!("<time datetime=\"{}\">{}</time>", there.to_rfc3339(), there.format("%-I:%M %p"))
    };
    Some(format!("{} – {}", clock(item.start()?), clock(item.end()?)))
}

fn foot(agenda: &Agenda) -> String {
    format!(
        "<footer>\n<p>Days and times are those of the place: {}.</p>\n<ul class=\"ways\">\n\
         <li><a href=\"agenda.ics\">Calendar (.ics)</a></li>\n<li><a href=\"agenda.csv\">Spreadsheet (.csv)</a></li>\n\
         </ul>\n</footer>",
        html(&agenda.time_zone.name().replace('_', " "))
    )
}

fn date(day: NaiveDate) -> String {
    format!("<time datetime=\"{day}\">{}</time>", day.format("%A, %B %-d, %Y"))
}

/// A text that is nothing but text, between tags and within an attribute.
fn html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}
