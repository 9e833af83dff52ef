//! What an affiliation must be.

use crate::error::ViolationCode;
use crate::validation::Violations;
use entity::affiliation::Model;

pub(super) fn affiliation(row: &Model, violations: &mut Violations) {
    let one = "Give exactly one of organization and district.";
    match (row.organization_id, row.district_id) {
        (None, None) => violations.add("organizationId", ViolationCode::Required, one),
        (Some(_), Some(_)) => violations.add("districtId", ViolationCode::Invalid, one),
        _ => {}
    }
    if let Some(title) = &row.title {
        violations.title("title", title);
    }
    let in_order = row.starts_on.zip(row.ends_on).is_none_or(|(start, end)| start <= end);
    violations.check(in_order, "endsOn", "The last day is not before the first.");
    violations.sources("sources", &row.sources);
}
