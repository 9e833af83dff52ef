//! The limits as a page, `docs/limits.md`.

use super::table::{Limit, TABLE, Unit};
use super::{Limits, bytes};
use crate::auth::MAX_TOKEN;
use crate::graphql::{DEFAULT_ROWS, MAX_ROWS};
use crate::http::admission::{FAULTY_BYTES, FILE, MOST_PAYERS, POINTS, SPREADSHEET};
use crate::http::app::TIMEOUT;
use crate::http::front::MAX_ITEMS;
use crate::validation::MAX_TITLE;
use std::fmt::Write as _;

/// Every limit, as a page.
pub fn limits_to_markdown() -> String {
    let mut page = String::from(
        "# Limits\n\n\
         Printed from the code (`api/src/http/limits/`) and compared in a test; do not edit by hand.\n\n\
         What a request may be, so that nobody's takes another's time. Whatever is refused says which bound it met, and its error \
         has the code that is named here.\n\n\
         ## What can be set\n\n\
         By `LMI_LIMITS`, as in `LMI_LIMITS=depth=12,aliases=50,sockets-of-network=2000`: names with numbers, separated by \
         commas; bytes and seconds as plain numbers. What is not named stays as it is here.\n\n\
         | name | what | at most | beyond it | may be set to |\n|---|---|---|---|---|\n",
    );
    let mut defaults = Limits::default();
    for limit in TABLE {
        let (least, most) = limit.range;
        let default = *(limit.of)(&mut defaults);
        let Limit { name, what, beyond, .. } = limit;
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| `{name}` | {what} | {} | {beyond} | {least} to {most} |", said(limit.unit, default));
    }
    page + &fixed() + &costs() + OVERLOAD
}

fn said(unit: Unit, count: usize) -> String {
    match unit {
        Unit::Things => thousands(count),
        Unit::Bytes => bytes(count),
        Unit::Seconds => format!("{count} seconds"),
    }
}

/// A number as people write it.
fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let pieces: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    pieces.join(",")
}

/// What clients rely on, or what much hangs on, is the same everywhere.
fn fixed() -> String {
    let mut part = String::from("\n## What is the same everywhere\n\n| what | at most | beyond it |\n|---|---|---|\n");
    let token = bytes(MAX_TOKEN);
    let rows = format!("`first` or `last` 0 to {MAX_ROWS}, {DEFAULT_ROWS} where neither is given");
    let lists = format!("{MAX_ITEMS} items; batches of writes 100");
    let execution = format!("{} seconds; its statement is cancelled", TIMEOUT.as_secs());
    let titles = format!("{MAX_TITLE} letters; a text must hold no NUL");
    for [what, most, beyond] in [
        ["methods", "POST with JSON in UTF-8; GET for queries", "405 with `Allow`; 415 `BAD_USER_INPUT`"],
        ["a compressed body", "none", "415 `BAD_USER_INPUT`"],
        ["requests in one", "one; no batches, no files", "400 `BAD_USER_INPUT`"],
        ["pages", &rows, "`BAD_USER_INPUT`"],
        ["lists in inputs", &lists, "`QUERY_LIMIT`, or `userErrors`"],
        ["names and titles", &titles, "`userErrors`, or `BAD_USER_INPUT`"],
        ["execution", &execution, "`TIMEOUT`"],
        ["an access token", &format!("{token}, 15 minutes"), "401 with `WWW-Authenticate`"],
        ["the id of a socket's operation", "128 bytes", "closed with 4400"],
        ["an idempotency key", "255 visible ASCII characters", "400 `BAD_USER_INPUT`"],
        ["webhook endpoints", "20 for each account or key, 1,000 in all", "`userErrors`"],
        [
            "failed sign-ins",
            "10 of an account or from a network; then a wait of half a minute that doubles, a quarter of an hour at most",
            "`RATE_LIMITED`, with `Retry-After`",
        ],
    ] {
        let _ = writeln!(part, "| {what} | {most} | {beyond} |");
    }
    part
}

/// What a request costs, and who pays for it.
fn costs() -> String {
    format!(
        "\n## What a request costs\n\n\
         With the header `LMI-Cost: 1` the answer's `extensions.cost` says how many points the request costs. They are counted before \
         anything runs, from the document and its variables: one point for each object that can come back.\n\n\
         - A field that answers with an object costs a point, and what is selected of it.\n\
         - A page costs a point; what is selected beneath its `nodes` and `edges` costs as many times as `first` or `last` says, \
         {DEFAULT_ROWS} times where neither does.\n\
         - A list that is asked for by `ids` costs as many times as there are ids; any other list 10 times.\n\
         - Texts, numbers, and lists of them cost nothing, and a request never less than a point.\n\n\
         `{{ people(first: 5) {{ totalCount nodes {{ name }} }} }}` costs 6.\n\n\
         ## What each may spend\n\n\
         `LMI_RATE_LIMIT` points in a minute, {points} where it is not set, none at all counted where it is 0: for each account and \
         each key, and for all who have not signed in of each network (an IPv4 address, or a /64 of IPv6). Behind proxies that \
         `LMI_TRUSTED_PROXIES` names, the network is the client's. What is not spent is kept up to a minute's worth, so that the \
         first request may cost all of it; one that costs more than a minute's worth takes the whole. The last \
         hundredth is kept for what costs one point, so that whoever has spent all else is still answered small things.\n\n\
         - What is answered from memory, or with 304, costs one point; so does whatever is refused.\n\
         - A document that cannot be run costs a point for each {FAULTY_BYTES} bytes of it.\n\
         - A file that is made anew (an agenda, the map) costs {file}; a spreadsheet {spreadsheet}.\n\
         - Over a socket each operation costs what it costs elsewhere.\n\n\
         Each answer says in `RateLimit-Policy` what one has in a minute, and in `RateLimit` how much is left (`r`) and in how many \
         seconds it is whole again (`t`). Whoever has too little left is answered 429 `RATE_LIMITED` with `Retry-After`; over a socket \
         with an `error` that says the same.\n\n\
         {points} points are some hundred pages of a large agenda that nobody has asked for before, or a million that somebody has. A school \
         of a thousand people behind one address, who each open a page of a partner's every few seconds, does not come near it; whoever does is \
         a program that should follow `changes` instead, or has gone wrong. It is about a tenth of what one machine of two cores can do, so that \
         one alone never takes the service from the others. Of the {payers} who asked last it is known what they have left; whoever comes back \
         after that begins anew.\n",
        points = thousands(usize::try_from(POINTS).unwrap_or(usize::MAX)),
        file = thousands(usize::try_from(FILE).unwrap_or(usize::MAX)),
        spreadsheet = thousands(usize::try_from(SPREADSHEET).unwrap_or(usize::MAX)),
        payers = thousands(MOST_PAYERS),
    )
}

const OVERLOAD: &str = "
## When more is asked than can be done

What asks the database waits its turn: `at-once` root fields of requests run at one time, `at-once-of-one` of them one viewer's or network's at
most, so that there is always room for somebody else's. When a turn is free, it is the next one's of those who wait, by viewer and network: whoever
asks for a hundred things waits a hundred times, and whoever asks for one waits once. Whoever finds too many waiting is told so at once, and whoever
has waited `waiting-seconds` then: 503 `UNAVAILABLE` with `Retry-After`. Nothing of it has been run, and it can be sent again as it is. Where the
queue is full, those who have most in it make room for those who have less.

Whoever was sent away so and asks again at once on the same connection waits there for half a second first.

Answers from memory, the files that are kept, `/health/live`, `/health/ready` and `/metrics` wait for nobody. Long documents that nobody has sent before
are read on threads of their own, as many as there are processors, in turns of their own; so are credentials looked up.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_threes() {
        assert_eq!(
            [0, 12, 999, 1_000, 12_345, 1_000_000].map(thousands),
            ["0", "12", "999", "1,000", "12,345", "1,000,000"]
        );
    }
}
