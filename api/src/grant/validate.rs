//! Which scope a role takes.

use super::service::GivenScope;
use crate::error::ViolationCode;
use crate::validation::Violations;
use entity::role_grant::Role;

/// Refuses a scope that the role does not take, and none where it takes one.
pub(super) fn scope(violations: &mut Violations, role: Role, given: &GivenScope) {
    let given = [
        ("organizationId", given.organization.is_some()),
        ("districtId", given.district.is_some()),
        ("conveningId", given.convening.is_some()),
        ("regionId", given.region.is_some()),
    ];
    let takes: &[&str] = match role {
        Role::Partner => &["organizationId"],
        Role::TeamLead => &["districtId"],
        Role::Organizer => &["conveningId", "regionId", "organizationId"],
        Role::Evaluator | Role::Staff | Role::Auditor | Role::Admin => &[],
    };
    for (field, _) in given.iter().filter(|(field, is_given)| *is_given && !takes.contains(field)) {
        violations.add(field, ViolationCode::Invalid, "This role is not granted for such a one. Leave it out.");
    }
    let fitting: Vec<&str> =
        given.iter().filter(|(field, is_given)| *is_given && takes.contains(field)).map(|(field, _)| *field).collect();
    match (takes, &fitting[..]) {
        ([only], []) => violations.add(only, ViolationCode::Required, "This role is granted for one. Say which."),
        ([first, ..], []) => {
            let message = "This role is granted for a convening, a region or an organization. Say which.";
            violations.add(first, ViolationCode::Required, message);
        }
        (_, [_, second, ..]) => {
            violations.add(second, ViolationCode::Invalid, "One scope at a time. Make a grant for each.");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use entity::ids::{ConveningId, DistrictId, OrganizationId, RegionId};

    fn refused(role: Role, given: &GivenScope) -> Vec<String> {
        let mut violations = Violations::default();
        scope(&mut violations, role, given);
        match violations.finish() {
            Err(Error::Invalid(violations)) => violations.into_iter().flat_map(|fault| fault.field).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn each_role_takes_its_own_scope() {
        let organization = GivenScope { organization: Some(OrganizationId::new()), ..Default::default() };
        let district = GivenScope { district: Some(DistrictId::new()), ..Default::default() };
        let convening = GivenScope { convening: Some(ConveningId::new()), ..Default::default() };
        let region = GivenScope { region: Some(RegionId::new()), ..Default::default() };
        let nothing = GivenScope::default();
        let all = [&organization, &district, &convening, &region, &nothing];
        let accepted = |role| all.map(|given| refused(role, given).is_empty());
        assert_eq!(accepted(Role::Partner), [true, false, false, false, false]);
        assert_eq!(accepted(Role::TeamLead), [false, true, false, false, false]);
        assert_eq!(accepted(Role::Organizer), [true, false, true, true, false]);
        for role in [Role::Evaluator, Role::Staff, Role::Auditor, Role::Admin] {
            assert_eq!(accepted(role), [false, false, false, false, true], "{role:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_scope_is_told_at_its_field() {
        let both = GivenScope {
            organization: Some(OrganizationId::new()),
            region: Some(RegionId::new()),
            district: Some(DistrictId::new()),
            convening: None,
        };
        assert_eq!(refused(Role::Organizer, &both), ["districtId", "regionId"]);
        assert_eq!(refused(Role::TeamLead, &GivenScope::default()), ["districtId"]);
        assert_eq!(refused(Role::Organizer, &GivenScope::default()), ["conveningId"]);
    }
}
