//! Connections that can be broken: the only way to leave a client without any answer at all.
//!
//! A failing response body is not enough, its head would still arrive. So the listener knows its clients by address,
//! and a connection marked as broken refuses to write another byte.

use std::{
    collections::HashSet,
    io::{self, IoSlice},
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use poem::{
    Addr,
    http::uri::Scheme,
    listener::Acceptor,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

use crate::lock;

/// The connections that are to break, by the client's address.
#[derive(Default)]
pub(crate) struct Breaker {
    broken: Mutex<HashSet<SocketAddr>>,
    count: AtomicUsize,
}

impl Breaker {
    /// Lets nothing more out to this client.
    pub(crate) fn cut(&self, client: SocketAddr) {
        if lock(&self.broken).insert(client) {
            self.count.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn check(&self, client: SocketAddr) -> io::Result<()> {
        if self.count.load(Ordering::SeqCst) > 0 && lock(&self.broken).contains(&client) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }

    fn forget(&self, client: SocketAddr) {
        if self.count.load(Ordering::SeqCst) > 0 && lock(&self.broken).remove(&client) {
            self.count.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// A listener whose connections obey a breaker.
pub(crate) struct BreakableListener {
    listener: TcpListener,
    local: SocketAddr,
    breaker: Arc<Breaker>,
}

impl BreakableListener {
    pub(crate) fn new(listener: TcpListener, breaker: Arc<Breaker>) -> io::Result<Self> {
        let local = listener.local_addr()?;
        Ok(Self { listener, local, breaker })
    }
}

impl Acceptor for BreakableListener {
    type Io = Connection;

    fn local_addr(&self) -> Vec<LocalAddr> {
        vec![LocalAddr(Addr::SocketAddr(self.local))]
    }

    async fn accept(&mut self) -> io::Result<(Connection, LocalAddr, RemoteAddr, Scheme)> {
        let (stream, client) = self.listener.accept().await?;
        stream.set_nodelay(true)?;
        let connection = Connection { stream, client, breaker: self.breaker.clone() };
        let addresses = (LocalAddr(Addr::SocketAddr(self.local)), RemoteAddr(Addr::SocketAddr(client)));
        Ok((connection, addresses.0, addresses.1, Scheme::HTTP))
    }
}

/// A client's connection, as long as it lasts.
pub(crate) struct Connection {
    stream: TcpStream,
    client: SocketAddr,
    breaker: Arc<Breaker>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.breaker.forget(self.client);
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.breaker.check(self.client)?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.breaker.check(self.client)?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
