//! What may have been meant by a name that the schema does not have.

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;
use strsim::damerau_levenshtein;

/// Letters that a name may be off: as many as somebody mistypes.
const OFF: usize = 3;
/// Letters of a name that somebody may have meant, at most.
const LONGEST: usize = 50;
/// How those faults begin that a name makes.
const NAMING: [&str; 4] = ["Cannot query field ", "Unknown argument ", "Field ", "Value "];

/// What else a fault could say: it names first what was given, and last the type that does not have it, or the field.
pub(super) fn suggestion(schema: &Schema, said: &str) -> Option<String> {
    let quoted: Vec<&str> = said.split('"').skip(1).step_by(2).collect();
    let [given, .., within] = quoted[..] else { return None };
    if given.len() > LONGEST || !NAMING.iter().any(|begins| said.starts_with(begins)) {
        return None;
    }
    let off = |name: &str| damerau_levenshtein(name, given);
    let near = names(schema, within).into_iter().filter(|name| off(name) <= OFF.min(given.len() / 2));
    near.min_by_key(|name| off(name)).map(|name| format!(" Did you mean \"{name}\"?"))
}

/// The names within a type, or of the arguments of a field: `District.teams`.
fn names<'a>(schema: &'a Schema, within: &str) -> Vec<&'a str> {
    if let Some((on, field)) = within.split_once('.') {
        let arguments = schema.type_field(on, field).map(|field| &field.arguments);
        return arguments.map(|all| all.iter().map(|argument| argument.name.as_str()).collect()).unwrap_or_default();
    }
    match schema.types.get(within) {
        Some(ExtendedType::Object(of)) => of.fields.keys().map(|name| name.as_str()).collect(),
        Some(ExtendedType::Interface(of)) => of.fields.keys().map(|name| name.as_str()).collect(),
        Some(ExtendedType::InputObject(of)) => of.fields.keys().map(|name| name.as_str()).collect(),
        Some(ExtendedType::Enum(of)) => of.values.keys().map(|name| name.as_str()).collect(),
        _ => Vec::new(),
    }
}
