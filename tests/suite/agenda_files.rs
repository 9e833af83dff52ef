//! Public agendas as files: for spreadsheets and search engines, and how all of them are kept.

use crate::agenda::{Agendas, change, done};
use crate::expectations::viewers;
use crate::leaks::assert_hides;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tests::fixtures::GATHERINGS;
use tests::{Answer, Service, line, with_empty, with_fixture, with_record};

/// Every form of an agenda, with its media type.
const FORMS: [(&str, &str); 4] = [
    (".ics", "text/calendar; charset=utf-8; method=PUBLISH"),
    (".csv", "text/csv; charset=utf-8"),
    (".jsonld", "application/ld+json; charset=utf-8"),
    ("", "text/html; charset=utf-8"),
];

/// How long files are kept on the way.
pub(crate) const SHARED: &str = "public, max-age=0, s-maxage=1, must-revalidate";

pub(crate) async fn file(service: &Service, slug: &str, ending: &str) -> Answer {
    service.get(&format!("/convenings/{slug}/agenda{ending}"), "*/*").await
}

pub(crate) fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().expect("text"))
}

async fn rename(agendas: &Agendas, session: &str, title: &str) {
    let session = json!({ "id": agendas.id(session), "version": 1 });
    done(&agendas.staff, "updateSession", &change(&session, &json!({ "title": title }))).await;
}

/// Releases the fair's agenda for the first time since it was loaded.
async fn release(agendas: &Agendas) {
    let document = "mutation ($id: ID!) { releaseAgenda(conveningId: $id, version: 1) { userErrors { message } } }";
    let answer = agendas.staff.ask_with(document, &json!({ "id": agendas.id("fair") })).await;
    assert_eq!(answer.at("/releaseAgenda/userErrors"), json!([]));
}

#[test]
fn no_file_tells_what_is_hidden() {
    with_fixture(async |service, fixture| {
        let all = viewers(&fixture);
        let public = all.iter().find(|viewer| viewer.name == "the public").expect("the public");
        for gathering in GATHERINGS {
            for (ending, _) in FORMS {
                let answer = file(&service, gathering.name, ending).await;
                let expected = if gathering.agenda { StatusCode::OK } else { StatusCode::NOT_FOUND };
                assert_eq!(answer.status, expected, "{} as {ending}", gathering.name);
                let unfolded = answer.text.replace("\r\n ", "");
                assert_hides(public, &fixture, &unfolded.replace([',', ':', '@', '#', '\r', '\n'], "\""), ending);
                assert!(!unfolded.to_lowercase().contains("mailto"), "nobody is named by an address");
            }
        }
    });
}

#[test]
fn a_file_can_be_kept_and_asked_about() {
    with_record(async |service| {
        for (ending, content_type) in FORMS {
            let answer = file(&service, "2015-symposium", ending).await;
            assert_eq!((answer.status, header(&answer, "content-type")), (StatusCode::OK, content_type));
            assert_eq!(header(&answer, "access-control-allow-origin"), "*");
            let varies = (header(&answer, "access-control-expose-headers"), header(&answer, "vary"));
            assert_eq!(varies, ("etag", "accept-encoding"));
            assert_eq!(header(&answer, "cache-control"), SHARED);
            assert!(header(&answer, "last-modified").ends_with(" GMT"), "{}", header(&answer, "last-modified"));
            let name = format!("attachment; filename=\"2015-symposium{ending}\"");
            let is_kept = [".ics", ".csv"].contains(&ending);
            assert_eq!(header(&answer, "content-disposition"), if is_kept { &name } else { "" });
            let tag = header(&answer, "etag").to_owned();
            assert!(tag.starts_with('"'), "a strong tag: {tag}");
            assert_eq!(header(&file(&service, "2015-symposium", ending).await, "etag"), tag, "it stays the same");
            let path = format!("/convenings/2015-symposium/agenda{ending}");
            let ask = async |method: Method, shown: &str| {
                let request = Request::builder().method(method).uri(&path).header(header::IF_NONE_MATCH, shown);
                service.send(request.body(Body::empty()).expect("a request")).await
            };
            let known = ask(Method::GET, &tag).await;
            assert_eq!((known.status, known.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
            assert_eq!((header(&known, "etag"), header(&known, "cache-control")), (tag.as_str(), SHARED));
            let preflight = Request::options(&path).header(header::ORIGIN, "https://partner.example.org");
            let preflight = preflight.header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET");
            let preflight = preflight.header(header::ACCESS_CONTROL_REQUEST_HEADERS, "if-none-match");
            let preflight = service.send(preflight.body(Body::empty()).expect("a request")).await;
            let allowed = ["access-control-allow-origin", "access-control-allow-headers"];
            assert_eq!(allowed.map(|name| header(&preflight, name)), ["*", "if-none-match"], "scripts may ask so");
            let head = ask(Method::HEAD, "\"another\"").await;
            assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
            assert_eq!(header(&head, "etag"), tag);
            assert_eq!(ask(Method::POST, "").await.status, StatusCode::METHOD_NOT_ALLOWED);
        }
    });
}

#[test]
fn a_file_is_kept_in_memory_until_something_is_written() {
    with_empty(async |service| {
        let service = service.keeping(1024 * 1024);
        let agendas = Agendas::of(&service).await;
        rename(&agendas, "fair/opening", "Welcome").await;
        for path in ["/convenings/fair/agenda.csv", "/convenings/fair/agenda", "/participation.geojson?from=2027-01-01"]
        {
            let first = service.get(path, "*/*").await;
            let mut asked = 0;
            let kept = loop {
                let (answer, statements) = service.counted_get(path).await;
                if statements == 0 {
                    break answer;
                }
                asked += 1;
                assert!(asked < 10_000, "{path} is not kept");
                tokio::task::yield_now().await;
            };
            assert_eq!((kept.status, &kept.text), (first.status, &first.text), "{path}");
            for name in ["etag", "last-modified", "content-type", "content-disposition", "content-security-policy"] {
                assert_eq!(header(&kept, name), header(&first, name), "{path}: {name}");
            }
        }
        release(&agendas).await;
        let table = file(&service, "fair", ".csv").await.text;
        assert!(table.contains("Welcome"), "what was just written is there: {table}");
    });
}

#[test]
fn a_spreadsheet_of_an_agenda_has_a_line_for_each_time() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        agendas.schedule("fair/workshop", "2027-03-14T11:00:00-07:00", "2027-03-14T12:00:00-07:00").await;
        agendas.panelist("fair/workshop", "ada-example").await;
        rename(&agendas, "fair/opening", "=1+1").await;
        release(&agendas).await;
        let text = file(&service, "fair", ".csv").await.text;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let column = |name: &str| reader.headers().expect("a header").iter().position(|each| each == name);
        let wanted = ["date", "startsAt", "endsAt", "title", "format", "speakers"];
        let mut column = column;
        let columns = wanted.map(|name| column(name).expect("a column"));
        let rows: Vec<_> = reader.records().map(|row| row.expect("a line")).collect();
        let rows: Vec<String> =
            rows.iter().map(|row| columns.map(|column| row[column].to_owned()).join(" | ")).collect();
        let expected = [
            "2027-03-14 | 2027-03-14T11:00:00-07:00 | 2027-03-14T12:00:00-07:00 | Workshop | Breakout | Panelist: Ada Example, Treasurer",
            " |  |  | '=1+1 | Plenary | ",
        ];
        assert_eq!(rows, expected);
    });
}

#[test]
fn search_engines_read_an_agenda_as_an_event_with_its_parts() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        agendas.schedule("fair/workshop", "2027-03-14T11:00:00-07:00", "2027-03-14T12:00:00-07:00").await;
        agendas.panelist("fair/workshop", "ada-example").await;
        rename(&agendas, "fair/opening", "</script><script>alert(1)</script>").await;
        release(&agendas).await;
        let answer = file(&service, "fair", ".jsonld").await;
        assert!(!answer.text.contains(['<', '>', '&']), "it may stand in a page: {}", answer.text);
        let whole = answer.json();
        let address = "https://lmi.example.org/convenings/fair/agenda";
        let fields =
            ["/@context", "/@type", "/@id", "/name", "/startDate", "/endDate", "/eventSchedule/scheduleTimezone"];
        let expected = format!(
            "https://schema.org | EducationEvent | {address} | Fair | 2027-03-13 | 2027-03-14 | America/Los_Angeles"
        );
        assert_eq!(line(&whole, &fields), expected);
        let parts = whole["subEvent"].as_array().expect("parts");
        let told: Vec<String> = parts.iter().map(|part| line(part, &["/name", "/startDate", "/endDate"])).collect();
        let workshop = "Workshop | 2027-03-14T11:00:00-07:00 | 2027-03-14T12:00:00-07:00";
        assert_eq!(told, [workshop, "</script><script>alert(1)</script> | – | –"]);
        let performer = &parts[0]["performer"][0];
        let fields = ["/@type", "/name", "/jobTitle", "/description"];
        assert_eq!(line(performer, &fields), "Person | Ada Example | Treasurer | Panelist");
        for event in parts.iter().chain([&whole]) {
            assert_eq!(event["eventStatus"], "https://schema.org/EventScheduled");
            assert_eq!(event["@type"], "EducationEvent");
            assert!(!event.to_string().contains("null"), "what is not known is left out: {event}");
        }
    });
}

#[test]
fn search_engines_are_told_of_a_cancellation() {
    with_fixture(async |service, _| {
        let whole = file(&service, "cancelled", ".jsonld").await.json();
        let parts = whole["subEvent"].as_array().expect("parts");
        assert!(!parts.is_empty());
        for event in parts.iter().chain([&whole]) {
            assert_eq!(event["eventStatus"], "https://schema.org/EventCancelled");
        }
        let page = file(&service, "cancelled", "").await.text;
        assert!(page.contains("does not take place"), "{page}");
    });
}

#[test]
fn the_page_shows_texts_as_texts_and_runs_nothing() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        rename(&agendas, "fair/opening", "<img src=x onerror=alert(1)> {{main}} & \"more\"").await;
        release(&agendas).await;
        let page = file(&service, "fair", "").await;
        assert!(!page.text.contains("<img"), "{}", page.text);
        let title = "<h3>&lt;img src=x onerror=alert(1)&gt; {{main}} &amp; &quot;more&quot;</h3>";
        assert_eq!(page.text.matches(title).count(), 1, "{}", page.text);
        let policy = header(&page, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(!policy.contains("script") && !policy.contains("frame-ancestors"), "it may be framed: {policy}");
        let data =
            page.text.split("<script type=\"application/ld+json\">").nth(1).and_then(|rest| rest.split('<').next());
        let data: Value = serde_json::from_str(data.expect("linked data")).expect("JSON");
        assert_eq!(data, file(&service, "fair", ".jsonld").await.json(), "the same is there for search engines");
    });
}

#[test]
fn pages_of_any_origin_may_load_the_component() {
    with_empty(async |service| {
        let script = service.get("/embed/lmi-agenda.js", "*/*").await;
        let told = ["content-type", "access-control-allow-origin", "cross-origin-resource-policy", "cache-control"]
            .map(|name| header(&script, name));
        assert_eq!(told, ["text/javascript; charset=utf-8", "*", "cross-origin", "public, max-age=3600"]);
        assert!(script.text.len() < 15_000 && !script.text.contains("innerHTML"), "{} bytes", script.text.len());
        assert!(header(&script, "etag").starts_with('"'));
    });
}
