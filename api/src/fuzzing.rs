//! What `fuzz/` is let in by: the functions that everything from outside passes first. Each says what holds of them whatever comes,
//! and stops the program where it does not. Only there where it is built for that.
#![expect(clippy::missing_panics_doc, reason = "to panic is how a fuzzer is told")]

use crate::database::Alias;
use crate::district::import;
use crate::error::Error;
use crate::feed::Seal;
use crate::graphql::tree::{Key, KeyKind, Order};
use crate::graphql::{GlobalId, NodeType, cursor};
use crate::http::{self, Documents, Limits, Manifest};
use crate::record;
use crate::spreadsheet::{self, What, guard, join, split, unguard};
use async_graphql::{ID, Request, Variables};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use entity::county;
use entity::ids::CountyId;
use std::sync::LazyLock;
use uuid::Uuid;

/// Bytes that are said at most about what is wrong with a request.
const SAID_OF_REQUEST: usize = 16 * 1024;
/// Bytes that are said at most about what is wrong with a file, besides what stands in it.
const SAID_OF_FILE: usize = 64 * 1024;

/// An id: it is refused, or is the one id of what it names.
pub fn id(text: &str) {
    let given = ID(text.to_owned());
    match GlobalId::decode(&given) {
        Ok(GlobalId { node_type, key }) => assert_eq!(GlobalId::encode(node_type, key).as_str(), text),
        Err(error) => within(&error, 0),
    }
    let _ = GlobalId::key_of::<Uuid>(&given, NodeType::Organization).map_err(|error| within(&error, 0));
}

/// A cursor: it is refused, or leads to a place that has a cursor again, and that a statement can be made of.
pub fn cursor(bytes: &[u8]) {
    const KINDS: [KeyKind; 5] = [KeyKind::Text, KeyKind::Int, KeyKind::Date, KeyKind::Time, KeyKind::Uuid];
    let text = String::from_utf8_lossy(bytes);
    for shown in [text.to_string(), BASE64_URL_SAFE_NO_PAD.encode(bytes)] {
        for kind in KINDS {
            let keys = [Key::new(kind, |rows| rows.computed("name"))];
            let order = Order::by("name", keys.into());
            match cursor::decode(&shown, &order.name, &order.keys) {
                Ok(place) => {
                    let again = cursor::encode(&order.name, place.clone());
                    assert_eq!(cursor::decode(&again, &order.name, &order.keys).ok(), Some(place.clone()));
                    let rows = Alias::new("t0");
                    let beyond = order.beyond(&place, false, (&rows, &rows));
                    assert!(beyond.is_ok(), "what was checked can be bound: {shown}");
                }
                Err(error) => within(&error, 0),
            }
        }
        let known = Seal::with(b"a secret that no database has").knows(&shown);
        assert!(!known.unwrap_or_else(|error| panic!("{error}")), "nobody makes up a place in a feed: {shown}");
    }
}

/// The state's directory: it is read, or refused in some lines.
pub fn districts(bytes: &[u8]) {
    static COUNTIES: LazyLock<Vec<county::Model>> = LazyLock::new(|| {
        let county = |(name, code): (&str, &str)| county::Model {
            id: CountyId(Uuid::nil()),
            name: name.to_owned(),
            cds_county_code: code.to_owned(),
            fips_code: String::new(),
            region_id: None,
            region_confirmed: false,
        };
        [("Alameda", "01"), ("Alpine", "02"), ("Amador", "03"), ("Los Angeles", "19")].map(county).into()
    });
    if let Err(error) = import::read(bytes, &COUNTIES) {
        within(&error, bytes.len());
    }
}

/// A record file: it is read, or refused with the line.
pub fn record(text: &str) {
    if let Err(error) = record::parse(text) {
        within(&error, 4 * text.len());
    }
}

/// A spreadsheet of any kind: it is read, or refused with a hundred problems at most. What stands in a cell comes back.
pub fn spreadsheet(text: &str) {
    for what in What::ALL {
        if let Err(error) = spreadsheet::import::read(text, &what.table()) {
            within(&error, 2 * text.len());
        }
    }
    assert_eq!(unguard(&guard(text)), text);
    let items: Vec<_> = text.split('\n').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect();
    assert_eq!(split(&join(&items)), items);
}

/// A request: a document, and behind a NUL its variables. It is made ready for the engine, or refused in few words.
pub fn request(text: &str) {
    static DOCUMENTS: LazyLock<Documents> = LazyLock::new(|| {
        Documents::new(Manifest::default(), &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
    });
    let (document, variables) = text.split_once('\0').unwrap_or((text, "{}"));
    let variables = serde_json::from_str(variables).unwrap_or_default();
    let request = Request::new(document).variables(Variables::from_json(variables));
    if let Err(faults) = http::read(&DOCUMENTS, request) {
        let said: usize = faults.iter().map(|fault| fault.message.len()).sum();
        assert!(!faults.is_empty() && said <= SAID_OF_REQUEST, "{said} bytes are said");
        assert!(faults.iter().all(|fault| fault.extensions.is_some()), "a fault without a code: {faults:?}");
    }
}

/// Fails where more is said about what is wrong than anybody reads, or it is called our fault.
fn within(error: &Error, length: usize) {
    let said = error.to_string();
    assert!(said.len() <= SAID_OF_FILE + length, "{} bytes are said: {said:.200}", said.len());
    assert!(matches!(error, Error::BadInput(_) | Error::Invalid(_) | Error::TooMuch(_)), "{error:?}");
}
