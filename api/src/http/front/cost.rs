//! What a request asks for, in points, known before anything runs.
//!
//! One point for each object that can come back. A field that answers with one object costs a point, and what is
//! selected of it. A page costs a point, and what is selected beneath its `nodes` and `edges` costs as many times as
//! `first` or `last` says, 20 times where neither does. A list of what ids name costs as many times as ids are given, any
//! other list [`LIST`] times. What holds no objects, texts and numbers and lists of them, costs nothing, and a request never
//! costs less than a point.

use apollo_compiler::ast::Value as Literal;
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{ExecutableDocument, Schema};
use async_graphql::{Value, Variables};

/// Rows of a page of which nobody says how many.
const PAGE: u64 = 20;
/// Objects of a list that has no pages.
const LIST: u64 = 10;

/// The price of a field that holds objects, as far as it is known without variables.
#[derive(Debug)]
pub(super) struct Price {
    times: Times,
    below: Vec<Price>,
}

/// How many objects a field holds.
#[derive(Clone, Debug)]
enum Times {
    Fixed(u64),
    /// As many as this variable says.
    Number(String),
    /// As many as this variable has items.
    Items(String),
}

/// What a selection of an operation costs.
pub(super) fn prices(schema: &Schema, document: &ExecutableDocument, set: &SelectionSet) -> Vec<Price> {
    Prices { schema, document }.of(set, None)
}

/// The cost of all these with these variables.
pub(super) fn total(prices: &[Price], variables: &Variables) -> u64 {
    prices.iter().fold(0, |sum, price| sum.saturating_add(price.with(variables)))
}

impl Price {
    fn with(&self, variables: &Variables) -> u64 {
        let times = match &self.times {
            Times::Fixed(times) => *times,
            Times::Number(name) => match variables.get(name.as_str()) {
                Some(Value::Number(number)) => number.as_u64().unwrap_or_default(),
                _ => PAGE,
            },
            Times::Items(name) => match variables.get(name.as_str()) {
                Some(Value::List(items)) => items.len() as u64,
                _ => 1,
            },
        };
        times.saturating_mul(total(&self.below, variables).saturating_add(1))
    }
}

struct Prices<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
}

impl Prices<'_> {
    /// Those of a selection, fragments written out: their number is bounded. `page` is how many rows the page has whose
    /// selection it is.
    fn of(&self, set: &SelectionSet, page: Option<&Times>) -> Vec<Price> {
        let mut prices = Vec::new();
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => prices.extend(self.field(field, page)),
                Selection::InlineFragment(fragment) => prices.extend(self.of(&fragment.selection_set, page)),
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.fragment_name);
                    prices.extend(fragment.map(|of| self.of(&of.selection_set, page)).unwrap_or_default());
                }
            }
        }
        prices
    }

    fn field(&self, field: &Field, page: Option<&Times>) -> Option<Price> {
        let is_leaf = |of: &ExtendedType| of.is_scalar() || of.is_enum();
        if field.inner_type_def(self.schema).is_none_or(is_leaf) {
            return None;
        }
        let takes = |name: &str| field.definition.argument_by_name(name).is_some();
        let is_list = field.ty().is_list();
        let rows = (takes("first") || takes("last")).then(|| rows(field));
        let times = match (is_list, page) {
            (false, _) => Times::Fixed(1),
            (true, Some(page)) => page.clone(),
            (true, None) => rows.clone().or_else(|| ids(field)).unwrap_or(Times::Fixed(LIST)),
        };
        let below = self.of(&field.selection_set, rows.as_ref().filter(|_| !is_list));
        Some(Price { times, below })
    }
}

/// How many rows a page may have.
fn rows(field: &Field) -> Times {
    let given = |name: &str| field.specified_argument_by_name(name).map(|value| &**value);
    let said = [given("first"), given("last")].into_iter().flatten().find_map(|value| match value {
        Literal::Int(number) => Some(Times::Fixed(number.as_str().parse().unwrap_or_default())),
        Literal::Variable(name) => Some(Times::Number(name.to_string())),
        _ => None,
    });
    said.unwrap_or(Times::Fixed(PAGE))
}

/// How many ids a list is asked for by.
fn ids(field: &Field) -> Option<Times> {
    Some(match &**field.specified_argument_by_name("ids")? {
        Literal::List(items) => Times::Fixed(items.len() as u64),
        Literal::Variable(name) => Times::Items(name.to_string()),
        _ => Times::Fixed(1),
    })
}
