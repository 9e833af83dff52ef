//! What an account's input must be.

use crate::auth::PASSWORD_LENGTH;
use crate::validation::Violations;

/// Letters in an address at most.
const MAX_EMAIL: usize = 254;
/// Words known of somebody at most: each is looked for everywhere.
const KNOWN_WORDS: usize = 24;

/// An e-mail address: in ASCII, so that all who compare two agree on whether they are the same.
pub(super) fn email(violations: &mut Violations, field: &str, email: &str) {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'@');
    let formed = email.split_once('@').is_some_and(|(user, host)| plain(user) && plain(host));
    violations.check(formed && email.len() <= MAX_EMAIL, field, "Write an address, as in name@example.org.");
}

/// A password: long, and whatever else its owner likes, as long as nobody guesses it. Rules on what is in it make passwords worse.
pub(super) fn password(violations: &mut Violations, field: &str, password: &str) -> bool {
    let is_long = PASSWORD_LENGTH.contains(&password.chars().count());
    violations.check(is_long, field, "Use 12 to 200 letters, several words for example.");
    is_long
}

/// A password that was found to be one that would be guessed.
pub(super) fn guessable(violations: &mut Violations, field: &str) {
    let message = "This would be guessed soon: it is common, or made of names, dates, rows of keys or what is known of you. Use several \
                   words that do not belong together.";
    violations.check(false, field, message);
}

/// What is known of the owner of an account, in words.
pub(super) fn known_words(email: &str, display_name: &str) -> Vec<String> {
    let user = email.split('@').next().unwrap_or_default();
    let joined = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let whole = [email.to_owned(), user.to_owned(), joined(user), joined(display_name)];
    let parts = email.split(|letter: char| !letter.is_alphanumeric()).chain(display_name.split_whitespace());
    let parts = parts.filter(|part| part.chars().count() > 2).map(str::to_owned);
    whole.into_iter().chain(parts).filter(|word| !word.is_empty()).take(KNOWN_WORDS).collect()
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
    fn a_password_is_long() {
        let accepts = |text: &str| password(&mut Violations::default(), "password", text);
        assert!(accepts("twelve chars") && accepts(&"é".repeat(200)));
        assert!(!accepts("eleven char") && !accepts(&"a".repeat(201)));
    }

    #[test]
    fn what_is_known_of_somebody_is_their_address_and_their_names() {
        let known = known_words("ada.madeup@mail.example.org", "Ada Q. Madeup-Alder");
        let expected = "ada.madeup@mail.example.org ada.madeup adamadeup AdaQMadeupAlder ada madeup mail example org Ada \
                        Madeup-Alder";
        assert_eq!(known.join(" "), expected);
        assert_eq!(known_words("a@b", &"Ada ".repeat(100)).len(), KNOWN_WORDS);
    }
}
