//! People and districts found by a word of their names, in the order of names: the same that are found in any other order, and
//! no fewer.

use lmi::auth::Role;
use serde_json::{Value, json};
use tests::{Service, with_empty};

/// Made up. Every third is shown to everybody.
const NAMES: [&str; 24] = [
    "Åse Ødegård-Quill",
    "Aaron A. Aardvark",
    "Æthel Straußmann",
    "Anna Maria Annabel",
    "Ann",
    "D'Arcy O'Quill",
    "Élodie Équille",
    "Quilliam Quill",
    "Quill Quilliams",
    "Quills Rogers",
    "Roger Quilling",
    "Rogers Roger",
    "Jean-Luc 3rd Quill",
    "Mary Maris Mari",
    "Þóra Quillsdóttir",
    "Паша Квил",
    "Ŀlull Quill",
    "Xylophonquillabernathysmith Quill",
    "Xylophonquillabernathysmyth Quill",
    "william williams",
    "WILLIAMS William",
    "1e5 Quill",
    "Quill",
    "Zz Top",
];

async fn with_names(service: &Service) {
    let people = NAMES.iter().enumerate().map(|(n, name)| {
        let is_public = n % 3 == 0;
        format!("[[person]]\nslug = \"made-up-{n}\"\nname = \"{name}\"\nis_public = {is_public}\n")
    });
    service.load(&people.collect::<String>()).await;
}

/// Made up: each with other spellings, and where it is.
const DISTRICTS: [(&str, &[&str], &str); 9] = [
    ("Quill Valley Unified School District", &["QVUSD", "Quill Valley USD"], "Quillton"),
    ("Quillton Elementary", &["Quillton Schools"], "Åseville"),
    ("Åseville High", &[], "Aseville"),
    ("Añejo Creek Unified", &["Anejo Creek"], "Quillmont"),
    ("St. Made-Up Unified", &["Saint Made Up"], "Made Up"),
    ("Made-Up Hills Unified", &[], "Zz"),
    ("Valley of Quills Union Elementary", &["Quills"], "Alder"),
    ("Alder Union", &["Alder Union", "Alder"], "Alder"),
    ("Xylophonquillabernathysmith Unified", &[], "Xylophonquillabernathysmyth"),
];

async fn with_districts(service: &Service) {
    let create = "mutation ($input: CreateDistrictInput!) { createDistrict(input: $input) { district { id } } }";
    for (name, others, city) in DISTRICTS {
        let input = json!({ "name": name, "alternateNames": others, "city": city });
        let made = service.as_role(Role::Staff).ask_with(create, &json!({ "input": input })).await;
        assert_eq!(made.codes(), Vec::<String>::new(), "{made:?}");
    }
}

/// Whatever somebody may type who looks for one of them: the beginnings of all words, in several spellings, and with typos.
fn typed<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let words = names.flat_map(|name| name.split([' ', '-', '\'', '.']));
    let mut typed: Vec<String> = words
        .flat_map(|word| {
            let letters: Vec<char> = word.chars().collect();
            let begun = (1..=letters.len()).map(|end| letters[..end].iter().collect::<String>());
            let mistyped =
                [format!("{word}x"), letters.iter().rev().collect(), word.to_uppercase(), format!(" {word}\n")];
            begun.chain(mistyped).collect::<Vec<_>>()
        })
        .collect();
    typed.extend(["æ", "ae", "ß", "th", "þ", "ŀ", "ŉ", "½", "q q", "quill w", "Quill%", "!quill"].map(str::to_owned));
    typed.sort();
    typed.dedup();
    typed
}

/// Which of a list are found, and how many there are said to be.
async fn found_of(service: &Service, list: &str, typed: &str, arguments: &str) -> (Vec<String>, Value) {
    let document = format!(
        "query ($typed: String!) {{ {list}(filter: {{search: $typed}}, {arguments}) {{ totalCount nodes {{ slug name }} }} }}"
    );
    let answer = service.ask_with(&document, &json!({ "typed": typed })).await;
    (answer.lines(&format!("/{list}/nodes"), &["/name", "/slug"]), answer.at(&format!("/{list}/totalCount")))
}

/// Who is found, and how many there are said to be.
async fn found(service: &Service, typed: &str, arguments: &str) -> (Vec<String>, Value) {
    found_of(service, "people", typed, arguments).await
}

/// Whatever is typed, the order of names has what another order has, forwards and backwards, and as many as are counted.
async fn hold(viewers: &[Service], list: &str, typed: &[String]) {
    let mut most = 0;
    for viewer in viewers {
        for typed in typed {
            let (in_order, count) = found_of(viewer, list, typed, "first: 100").await;
            let other = "first: 100, orderBy: {field: UPDATED_AT, direction: ASC}";
            let (mut others, other_count) = found_of(viewer, list, typed, other).await;
            let backwards = "last: 100, orderBy: {field: NAME, direction: DESC}";
            let (mut reversed, _) = found_of(viewer, list, typed, backwards).await;
            reversed.reverse();
            assert_eq!(in_order, reversed, "{typed:?}");
            others.sort();
            let mut sorted = in_order.clone();
            sorted.sort();
            assert_eq!(sorted, others, "{typed:?}");
            assert_eq!((&count, &other_count), (&json!(in_order.len()), &count), "{typed:?}");
            most = most.max(in_order.len());
        }
    }
    assert!(most > 6, "one of them finds many: {most}");
}

#[test]
fn who_is_found_does_not_follow_from_the_order() {
    with_empty(async |service| {
        with_names(&service).await;
        hold(&[service.clone(), service.as_role(Role::Staff)], "people", &typed(NAMES.into_iter())).await;
    });
}

#[test]
fn which_districts_are_found_does_not_follow_from_the_order() {
    with_empty(async |service| {
        with_districts(&service).await;
        let names =
            DISTRICTS.iter().flat_map(|(name, others, city)| [*name, *city].into_iter().chain(others.iter().copied()));
        hold(std::slice::from_ref(&service), "districts", &typed(names)).await;
    });
}

/// Whether each typed word begins one of the name's, but for accents.
fn begins(typed: &str, name: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect()
    };
    let of_name = words(name);
    words(typed).iter().all(|word| of_name.iter().any(|other| other.starts_with(word)))
}

#[test]
fn every_word_counts_however_short() {
    with_empty(async |service| {
        with_names(&service).await;
        let staff = service.as_role(Role::Staff);
        let mut most = 0;
        for long in ["", "quill", "rogers", "Mar", "xylophonq", "william", "ann"] {
            for short in ["q", "r", "A.", "W", "3r", "o'", "1e5", "an", "ma M", "z t", "quilli Q"] {
                let typed = format!("{short} {long}");
                let mut expected: Vec<&str> = NAMES.into_iter().filter(|name| begins(&typed, name)).collect();
                // Where nobody has all of them, those are found who nearly have.
                if expected.is_empty() {
                    continue;
                }
                let (lines, _) = found(&staff, &typed, "first: 100").await;
                let mut names: Vec<&str> = lines.iter().filter_map(|line| line.split(" | ").next()).collect();
                names.retain(|name| name.is_ascii());
                expected.retain(|name| name.is_ascii());
                expected.sort_unstable();
                names.sort_unstable();
                assert_eq!(names, expected, "{typed:?}");
                most = most.max(names.len());
            }
        }
        assert!(most > 3, "one of them finds several: {most}");
    });
}

#[test]
fn a_district_is_found_by_what_it_is_called_now() {
    with_empty(async |service| {
        with_districts(&service).await;
        let staff = service.as_role(Role::Staff);
        let update = "mutation ($id: ID!, $version: Int!, $input: UpdateDistrictInput!) \
                      { updateDistrict(id: $id, version: $version, input: $input) { district { id } } }";
        let changes: [(Value, &str, &str); 3] = [
            (json!({ "name": "Mapletrial Unified" }), "mapletrial", "alder"),
            (json!({ "alternateNames": ["Otherspelling"] }), "othersp", "alder"),
            (json!({ "city": "Newtown" }), "newtown", "alder"),
        ];
        let names = async |typed: &str| found_of(&service, "districts", typed, "first: 100").await.0.len();
        assert_eq!(names("alder").await, 2, "one of them by where it is");
        let first = staff.ask("{ districts(filter: {search: \"alder\"}, first: 1) { nodes { id version } } }").await;
        let (id, version) = (first.at("/districts/nodes/0/id"), first.at("/districts/nodes/0/version"));
        let version = version.as_u64().expect("a number");
        for ((input, now, before), version) in changes.iter().zip(version..) {
            assert_eq!(names(now).await, 0, "{now}");
            let answer = staff.ask_with(update, &json!({ "id": id, "version": version, "input": input })).await;
            assert_eq!(answer.codes(), Vec::<String>::new(), "{answer:?}");
            assert_eq!(names(now).await, 1, "{now}");
            let left = if input["city"].is_null() { 2 } else { 1 };
            assert_eq!(names(before).await, left, "{before}, after {input}");
        }
    });
}

#[test]
fn pages_of_what_is_found_are_the_whole_of_it() {
    with_empty(async |service| {
        with_names(&service).await;
        let staff = service.as_role(Role::Staff);
        for typed in ["q", "quill", "a", "Élo", "quilx"] {
            for (ends, from, place) in [("first", "after", "endCursor"), ("last", "before", "startCursor")] {
                let document = format!(
                    "query ($typed: String!, $from: String) {{ people(filter: {{search: $typed}}, {ends}: 2, {from}: $from) \
                     {{ nodes {{ name }} pageInfo {{ {place} }} }} }}"
                );
                let (mut names, mut place_of) = (Vec::new(), Value::Null);
                loop {
                    let page = staff.ask_with(&document, &json!({ "typed": typed, "from": place_of })).await;
                    let mut found = page.lines("/people/nodes", &["/name"]);
                    if found.is_empty() {
                        break;
                    }
                    place_of = page.at(&format!("/people/pageInfo/{place}"));
                    if ends == "last" {
                        found.extend(names);
                        names = found;
                    } else {
                        names.extend(found);
                    }
                }
                let (whole, _) = found(&staff, typed, "first: 100").await;
                let whole: Vec<&str> = whole.iter().filter_map(|line| line.split(" | ").next()).collect();
                assert_eq!(names, whole, "{typed}");
            }
        }
    });
}

#[test]
fn a_cursor_of_the_whole_list_leads_on_in_what_is_found() {
    with_empty(async |service| {
        with_names(&service).await;
        let staff = service.as_role(Role::Staff);
        let all = staff.ask("{ people(first: 100) { edges { cursor node { name } } } }").await;
        let cursors = all.each("/people/edges", "/cursor");
        let names = all.lines("/people/edges", &["/node/name"]);
        let (whole, _) = found(&staff, "quill", "first: 100").await;
        for (cursor, name) in cursors.iter().zip(&names) {
            let (behind, _) = found(&staff, "quill", &format!("first: 100, after: {cursor}")).await;
            let place = names.iter().position(|other| other == name).expect("a place");
            let expected: Vec<&String> = whole
                .iter()
                .filter(|line| names[place + 1..].iter().any(|name| line.starts_with(&format!("{name} | "))))
                .collect();
            assert_eq!(behind.iter().collect::<Vec<_>>(), expected, "behind {name}");
        }
    });
}

#[test]
fn a_name_that_nobody_is_shown_keeps_no_other_from_being_found() {
    with_empty(async |service| {
        service
            .load(
                "[[person]]\nslug = \"hidden\"\nname = \"Zorrona Hidden\"\n\
                 [[person]]\nslug = \"shown\"\nname = \"Zorrano Shown\"\nis_public = true\n",
            )
            .await;
        let (found_by_all, count) = found(&service, "zorrona", "first: 10").await;
        assert_eq!((found_by_all, count), (vec!["Zorrano Shown | shown".to_owned()], json!(1)), "by a typo");
        let (found_by_staff, _) = found(&service.as_role(Role::Staff), "zorrona", "first: 10").await;
        assert_eq!(found_by_staff, ["Zorrona Hidden | hidden"], "who sees the name is offered no typo");
        for typed in ["hidden", "hid", "h"] {
            assert_eq!(found(&service, typed, "first: 10").await, (Vec::new(), json!(0)), "{typed}");
        }
    });
}
