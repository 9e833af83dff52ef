//! A network between the service and its database, which can be cut, fall silent, or be slow.

use crate::replication::Node;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::time::sleep;

/// How long everything takes on a network that is slow, each way.
const SLOW: Duration = Duration::from_millis(5);

/// How the network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// What is sent arrives.
    Well,
    /// What is sent arrives, a while later.
    Slow,
    /// Connections end, and nobody can make another.
    Cut,
    /// Connections stay, others can be made, and nothing arrives. What was sent arrives once it is well again.
    Silent,
}

/// What leads to a server, by TCP.
pub struct Relay {
    address: SocketAddr,
    network: watch::Sender<Network>,
    /// Connections of an age before this one lead nowhere any more, though nobody is told.
    lost: watch::Sender<u64>,
}

impl Relay {
    /// One before this server.
    pub async fn before(server: &Node) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (network, lost) = (watch::Sender::new(Network::Well), watch::Sender::new(0));
        let line = Line { network: network.subscribe(), lost: lost.subscribe() };
        let server = server.folder().join(".s.PGSQL.5432");
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server.clone(), line.clone()));
            }
        });
        Self { address, network, lost }
    }

    /// The address of the database through it.
    pub fn url(&self) -> String {
        format!("postgres://lmi@{}/lmi?sslmode=disable", self.address)
    }

    /// Lets the network be so from now on.
    pub fn is(&self, network: Network) {
        self.network.send_replace(network);
    }

    /// Loses whatever is open without a word, as a router does that forgets its connections: nothing arrives on it any more.
    pub fn forgets_connections(&self) {
        self.lost.send_modify(|lost| *lost += 1);
    }
}

/// What a connection goes over.
#[derive(Clone)]
struct Line {
    network: watch::Receiver<Network>,
    lost: watch::Receiver<u64>,
}

impl Line {
    /// Waits until what is sent arrives.
    async fn carries(&mut self) {
        let arrives = self.network.wait_for(|network| matches!(network, Network::Well | Network::Slow)).await;
        if arrives.is_ok_and(|network| *network == Network::Slow) {
            sleep(SLOW).await;
        }
    }
}

/// Carries what both say until one of them ends, or the network does.
async fn carry(client: TcpStream, server: PathBuf, mut line: Line) {
    let mut lost = line.lost.clone();
    lost.mark_unchanged();
    let mut cut = line.network.clone();
    let both = async {
        line.carries().await;
        let Ok(server) = UnixStream::connect(server).await else { return };
        let _ = client.set_nodelay(true);
        let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
        tokio::select! {
            () = pass_on(from_client, to_server, line.clone()) => {}
            () = pass_on(from_server, to_client, line.clone()) => {}
            // Both ends stay open, and hear nothing.
            Ok(()) = lost.changed() => std::future::pending().await,
        }
    };
    tokio::select! {
        () = both => {}
        _ = cut.wait_for(|network| *network == Network::Cut) => {}
    }
}

async fn pass_on(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, mut line: Line) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(read) = from.read(&mut bytes).await {
        line.carries().await;
        if read == 0 || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
