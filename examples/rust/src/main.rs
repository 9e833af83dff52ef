//! Lists the districts of a county, and at how many convenings each took part.
//!
//! `cargo run -p lmi-districts -- http://127.0.0.1:8080 Sacramento`

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

const QUERY: &str = include_str!("../districts.graphql");

#[derive(Deserialize)]
struct Answer {
    data: Option<Data>,
    #[serde(default)]
    errors: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    message: String,
    extensions: Value,
}

#[derive(Deserialize)]
struct Data {
    districts: Districts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Districts {
    nodes: Vec<District>,
    page_info: PageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct District {
    name: String,
    /// One that no state directory knows has none.
    cds_code: Option<String>,
    participations: Count,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    total_count: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let county = arguments.next().unwrap_or_else(|| "Sacramento".to_owned());
    for District { name, cds_code, participations } in districts(&address, &county).await? {
        println!("{:14} {:3} {name}", cds_code.unwrap_or_default(), participations.total_count);
    }
    Ok(())
}

/// All districts of a county, a page after another.
async fn districts(address: &str, county: &str) -> Result<Vec<District>> {
    // A client brings its own cryptography for addresses with `https`.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let body = json!({ "query": QUERY, "variables": { "county": county, "after": after } }).to_string();
        let request = client.post(format!("{address}/graphql")).header("content-type", "application/json").body(body);
        let text = request.send().await.context("the service cannot be reached")?.text().await?;
        let answer: Answer = serde_json::from_str(&text).context("this is no answer of GraphQL")?;
        if let Some(fault) = answer.errors.first() {
            bail!("{}: {}", fault.extensions["code"].as_str().unwrap_or_default(), fault.message);
        }
        let Districts { nodes, page_info } = answer.data.context("an answer without data")?.districts;
        found.extend(nodes);
        if !page_info.has_next_page {
            return Ok(found);
        }
        after = page_info.end_cursor;
    }
}
