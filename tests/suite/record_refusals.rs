//! A record file with a fault is refused whole, in words that name the entry.

use lmi::auth::{Actor, Viewer};
use lmi::clock::Clock;
use lmi::record;
use tests::{Service, contents, with_empty};

/// What a record file is answered with, if it is refused.
async fn refusal(service: &Service, text: &str) -> Option<String> {
    let viewer = Viewer::command_line();
    let loaded = match record::parse(text) {
        Ok(parsed) => record::load(&service.db, Actor::new(&viewer, Clock::System), parsed, false).await.map(drop),
        Err(error) => Err(error),
    };
    loaded.err().map(|error| error.to_string())
}

/// A small record that is in order.
const SOUND: &str = r#"
format = 1
[[document]]
key = "minutes"
title = "Minutes"
[[organization]]
slug = "example-teachers"
name = "Example Teachers"
acronym = "EXT"
kind = "local_union"
sources = [{ document = "minutes" }]
[[district]]
slug = "example-unified"
name = "Example Unified"
cds_code = "01999990000000"
kind = "unified"
[[person]]
slug = "ada-example"
name = "Ada Example"
[[person.affiliation]]
organization = "example-teachers"
title = "President"
[[composition_rule]]
version = 7
seats = [{ seat = "superintendent", minimum = 1, maximum = 2, label = "Superintendent" }]
[[convening]]
slug = "example-fair"
title = "Example fair"
kind = "institute"
status = "completed"
starts_on = "2027-03-01"
ends_on = "2027-03-02"
hosted_by_initiative = true
organizer = "example-teachers"
strands = ["One"]
[[convening.block]]
key = "breakouts"
title = "Breakouts"
rounds = 2
[[convening.sponsorship]]
organization = "example-teachers"
role = "host"
[[convening.session]]
slug = "welcome"
title = "Welcome"
format = "welcome"
strand = 1
block = "breakouts"
related = ["panel"]
[[convening.session.speaker]]
role = "speaker"
person = "ada-example"
[[convening.session]]
slug = "panel"
title = "Panel"
format = "panel"
[[convening.metric]]
name = "Teams"
unit = "teams"
value = 9
qualifier = "exact"
status = "final"
[[convening.team]]
district = "example-unified"
status = "attended"
attended_on = "2027-03-01"
[[resource]]
title = "Slides"
kind = "slides"
url = "https://example.org/slides"
availability = "available"
about = [{ session = "example-fair/welcome" }]
"#;

/// A change to the record after which it must be refused.
const FAULTS: &[(&str, &str)] = &[
    ("format = 1", "format = 2"),
    ("slug = \"example-teachers\"", "slug = \"Example Teachers\""),
    ("acronym = \"EXT\"", "acronym = \"\""),
    ("document = \"minutes\" }", "document = \"notes\" }"),
    ("key = \"minutes\"", "key = \"minutes\"\ntitle = \"Minutes\"\n[[document]]\nkey = \"minutes\""),
    ("cds_code = \"01999990000000\"", "cds_code = \"0199999\""),
    ("cds_code = \"01999990000000\"", "cds_code = \"99999990000000\""),
    ("cds_code = \"01999990000000\"", ""),
    ("name = \"Ada Example\"", "name = \" \""),
    ("name = \"Ada Example\"", "name = \"Ada\\u0000Example\""),
    ("organization = \"example-teachers\"\ntitle", "title"),
    ("title = \"President\"", "starts_on = \"2027-03-01\"\nends_on = \"2027-02-01\""),
    ("minimum = 1, maximum = 2", "minimum = 3, maximum = 2"),
    ("minimum = 1, maximum = 2", "minimum = 0, maximum = 0"),
    ("version = 7", "version = 0"),
    ("ends_on = \"2027-03-02\"", "ends_on = \"2027-02-02\""),
    ("hosted_by_initiative = true", "hosted_by_initiative = true\ntime_zone = \"America/Sacramento\""),
    ("hosted_by_initiative = true", "hosted_by_initiative = true\nteam_capacity = 0"),
    ("hosted_by_initiative = true", "hosted_by_initiative = true\ncomposition_rule = 8"),
    ("organizer = \"example-teachers\"", "organizer = \"cta\""),
    ("strands = [\"One\"]", "strands = [\"\"]"),
    ("rounds = 2", "rounds = 0"),
    ("rounds = 2", "rounds = 2\n[[convening.block]]\nkey = \"breakouts\"\ntitle = \"Others\""),
    (
        "role = \"host\"",
        "role = \"host\"\n[[convening.sponsorship]]\norganization = \"example-teachers\"\nrole = \"host\"",
    ),
    ("strand = 1", "strand = 0"),
    ("block = \"breakouts\"", "block = \"others\""),
    ("related = [\"panel\"]", "related = [\"summary\"]"),
    ("related = [\"panel\"]", "related = [\"welcome\"]"),
    ("related = [\"panel\"]", "related = [\"panel\", \"panel\"]"),
    ("slug = \"panel\"", "slug = \"panel\"\nduration_minutes = 0"),
    ("slug = \"panel\"", "slug = \"panel\"\nnumber = 0"),
    ("slug = \"panel\"", "slug = \"welcome\""),
    ("person = \"ada-example\"", "as_team = true"),
    ("person = \"ada-example\"", "person = \"ada-example\"\nas_team = true"),
    ("person = \"ada-example\"", "person = \"ada-example\"\n[[convening.session.slot]]\nround = 0"),
    (
        "person = \"ada-example\"",
        "person = \"ada-example\"\n[[convening.session.slot]]\nround = 1\n[[convening.session.slot]]\nround = 1",
    ),
    ("attended_on = \"2027-03-01\"", ""),
    ("status = \"attended\"", "status = \"confirmed\""),
    ("url = \"https://example.org/slides\"", ""),
    ("url = \"https://example.org/slides\"", "url = \"example.org\""),
    ("about = [{ session = \"example-fair/welcome\" }]", "about = [{ session = \"welcome\" }]"),
    ("about = [{ session = \"example-fair/welcome\" }]", "about = []"),
    (
        "about = [{ session = \"example-fair/welcome\" }]",
        "about = [{ session = \"example-fair/welcome\" }, { session = \"example-fair/welcome\" }]",
    ),
];

#[test]
fn every_fault_of_a_record_is_named_with_its_entry() {
    with_empty(async |service| {
        let before = contents(&service.db).await;
        let mut refusals = Vec::new();
        for (sound, faulty) in FAULTS {
            let text = SOUND.replacen(sound, faulty, 1);
            assert_ne!(text, SOUND, "{sound}");
            refusals.push(refusal(&service, &text).await.unwrap_or_else(|| panic!("{faulty} was loaded")));
        }
        insta::assert_snapshot!(refusals.join("\n"));
        assert!(contents(&service.db).await == before, "a refused record changes nothing");
        assert_eq!(refusal(&service, SOUND).await, None, "without its faults it is in order");
    });
}
