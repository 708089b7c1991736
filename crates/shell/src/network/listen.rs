//! Programs that listen on a machine's own addresses: `kubectl port-forward` and `kubectl proxy`.
//!
//! What programs send to 127.0.0.1 passes [`super::connect::exchange`], which asks here first.

use std::rc::Rc;

use cluster::network::{Payload, Protocol, Reply, Socket, TraceId, Vantage};

use crate::sys::Sys;

/// What a listener says to a connection: what comes back, what was sent elsewhere for it, and after how many
/// microseconds.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Served {
    /// The answer; [`Reply::Connected`] when the connection is closed without a word.
    pub(crate) reply: Reply,
    /// The way of what was sent.
    pub(crate) trace: TraceId,
    /// How long it took.
    pub(crate) took: u64,
}

/// Takes connections.
pub(crate) type Serve = Rc<dyn Fn(&Sys, Payload) -> Served>;

/// What a listener does with what comes over a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// It answers requests itself.
    Server,
    /// All goes on the way that opening the connection went.
    Tunnel,
}

/// A port of a machine that somebody listens on.
#[derive(Clone)]
pub(crate) struct Listener {
    machine: Vantage,
    port: u16,
    kind: Kind,
    serve: Serve,
}

/// Keeps a port; it is free again when this is dropped.
pub(crate) struct Bound {
    sys: Sys,
    /// The port.
    pub(crate) port: u16,
}

impl Drop for Bound {
    fn drop(&mut self) {
        // Nobody holds the world while a program is dropped; if somebody did, the port would stay taken.
        if let Ok(mut world) = self.sys.world.try_borrow_mut() {
            let (machine, port) = (&self.sys.vantage, self.port);
            world.listeners.retain(|listener| listener.machine != *machine || listener.port != port);
        }
    }
}

/// Why a port cannot be had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BindError {
    /// `EADDRINUSE`
    InUse,
    /// `EACCES`: only root may listen below 1024.
    Denied,
}

impl std::fmt::Display for BindError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::InUse => "address already in use",
            Self::Denied => "permission denied",
        })
    }
}

/// The first port that Linux gives to those who ask for any.
const FIRST_EPHEMERAL: u16 = 32_768;

/// Listens on a port of this machine's own addresses; 0 for any that is free.
///
/// # Errors
/// When somebody else does, or the port is not for everyone.
pub(crate) fn bind(sys: &Sys, port: u16, kind: Kind, serve: Serve) -> Result<Bound, BindError> {
    let machine = sys.vantage.clone();
    let mut world = sys.world.borrow_mut();
    let taken = |port: u16| world.listeners.iter().any(|known| known.machine == machine && known.port == port);
    let port = match port {
        0 => (FIRST_EPHEMERAL..=u16::MAX).find(|port| !taken(*port)).ok_or(BindError::InUse)?,
        port if taken(port) => return Err(BindError::InUse),
        port if port < 1024 => return Err(BindError::Denied),
        port => port,
    };
    world.listeners.push(Listener { machine, port, kind, serve });
    drop(world);
    Ok(Bound { sys: sys.clone(), port })
}

/// Who takes a connection to an address of this machine itself.
pub(crate) fn find(sys: &Sys, protocol: Protocol, to: Socket) -> Option<(Kind, Serve)> {
    if protocol != Protocol::Tcp || !to.ip.is_loopback() {
        return None;
    }
    let world = sys.world.borrow();
    let mut listeners = world.listeners.iter();
    let found = listeners.find(|listener| listener.machine == sys.vantage && listener.port == to.port);
    found.map(|listener| (listener.kind, Rc::clone(&listener.serve)))
}
