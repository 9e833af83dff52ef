//! What the two documents point to, and what the initiative proposed next.

use serde_json::{Value, json};
use tests::with_record;

#[test]
fn six_offerings_were_proposed_and_three_of_them_interested_participants_most() {
    with_record(async |service| {
        let answer = service.ask("{ offerings { name kind status highInterest } }").await;
        assert_eq!(
            answer.lines("/offerings", &["/name", "/kind", "/status", "/highInterest"]),
            [
                "regional events | REGIONAL_CONVENING | PROPOSED | true",
                "ongoing peer learning | PEER_LEARNING | PROPOSED | true",
                "intensive coaching support with an external facilitator | COACHING | PROPOSED | true",
                "inter-district exchange | INTER_DISTRICT_EXCHANGE | PROPOSED | false",
                "study tours | STUDY_TOUR | PROPOSED | false",
                "webinars | WEBINAR | PROPOSED | false",
            ]
        );
        assert_eq!(service.ask("{ offerings(status: [OFFERED, RETIRED]) { name } }").await.at("/offerings"), json!([]));
    });
}

#[test]
fn twelve_resources_stand_where_they_belong() {
    with_record(async |service| {
        let fields = ["/title", "/kind", "/availability", "/url", "/credit"];
        let answer = service
            .ask("{ convening(by: {slug: \"2015-symposium\"}) { resources { title kind availability url credit } } }")
            .await;
        assert_eq!(
            answer.lines("/convening/resources", &fields),
            [
                "Complete list of symposium participants | DOCUMENT | AVAILABLE | http://cdefoundation.org/lmi/symp/attendee-list.php | –",
                "Deeper and more extensive report on the symposium | REPORT | FORTHCOMING | – | –",
                "Headlines submitted by district teams | WEBSITE | AVAILABLE | http://cdefoundation.org/lmi/symp/headlines.php | –",
                "More about the breakout sessions | WEBSITE | AVAILABLE | http://cdefoundation.org/lmi/symp/breakouts.php | –",
                "Symposium website | WEBSITE | AVAILABLE | http://www.cdefoundation.org/lmi/symp | –",
                "Video recordings of several public sessions | VIDEO | FORTHCOMING | – | courtesy of ACSA",
            ]
        );
        assert_eq!(
            service
                .ask("{ convening(by: {slug: \"2016-ee-summit\"}) { resources { title } } }")
                .await
                .at("/convening/resources"),
            json!([])
        );

        let document = "{ convening(by: {slug: \"2015-symposium\"}) { sessions(first: 100) { nodes { slug resources { title } } } } }";
        let about = |answer: &tests::Answer, list: &str| -> Vec<String> {
            let owners = answer.at(list);
            let owners = owners.as_array().expect("a list").iter();
            owners.filter(|owner| owner["resources"] != json!([])).map(Value::to_string).collect()
        };
        assert_eq!(
            about(&service.ask(document).await, "/convening/sessions/nodes"),
            [
                json!({ "slug": "charting-the-california-way", "resources": [{ "title": "Video recordings of several public sessions" }] }),
                json!({ "slug": "what-is-possible", "resources": [{ "title": "District Profiles: ABC USD and San Juan USD" }] }),
                json!({ "slug": "team-time-2", "resources": [{ "title": "Headlines submitted by district teams" }] }),
            ]
            .map(|owner| owner.to_string())
        );
        let document = "{ districts(first: 100) { nodes { slug resources { title } } } }";
        assert_eq!(
            about(&service.ask(document).await, "/districts/nodes"),
            ["abc-unified-school-district", "san-juan-unified-school-district"].map(|slug| {
                json!({ "slug": slug, "resources": [{ "title": "District Profiles: ABC USD and San Juan USD" }] })
                    .to_string()
            })
        );
        let document = "{ organizations(first: 100) { nodes { slug resources { title } } } }";
        assert_eq!(
            about(&service.ask(document).await, "/organizations/nodes"),
            [
                ("ca-lmi-organizing-committees", "Representatives on the CA LMI organizing committees"),
                ("ca-lmi-steering-committee", "CA LMI Steering Committee"),
                ("ca-lmi-support-team", "CA LMI Support Team"),
                ("ca-lmi-working-group", "CA LMI Working Group"),
                ("massachusetts-education-partnership", "Massachusetts Education Partnership"),
            ]
            .map(|(slug, title)| json!({ "slug": slug, "resources": [{ "title": title }] }).to_string())
        );
    });
}
