//! What a speaker must be.

use crate::validation::Violations;
use entity::speaker::Model;

pub(super) fn speaker(row: &Model, violations: &mut Violations) {
    let somebody = row.person_id.is_some() || row.organization_id.is_some() || row.district_id.is_some();
    violations.check(somebody, "personId", "Give a person, an organization or a district.");
    violations.check(!row.as_team || row.district_id.is_some(), "districtId", "A team is the team of a district.");
    violations.check(row.position > 0, "position", "Places are counted from 1.");
    if let Some(title) = &row.title_as_shown {
        violations.title("titleAsShown", title);
    }
    violations.sources("sources", &row.sources);
}
