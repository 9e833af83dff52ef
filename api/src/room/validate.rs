//! What a room must be.

use crate::validation::Violations;
use entity::room::Model;

pub(super) fn room(row: &Model, violations: &mut Violations) {
    violations.title("name", &row.name);
    violations.count("capacity", row.capacity);
}
