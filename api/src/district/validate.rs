//! What a district's input must be.

use super::service::NewDistrict;
use crate::error::Result;
use crate::validation::Violations;

pub(super) fn new(new: &NewDistrict) -> Result<()> {
    let mut violations = Violations::default();
    violations.slug("slug", &new.slug);
    violations.title("name", &new.name);
    for name in &new.alternate_names {
        violations.title("alternateNames", name);
    }
    if let Some(state) = &new.state {
        violations.check(
            is_cds_code(&state.cds_code),
            "cdsCode",
            "A district's code has 14 digits and ends in 0000000.",
        );
        violations.check(new.candidates.is_empty(), "candidates", "Only a district without a code has candidates.");
    }
    for candidate in &new.candidates {
        violations.check(
            is_cds_code(&candidate.cds_code),
            "candidates",
            "A district's code has 14 digits and ends in 0000000.",
        );
        violations.title("candidates", &candidate.name);
    }
    violations.finish()
}

/// Two digits for the county, five for the district and seven zeros where a school's would be.
pub(super) fn is_cds_code(code: &str) -> bool {
    code.len() == 14 && code.bytes().all(|byte| byte.is_ascii_digit()) && code.ends_with("0000000")
}
