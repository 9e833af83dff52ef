//! Public agendas as files: for spreadsheets and search engines, and how all of them are kept.

use crate::agenda::{Agendas, change, done};
use crate::expectations::viewers;
use crate::leaks::assert_hides;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use tests::fixtures::GATHERINGS;
use tests::{Answer, Service, with_empty, with_fixture, with_record};

/// Every form of an agenda, with its media type.
const FORMS: [(&str, &str); 2] =
    [("ics", "text/calendar; charset=utf-8; method=PUBLISH"), ("csv", "text/csv; charset=utf-8")];

async fn file(service: &Service, slug: &str, ending: &str) -> Answer {
    service.get(&format!("/convenings/{slug}/agenda.{ending}"), "*/*").await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().expect("text"))
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
                assert_hides(public, &fixture, &unfolded.replace([',', ':', '@', '\r', '\n'], "\""), ending);
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
            assert_eq!(header(&answer, "cache-control"), "public, max-age=60");
            assert!(header(&answer, "last-modified").ends_with(" GMT"), "{}", header(&answer, "last-modified"));
            let name = format!("attachment; filename=\"2015-symposium.{ending}\"");
            assert_eq!(header(&answer, "content-disposition"), name);
            let tag = header(&answer, "etag").to_owned();
            assert!(tag.starts_with('"'), "a strong tag: {tag}");
            assert_eq!(header(&file(&service, "2015-symposium", ending).await, "etag"), tag, "it stays the same");
            let path = format!("/convenings/2015-symposium/agenda.{ending}");
            let ask = async |method: Method, shown: &str| {
                let request = Request::builder().method(method).uri(&path).header(header::IF_NONE_MATCH, shown);
                service.send(request.body(Body::empty()).expect("a request")).await
            };
            let known = ask(Method::GET, &tag).await;
            assert_eq!((known.status, known.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
            assert_eq!((header(&known, "etag"), header(&known, "cache-control")), (tag.as_str(), "public, max-age=60"));
            let head = ask(Method::HEAD, "\"another\"").await;
            assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
            assert_eq!(header(&head, "etag"), tag);
            assert_eq!(ask(Method::POST, "").await.status, StatusCode::METHOD_NOT_ALLOWED);
        }
    });
}

#[test]
fn a_spreadsheet_of_an_agenda_has_a_line_for_each_time() {
    with_empty(async |service| {
        let agendas = Agendas::of(&service).await;
        agendas.schedule("fair/workshop", "2027-03-14T11:00:00-07:00", "2027-03-14T12:00:00-07:00").await;
        agendas.panelist("fair/workshop", "ada-example").await;
        let session = json!({ "id": agendas.id("fair/opening"), "version": 1 });
        done(&agendas.staff, "updateSession", &change(&session, &json!({ "title": "=1+1" }))).await;
        let document = "mutation ($id: ID!) { releaseAgenda(conveningId: $id, version: 1) { userErrors { message } } }";
        agendas.staff.ask_with(document, &json!({ "id": agendas.id("fair") })).await.data();
        let text = file(&service, "fair", "csv").await.text;
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
