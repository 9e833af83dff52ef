//! The bounds of a document, checked before anything that could take long looks at it.

use super::fault::coded;
use super::text::{self, Extent};
use crate::graphql::code;
use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, Field, FragmentDefinition, Selection};
use async_graphql::ServerError;
use std::collections::HashMap;

/// What a document may ask for at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) struct Bounds {
    /// Names, numbers, strings and signs of its text.
    pub(in crate::http) tokens: usize,
    /// Brackets within brackets, and selections within selections once fragments are written out.
    pub(in crate::http) nesting: usize,
    /// Fragments that spread one another in a row: the validator follows them so far.
    pub(in crate::http) chained: usize,
    /// Fields of all operations after every fragment is written out in its place.
    pub(in crate::http) expanded_fields: usize,
    /// Fields, spreads and inline fragments, counted in the same way: what the validator and the engine walk.
    pub(in crate::http) expanded_selections: usize,
    /// Levels of fields below the root.
    pub(in crate::http) depth: usize,
    /// Levels of fields, those of the schema's own description counted, too.
    pub(in crate::http) levels: usize,
    /// Fields of the root.
    pub(in crate::http) root_fields: usize,
    /// Fields under another name than their own.
    pub(in crate::http) aliases: usize,
    /// Directives.
    pub(in crate::http) directives: usize,
    /// Lists of the schema's own description within one another: each multiplies the answer.
    pub(in crate::http) introspection: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            tokens: 5_000,
            nesting: 200,
            chained: 100,
            expanded_fields: 1_000,
            expanded_selections: 5_000,
            depth: 15,
            levels: 30,
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
    selections: usize,
    depth: usize,
    levels: usize,
    /// Fields of the selection itself.
    own: usize,
    nesting: usize,
    chained: usize,
    introspection: usize,
}

impl Size {
    /// Both, one after the other.
    fn and(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            selections: self.selections.saturating_add(other.selections),
            own: self.own.saturating_add(other.own),
            depth: self.depth.max(other.depth),
            levels: self.levels.max(other.levels),
            nesting: self.nesting.max(other.nesting),
            chained: self.chained.max(other.chained),
            introspection: self.introspection.max(other.introspection),
        }
    }
}

impl Bounds {
    /// Refuses a text that is too long or too deep to be parsed; how many tokens it has.
    pub(super) fn check_text(&self, text: &str) -> Result<usize, ServerError> {
        let Extent { tokens, nesting } = text::measure(text, self.tokens);
        within(tokens, self.tokens, "tokens")?;
        within(nesting, self.nesting, "brackets within one another")?;
        Ok(tokens)
    }

    /// Refuses a document that is too large. Each fragment is measured once, so that fragments which double at
    /// every step cost no more to refuse than their text is long.
    pub(super) fn check(&self, document: &Document) -> Result<(), ServerError> {
        let mut measured = Measure::of(document, self.nesting);
        let mut whole = Size::default();
        for definition in &document.definitions {
            match definition {
                // One that no operation spreads is looked at by the validator all the same.
                Definition::FragmentDefinition(fragment) => self.shape(measured.fragment(&fragment.name))?,
                Definition::OperationDefinition(operation) => {
                    measured.directives += operation.directives.len();
                    let size = measured.selection(&operation.selection_set);
                    self.shape(size)?;
                    within(size.depth, self.depth, "levels of fields")?;
                    within(size.own, self.root_fields, "root fields")?;
                    within(
                        size.introspection,
                        self.introspection,
                        "lists of the schema's description within one another",
                    )?;
                    whole = whole.and(size);
                }
                _ => {}
            }
        }
        within(whole.fields, self.expanded_fields, "fields once its fragments are written out")?;
        within(whole.selections, self.expanded_selections, "selections once its fragments are written out")?;
        within(measured.aliases, self.aliases, "aliases")?;
        within(measured.directives, self.directives, "directives")
    }

    fn shape(&self, size: Size) -> Result<(), ServerError> {
        within(size.nesting, self.nesting, "selections within one another")?;
        within(size.chained, self.chained, "fragments within one another")?;
        within(size.levels, self.levels, "levels of fields")
    }
}

fn within(count: usize, limit: usize, of_what: &str) -> Result<(), ServerError> {
    if count <= limit {
        return Ok(());
    }
    let message = format!("The document has more than {limit} {of_what}. Ask for less, or in several requests.");
    Err(coded(ServerError::new(message, None), code::QUERY_LIMIT))
}

struct Measure<'a> {
    fragments: HashMap<&'a str, &'a Node<FragmentDefinition>>,
    /// `None` while a fragment is being measured: one that contains itself adds nothing, and is refused later.
    sizes: HashMap<&'a str, Option<Size>>,
    /// How many selections are being measured within one another, and how many may be.
    open: usize,
    nesting: usize,
    aliases: usize,
    directives: usize,
}

impl<'a> Measure<'a> {
    fn of(document: &'a Document, nesting: usize) -> Self {
        let fragments = document.definitions.iter().filter_map(Definition::as_fragment_definition);
        let fragments = fragments.map(|fragment| (fragment.name.as_str(), fragment)).collect();
        Self { fragments, sizes: HashMap::new(), open: 0, nesting, aliases: 0, directives: 0 }
    }

    fn selection(&mut self, selections: &'a [Selection]) -> Size {
        if selections.is_empty() {
            return Size::default();
        }
        if self.open > self.nesting {
            return Size { nesting: usize::MAX, ..Size::default() };
        }
        self.open += 1;
        let mut sum = Size::default();
        for selection in selections {
            let size = match selection {
                Selection::Field(field) => self.field(field),
                Selection::InlineFragment(fragment) => {
                    self.directives += fragment.directives.len();
                    self.selection(&fragment.selection_set)
                }
                Selection::FragmentSpread(spread) => {
                    self.directives += spread.directives.len();
                    self.fragment(&spread.fragment_name)
                }
            };
            sum = sum.and(Size { selections: size.selections.saturating_add(1), ..size });
        }
        self.open -= 1;
        Size { nesting: sum.nesting.saturating_add(1), ..sum }
    }

    fn field(&mut self, field: &'a Field) -> Size {
        self.directives += field.directives.len();
        self.aliases += usize::from(field.alias.is_some());
        let below = self.selection(&field.selection_set);
        let name = field.name.as_str();
        Size {
            fields: below.fields.saturating_add(1),
            // The schema's own description is deep by nature.
            depth: if name.starts_with("__") { 1 } else { below.depth.saturating_add(1) },
            levels: below.levels.saturating_add(1),
            own: 1,
            introspection: below.introspection + usize::from(INTROSPECTION_LISTS.contains(&name)),
            ..below
        }
    }

    fn fragment(&mut self, name: &str) -> Size {
        let Some((&name, &fragment)) = self.fragments.get_key_value(name) else { return Size::default() };
        if let Some(known) = self.sizes.get(name) {
            return known.unwrap_or_default();
        }
        self.sizes.insert(name, None);
        self.directives += fragment.directives.len();
        let size = self.selection(&fragment.selection_set);
        let size = Size { chained: size.chained.saturating_add(1), ..size };
        self.sizes.insert(name, Some(size));
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str) -> bool {
        let limits = Bounds::default();
        limits.check_text(document).is_ok()
            && Document::parse(document, "").is_ok_and(|document| limits.check(&document).is_ok())
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
        // Also where nothing is selected but spreads.
        let fragment = |i| format!("fragment F{i} on Query {{ ...F{n} ...F{n} }}", n = i + 1);
        let fragments: Vec<String> = (0..60).map(fragment).collect();
        assert!(!check(&format!("{{ ...F0 }} {} fragment F60 on Query {{ ...F0 }}", fragments.join(" "))));
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
        assert!(check(&format!("{{ ...F0 }} {}", chain(99, "Query", "id"))));
        assert!(!check(&format!("{{ ...F0 }} {}", chain(100, "Query", "id"))));
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
        assert!(check(&nested(198)) && !check(&nested(199)) && !check(&nested(100_000)));
        let inline = |count: usize| format!("{{ {} a {} }}", "... { ".repeat(count), "}".repeat(count));
        assert!(check(&inline(199)) && !check(&inline(200)));
        let long = |tokens: usize| format!("{{ a(x: [{}]) }}", "1 ".repeat(tokens - 9));
        assert!(check(&long(5_000)) && !check(&long(5_001)));
    }

    #[test]
    fn operations_are_counted_together() {
        let operation = |i: usize| format!("query Q{i} {{ a {{ {} }} }} ", "b ".repeat(249));
        assert!(check(&(0..4).map(operation).collect::<String>()));
        assert!(!check(&(0..5).map(operation).collect::<String>()));
    }
}
