//! A mail server that tests can read the letters of.

use lmi::mail::Mailer;
use std::net::SocketAddr;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Who sends.
pub(crate) const FROM: &str = "CA LMI <lmi@example.org>";

/// A mail server: what it is told of each letter, in the order in which they come.
pub(crate) struct MailServer {
    listener: TcpListener,
    url: String,
}

impl MailServer {
    pub(crate) async fn start() -> (Self, Mailer) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address: SocketAddr = listener.local_addr().expect("an address");
        let url = format!("smtp://{address}");
        let mailer = Mailer::smtp(&url, FROM).expect("a mail server");
        (Self { listener, url }, mailer)
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The next letter: whom it is for, and what it says, with the lines joined that the form of letters broke.
    pub(crate) async fn letter(&self) -> (String, String) {
        self.taking("250 taken").await
    }

    /// The next letter, which it does not take.
    pub(crate) async fn refused_letter(&self) -> (String, String) {
        self.taking("550 nobody here of that name").await
    }

    async fn taking(&self, answer: &str) -> (String, String) {
        let (stream, _) = self.listener.accept().await.expect("a connection");
        let mut stream = BufReader::new(stream);
        say(&mut stream, "220 ready").await;
        let (mut to, mut text, mut line) = (String::new(), String::new(), String::new());
        let mut in_letter = false;
        while stream.read_line(&mut line).await.expect("a line") > 0 {
            let said = line.trim_end().to_owned();
            line.clear();
            if in_letter && said == "." {
                say(&mut stream, answer).await;
                in_letter = false;
            } else if in_letter {
                text.push_str(said.strip_suffix('=').unwrap_or(&format!("{said}\n")));
            } else if said == "DATA" {
                say(&mut stream, "354 go on").await;
                in_letter = true;
            } else if said == "QUIT" {
                say(&mut stream, "221 bye").await;
                break;
            } else {
                to.push_str(said.strip_prefix("RCPT TO:").unwrap_or_default());
                say(&mut stream, "250 ok").await;
            }
        }
        (to, text.replace("=3D", "="))
    }
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) {
    stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.expect("a line sent");
}
