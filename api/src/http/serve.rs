//! Connections: who opens one sends something soon, or it is closed.

use super::address::is_trusted;
use super::admission::AGAIN;
use super::app::App;
use super::limits::{Limits, seconds};
use super::patient::{Patient, UnderWay};
use super::places::{Most, Place, Places};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, StatusCode, Version};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

/// Bytes of a head that are read before it is refused without a word; fewer are refused with one.
const MAX_HEAD: u32 = 128 * 1024;
/// Requests that may be taken back before anybody has looked at them, and faults in frames, until a connection by HTTP/2 is given
/// up: that is no way to ask for anything.
const TAKEN_BACK: usize = 20;
const FAULTS: usize = 100;
/// How often somebody who is silent is asked whether anybody is there, by HTTP/2.
const ALIVE: Duration = Duration::from_secs(20);
/// How long to wait where the system has no more room for connections.
const NO_ROOM: Duration = Duration::from_millis(200);

/// Answers whoever connects by these paths until told to stop, and then those whose requests are under way.
pub async fn serve(listener: TcpListener, app: App, router: Router, told_to_stop: impl Future<Output = ()>) {
    let doors = Doors::of(app, router);
    let graceful = GracefulShutdown::new();
    let mut told_to_stop = pin!(told_to_stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut told_to_stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Where there is no room for it, it is closed.
                if let Some(connection) = doors.let_in(stream, peer) {
                    tokio::spawn(connection.serve(graceful.watcher()));
                }
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

/// Where connections come in.
struct Doors {
    app: App,
    router: Router,
    builder: Arc<Builder<TokioExecutor>>,
    places: Arc<Places>,
}

impl Doors {
    fn of(app: App, router: Router) -> Self {
        let limits = app.limits();
        let most = Most { in_all: limits.connections, of_network: limits.connections_of_network };
        let (builder, places) = (Arc::new(builder(limits)), Places::new(most));
        Self { app, router, builder, places }
    }

    /// A connection, if there is room for it. Behind a proxy that is trusted is everybody.
    fn let_in(&self, stream: TcpStream, peer: SocketAddr) -> Option<Connection> {
        let address = Some(peer.ip()).filter(|address| !is_trusted(*address, self.app.trusted_proxies()));
        let place = self.places.take(address)?;
        let (limits, shared) = (*self.app.limits(), address.is_none());
        Some(Connection {
            stream,
            peer,
            router: self.router.clone(),
            builder: Arc::clone(&self.builder),
            limits,
            place,
            shared,
        })
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    let head = seconds(limits.head_seconds);
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(MAX_HEAD as usize);
    let mut http2 = builder.http2();
    let streams = u32::try_from(limits.streams).unwrap_or(u32::MAX);
    http2.timer(TokioTimer::new()).max_concurrent_streams(streams).max_header_list_size(MAX_HEAD);
    http2.max_pending_accept_reset_streams(TAKEN_BACK).max_local_error_reset_streams(FAULTS);
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
    limits: Limits,
    place: Place,
    /// Whether it may be many clients' at once: a proxy's that is trusted.
    shared: bool,
}

/// A connection on which somebody was sent away, and comes again at once.
#[derive(Clone, Default)]
struct Held(Arc<Mutex<Option<Instant>>>);

impl Held {
    /// Waits until the one who was sent away may come again.
    async fn wait(&self) {
        let until = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = until {
            tokio::time::sleep_until(until.into()).await;
        }
    }

    fn answered(&self, is_sent_away: bool) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = is_sent_away.then(|| Instant::now() + AGAIN);
    }
}

impl Connection {
    async fn serve(self, watcher: Watcher) {
        let Self { stream, peer, router, builder, limits, place, shared } = self;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection was gone before it began");
            return;
        }
        let (has_begun, under_way) = (Arc::new(AtomicBool::new(false)), UnderWay::default());
        let patience = seconds(limits.stalled_seconds);
        let (begun, answers, held) = (Arc::clone(&has_begun), under_way.clone(), Held::default());
        let service = service_fn(move |request: Request<Incoming>| {
            begun.store(true, Ordering::Relaxed);
            let held = if shared { Held::default() } else { held.clone() };
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let is_paced = request.version() == Version::HTTP_2;
            let (answering, answers) = (router.clone().oneshot(request), answers.clone());
            async move {
                held.wait().await;
                let answer = answering.await;
                held.answered(answer.as_ref().is_ok_and(|answer| answer.status() == StatusCode::SERVICE_UNAVAILABLE));
                if is_paced { answer.map(|answer| answer.map(|body| Body::new(answers.paced(body)))) } else { answer }
            }
        });
        let stream = TokioIo::new(Patient::new(stream, patience));
        let connection = builder.serve_connection_with_upgrades(stream, service);
        let mut connection = pin!(watcher.watch(connection));
        // Which version it is to be is waited for without a timer by those who made this.
        let ended = tokio::select! {
            ended = &mut connection => Some(ended),
            () = tokio::time::sleep(seconds(limits.head_seconds)) => None,
        };
        let ended = match ended {
            Some(ended) => ended,
            None if has_begun.load(Ordering::Relaxed) => tokio::select! {
                ended = connection => ended,
                () = under_way.stalled(patience) => return,
            },
            None => return,
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
        drop(place);
    }
}
