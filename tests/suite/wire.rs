//! A network that can be cut: a port that leads somewhere else for as long as it is whole.

use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// Where a wire leads.
#[derive(Clone)]
enum End {
    Port(SocketAddr),
    Socket(PathBuf),
}

/// The wire.
pub(crate) struct Wire {
    pub(crate) address: SocketAddr,
    is_whole: watch::Sender<bool>,
}

impl Wire {
    /// One to a port.
    pub(crate) async fn to(address: SocketAddr) -> Self {
        Self::lead(End::Port(address)).await
    }

    /// One to the database of this address, and the address by which it goes over the wire.
    pub(crate) async fn to_database(url: &str) -> (Self, String) {
        let (server, folder) = url.split_once("?host=").expect("an address with the folder of a socket");
        let (folder, _) = folder.split_once('&').expect("options");
        let folder = folder.replace("%2F", "/");
        let (user, place) = server.split_once('@').expect("a user");
        let (host, name) = place.split_once('/').expect("a name");
        let port = host.rsplit(':').next().expect("a port");
        let wire = Self::lead(End::Socket(PathBuf::from(folder).join(format!(".s.PGSQL.{port}")))).await;
        let url = format!("{user}@{}/{name}?sslmode=disable", wire.address);
        (wire, url)
    }

    async fn lead(end: End) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (is_whole, mut whole) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if *whole.borrow_and_update() {
                    let (end, mut whole) = (end.clone(), whole.clone());
                    tokio::spawn(async move {
                        tokio::select! {
                            () = carry(near, end) => {}
                            _ = whole.wait_for(|whole| !whole) => {}
                        }
                    });
                }
            }
        });
        Self { address, is_whole }
    }

    /// Nothing goes through any more, and what was open breaks off.
    pub(crate) fn cut(&self) {
        self.is_whole.send_replace(false);
    }

    /// Whoever connects now gets through.
    pub(crate) fn mend(&self) {
        self.is_whole.send_replace(true);
    }
}

async fn carry(near: TcpStream, end: End) {
    match end {
        End::Port(address) => between(near, TcpStream::connect(address).await).await,
        End::Socket(path) => between(near, UnixStream::connect(path).await).await,
    }
}

async fn between(mut near: TcpStream, far: std::io::Result<impl AsyncRead + AsyncWrite + Unpin>) {
    if let Ok(mut far) = far {
        let _ = copy_bidirectional(&mut near, &mut far).await;
    }
}
