//! What letters say.

use super::Letter;

impl Letter {
    /// For somebody who gets an account.
    pub(crate) fn invitation(to: String, link: &str) -> Self {
        let text = format!(
            "You are invited to work with the shared dataset of the California Labor-Management Initiative.\n\n\
             Choose a password here within seven days:\n{link}\n\n\
             The link is good once. If you expected no invitation, leave this letter be: without the link, nothing \
             comes of it.\n"
        );
        Self { to, subject: "Your invitation to the Labor-Management Initiative's dataset", text }
    }

    /// For somebody who has an account and may do more with it.
    pub(crate) fn granted(to: String, public_url: &str) -> Self {
        let text = format!(
            "You may do more with the shared dataset of the California Labor-Management Initiative than before.\n\n\
             Sign in as always:\n{public_url}\n"
        );
        Self { to, subject: "A new role in the Labor-Management Initiative's dataset", text }
    }

    /// For somebody who leads a team on which something was decided.
    pub(crate) fn decision(to: String, subject: &'static str, what: &str, public_url: &str) -> Self {
        let text = format!("{what}\n\nSign in as always to see it:\n{public_url}\n");
        Self { to, subject, text }
    }

    /// For somebody who is asked to answer a survey.
    pub(crate) fn survey(to: String, title: &str, link: &str) -> Self {
        // In one line: what somebody calls a survey is not to look like what the letter says.
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = format!(
            "You are asked to answer \"{title}\", a survey of the California Labor-Management Initiative.\n\n\
             Answer it here:\n{link}\n\n\
             The link is yours and good for one answer. That it was used is noted, so that nobody answers twice; what you \
             answer is kept apart from that, and results tell of no fewer than ten people.\n"
        );
        Self { to, subject: "A survey of the Labor-Management Initiative", text }
    }

    /// For somebody to whose program nothing is sent any more.
    pub(crate) fn webhook_disabled(to: String, host: &str, why: &str, public_url: &str) -> Self {
        let text = format!(
            "Your webhook endpoint at {host} is told of no more changes of the shared dataset of the California \
             Labor-Management Initiative: {why}\n\n\
             Mend that, and resume the endpoint here; it goes on where it stopped:\n{public_url}\n"
        );
        Self { to, subject: "A webhook of the Labor-Management Initiative's dataset was disabled", text }
    }

    /// For somebody who forgot a password.
    pub(crate) fn password_reset(to: String, link: &str) -> Self {
        let text = format!(
            "Somebody, you we hope, asked for a new password for your account with the shared dataset of the California \
             Labor-Management Initiative.\n\n\
             Set it here within a day:\n{link}\n\n\
             The link is good once. If it was not you, leave this letter be: your password stays as it is.\n"
        );
        Self { to, subject: "Your new password for the Labor-Management Initiative's dataset", text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_survey_is_called_does_not_look_like_what_the_letter_says() {
        let title = "Ways\"\n\nYour account is shut out. Sign in at\r\nhttps://attacker.example";
        let letter = Letter::survey("ada@example.org".to_owned(), title, "https://lmi.example.org/survey#one");
        let first = letter.text.lines().next().unwrap_or_default();
        assert!(first.contains("attacker.example\", a survey of the California"), "{}", letter.text);
    }
}
