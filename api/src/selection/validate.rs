//! What a method must be.

use super::method::{Method, Quota};
use crate::error::ViolationCode;
use crate::validation::Violations;

/// Letters in a seed at most.
const MAX_SEED: usize = 200;
/// Quotas at most.
const MAX_QUOTAS: usize = 40;

pub(super) fn method(method: &Method, violations: &mut Violations) {
    let seed = &method.seed;
    if seed.trim().is_empty() {
        violations.add("seed", ViolationCode::Required, "Say what the lottery is drawn from.");
    }
    // Whoever draws again types it in: nothing that cannot be seen may be in it.
    let plain = seed.trim() == seed && !seed.chars().any(char::is_control) && seed.chars().count() <= MAX_SEED;
    violations.check(plain, "seed", "Use one line of at most 200 letters, with no blanks at its ends.");
    violations.check(method.capacity > 0, "capacity", "Give a number from 1, or set the convening's capacity.");
    let few = method.quotas.len() <= MAX_QUOTAS;
    violations.check(few, "quotas", "State at most 40 quotas.");
    for (place, quota) in method.quotas.iter().enumerate().take(MAX_QUOTAS) {
        let field = |name: &str| format!("quotas.{place}.{name}");
        bounds(quota, &field, violations);
        let apart = |other: &Quota| other.group.sort() != quota.group.sort() || !other.group.overlaps(quota.group);
        violations.check(
            method.quotas[..place].iter().all(apart),
            &field("group"),
            "A quota before this one is for some of the same districts. State one quota for each group.",
        );
    }
}

fn bounds(quota: &Quota, field: &impl Fn(&str) -> String, violations: &mut Violations) {
    let asks = quota.minimum > 0 || quota.maximum.is_some() || quota.target.is_some();
    violations.check(asks, &field("minimum"), "Give a minimum, a maximum or a target.");
    let most = quota.maximum.unwrap_or(usize::MAX);
    violations.check(quota.minimum <= most, &field("maximum"), "The maximum is not below the minimum.");
    let between = quota.target.is_none_or(|target| (quota.minimum..=most).contains(&target));
    violations.check(between, &field("target"), "The target lies between the minimum and the maximum.");
}
