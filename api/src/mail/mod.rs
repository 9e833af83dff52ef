//! Letters by e-mail: sent after what they tell of has been written down, never before.

mod letters;

use crate::observe::metrics::metrics;
use anyhow::Context as _;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use std::fmt;
use std::sync::Arc;

/// What is said of a setting that cannot lead to a mail server.
const NO_ADDRESS: &str = "LMI_SMTP_URL (--smtp-url): this is not the address of a mail server, as in \
                          smtps://user:password@mail.example.org or \
                          smtp://user:password@mail.example.org:587?tls=required";

/// The way letters go out, if there is one.
#[derive(Clone, Debug, Default)]
pub struct Mailer(Option<Arc<Smtp>>);

struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Smtp")
    }
}

/// A letter to one person.
pub(crate) struct Letter {
    /// The address.
    pub(crate) to: String,
    /// What it is about.
    pub(crate) subject: &'static str,
    /// What it says.
    pub(crate) text: String,
}

impl Mailer {
    /// Sends nothing.
    pub fn off() -> Self {
        Self::default()
    }

    /// Sends by the mail server of that address. Nothing in an error names the address, which may hold a password.
    pub fn smtp(url: &str, from: &str) -> anyhow::Result<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| anyhow::anyhow!(NO_ADDRESS))?;
        let from = from.parse::<Mailbox>().with_context(|| {
            format!("LMI_MAIL_FROM (--mail-from): `{from}` is not a sender, as in CA LMI <lmi@example.org>")
        })?;
        Ok(Self(Some(Arc::new(Smtp { transport: transport.build(), from }))))
    }

    /// Whether letters go out at all.
    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the mail server takes letters, as far as it says before one is sent; false where there is none.
    pub(crate) async fn try_out(&self) -> Result<bool, &'static str> {
        let Some(smtp) = &self.0 else { return Ok(false) };
        match smtp.transport.test_connection().await {
            Ok(true) => Ok(true),
            Ok(false) => Err("it does not go on after its greeting"),
            Err(error) => Err(fault(&error)),
        }
    }

    /// Sends a letter while the caller goes on: how long it takes tells nobody whether there was one to send.
    pub(crate) fn send(&self, letter: Letter) {
        let Some(smtp) = self.0.clone() else { return };
        tokio::spawn(async move {
            let _under_way = metrics().letter();
            let delivered = smtp.deliver(letter).await;
            metrics().sent(delivered.is_ok());
            if let Err(fault) = delivered {
                tracing::error!("a letter was not sent by the mail server that LMI_SMTP_URL names: {fault}");
            }
        });
    }
}

impl Smtp {
    async fn deliver(&self, letter: Letter) -> Result<(), &'static str> {
        let to = letter.to.parse::<Address>().map_err(|_| "no address to send it to")?;
        let message = Message::builder().from(self.from.clone()).to(Mailbox::new(None, to)).subject(letter.subject);
        let message = message.header(ContentType::TEXT_PLAIN).body(letter.text).map_err(|_| "it cannot be written")?;
        self.transport.send(message).await.map(drop).map_err(|error| fault(&error))
    }
}

/// What went wrong, in words of ours: what a server says may name the address that the letter was for.
fn fault(error: &smtp::Error) -> &'static str {
    match error {
        _ if error.is_timeout() => "it did not answer in time",
        _ if error.is_tls() => "no safe connection",
        _ if error.is_transient() => "it refused for the time being",
        _ if error.is_permanent() => "it refused",
        _ if error.is_client() => "it does not offer what its address asks for",
        _ => "no connection",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_address_is_told_without_its_password() {
        let from = "CA LMI <lmi@example.org>";
        for url in
            ["mail.example.org", "http://somebody:s3cret@mail.example.org", "smtp://somebody:s3cret@mail?tls=often"]
        {
            let refused = Mailer::smtp(url, from).map(drop).map_err(|error| format!("{error:#}"));
            assert_eq!(refused, Err(NO_ADDRESS.to_owned()));
        }
        assert!(Mailer::smtp("smtps://somebody:s3cret@mail.example.org", "nobody").is_err());
        assert!(Mailer::smtp("smtps://somebody:s3cret@mail.example.org", from).is_ok_and(|mailer| mailer.is_on()));
    }
}
