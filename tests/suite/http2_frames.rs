//! HTTP/2 frame by frame, for what no client of good manners would send.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The head of a request for the page that says what this is: four fields of the static table, the last with a value of its own.
pub(crate) const GET: &[u8] = &[0x82, 0x84, 0x86, 0x41, 3, b'l', b'm', b'i'];

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Headers,
    Reset,
    Settings,
}

/// A connection.
pub(crate) struct Frames(TcpStream);

impl Frames {
    /// One that begins with these settings.
    pub(crate) async fn connect(address: SocketAddr, settings: &[(u16, u32)]) -> Self {
        let mut connection = TcpStream::connect(address).await.expect("a connection");
        connection.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.expect("a beginning");
        let mut frames = Self(connection);
        let settings: Vec<_> = settings
            .iter()
            .flat_map(|(name, value)| [&name.to_be_bytes()[..], &value.to_be_bytes()].concat())
            .collect();
        frames.send(Kind::Settings, 0, &settings).await;
        frames
    }

    pub(crate) async fn send(&mut self, kind: Kind, stream: u32, payload: &[u8]) {
        assert!(self.try_send(kind, stream, payload).await, "{kind:?}");
    }

    /// Sends a frame; whether the other side takes it.
    pub(crate) async fn try_send(&mut self, kind: Kind, stream: u32, payload: &[u8]) -> bool {
        // A head that is whole, and the whole of its request.
        let (number, flags) = match kind {
            Kind::Headers => (1, 0x5),
            Kind::Reset => (3, 0),
            Kind::Settings => (4, 0),
        };
        let length = u8::try_from(payload.len()).expect("a short frame");
        let head = [&[0, 0, length, number, flags], &stream.to_be_bytes()[..]].concat();
        self.0.write_all(&[&head, payload].concat()).await.is_ok()
    }

    /// Reads until the other side closes, and says of each ping that it came; whether it was told to calm down.
    pub(crate) async fn read_to_the_end(&mut self) -> bool {
        let mut is_calmed = false;
        let mut head = [0; 9];
        while self.0.read_exact(&mut head).await.is_ok() {
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; length as usize];
            if self.0.read_exact(&mut payload).await.is_err() {
                break;
            }
            match head[3] {
                6 if head[4] == 0 => {
                    let answer = [&[0, 0, 8, 6, 1, 0, 0, 0, 0], &payload[..]].concat();
                    if self.0.write_all(&answer).await.is_err() {
                        break;
                    }
                }
                // It goes away, after this stream and for this reason: ENHANCE_YOUR_CALM.
                7 => is_calmed |= payload.get(4..8) == Some(&[0, 0, 0, 0xb]),
                _ => {}
            }
        }
        is_calmed
    }
}
