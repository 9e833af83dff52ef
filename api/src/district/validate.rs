//! What a district must be.

use super::service::NewCandidate;
use crate::error::ViolationCode::Required;
use crate::validation::Violations;
use entity::district::{Model, Status};

const CDS_CODE_FORM: &str = "A district's code has 14 digits and ends in 0000000.";

pub(super) fn district(row: &Model, violations: &mut Violations) {
    violations.slug("slug", &row.slug);
    violations.title("name", &row.name);
    violations.titles("alternateNames", &row.alternate_names);
    registration(row, violations);
    if let Some(city) = &row.city {
        violations.title("city", city);
    }
    violations.url("website", row.website.as_deref());
    violations.check(row.enrollment.is_none_or(|pupils| pupils >= 0), "enrollment", "Give a number from 0 on.");
    let within = |degrees: Option<f64>, most: f64| degrees.is_none_or(|degrees| degrees.abs() <= most);
    violations.check(within(row.latitude, 90.0), "location.latitude", "Give degrees from -90 to 90.");
    violations.check(within(row.longitude, 180.0), "location.longitude", "Give degrees from -180 to 180.");
    violations.sources("sources", &row.sources);
}

/// What the state's directory says is there as a whole, or not at all.
fn registration(row: &Model, violations: &mut Violations) {
    if row.status == Status::Unresolved {
        let message = "An unresolved district has none of this. Leave it out, or give another status.";
        violations.check(row.cds_code.is_none(), "cdsCode", message);
        violations.check(row.nces_id.is_none(), "ncesId", message);
        violations.check(row.kind.is_none(), "kind", message);
        return;
    }
    match &row.cds_code {
        Some(code) => violations.check(is_cds_code(code), "cdsCode", CDS_CODE_FORM),
        None => violations.add("cdsCode", Required, "Give its code, or the status UNRESOLVED."),
    }
    if row.kind.is_none() {
        violations.add("kind", Required, "Say what it is: the state's directory has a kind for every district.");
    }
    violations.check(row.nces_id.as_deref().is_none_or(is_nces_id), "ncesId", "It has 7 digits and begins with 06.");
}

pub(super) fn candidates(row: &Model, candidates: &[NewCandidate], violations: &mut Violations) {
    let undecided = row.status == Status::Unresolved;
    violations.check(undecided || candidates.is_empty(), "candidates", "Only an unresolved district has candidates.");
    for (place, candidate) in candidates.iter().enumerate() {
        let code = format!("candidates.{place}.cdsCode");
        violations.check(is_cds_code(&candidate.cds_code), &code, CDS_CODE_FORM);
        let twice = candidates[..place].iter().any(|earlier| earlier.cds_code == candidate.cds_code);
        violations.check(!twice, &code, "This code stands here twice.");
        violations.title(&format!("candidates.{place}.name"), &candidate.name);
    }
}

/// Two digits for the county, five for the district and seven zeros where a school's would be.
pub(super) fn is_cds_code(code: &str) -> bool {
    is_of_digits(code, 14) && code.ends_with("0000000")
}

/// The state's two digits and five for the district.
fn is_nces_id(id: &str) -> bool {
    is_of_digits(id, 7) && id.starts_with("06")
}

fn is_of_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}
