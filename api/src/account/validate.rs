//! What an account's input must be.

use crate::auth::PASSWORD_LENGTH;
use crate::validation::Violations;

/// Letters in an address at most.
const MAX_EMAIL: usize = 254;

/// An e-mail address: in ASCII, so that all who compare two agree on whether they are the same.
pub(super) fn email(violations: &mut Violations, field: &str, email: &str) {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'@');
    let formed = email.split_once('@').is_some_and(|(user, host)| plain(user) && plain(host));
    violations.check(formed && email.len() <= MAX_EMAIL, field, "Write an address, as in name@example.org.");
}

/// A password: long, and whatever else its owner likes. Rules on what is in it make passwords worse.
pub(super) fn password(violations: &mut Violations, field: &str, password: &str, email: &str) {
    let length = password.chars().count();
    violations.check(PASSWORD_LENGTH.contains(&length), field, "Use 12 to 200 letters, several words for example.");
    violations.check(!password.eq_ignore_ascii_case(email), field, "Use something else than the address.");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(check: impl FnOnce(&mut Violations)) -> bool {
        let mut violations = Violations::default();
        check(&mut violations);
        violations.finish().is_ok()
    }

    #[test]
    fn an_address_has_two_parts_in_ascii() {
        for good in ["a@b", "Nobody.At-All+lmi@example.org"] {
            assert!(accepts(|violations| email(violations, "email", good)), "{good}");
        }
        let long = format!("{}@example.org", "a".repeat(243));
        for bad in ["", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\n", "ä@example.org", "\u{212a}@example.org", &long]
        {
            assert!(!accepts(|violations| email(violations, "email", bad)), "{bad}");
        }
    }

    #[test]
    fn a_password_is_long_and_not_the_address() {
        let accepts = |text: &str| accepts(|violations| password(violations, "password", text, "nobody@example.org"));
        assert!(accepts("twelve chars") && accepts(&"é".repeat(200)) && accepts("            "));
        assert!(!accepts("eleven char") && !accepts(&"a".repeat(201)) && !accepts("Nobody@Example.org"));
    }
}
