//! Answers that nobody takes: neither a connection nor what is sent over it waits for a reader for longer than its patience lasts.

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// Bytes that are given away at a time: what was given away is waited for by others, without end.
const PIECE: usize = 16 * 1024;

/// A connection that breaks when nothing can be written for so long.
pub(super) struct Patient {
    stream: TcpStream,
    patience: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    pub(super) fn new(stream: TcpStream, patience: Duration) -> Self {
        Self { stream, patience, stalled: None }
    }

    fn watched(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "nothing was read for too long")))
    }
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watched(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.watched(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// The answers that are under way over one connection by HTTP/2, where each is taken, or not, by itself.
#[derive(Clone, Debug, Default)]
pub(super) struct UnderWay(Arc<Mutex<Vec<Since>>>);

/// Since when it is waited for the reader of an answer; nothing where the reader waits.
type Since = Arc<Mutex<Option<Instant>>>;

impl UnderWay {
    /// An answer, which is given away piece by piece.
    pub(super) fn paced(&self, body: Body) -> Paced {
        let since: Since = Arc::new(Mutex::new(Some(Instant::now())));
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|since| Arc::strong_count(since) > 1);
        all.push(Arc::clone(&since));
        Paced { body, rest: Bytes::new(), since }
    }

    /// Waits until a reader has taken nothing of an answer for so long.
    pub(super) async fn stalled(&self, patience: Duration) {
        loop {
            tokio::time::sleep(patience / 4).await;
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|since| Arc::strong_count(since) > 1);
            let is_stalled = |since: &Since| {
                let since = since.lock().unwrap_or_else(PoisonError::into_inner);
                since.is_some_and(|since| since.elapsed() >= patience)
            };
            if all.iter().any(is_stalled) {
                return;
            }
        }
    }
}

/// A body that is given away in pieces, and knows how long the next one has not been asked for.
pub(super) struct Paced {
    body: Body,
    rest: Bytes,
    since: Since,
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = if self.rest.is_empty() {
            Pin::new(&mut self.body).poll_frame(context)
        } else {
            Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.rest)))))
        };
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = polled.is_ready().then(Instant::now);
        let Some(frame) = ready!(polled) else { return Poll::Ready(None) };
        Poll::Ready(Some(frame.map(|frame| match frame.into_data() {
            Ok(mut data) => {
                self.rest = data.split_off(data.len().min(PIECE));
                Frame::data(data)
            }
            Err(other) => other,
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, body) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(rest + body.lower());
        if let Some(upper) = body.upper() {
            hint.set_upper(rest + upper);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use futures_util::StreamExt as _;
    use std::error::Error;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    const SHORT: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn whoever_reads_nothing_is_left() -> Result<(), Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let reader = TcpStream::connect(listener.local_addr()?).await?;
        let mut patient = Patient::new(listener.accept().await?.0, SHORT);
        let sent = async {
            loop {
                patient.write_all(&[0; PIECE]).await?;
            }
        };
        let ended: io::Result<()> = sent.await;
        assert_eq!(ended.err().map(|error| error.kind()), Some(io::ErrorKind::TimedOut));
        drop(reader);
        Ok(())
    }

    #[tokio::test]
    async fn whoever_reads_slowly_gets_the_whole() -> Result<(), Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let mut reader = TcpStream::connect(listener.local_addr()?).await?;
        let mut patient = Patient::new(listener.accept().await?.0, Duration::from_mins(1));
        let all = 4 * 1024 * 1024;
        let sending = tokio::spawn(async move { patient.write_all(&vec![1; all]).await });
        let mut read = Vec::new();
        while read.len() < all {
            let mut piece = [0; 1000];
            let count = reader.read(&mut piece).await?;
            read.extend_from_slice(&piece[..count]);
        }
        sending.await??;
        assert!(read.iter().all(|byte| *byte == 1));
        Ok(())
    }

    #[tokio::test]
    async fn an_answer_is_given_away_in_pieces_and_whole() -> Result<(), Box<dyn Error>> {
        let under_way = UnderWay::default();
        let text: Vec<u8> = (0..100_000_u32).map(|number| number.to_be_bytes()[3]).collect();
        let paced = under_way.paced(Body::from(text.clone()));
        assert_eq!(paced.size_hint().exact(), Some(100_000));
        let mut pieces = Body::new(paced).into_data_stream();
        let mut read = Vec::new();
        while let Some(piece) = pieces.next().await {
            let piece = piece?;
            assert!(piece.len() <= PIECE);
            read.extend_from_slice(&piece);
        }
        assert!(read == text);
        Ok(())
    }

    #[tokio::test]
    async fn only_a_reader_who_is_waited_for_stalls() {
        let under_way = UnderWay::default();
        let waiting = Body::from_stream(futures_util::stream::pending::<Result<Bytes, io::Error>>());
        let mut waiting = under_way.paced(waiting);
        let polled = std::future::poll_fn(|context| Pin::new(&mut waiting).poll_frame(context)).now_or_never();
        assert!(polled.is_none(), "this reader waits for us");
        assert!(tokio::time::timeout(4 * SHORT, under_way.stalled(SHORT)).await.is_err());
        let untaken = under_way.paced(Body::from("nobody asks for it"));
        under_way.stalled(SHORT).await;
        drop(untaken);
        assert!(tokio::time::timeout(4 * SHORT, under_way.stalled(SHORT)).await.is_err());
    }
}
