//! An answer of the service.

use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

/// An answer: its status, its headers and its body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The HTTP headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("an answer in JSON")
    }

    /// The data of an answer without errors.
    pub fn data(&self) -> Value {
        let body = self.json();
        assert!(body.get("errors").is_none(), "the answer has errors: {}", self.text);
        body["data"].clone()
    }

    /// One value of the data of an answer without errors, by its JSON pointer.
    pub fn at(&self, pointer: &str) -> Value {
        let data = self.data();
        data.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer} in {data}")).clone()
    }

    /// The values of one field of a list in the data of an answer without errors.
    pub fn each(&self, list: &str, field: &str) -> Vec<Value> {
        let list = self.at(list);
        let list = list.as_array().expect("a list");
        list.iter().map(|item| item.pointer(field).unwrap_or(&Value::Null).clone()).collect()
    }

    /// A list in the data of an answer without errors, a line for each item: the values of these fields, by their JSON
    /// pointers, with a bar between two of them. What is null is a dash.
    pub fn lines(&self, list: &str, fields: &[&str]) -> Vec<String> {
        let list = self.at(list);
        let list = list.as_array().expect("a list");
        list.iter().map(|item| line(item, fields)).collect()
    }

    /// The codes of the answer's errors.
    pub fn codes(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let code = |error: &Value| error["extensions"]["code"].as_str().unwrap_or("none").to_owned();
        errors.iter().map(code).collect()
    }

    /// The messages of the answer's errors, one a line.
    pub fn messages(&self) -> String {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let messages: Vec<_> =
            errors.iter().map(|error| error["message"].as_str().unwrap_or_default().to_owned()).collect();
        messages.join("\n")
    }
}

/// Values of an object, by their JSON pointers, as a person would write them in a table.
pub fn line(object: &Value, fields: &[&str]) -> String {
    let cell = |field: &&str| match object.pointer(field) {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    fields.iter().map(cell).collect::<Vec<_>>().join(" | ")
}
