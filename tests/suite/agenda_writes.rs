//! Adding, changing, relating and taking away sessions.

use crate::agenda::{Agendas, act, change, done, refusals};
use entity::ids::ConveningId;
use lmi::auth::{Grant, Role, Scope};
use serde_json::{Value, json};
use tests::fixtures::{Fixture, global_id};
use tests::{Service, contents, with_empty, with_fixture};

#[test]
fn staff_add_change_and_take_away_a_session() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let staff = &agendas.staff;
        let input = json!({ "conveningId": agendas.id("fair"), "title": "Many Hands", "format": "PANEL", "number": 3,
            "strand": 2, "block": 1, "abstract": "How work is shared.", "durationMinutes": 45, "date": "2027-03-14",
            "questions": ["Who begins?", "Who goes on?"], "speakersComplete": false,
            "sources": [{ "document": "Minutes" }] });
        let made = done(staff, "createSession", &json!({ "input": input })).await;
        assert_eq!(made["slug"], "many-hands");
        assert_eq!(made["can"], json!(["update", "delete"]));
        assert_eq!(made["strand"]["title"], "Going on");
        let patch = json!({ "strand": 1, "number": null, "title": "Many Hands, Light Work", "questions": null });
        let changed = done(staff, "updateSession", &change(&made, &patch)).await;
        let expected = json!({ "id": made["id"], "slug": "many-hands", "number": null, "format": "PANEL",
            "title": "Many Hands, Light Work", "abstract": "How work is shared.", "durationMinutes": 45,
            "date": "2027-03-14", "questions": [], "speakersComplete": false, "strand": { "title": "Beginning" },
            "relatedSessions": [], "sources": [{ "document": "Minutes" }], "version": 2, "can": ["update", "delete"] });
        assert_eq!(changed, expected, "what is not named stays, and null empties");
        let block = "{ convening(by: {slug: \"fair\"}) { blocks { sessions { slug } } } }";
        assert_eq!(staff.ask(block).await.each("/convening/blocks/0/sessions", "/slug"), ["many-hands"]);
        done(staff, "updateSession", &change(&changed, &json!({ "strand": null, "block": null }))).await;
        assert_eq!(staff.ask(block).await.each("/convening/blocks/0/sessions", "/slug"), Vec::<Value>::new());
        let gone = done(staff, "deleteSession", &json!({ "id": made["id"], "version": 3 })).await;
        assert_eq!(gone["slug"], "many-hands");
        let again = act(staff, "deleteSession", &json!({ "id": made["id"], "version": 3 })).await;
        assert_eq!(again.codes(), ["NOT_FOUND"]);
    });
}

#[test]
fn sessions_of_one_title_get_slugs_of_their_own_within_their_convening() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let slug = async |convening: &str| {
            let input = json!({ "conveningId": agendas.id(convening), "title": "Opening", "format": "BREAK" });
            done(&agendas.staff, "createSession", &json!({ "input": input })).await["slug"].clone()
        };
        assert_eq!(slug("fair").await, "opening-2");
        assert_eq!(slug("fair").await, "opening-3");
        assert_eq!(slug("forum").await, "opening");
    });
}

#[test]
fn everything_that_is_wrong_with_a_session_is_told_at_once_and_nothing_is_written() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let before = contents(&service.db).await;
        let input = json!({ "conveningId": agendas.id("fair"), "slug": "No Slug", "title": " ", "format": "PANEL",
            "number": 0, "strand": 3, "block": 0, "abstract": "", "durationMinutes": 1441, "date": "2027-03-15",
            "questions": ["Who?", " "], "sources": [{ "document": "" }] });
        let answer = act(&agendas.staff, "createSession", &json!({ "input": input })).await;
        let expected = [
            "strand | NOT_FOUND",
            "block | NOT_FOUND",
            "slug | INVALID",
            "number | INVALID",
            "title | REQUIRED",
            "abstract | INVALID",
            "durationMinutes | INVALID",
            "date | INVALID",
            "questions | INVALID",
            "sources | REQUIRED",
        ];
        assert_eq!(refusals(&answer, "createSession"), expected);
        let taken =
            json!({ "conveningId": agendas.id("fair"), "slug": "opening", "title": "Another", "format": "PANEL" });
        let answer = act(&agendas.staff, "createSession", &json!({ "input": taken })).await;
        assert_eq!(refusals(&answer, "createSession"), ["slug | TAKEN"]);
        let nowhere = global_id("Convening", ConveningId::new().0);
        let nowhere = json!({ "input": { "conveningId": nowhere, "title": "Another", "format": "PANEL" } });
        let answer = act(&agendas.staff, "createSession", &nowhere).await;
        assert_eq!(refusals(&answer, "createSession"), ["conveningId | NOT_FOUND"]);
        let elsewhere =
            json!({ "input": { "conveningId": agendas.id("fair/opening"), "title": "A", "format": "PANEL" } });
        assert_eq!(act(&agendas.staff, "createSession", &elsewhere).await.codes(), ["BAD_USER_INPUT"]);
        let opening = json!({ "id": agendas.id("fair/opening"), "version": 1 });
        let emptied = json!({ "title": null, "format": null, "speakersComplete": null, "date": "2027-03-12" });
        let answer = act(&agendas.staff, "updateSession", &change(&opening, &emptied)).await;
        let expected = ["title | REQUIRED", "format | REQUIRED", "speakersComplete | REQUIRED", "date | INVALID"];
        assert_eq!(refusals(&answer, "updateSession"), expected);
        let stale = json!({ "id": agendas.id("fair/opening"), "version": 2, "input": { "number": 1 } });
        let answer = act(&agendas.staff, "updateSession", &stale).await;
        assert_eq!(refusals(&answer, "updateSession"), ["version | STALE_VERSION"]);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn a_relation_is_there_from_both_sides_or_not_at_all() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let (opening, talk) = (agendas.id("fair/opening"), agendas.id("forum/talk"));
        let both = json!({ "id": opening, "relatedId": talk });
        let related = done(&agendas.staff, "relateSessions", &both).await;
        assert_eq!(related["relatedSessions"], json!([{ "slug": "talk" }]));
        let back = json!({ "id": talk, "relatedId": opening });
        for (pair, refusal) in [
            (&both, "relatedId | TAKEN"),
            (&back, "relatedId | TAKEN"),
            (&json!({ "id": talk, "relatedId": talk }), "relatedId | INVALID"),
        ] {
            let answer = act(&agendas.staff, "relateSessions", pair).await;
            assert_eq!(refusals(&answer, "relateSessions"), [refusal]);
        }
        let apart = done(&agendas.staff, "unrelateSessions", &back).await;
        assert_eq!(apart["relatedSessions"], json!([]));
        let answer = act(&agendas.staff, "unrelateSessions", &both).await;
        assert_eq!(refusals(&answer, "unrelateSessions"), ["relatedId | NOT_FOUND"]);
        assert_eq!(contents(&service.db).await["session_relation"], Vec::<String>::new());
    });
}

#[test]
fn a_session_goes_with_its_speakers_and_slots_but_not_from_under_a_seat_or_a_resource() {
    with_fixture(async |service, fixture| {
        let admin = service.as_role(Role::Admin);
        let row = |name: &str| json!({ "id": fixture.find("Session", name).id, "version": 1 });
        let before = contents(&service.db).await;
        let seated = act(&admin, "deleteSession", &row("agenda-of-draft-1")).await;
        assert_eq!(refusals(&seated, "deleteSession"), ["id | IN_USE"]);
        assert!(contents(&service.db).await == before, "neither its speakers nor its slots are gone");
        let session = done(&admin, "deleteSession", &row("agenda-of-completed-2")).await;
        assert_eq!(session["slug"], "agenda-of-completed-2");
        let left = contents(&service.db).await;
        let gone = |table: &str| before[table].len() - left[table].len();
        assert_eq!([gone("session"), gone("speaker"), gone("session_relation")], [1, 1, 2]);
    });
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        let before = contents(&service.db).await;
        agendas.schedule("fair/opening", "2027-03-13T09:00:00-08:00", "2027-03-13T10:00:00-08:00").await;
        agendas.panelist("fair/opening", "ada-example").await;
        let opening = json!({ "id": agendas.id("fair/opening"), "version": 1 });
        done(&agendas.staff, "deleteSession", &opening).await;
        let left = contents(&service.db).await;
        for table in ["slot", "speaker"] {
            assert_eq!(left[table], before[table], "{table}");
        }
        service
            .load(
                "[[organization]]\nslug = \"x\"\nname = \"X\"\nkind = \"other\"\n[[convening]]\nslug = \"late\"\n\
                 title = \"Late\"\nkind = \"meeting\"\nstatus = \"draft\"\nstarts_on = \"2027-03-13\"\n\
                 ends_on = \"2027-03-13\"\nhosted_by_initiative = true\n[[convening.session]]\nslug = \"s\"\n\
                 title = \"S\"\nformat = \"panel\"\n[[resource]]\ntitle = \"Slides\"\nkind = \"slides\"\n\
                 availability = \"forthcoming\"\nabout = [{ session = \"late/s\" }]",
            )
            .await;
        let document = "{ convening(by: {slug: \"late\"}) { session(slug: \"s\") { id version } } }";
        let session = agendas.staff.ask(document).await.at("/convening/session");
        let answer = act(&agendas.staff, "deleteSession", &session).await;
        assert_eq!(refusals(&answer, "deleteSession"), ["id | IN_USE"]);
    });
}

/// What each act on a gathering's agenda is answered with: the code of its error, or of its first fault, or nothing.
async fn tried(service: &Service, fixture: &Fixture, gathering: &str) -> Vec<String> {
    let id = |typename: &str, name: &str| fixture.find(typename, name).id.clone();
    let session = id("Session", &format!("agenda-of-{gathering}-2"));
    let (room, slot) = (id("Room", gathering), id("Slot", gathering));
    let speaker = id("Speaker", &format!("agenda-of-{gathering}-voice"));
    let acts = [
        (
            "createSession",
            json!({ "input": { "conveningId": id("Convening", gathering), "title": "New", "format": "BREAK" } }),
        ),
        ("updateSession", json!({ "id": session, "version": 1, "input": { "number": 7 } })),
        ("relateSessions", json!({ "id": session, "relatedId": session })),
        ("unrelateSessions", json!({ "id": session, "relatedId": session })),
        ("createRoom", json!({ "input": { "conveningId": id("Convening", gathering), "name": "New" } })),
        ("updateRoom", json!({ "id": room, "version": 1, "input": { "capacity": 500 } })),
        ("deleteRoom", json!({ "id": room, "version": 2 })),
        ("scheduleSession", json!({ "input": { "sessionId": session } })),
        ("rescheduleSlot", json!({ "id": slot, "version": 1, "input": { "capacity": 300 } })),
        ("unscheduleSlot", json!({ "id": slot, "version": 2 })),
        (
            "addSpeaker",
            json!({ "input": { "sessionId": session, "role": "HOST", "organizationId": id("Organization", "chorus") } }),
        ),
        ("updateSpeaker", json!({ "id": speaker, "version": 1, "input": { "titleAsShown": "Chair" } })),
        ("removeSpeaker", json!({ "id": speaker, "version": 2 })),
        ("reorderSpeakers", json!({ "sessionId": session, "version": 2, "role": "HOST", "speakerIds": [] })),
        ("deleteSession", json!({ "id": session, "version": 2 })),
    ];
    let mut results = Vec::new();
    for (name, variables) in acts {
        let answer = act(service, name, &variables).await;
        let mut codes = answer.codes();
        if codes.is_empty() {
            codes = answer.lines(&format!("/{name}/userErrors"), &["/code"]);
        }
        results.push(format!("{name} {}", codes.first().map_or("", String::as_str)).trim_end().to_owned());
    }
    results
}

const NAMES: [&str; 15] = [
    "createSession",
    "updateSession",
    "relateSessions",
    "unrelateSessions",
    "createRoom",
    "updateRoom",
    "deleteRoom",
    "scheduleSession",
    "rescheduleSlot",
    "unscheduleSlot",
    "addSpeaker",
    "updateSpeaker",
    "removeSpeaker",
    "reorderSpeakers",
    "deleteSession",
];

/// Every act with this code.
fn all(code: &str) -> Vec<String> {
    NAMES.map(|name| format!("{name} {code}")).to_vec()
}

#[test]
fn whoever_may_not_change_an_agenda_changes_nothing_on_it() {
    with_fixture(async |service, fixture| {
        let before = contents(&service.db).await;
        // What makes something new is refused to those who never may before anything is looked at.
        let new = ["createSession", "createRoom", "scheduleSession", "addSpeaker"];
        let mixed = |code: &str, rest: &str| {
            NAMES.map(|name| format!("{name} {}", if new.contains(&name) { code } else { rest })).to_vec()
        };
        assert_eq!(tried(&service, &fixture, "programme").await, all("UNAUTHENTICATED"));
        assert_eq!(tried(&service, &fixture, "draft").await, mixed("UNAUTHENTICATED", "NOT_FOUND"));
        for role in [Role::Partner, Role::TeamLead, Role::Evaluator] {
            let service = service.as_role(role);
            assert_eq!(tried(&service, &fixture, "programme").await, all("FORBIDDEN"), "{role:?}");
            assert_eq!(tried(&service, &fixture, "draft").await, mixed("FORBIDDEN", "NOT_FOUND"), "{role:?}");
        }
        let auditor = service.as_role(Role::Auditor);
        assert_eq!(tried(&auditor, &fixture, "draft").await, all("FORBIDDEN"), "who sees all and changes nothing");
        let scope = Scope::Organization(fixture.key("Organization", "south"));
        let organizer = service.as_grants(vec![Grant::new(Role::Organizer, scope)]);
        assert_eq!(tried(&organizer, &fixture, "programme").await, all("FORBIDDEN"), "another's published agenda");
        assert_eq!(tried(&organizer, &fixture, "draft").await, all("NOT_FOUND"), "another's draft");
        // The facts of it are announced, and what is on its agenda is still hidden.
        let applying = tried(&organizer, &fixture, "applying").await;
        let convening = ["createSession", "createRoom"];
        let expected =
            NAMES.map(|name| format!("{name} {}", if convening.contains(&name) { "FORBIDDEN" } else { "NOT_FOUND" }));
        assert_eq!(applying, expected);
        assert!(contents(&service.db).await == before, "nothing was written");
    });
}

#[test]
fn organizers_staff_and_administrators_change_what_is_theirs() {
    let own = |fixture: &Fixture| {
        let scope = |scope| Grant::new(Role::Organizer, scope);
        vec![
            scope(Scope::Organization(fixture.key("Organization", "north"))),
            scope(Scope::Convening(fixture.key("Convening", "draft"))),
            scope(Scope::Region(fixture.regions[0])),
        ]
    };
    let done = [
        "createSession",
        "updateSession",
        "relateSessions INVALID",
        "unrelateSessions NOT_FOUND",
        "createRoom",
        "updateRoom",
        "deleteRoom IN_USE",
        "scheduleSession",
        "rescheduleSlot",
        "unscheduleSlot IN_USE",
        "addSpeaker",
        "updateSpeaker",
        "removeSpeaker",
        "reorderSpeakers INVALID",
        "deleteSession",
    ];
    for place in 0..5 {
        with_fixture(async |service, fixture| {
            let service = match place {
                3 => service.as_role(Role::Staff),
                4 => service.as_role(Role::Admin),
                place => service.as_grants(vec![own(&fixture)[place]]),
            };
            assert_eq!(tried(&service, &fixture, "draft").await, done, "{place}");
        });
    }
}

#[test]
fn an_organizer_relates_own_sessions_and_no_others() {
    with_fixture(async |service, fixture| {
        let scope = Scope::Convening(fixture.key("Convening", "draft"));
        let organizer = service.as_grants(vec![Grant::new(Role::Organizer, scope)]);
        let id = |name: &str| fixture.find("Session", &format!("agenda-of-{name}")).id.clone();
        let pair = |one: &str, other: &str| json!({ "id": id(one), "relatedId": id(other) });
        let hidden = act(&organizer, "relateSessions", &pair("draft-2", "applying-1")).await;
        assert_eq!(refusals(&hidden, "relateSessions"), ["relatedId | NOT_FOUND"]);
        assert_eq!(act(&organizer, "relateSessions", &pair("draft-2", "programme-1")).await.codes(), ["FORBIDDEN"]);
        assert_eq!(act(&organizer, "relateSessions", &pair("programme-1", "draft-2")).await.codes(), ["FORBIDDEN"]);
        // One that staff had related is not taken back by one side alone.
        assert_eq!(act(&organizer, "unrelateSessions", &pair("draft-1", "completed-1")).await.codes(), ["FORBIDDEN"]);
        done(&organizer, "unrelateSessions", &pair("draft-2", "draft-1")).await;
        done(&organizer, "relateSessions", &pair("draft-1", "draft-2")).await;
    });
}
