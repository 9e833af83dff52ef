//! Why a socket is closed.

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use std::time::Duration;

/// How long it is waited for the other side to close as well.
const FAREWELL: Duration = Duration::from_secs(2);

/// How a socket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The other side closed it, or is not there any more.
    Gone,
    /// It is closed with this code, for this reason.
    Closed(u16, &'static str),
}

impl End {
    pub(super) const LEAVING: Self = Self::Closed(1001, "The service restarts. Connect again.");
    pub(super) const UNABLE: Self = Self::Closed(1013, "The service cannot answer at present. Try again in a moment.");
    pub(super) const SLOW: Self = Self::Closed(1013, "What was sent was not read for too long.");
    pub(super) const MALFORMED: Self = Self::Closed(4400, "This is no message of graphql-transport-ws.");
    pub(super) const UNREADABLE: Self = Self::Closed(4400, "A message is one text in UTF-8, and not too long.");
    pub(super) const LONG_ID: Self = Self::Closed(4400, "The id of an operation has at most 128 bytes.");
    pub(super) const NOT_INTRODUCED: Self = Self::Closed(4401, "Unauthorized: send connection_init first.");
    pub(super) const SHUT_OUT: Self = Self::Closed(4403, "Forbidden: this credential is not good, or not any more.");
    pub(super) const NO_INTRODUCTION: Self = Self::Closed(4408, "Connection initialisation timeout");
    pub(super) const DUPLICATE: Self = Self::Closed(4409, "Subscriber for this id already exists");
    pub(super) const INTRODUCED_TWICE: Self = Self::Closed(4429, "Too many initialisation requests");

    /// Closes a socket, and waits a moment for the other side to have read why.
    pub(super) async fn close(self, mut socket: WebSocket) {
        let Self::Closed(code, reason) = self else { return };
        let frame = CloseFrame { code, reason: reason.into() };
        let farewell = async {
            if socket.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = socket.recv().await {}
            }
        };
        // Whoever does not answer is left.
        let _ = tokio::time::timeout(FAREWELL, farewell).await;
    }
}
