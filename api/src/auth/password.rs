//! Passwords: guessed at before they are taken, hashed slowly, and only so many at a time.

use crate::error::{Error, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Letters of a password at least and at most.
pub(crate) const LENGTH: std::ops::RangeInclusive<usize> = 12..=200;

/// How many guesses, as a power of ten, whoever guesses well must not get to a password with. Those who may try ten times before they
/// wait never do; whoever has stolen the hashes needs months for one.
const GUESSES: f64 = 8.0;
/// Letters that are guessed at: to guess takes longer than the password is long, and nobody gets that far.
const GUESSED: usize = 64;
/// Words that come to mind here before all others.
const OURS: [&str; 9] =
    ["lmi", "calmi", "california", "labor", "management", "initiative", "symposium", "sacramento", "convening"];

/// What OWASP asks of Argon2id: memory in kB, passes, lanes.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// A hash that no password has. It is verified against where there is no account, so that this takes as long.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$5dv98HEEzZaAxsAFJgyQ0Q$EwsR7OkO0U+rsJQ4Y0eq89fVuXNlsH+1z9ocpY8OuJw";

/// Hashes passwords, each on a thread of its own, on no more threads at once than there are processors.
#[derive(Clone, Debug)]
pub(crate) struct Passwords(Arc<Semaphore>);

/// What a password turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Not the one.
    Wrong,
    /// The one.
    Right,
    /// The one, and its hash was made in a way that is no longer the best.
    RightButOutdated,
}

impl Passwords {
    /// As many at a time as there are processors.
    pub(crate) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(processors)))
    }

    /// Whether a password would be guessed soon: it is one of the most common, is made of such, of names, dates and rows of keys, or
    /// of these words, which are known of its owner.
    pub(crate) async fn is_guessable(&self, password: &str, known: Vec<String>) -> Result<bool> {
        let password: String = password.chars().take(GUESSED).collect();
        self.apart(move || {
            let known: Vec<&str> = known.iter().map(String::as_str).chain(OURS).collect();
            Ok(zxcvbn::zxcvbn(&password, &known).guesses_log10() < GUESSES)
        })
        .await
    }

    /// What is kept of a password.
    pub(crate) async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.apart(move || {
            let hash: PasswordHash = argon2()?.hash_password(password.as_bytes()).map_err(Error::internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password is the one that a hash was made of. No hash takes as long as a wrong one.
    pub(crate) async fn verify(&self, password: &str, kept: Option<&str>) -> Result<Verdict> {
        let (password, kept) = (password.to_owned(), kept.unwrap_or(NOBODYS).to_owned());
        self.apart(move || {
            let hash = PasswordHash::new(&kept).map_err(Error::internal)?;
            Ok(match argon2()?.verify_password(password.as_bytes(), &hash) {
                Err(_) => Verdict::Wrong,
                Ok(()) if is_current(&hash) => Verdict::Right,
                Ok(()) => Verdict::RightButOutdated,
            })
        })
        .await
    }

    /// Runs what takes long where it holds up nobody. The permit goes along: whoever gives up waiting does not stop it.
    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let permit = Arc::clone(&self.0).acquire_owned().await.map_err(Error::internal)?;
        let work = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn is_current(hash: &PasswordHash) -> bool {
    let costs = Params::try_from(hash).map(|params| (params.m_cost(), params.t_cost(), params.p_cost()));
    hash.algorithm == Algorithm::Argon2id.ident() && costs.is_ok_and(|costs| costs == COST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again() -> Result<()> {
        let passwords = Passwords::new();
        let kept = passwords.hash("a horse, a battery").await?;
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_ne!(kept, passwords.hash("a horse, a battery").await?, "each has its own salt");
        assert_eq!(passwords.verify("a horse, a battery", Some(&kept)).await?, Verdict::Right);
        assert_eq!(passwords.verify("A horse, a battery", Some(&kept)).await?, Verdict::Wrong);
        assert_eq!(passwords.verify("", None).await?, Verdict::Wrong);
        Ok(())
    }

    #[tokio::test]
    async fn what_is_common_or_known_of_somebody_is_guessed() -> Result<()> {
        let passwords = Passwords::new();
        let known = || ["ada", "madeup", "adamadeup"].map(str::to_owned).to_vec();
        for guessed in [
            "password1234",
            "123456789012",
            "qwertyuiop12",
            "iloveyou2019",
            "P@ssw0rd1234",
            "letmeinletmein",
            "            ",
            "abcdefghijklmnop",
            "1qaz2wsx3edc4rfv",
            "California2026!",
            "LaborManagement",
            "Symposium2015",
            "adamadeup1984",
            &"é".repeat(200),
            &"password".repeat(25),
        ] {
            assert!(passwords.is_guessable(guessed, known()).await?, "{guessed}");
        }
        for good in ["correct horse battery staple", "twelve chars", "wuV7bjiQ2kfz", "Äpfel unterm Mond 3"] {
            assert!(!passwords.is_guessable(good, known()).await?, "{good}");
        }
        assert!(!passwords.is_guessable("quixotic under Alder", Vec::new()).await?);
        Ok(())
    }

    #[tokio::test]
    async fn a_hash_of_other_costs_is_outdated() -> Result<()> {
        let params = Params::new(8 * 1024, 1, 1, None).map_err(Error::internal)?;
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash: PasswordHash = cheap.hash_password(b"a horse, a battery").map_err(Error::internal)?;
        let verdict = Passwords::new().verify("a horse, a battery", Some(&hash.to_string())).await?;
        assert_eq!(verdict, Verdict::RightButOutdated);
        Ok(())
    }

    #[test]
    fn nobodys_hash_costs_what_a_new_one_does() {
        assert!(PasswordHash::new(NOBODYS).is_ok_and(|hash| is_current(&hash)));
    }
}
