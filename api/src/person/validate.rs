//! What a person must be.

use crate::validation::Violations;
use entity::person::Model;
use entity::person_contact;

pub(super) const EMAIL_FORM: &str = "Write one address, as in name@example.org, or null to leave it out.";
pub(super) const PHONE_FORM: &str = "Use 1 to 60 letters and digits, or null to leave it out.";

pub(super) fn person(row: &Model, violations: &mut Violations) {
    violations.slug("slug", &row.slug);
    violations.title("name", &row.name);
    let short = |text: &String| !text.trim().is_empty() && text.chars().count() <= 60;
    violations.check(row.honorific.as_ref().is_none_or(short), "honorific", "Use 1 to 60 letters, or leave it out.");
    violations.text("biography", row.biography.as_deref());
    violations.sources("sources", &row.sources);
}

pub(super) fn contact(row: &person_contact::Model, violations: &mut Violations) {
    violations.check(row.email.as_deref().is_none_or(is_address), "contact.email", EMAIL_FORM);
    let sound =
        |text: &String| !text.trim().is_empty() && text.chars().count() <= 60 && !text.chars().any(char::is_control);
    violations.check(row.phone.as_ref().is_none_or(sound), "contact.phone", PHONE_FORM);
}

/// Whether mail can be sent there. Quoted names may hold blanks, which nobody's address does: they are mistakes.
fn is_address(text: &str) -> bool {
    let plain = |letter: char| !letter.is_whitespace() && !letter.is_control() && letter != '"';
    text.chars().count() <= 254 && text.chars().all(plain) && text.parse::<lettre::Address>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_mail_can_be_sent_to() {
        for address in ["a@example.org", "no.body+team@mail.example.org", "josé@example.org", "o'nobody@example.org"] {
            assert!(is_address(address), "{address}");
        }
        let long = format!("{}@example.org", "a".repeat(250));
        for address in [
            "",
            "a",
            "a@",
            "@b",
            "a b@example.org",
            "\"a b\"@example.org",
            "a@example.org ",
            "a@b@c.org",
            "a@b\n.org",
            &long,
        ] {
            assert!(!is_address(address), "{address}");
        }
    }
}
