//! The dashboard, the alerts and their pages speak of what there is.

use crate::operator_figures::figures;
use lmi::http::Manifest;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use tests::{Service, root, with_empty};

fn read(path: &str) -> String {
    fs::read_to_string(root().join("docs/operations").join(path)).expect("a file")
}

/// What Prometheus itself knows of whom it asks.
const ITS_OWN: [&str; 1] = ["up"];

/// What is told only where replicas are read from.
const OF_REPLICAS: &str = "lmi_replica_lag_bytes";

/// The figures that an expression is made of.
fn named(expression: &str) -> BTreeSet<String> {
    let names = Regex::new(r"\b(?:lmi|process)_[a-z0-9_]+\b").expect("an expression");
    names.find_iter(expression).map(|name| name.as_str().to_owned()).collect()
}

fn dashboard() -> BTreeSet<String> {
    let dashboard: Value = serde_json::from_str(&read("grafana.json")).expect("a dashboard");
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().cloned().unwrap_or_default());
    let expressions: Vec<String> =
        targets.map(|target| target["expr"].as_str().expect("an expression").to_owned()).collect();
    assert!(expressions.len() > 30);
    expressions.iter().flat_map(|expression| named(expression)).collect()
}

/// The alerts: name, expression and page.
fn alerts() -> Vec<(String, String, String)> {
    let text = read("alerts.yml");
    let after = |block: &str, key: &str| {
        let line = block.lines().find_map(|line| line.trim_start_matches([' ', '-']).strip_prefix(key)).map(str::trim);
        line.unwrap_or_else(|| panic!("no `{key}` in {block}")).to_owned()
    };
    let blocks = text.split("- alert:").skip(1).map(|block| format!("alert:{block}"));
    blocks.map(|block| (after(&block, "alert:"), after(&block, "expr:"), after(&block, "page:"))).collect()
}

/// The names of the figures, as they stand in front of the lines of `/metrics`, also of those that have no line yet.
async fn there_are(service: &Service) -> BTreeSet<String> {
    let figures = figures(service).await;
    let mut names = BTreeSet::new();
    for line in figures.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let (name, kind) = line.split_once(' ').expect("a name and a kind");
        if kind == "histogram" {
            names.extend(["bucket", "count", "sum"].map(|part| format!("{name}_{part}")));
        } else {
            names.insert(name.to_owned());
        }
    }
    names
}

#[test]
fn every_figure_that_the_dashboard_and_the_alerts_name_is_told() {
    with_empty(async |service| {
        // What has happened at least once: a request, and one for a registered document.
        let registered =
            Manifest::parse("documents.json".to_owned(), r#"{ "a": "query Numbers { regions { number } }" }"#);
        let service = service.set_up(|setup| setup.registered = registered.expect("a manifest"));
        service.ask("query Numbers { regions { number } }").await.data();
        let there_are = there_are(&service).await;
        let of_alerts = alerts().into_iter().flat_map(|(_, expression, _)| named(&expression));
        let missing: Vec<_> = dashboard()
            .into_iter()
            .chain(of_alerts)
            .filter(|name| !there_are.contains(name) && name != OF_REPLICAS)
            .collect();
        assert!(missing.is_empty(), "{missing:?} of {there_are:?}");
        for (name, expression, _) in alerts() {
            let is_own = ITS_OWN.iter().any(|own| expression.starts_with(own));
            assert!(is_own || !named(&expression).is_empty(), "{name} names a figure");
        }
    });
}

#[test]
fn every_alert_has_a_page_and_every_page_an_alert() {
    let folder = fs::read_dir(root().join("docs/operations/alerts")).expect("a folder");
    let pages: BTreeSet<String> = folder
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    let alerts = alerts();
    let wanted: BTreeSet<String> = alerts.iter().map(|(name, ..)| format!("{name}.md")).collect();
    assert_eq!(pages, wanted);
    let index = read("alerts/README.md");
    for (name, expression, page) in alerts {
        assert_eq!(page, format!("docs/operations/alerts/{name}.md"));
        assert!(index.contains(&format!("({name}.md)")), "{name} is in the index");
        let page = read(&format!("alerts/{name}.md"));
        assert!(page.contains(&expression), "{name}: its page has another expression");
        for part in ["## What it means\n", "## How to look\n", "## What to do\n"] {
            assert!(page.contains(part), "{name}: {part}");
        }
    }
}
