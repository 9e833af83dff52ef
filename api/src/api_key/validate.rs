//! What a key's input must be.

use super::service::NewApiKey;
use crate::error::ViolationCode;
use crate::validation::Violations;
use chrono::{DateTime, Utc};
use entity::role_grant::Role;

/// Hours for which the secret before may go on at most.
const MAX_OVERLAP: i32 = 7 * 24;

pub(super) fn new(violations: &mut Violations, new: &NewApiKey, now: DateTime<Utc>) {
    violations.title("name", &new.name);
    violations.check(new.expires_at.is_none_or(|until| until > now), "expiresAt", "Give a moment to come, or none.");
    match (new.role, new.organization) {
        (Some(Role::Partner), Some(_)) | (None, None) => {}
        (Some(Role::Partner), None) => {
            violations.add(
                "organizationId",
                ViolationCode::Required,
                "A PARTNER's key is of an organization. Say which.",
            );
        }
        (Some(_), _) => violations.check(false, "role", "A key has the role PARTNER, or none."),
        (None, Some(_)) => {
            violations.check(false, "organizationId", "A key without a role is of no organization. Leave it out.");
        }
    }
    violations.check(
        new.role.is_some() || new.read_only,
        "readOnly",
        "A key without a role only reads. Set this to true.",
    );
}

pub(super) fn overlap(violations: &mut Violations, hours: i32) {
    violations.check((0..=MAX_OVERLAP).contains(&hours), "overlapHours", "Give 0 to 168 hours.");
}
