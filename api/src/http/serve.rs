//! Connections: who opens one sends something soon, or it is closed.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

/// How long the head of a request may take to come, from the moment that one could be sent.
const HEAD: Duration = Duration::from_secs(5);
/// Bytes of a head that are read before it is refused without a word; fewer are refused with one.
const MAX_HEAD: u32 = 128 * 1024;
/// Requests on one connection at a time, by HTTP/2.
const STREAMS: u32 = 100;
/// How often somebody who is silent is asked whether anybody is there, by HTTP/2.
const ALIVE: Duration = Duration::from_secs(20);
/// How long to wait where the system has no more room for connections.
const NO_ROOM: Duration = Duration::from_millis(200);

/// Answers whoever connects until told to stop, and then those whose requests are under way.
pub async fn serve(listener: TcpListener, router: Router, told_to_stop: impl Future<Output = ()>) {
    let (builder, graceful) = (Arc::new(builder()), GracefulShutdown::new());
    let mut told_to_stop = pin!(told_to_stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut told_to_stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = Connection { stream, peer, router: router.clone(), builder: Arc::clone(&builder) };
                tokio::spawn(connection.serve(graceful.watcher()));
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted at present");
                tokio::time::sleep(NO_ROOM).await;
            }
        }
    }
    // Who comes now is told at once that nobody is here any more.
    drop(listener);
    graceful.shutdown().await;
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(MAX_HEAD as usize);
    let mut http2 = builder.http2();
    http2.timer(TokioTimer::new()).max_concurrent_streams(STREAMS).max_header_list_size(MAX_HEAD);
    http2.keep_alive_interval(ALIVE).keep_alive_timeout(ALIVE);
    builder
}

/// Whether only the one who was about to connect is gone.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    builder: Arc<Builder<TokioExecutor>>,
}

impl Connection {
    async fn serve(self, watcher: Watcher) {
        let Self { stream, peer, router, builder } = self;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection was gone before it began");
            return;
        }
        let has_begun = Arc::new(AtomicBool::new(false));
        let begun = Arc::clone(&has_begun);
        let service = service_fn(move |request: Request<Incoming>| {
            begun.store(true, Ordering::Relaxed);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        });
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
        let mut connection = pin!(watcher.watch(connection));
        // Which version it is to be is waited for without a timer by those who made this.
        let ended = tokio::select! {
            ended = &mut connection => Some(ended),
            () = tokio::time::sleep(HEAD) => None,
        };
        let ended = match ended {
            Some(ended) => ended,
            None if has_begun.load(Ordering::Relaxed) => connection.await,
            None => return,
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}
