//! What the two documents say of the agendas: every session in order, who contributed in which role and on whose
//! behalf, and the words that stand verbatim.

use serde_json::{Value, json};
use tests::{Service, line, with_record};

/// The agenda of a convening, in its order.
async fn agenda(service: &Service, convening: &str, selection: &str) -> Vec<Value> {
    let document = "query Agenda($slug: String!) { convening(by: {slug: $slug}) { sessions(first: 100) { nodes { SELECTION } } } }";
    let document = document.replace("SELECTION", selection);
    let answer = service.ask_with(&document, &json!({ "slug": convening })).await;
    answer.at("/convening/sessions/nodes").as_array().expect("a list").clone()
}

/// A contribution as an agenda would print it.
fn contribution(speaker: &Value) -> String {
    let bodies = [&speaker["organization"], &speaker["district"]].into_iter();
    let spoken_for = bodies.filter(|body| !body.is_null() && body["name"] != speaker["nameAsShown"]);
    let on_behalf: String = spoken_for.map(|body| [" for ", text(&body["slug"])].concat()).collect();
    let as_team = if speaker["asTeam"] == true { ", as a team" } else { "" };
    format!("{} {}: {}{on_behalf}{as_team}", text(&speaker["role"]), speaker["position"], text(&speaker["nameAsShown"]))
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn the_symposium_had_fifteen_sessions() {
    with_record(async |service| {
        let selection = "slug date number format durationMinutes strand { position } title";
        let sessions = agenda(&service, "2015-symposium", selection).await;
        let fields = ["/slug", "/date", "/number", "/format", "/durationMinutes", "/strand/position", "/title"];
        let lines: Vec<String> = sessions.iter().map(|session| line(session, &fields)).collect();
        assert_eq!(
            lines,
            [
                "charting-the-california-way | 2015-05-08 | – | PANEL | – | 1 | Charting the California Way",
                "dinner-rubinstein | 2015-05-08 | – | MEAL_PRESENTATION | – | 2 | \
                 Dinner presentation: summary of Professor Saul Rubinstein's work",
                "welcome | 2015-05-08 | – | WELCOME | – | 1 | Welcome remarks",
                "what-is-possible | 2015-05-08 | – | PANEL | – | 2 | What IS Possible",
                "breakout-1 | 2015-05-09 | 1 | BREAKOUT | 60 | 2 | \
                 Focusing on Teacher Quality Through Peer Assistance and Review",
                "breakout-2 | 2015-05-09 | 2 | BREAKOUT | 60 | 2 | Eight Critical Features of Effective Collaboration",
                "breakout-3 | 2015-05-09 | 3 | BREAKOUT | 60 | 2 | Partnering Around LCFF and LCAP Development",
                "breakout-4 | 2015-05-09 | 4 | BREAKOUT | 60 | 2 | Site/School Level Collaboration",
                "breakout-5 | 2015-05-09 | 5 | BREAKOUT | 60 | 2 | \
                 Another Perspective on Collaboration, Inter-District Collaboration",
                "breakout-6 | 2015-05-09 | 6 | BREAKOUT | 60 | 2 | \
                 Labor-Management Collaboration: Impact on Student Achievement",
                "mep-panel | 2015-05-09 | – | PANEL | – | 2 | \
                 Building a Statewide Labor-Management Initiative: Massachusetts Education Partnership",
                "role-alike | 2015-05-09 | – | ROLE_ALIKE | – | 2 | Role-Alike Sessions",
                "team-time-1 | 2015-05-09 | – | TEAM_TIME | – | 3 | Team Time",
                "team-time-2 | 2015-05-09 | – | TEAM_TIME | – | 3 | Team Time",
                "closing | – | – | CLOSING | – | – | Closing session",
            ]
        );
    });
}

#[test]
fn the_summit_had_one_session_and_its_panel_may_have_been_larger() {
    with_record(async |service| {
        let selection = "slug date number format durationMinutes strand { position } title speakersComplete questions";
        assert_eq!(
            agenda(&service, "2016-ee-summit", selection).await,
            [json!({
                "slug": "summit-panel",
                "date": "2016-01-20",
                "number": null,
                "format": "PANEL",
                "durationMinutes": null,
                "strand": null,
                "title": "The Power of Labor-Management Collaboration in Transforming Districts, Schools, and Teaching",
                "speakersComplete": false,
                "questions": [],
            })]
        );
        let incomplete = agenda(&service, "2015-symposium", "slug speakersComplete").await;
        assert!(incomplete.iter().all(|session| session["speakersComplete"] == true), "{incomplete:?}");
    });
}

#[test]
fn everybody_contributed_in_the_role_and_place_that_the_documents_name() {
    with_record(async |service| {
        let selection =
            "slug speakers { role position nameAsShown asTeam organization { slug name } district { slug name } }";
        let mut shown = Vec::new();
        for convening in ["2015-symposium", "2016-ee-summit"] {
            for session in agenda(&service, convening, selection).await {
                let speakers = session["speakers"].as_array().expect("a list").iter();
                shown.extend(speakers.map(|speaker| format!("{} | {}", text(&session["slug"]), contribution(speaker))));
            }
        }
        assert_eq!(
            shown,
            [
                "charting-the-california-way | MODERATOR 1: Tom Torlakson",
                "charting-the-california-way | MODERATOR 2: Shelly Masur",
                "charting-the-california-way | PANELIST 1: Wes Smith for acsa",
                "charting-the-california-way | PANELIST 2: Joshua Pechthalt for cft",
                "charting-the-california-way | PANELIST 3: Jesus Holguin for csba",
                "charting-the-california-way | PANELIST 4: Jai Sookprasert for csea",
                "charting-the-california-way | PANELIST 5: Eric Heins for cta",
                "dinner-rubinstein | PRESENTER 1: Saul Rubinstein",
                "welcome | SPEAKER 1: Tom Torlakson",
                "welcome | SPEAKER 2: Shelly Masur",
                "what-is-possible | PRESENTER 1: ABC Unified School District, as a team",
                "what-is-possible | PRESENTER 2: San Juan Unified School District, as a team",
                "breakout-1 | PRESENTER 1: San Juan Unified School District",
                "breakout-1 | PRESENTER 2: Julia Koppich",
                "breakout-2 | PRESENTER 1: Ken Futernick",
                "breakout-3 | PRESENTER 1: Moreno Valley Unified School District",
                "breakout-4 | PRESENTER 1: Encina High School",
                "breakout-5 | PRESENTER 1: Pomona Unified School District",
                "breakout-5 | PRESENTER 2: Corona-Norco Unified School District",
                "breakout-6 | PRESENTER 1: Saul Rubinstein",
                "mep-panel | PRESENTER 1: Massachusetts Education Partnership",
                "mep-panel | PRESENTER 2: Springfield Public Schools",
                "summit-panel | PANELIST 1: Wes Smith",
                "summit-panel | PANELIST 2: Eric Heins",
                "summit-panel | PANELIST 3: Ken Futernick",
                "summit-panel | PANELIST 4: Shannan Brown",
                "summit-panel | PANELIST 5: Glen Price",
                "summit-panel | PANELIST 6: Shelly Masur",
            ]
        );
    });
}

#[test]
fn a_presenter_is_a_person_a_district_or_an_organization_and_not_a_mixture() {
    with_record(async |service| {
        let selection = "slug speakers { role person { slug } organization { slug } district { slug } }";
        let mut mixtures = Vec::new();
        for convening in ["2015-symposium", "2016-ee-summit"] {
            for session in agenda(&service, convening, selection).await {
                for speaker in session["speakers"].as_array().expect("a list") {
                    let set = ["person", "organization", "district"].iter().filter(|what| !speaker[**what].is_null());
                    let on_behalf = speaker["role"] == "PANELIST" && convening == "2015-symposium";
                    if set.count() != if on_behalf { 2 } else { 1 } {
                        mixtures.push(speaker.to_string());
                    }
                }
            }
        }
        assert_eq!(mixtures, Vec::<String>::new());
    });
}

#[test]
fn speakers_can_be_asked_for_by_their_role() {
    with_record(async |service| {
        let document = "{ convening(by: {slug: \"2015-symposium\"}) { session(slug: \"charting-the-california-way\") {
            moderators: speakers(role: MODERATOR) { nameAsShown } panelists: speakers(role: PANELIST) { nameAsShown }
            hosts: speakers(role: HOST) { nameAsShown } } } }";
        let answer = service.ask(document).await;
        let of = |role| answer.each(&format!("/convening/session/{role}"), "/nameAsShown");
        assert_eq!(of("moderators"), ["Tom Torlakson", "Shelly Masur"]);
        assert_eq!(
            of("panelists"),
            ["Wes Smith", "Joshua Pechthalt", "Jesus Holguin", "Jai Sookprasert", "Eric Heins"]
        );
        assert_eq!(of("hosts"), Vec::<Value>::new());
    });
}

#[test]
fn three_questions_were_put_to_the_panel_word_for_word_and_none_to_others() {
    with_record(async |service| {
        for session in agenda(&service, "2015-symposium", "slug questions").await {
            let asked: &[&str] = match text(&session["slug"]) {
                "charting-the-california-way" => &[
                    "What excites you most about the work being launched at this symposium?",
                    "What support can your organization provide to your members and their partners for their ongoing \
                     labor-management collaboration efforts?",
                    "How do you see labor-management collaboration activities impacting work at the state level to \
                     create a pro-public education policy and funding environment?",
                ],
                _ => &[],
            };
            assert_eq!(session["questions"], json!(asked), "{}", session["slug"]);
        }
    });
}

#[test]
fn the_dinner_talk_and_the_sixth_breakout_are_about_the_same_work() {
    with_record(async |service| {
        let related: Vec<Value> = agenda(&service, "2015-symposium", "slug relatedSessions { slug }")
            .await
            .into_iter()
            .filter(|session| session["relatedSessions"] != json!([]))
            .collect();
        assert_eq!(
            related,
            [
                json!({ "slug": "dinner-rubinstein", "relatedSessions": [{ "slug": "breakout-6" }] }),
                json!({ "slug": "breakout-6", "relatedSessions": [{ "slug": "dinner-rubinstein" }] }),
            ]
        );
    });
}

#[test]
fn no_slot_has_a_time_a_room_or_a_round_and_only_role_alike_meetings_have_slots() {
    with_record(async |service| {
        let selection = "slug slots { audience round room { name } startsAt endsAt capacity seatsTaken }";
        for session in agenda(&service, "2015-symposium", selection).await {
            let audiences: &[&str] = match text(&session["slug"]) {
                "role-alike" => &[
                    "SUPERINTENDENT",
                    "TEACHERS_UNION_PRESIDENT",
                    "CLASSIFIED_UNION_PRESIDENT",
                    "SCHOOL_BOARD_MEMBER",
                    "OTHER",
                ],
                _ => &[],
            };
            let slot = |audience: &&str| {
                json!({
                    "audience": audience, "round": null, "room": null, "startsAt": null, "endsAt": null,
                    "capacity": null, "seatsTaken": 0,
                })
            };
            let slots: Vec<Value> = audiences.iter().map(slot).collect();
            assert_eq!(session["slots"], json!(slots), "{}", session["slug"]);
        }
    });
}

#[test]
fn abstracts_keep_every_name_figure_and_program_and_say_county_nowhere() {
    let kept: [(&str, &[&str]); 12] = [
        ("charting-the-california-way", &["co-sponsors", "three questions", "“shoulder-to-shoulder”"]),
        (
            "what-is-possible",
            &[
                "ABC Federation of Teachers",
                "1993",
                "national exemplar",
                "(SJTA)",
                "(SJUSD)",
                "2004-2007",
                "Common Core State Standards",
                "System of Professional Growth",
                "(PAR)",
                "classified staff",
                "“District Profiles”",
            ],
        ),
        ("dinner-rubinstein", &["dinner", "Labor-Management Collaboration: Impact on Student Achievement"]),
        ("breakout-1", &["Peer Assistance and Review (PAR)", "San Juan USD"]),
        ("breakout-2", &["myths"]),
        ("breakout-3", &["Moreno Valley USD"]),
        ("breakout-4", &["Encina High School (EHS)", "2009", "“teacher-powered”"]),
        ("breakout-5", &["Corona-Norco USD", "Pomona USD", "Moreno Valley USD", "pilot sites", "learning teams"]),
        ("breakout-6", &["API", "dinner on the first day"]),
        ("mep-panel", &["(MEP)", "District Capacity Project (DCP)", "Springfield Public Schools", "lunch"]),
        ("role-alike", &["superintendents", "school board members", "classified employees"]),
        ("team-time-2", &["headlines", "online poll", "closing"]),
    ];
    with_record(async |service| {
        let sessions = agenda(&service, "2015-symposium", "slug abstract").await;
        for session in &sessions {
            let words = text(&session["abstract"]);
            assert!(!words.contains("across the county"), "what may be a misprint is not repeated: {words}");
        }
        for (slug, facts) in kept {
            let session = sessions.iter().find(|session| session["slug"] == slug).expect("a session of this slug");
            for fact in facts {
                assert!(text(&session["abstract"]).contains(fact), "nothing of `{fact}` in {session}");
            }
        }
    });
}
