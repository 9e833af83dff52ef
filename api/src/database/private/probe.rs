//! Asks a server through its socket whether it takes queries.
//!
//! A server that is recovering accepts connections and refuses each with a code of its own, so an open socket says
//! too little; and a process id says too little where a dead server remains as a zombie or its id was given to
//! another process. Hence a connection is begun the way a client does and the first answer read.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// The port of every private server. It only names the socket: no network port is opened.
pub(super) const PORT: u16 = 5432;

/// The role that owns the cluster and that we connect as.
pub(super) const ROLE: &str = "postgres";

/// How a server answers a client that wants to connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It takes queries.
    Ready,
    /// It is there, but starting, recovering, stopping or overwhelmed.
    NotNow,
    /// Nobody listens.
    None,
}

/// Protocol version 3.0.
const PROTOCOL: u32 = 0x0003_0000;
/// The SQLSTATE of a server that is starting, recovering or stopping.
const CANNOT_CONNECT_NOW: &[u8] = b"57P03";
/// A healthy server answers at once; one that does not within this time is busy.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks the server whose socket is in `folder`.
pub(super) fn ask(folder: &Path) -> Answer {
    let socket = folder.join(format!(".s.PGSQL.{PORT}"));
    match UnixStream::connect(socket) {
        Ok(stream) => converse(stream).map_or(Answer::NotNow, |answer| judge(&answer)),
        Err(_) => Answer::None,
    }
}

/// Begins a session and takes leave again: the first bytes that the server sends.
fn converse(mut stream: UnixStream) -> io::Result<Vec<u8>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(&greeting())?;
    let mut answer = vec![0; 1024];
    let length = stream.read(&mut answer)?;
    answer.truncate(length);
    // Leaving politely keeps the log of the server quiet; one that refused us has left already.
    let _ = stream.write_all(&[b'X', 0, 0, 0, 4]);
    Ok(answer)
}

/// The message that opens a session: its length, the protocol, then names and values.
fn greeting() -> Vec<u8> {
    let mut body = PROTOCOL.to_be_bytes().to_vec();
    for word in ["user", ROLE, "database", "postgres", "application_name", "lmi"] {
        body.extend_from_slice(word.as_bytes());
        body.push(0);
    }
    body.push(0);
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    [length.to_be_bytes().to_vec(), body].concat()
}

/// An error other than "not now" (say, too many clients) still comes from a server that is up.
fn judge(answer: &[u8]) -> Answer {
    match answer.first() {
        None => Answer::NotNow,
        Some(b'E') if answer.windows(CANNOT_CONNECT_NOW.len()).any(|code| code == CANNOT_CONNECT_NOW) => Answer::NotNow,
        Some(_) => Answer::Ready,
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, greeting, judge};

    #[test]
    fn the_greeting_states_its_own_length() {
        let greeting = greeting();
        assert_eq!(u32::from_be_bytes([greeting[0], greeting[1], greeting[2], greeting[3]]) as usize, greeting.len());
        assert!(greeting.ends_with(b"\0\0"));
    }

    #[test]
    fn a_recovering_server_is_not_ready() {
        assert_eq!(
            judge(b"E\0\0\0\x2fSFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"),
            Answer::NotNow
        );
        assert_eq!(judge(b""), Answer::NotNow);
    }

    #[test]
    fn a_server_that_is_full_is_up() {
        assert_eq!(judge(b"R\0\0\0\x08\0\0\0\0"), Answer::Ready);
        assert_eq!(judge(b"E\0\0\0\x2fSFATAL\0C53300\0Msorry, too many clients already\0\0"), Answer::Ready);
    }
}
