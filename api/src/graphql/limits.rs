//! The bounds of a document, checked before anything runs.

use super::error::{code, set_code};
use super::tokens::{self, Extent};
use async_graphql::ServerError;
use async_graphql::parser::types::{ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet};
use async_graphql::{Name, Positioned};
use std::collections::HashMap;

/// Ids in one `nodes` at most.
pub(crate) const MAX_IDS: usize = 100;

/// What a document may ask for at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Names, numbers, strings and signs of its text.
    pub(crate) tokens: usize,
    /// Brackets within brackets, and selections within selections once fragments are written out.
    pub(crate) nesting: usize,
    /// Fields after every fragment is written out in its place.
    pub(crate) expanded_fields: usize,
    /// Levels of fields below the root.
    pub(crate) depth: usize,
    /// Fields of the root.
    pub(crate) root_fields: usize,
    /// Fields under another name than their own.
    pub(crate) aliases: usize,
    /// Directives.
    pub(crate) directives: usize,
    /// Lists of the schema's own description within one another: each multiplies the answer.
    pub(crate) introspection: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tokens: 5_000,
            nesting: 64,
            expanded_fields: 1_000,
            depth: 15,
            root_fields: 20,
            aliases: 30,
            directives: 50,
            introspection: 2,
        }
    }
}

/// The fields of the schema's own description that lead from a type to many.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// What a selection amounts to once its fragments are written out.
#[derive(Clone, Copy, Default)]
struct Size {
    fields: usize,
    depth: usize,
    /// Fields of the selection itself.
    own: usize,
    nesting: usize,
    introspection: usize,
}

impl Limits {
    /// Refuses a text that is too long or too deep to be parsed.
    pub(crate) fn check_text(&self, text: &str) -> Result<(), ServerError> {
        let Extent { tokens, nesting } = tokens::measure(text);
        within(tokens, self.tokens, "tokens")?;
        within(nesting, self.nesting, "brackets within one another")
    }

    /// Refuses a document that is too large. Each fragment is measured once, so that fragments which double at
    /// every step cost no more to refuse than their text is long.
    pub(crate) fn check(&self, document: &ExecutableDocument) -> Result<(), ServerError> {
        let mut measured = Measure::new(&document.fragments, self.nesting);
        for name in document.fragments.keys() {
            // One that no operation spreads is looked at by the engine all the same.
            within(measured.fragment(name).nesting, self.nesting, "selections within one another")?;
        }
        for (_, operation) in document.operations.iter() {
            measured.directives += operation.node.directives.len();
            let size = measured.selection(&operation.node.selection_set.node);
            within(size.nesting, self.nesting, "selections within one another")?;
            within(size.fields, self.expanded_fields, "fields once its fragments are written out")?;
            within(size.depth, self.depth, "levels of fields")?;
            within(size.own, self.root_fields, "root fields")?;
            within(size.introspection, self.introspection, "lists of the schema's description within one another")?;
        }
        within(measured.aliases, self.aliases, "aliases")?;
        within(measured.directives, self.directives, "directives")
    }
}

fn within(count: usize, limit: usize, of_what: &str) -> Result<(), ServerError> {
    if count <= limit {
        return Ok(());
    }
    let message = format!("The document has more than {limit} {of_what}. Ask for less, or in several requests.");
    let mut error = ServerError::new(message, None);
    set_code(&mut error, code::QUERY_LIMIT);
    Err(error)
}

struct Measure<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// `None` while a fragment is being measured: one that contains itself adds nothing, and is refused later.
    sizes: HashMap<&'a str, Option<Size>>,
    /// How many selections are being measured within one another, and how many may be.
    open: usize,
    nesting: usize,
    aliases: usize,
    directives: usize,
}

impl<'a> Measure<'a> {
    fn new(fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>, nesting: usize) -> Self {
        Self { fragments, sizes: HashMap::new(), open: 0, nesting, aliases: 0, directives: 0 }
    }

    fn selection(&mut self, set: &'a SelectionSet) -> Size {
        let mut sum = Size::default();
        if set.items.is_empty() {
            return sum;
        }
        if self.open > self.nesting {
            return Size { nesting: usize::MAX, ..sum };
        }
        self.open += 1;
        for item in &set.items {
            self.directives += item.node.directives().len();
            let size = match &item.node {
                Selection::Field(field) => self.field(&field.node),
                Selection::InlineFragment(fragment) => self.selection(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            };
            sum.fields = sum.fields.saturating_add(size.fields);
            sum.own = sum.own.saturating_add(size.own);
            sum.depth = sum.depth.max(size.depth);
            sum.nesting = sum.nesting.max(size.nesting);
            sum.introspection = sum.introspection.max(size.introspection);
        }
        self.open -= 1;
        Size { nesting: sum.nesting.saturating_add(1), ..sum }
    }

    fn field(&mut self, field: &'a Field) -> Size {
        self.aliases += usize::from(field.alias.is_some());
        let below = self.selection(&field.selection_set.node);
        let name = field.name.node.as_str();
        Size {
            fields: below.fields.saturating_add(1),
            // The schema's own description is deep by nature.
            depth: if name.starts_with("__") { 1 } else { below.depth.saturating_add(1) },
            own: 1,
            introspection: below.introspection + usize::from(INTROSPECTION_LISTS.contains(&name)),
            ..below
        }
    }

    fn fragment(&mut self, name: &str) -> Size {
        let Some((name, fragment)) = self.fragments.get_key_value(name) else { return Size::default() };
        if let Some(known) = self.sizes.get(name.as_str()) {
            return known.unwrap_or_default();
        }
        self.sizes.insert(name, None);
        self.directives += fragment.node.directives.len();
        let size = self.selection(&fragment.node.selection_set.node);
        self.sizes.insert(name, Some(size));
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    fn check(document: &str) -> bool {
        let limits = Limits::default();
        limits.check_text(document).is_ok()
            && parse_query(document).is_ok_and(|document| limits.check(&document).is_ok())
    }

    /// Fragments that each spread the next, `levels` of them, and their last.
    fn chain(levels: usize, of: &str, last: &str) -> String {
        let link = |i: usize| format!("fragment F{i} on {of} {{ ...F{} }} ", i + 1);
        (0..levels).map(link).collect::<String>() + &format!("fragment F{levels} on {of} {{ {last} }}")
    }

    #[test]
    fn fragments_that_double_are_refused_without_being_written_out() {
        let fragment = |i| format!("fragment F{i} on Query {{ a: x {{ ...F{n} }} b: x {{ ...F{n} }} }}", n = i + 1);
        let fragments: Vec<String> = (0..60).map(fragment).collect();
        assert!(!check(&format!("{{ ...F0 }} {} fragment F60 on Query {{ id }}", fragments.join(" "))));
    }

    #[test]
    fn depth_is_counted_from_the_root_field() {
        let nested = |levels: usize| format!("{}{}", "{ a ".repeat(levels), "}".repeat(levels));
        assert!(check(&nested(15)));
        assert!(!check(&nested(16)));
    }

    #[test]
    fn a_fragment_within_itself_ends() {
        assert!(check("{ ...F } fragment F on Query { a ...F }"));
    }
    #[test]
    fn fragments_that_spread_one_another_in_a_long_row_are_refused() {
        assert!(check(&format!("{{ ...F0 }} {}", chain(60, "Query", "id"))));
        assert!(!check(&format!("{{ ...F0 }} {}", chain(600, "Query", "id"))));
        assert!(!check(&format!("{{ id }} {}", chain(600, "Query", "id"))), "also where no operation spreads them");
    }

    #[test]
    fn the_schemas_own_description_is_bounded_too() {
        let fragment =
            |i| format!("fragment F{i} on __Type {{ a: ofType {{ ...F{n} }} b: ofType {{ ...F{n} }} }}", n = i + 1);
        let fragments: Vec<String> = (0..24).map(fragment).collect();
        let last = "fragment F24 on __Type { name }";
        assert!(!check(&format!("{{ __schema {{ types {{ ...F0 }} }} }} {} {last}", fragments.join(" "))));
        assert!(check("{ __schema { types { fields { type { fields { name } } } } } }"));
        assert!(!check("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"));
    }

    #[test]
    fn each_bound_is_its_own() {
        let many = |count: usize, item: &str| format!("{{ a {{ {} }} }}", item.repeat(count));
        for (item, limit) in [("b ", 999), ("x: b ", 30), ("b @include(if: true) ", 50)] {
            assert!(check(&many(limit, item)), "{limit} of {item}");
            assert!(!check(&many(limit + 1, item)), "{} of {item}", limit + 1);
        }
        let roots = |count: usize| format!("{{ {} }}", "a ".repeat(count));
        assert!(check(&roots(20)) && !check(&roots(21)));
        let nested = |count: usize| format!("{{ a(x: {}{}) }}", "[".repeat(count), "]".repeat(count));
        assert!(check(&nested(62)) && !check(&nested(63)) && !check(&nested(100_000)));
        let long = |tokens: usize| format!("{{ a(x: [{}]) }}", "1 ".repeat(tokens - 9));
        assert!(check(&long(5_000)) && !check(&long(5_001)));
    }
}
