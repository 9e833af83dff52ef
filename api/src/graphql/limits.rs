//! The bounds of a document, checked before anything runs.

use super::error::{code, set_code};
use async_graphql::ServerError;
use async_graphql::parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet};
use async_graphql::{Name, Positioned};
use std::collections::HashMap;

/// Ids in one `nodes` at most.
pub(crate) const MAX_IDS: usize = 100;

/// What a document may ask for at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Fields after every fragment is written out in its place.
    pub(crate) expanded_fields: usize,
    /// Levels of fields below the root.
    pub(crate) depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { expanded_fields: 1_000, depth: 15 }
    }
}

/// What a selection amounts to once its fragments are written out.
#[derive(Clone, Copy, Default)]
struct Size {
    fields: usize,
    depth: usize,
}

impl Limits {
    /// Refuses a document that is too large. Each fragment is measured once, so that fragments which double at
    /// every step cost no more to refuse than their text is long.
    pub(crate) fn check(&self, document: &ExecutableDocument) -> Result<(), ServerError> {
        let mut measured = Measure { fragments: &document.fragments, sizes: HashMap::new() };
        for (_, operation) in document.operations.iter() {
            let size = measured.selection(&operation.node.selection_set.node);
            if size.fields > self.expanded_fields {
                return Err(refused(&format!(
                    "The document asks for more than {} fields once its fragments are written out. \
                     Ask for less, or in several requests.",
                    self.expanded_fields
                )));
            }
            if size.depth > self.depth {
                return Err(refused(&format!("The document is more than {} levels deep.", self.depth)));
            }
        }
        Ok(())
    }
}

fn refused(message: &str) -> ServerError {
    let mut error = ServerError::new(message, None);
    set_code(&mut error, code::QUERY_LIMIT);
    error
}

struct Measure<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// `None` while a fragment is being measured: one that contains itself adds nothing, and is refused later.
    sizes: HashMap<&'a str, Option<Size>>,
}

impl<'a> Measure<'a> {
    fn selection(&mut self, set: &'a SelectionSet) -> Size {
        let mut sum = Size::default();
        for item in &set.items {
            let size = match &item.node {
                // The schema's own description is deep by nature and costs no statement.
                Selection::Field(field) if field.node.name.node.starts_with("__") => Size { fields: 1, depth: 1 },
                Selection::Field(field) => {
                    let below = self.selection(&field.node.selection_set.node);
                    Size { fields: below.fields.saturating_add(1), depth: below.depth.saturating_add(1) }
                }
                Selection::InlineFragment(fragment) => self.selection(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            };
            sum.fields = sum.fields.saturating_add(size.fields);
            sum.depth = sum.depth.max(size.depth);
        }
        sum
    }

    fn fragment(&mut self, name: &str) -> Size {
        let Some((name, fragment)) = self.fragments.get_key_value(name) else { return Size::default() };
        if let Some(known) = self.sizes.get(name.as_str()) {
            return known.unwrap_or_default();
        }
        self.sizes.insert(name, None);
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
        parse_query(document).is_ok_and(|document| Limits::default().check(&document).is_ok())
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
}
