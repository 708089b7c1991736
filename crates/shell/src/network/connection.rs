//! A TCP connection as a program has it: bytes out, bytes in, in virtual time.

use std::collections::VecDeque;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use std::task::Poll;

use cluster::Instant;
use cluster::network::stream::{self, Parsed};
use cluster::network::{Certificate, End, Outcome, Payload, Protocol, Reply, Socket, TraceId};

use super::connect::{self, Failure, Waiting};
use super::listen::{self, Kind, Serve};
use crate::sys::Sys;

/// What a program reads from a connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Received {
    /// Some bytes.
    Bytes(Vec<u8>),
    /// The other side closed it.
    Closed,
    /// The other side broke it off.
    Reset,
    /// Nothing came in time.
    Nothing,
}

/// What came first: something typed, or something from the other side.
pub(crate) enum Either {
    /// A line of input.
    Input(String),
    /// The input's end.
    EndOfInput,
    /// From the other side.
    Net(Received),
    /// Neither came in time.
    Nothing,
}

/// What a TLS handshake came to.
pub(crate) enum Handshake {
    /// The other side showed its certificate.
    Done(Box<Certificate>),
    /// It answered with something else.
    Plain(Vec<u8>),
    /// It hung up.
    Closed,
    /// Nothing came in time.
    Nothing,
}

/// An open connection.
pub(crate) struct Connection {
    sys: Sys,
    /// The trace of its way.
    pub(crate) trace: TraceId,
    /// Microseconds there and back.
    trip: u64,
    tls: bool,
    /// Who takes requests, where a program of this machine listens.
    serve: Option<Serve>,
    unanswered: Vec<u8>,
    /// What will come, each at its time; bytes, or an end.
    coming: VecDeque<(Instant, Received)>,
}

/// Opens a connection. The error comes with the trace that shows why, if there is one.
pub(crate) async fn open(
    sys: &Sys,
    ip: IpAddr,
    port: u16,
    waiting: Waiting,
) -> Result<Connection, (Failure, Option<TraceId>)> {
    let IpAddr::V4(ip) = ip else {
        // The cluster has no IPv6 but each machine's own address.
        return Err((if ip.is_loopback() { Failure::Refused } else { Failure::NoNetwork }, None));
    };
    let start = sys.now();
    let to = Socket { ip, port };
    let listener = listen::find(sys, Protocol::Tcp, to);
    let is_tunnel = matches!(listener, Some((Kind::Tunnel, _)));
    let serve = listener.filter(|_| !is_tunnel).map(|(_, serve)| serve);
    let exchange = connect::exchange(sys, Protocol::Tcp, to, Payload::Connect, waiting).await;
    let trace = exchange.trace;
    if let Err(failure) = exchange.result {
        return Err((failure, Some(trace)));
    }
    let trip = sys.now() - start;
    let mut connection = Connection { trip, serve, ..Connection::new(sys, trace) };
    let is_through = || {
        sys.cluster(|cluster| cluster.trace(trace).is_some_and(|trace| matches!(trace.outcome, Outcome::Answered(_))))
    };
    if is_tunnel && !is_through() {
        // Whoever holds the near end of a tunnel that leads nowhere closes it.
        connection.coming.push_back((sys.now(), Received::Closed));
    }
    connection.send(b"");
    Ok(connection)
}

/// A datagram socket, and whether a datagram sent there is refused.
pub(crate) async fn datagram(sys: &Sys, ip: Ipv4Addr, port: u16) -> (Connection, Option<Failure>) {
    let waiting = Waiting { blocking: false, patience: Some(0) };
    let exchange = connect::exchange(sys, Protocol::Udp, Socket { ip, port }, Payload::Connect, waiting).await;
    let trace = exchange.trace;
    let outcome = sys.cluster(|cluster| cluster.trace(trace).map(|trace| trace.outcome.clone()));
    let refused = matches!(outcome, Some(Outcome::Refused(_)));
    (Connection::new(sys, trace), refused.then_some(Failure::Refused))
}

impl Connection {
    fn new(sys: &Sys, trace: TraceId) -> Self {
        let (sys, unanswered, coming) = (sys.clone(), Vec::new(), VecDeque::new());
        Self { sys, trace, trip: 0, tls: false, serve: None, unanswered, coming }
    }

    /// What a program of this machine that listens makes of what was sent, once that is a whole request.
    fn served(&mut self) -> Option<(Reply, u64)> {
        let serve = self.serve.clone()?;
        let (Parsed::Request(request) | Parsed::Simple(request)) = stream::parse(&self.unanswered, self.tls) else {
            return None;
        };
        let served = serve(&self.sys, Payload::Http(request.clone()));
        let Reply::Http(response) = served.reply else { return None };
        self.trace = served.trace;
        Some((Reply::Stream(stream::frame(&request, &response)), served.took))
    }

    /// Sends bytes.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        if self.ends() {
            return;
        }
        self.unanswered.extend_from_slice(bytes);
        let payload = Payload::Bytes { data: self.unanswered.clone(), tls: self.tls };
        let reply = self.served().or_else(|| self.sys.cluster(|cluster| cluster.converse(self.trace, &payload)));
        let Some((Reply::Stream(stream), took)) = reply else { return };
        if stream.parts.is_empty() && stream.end == End::Open {
            return;
        }
        self.unanswered.clear();
        let mut at = self.sys.now() + self.trip + took;
        for part in stream.parts {
            at = at + part.after;
            if !part.bytes.is_empty() {
                self.coming.push_back((at, Received::Bytes(part.bytes)));
            }
        }
        match stream.end {
            End::Open => {}
            End::Close => self.coming.push_back((at, Received::Closed)),
            End::Reset => self.coming.push_back((at, Received::Reset)),
        }
    }

    /// Whether the other side's end is known already.
    fn ends(&self) -> bool {
        matches!(self.coming.back(), Some((_, Received::Closed | Received::Reset)))
    }

    /// Says that no more will be sent; servers close then.
    pub(crate) fn finish(&mut self) {
        let soon = self.sys.now() + self.trip;
        if self.ends() && self.coming.back().is_some_and(|(at, _)| *at > soon) {
            self.coming.pop_back();
        }
        if !self.ends() {
            let at = self.coming.back().map_or(soon, |(at, _)| (*at).max(soon));
            self.coming.push_back((at, Received::Closed));
        }
    }

    /// Waits for what comes next, at most until a moment.
    pub(crate) async fn receive(&mut self, until: Option<Instant>) -> Received {
        let due = self.coming.front().map(|(at, _)| *at);
        match (due, until) {
            (Some(due), until) if until.is_none_or(|until| due <= until) => {
                let now = self.sys.now();
                if due > now {
                    self.sys.sleep(due - now).await;
                }
                let first = self.coming.front().map(|(_, received)| received.clone()).unwrap_or(Received::Closed);
                if matches!(first, Received::Bytes(_)) {
                    self.coming.pop_front();
                }
                first
            }
            (_, until) => {
                self.sys.wait(until, |_| None::<()>).await;
                Received::Nothing
            }
        }
    }

    /// Waits for input of the program or for what comes, whichever is first.
    pub(crate) async fn either(&mut self, input: bool, until: Option<Instant>) -> Either {
        let due = self.due();
        let wake = [due, until].into_iter().flatten().min();
        let stdin = self.sys.stdin.clone();
        let typed = self.sys.wait(wake, |_| if input { stdin.take_line() } else { None }).await;
        match typed {
            Some(line) if line.is_empty() => Either::EndOfInput,
            Some(line) => Either::Input(line),
            None if due.is_some() && due == wake => Either::Net(self.receive(wake).await),
            None => Either::Nothing,
        }
    }

    /// When something will come, if something will.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.coming.front().map(|(at, _)| *at)
    }

    /// Encrypts the connection.
    pub(crate) async fn handshake(&mut self, server: &str, until: Option<Instant>) -> Handshake {
        let reply = self.sys.cluster(|cluster| cluster.converse(self.trace, &Payload::Handshake(server.into())));
        match reply {
            Some((Reply::Certificate(certificate), took)) => {
                self.sys.sleep(2 * self.trip + took).await;
                self.tls = true;
                Handshake::Done(Box::new(certificate))
            }
            Some((Reply::Stream(stream), took)) => {
                self.sys.sleep(self.trip + took).await;
                match stream.parts.into_iter().next() {
                    Some(part) => Handshake::Plain(part.bytes),
                    None if stream.end == End::Open => {
                        self.sys.wait(until, |_| None::<()>).await;
                        Handshake::Nothing
                    }
                    None => Handshake::Closed,
                }
            }
            _ => {
                self.sys.wait(until, |_| None::<()>).await;
                Handshake::Nothing
            }
        }
    }
}

/// Waits for something until a moment; `None` when it takes longer.
pub(crate) async fn before<T>(sys: &Sys, end: Instant, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut alarm = pin!(sys.wait(Some(end), |_| None::<()>));
    std::future::poll_fn(|context| {
        if let Poll::Ready(value) = work.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        if alarm.as_mut().poll(context).is_ready() { Poll::Ready(None) } else { Poll::Pending }
    })
    .await
}

/// A line read from a connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Line {
    /// A line without its end; at the end of the connection also what stands before it.
    Text(String),
    /// There is none any more.
    Ended(Received),
}

/// A connection that is read line by line.
pub(crate) struct Reader {
    /// The connection.
    pub(crate) connection: Connection,
    buffer: Vec<u8>,
}

impl Reader {
    /// Reads from a connection.
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection, buffer: Vec::new() }
    }

    /// The next line, waiting at most until a moment.
    pub(crate) async fn line(&mut self, until: Option<Instant>) -> Line {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                let text = String::from_utf8_lossy(&line).into_owned();
                return Line::Text(text.trim_end_matches(['\r', '\n']).to_owned());
            }
            match self.connection.receive(until).await {
                Received::Bytes(bytes) => self.buffer.extend(bytes),
                Received::Closed if !self.buffer.is_empty() => {
                    let line = std::mem::take(&mut self.buffer);
                    return Line::Text(String::from_utf8_lossy(&line).into_owned());
                }
                other => return Line::Ended(other),
            }
        }
    }

    /// Puts a line back that was read.
    pub(crate) fn put_back(&mut self, line: &str) {
        // What ended it is known only as far as it matters: servers end lines of their own by both characters.
        let end: &[u8] = if line.starts_with("SSH-") { b"\r\n" } else { b"\n" };
        let rest = std::mem::take(&mut self.buffer);
        self.buffer = [line.as_bytes(), end, &rest].concat();
    }

    /// What was received and not read yet, at most so much.
    pub(crate) fn take(&mut self, most: usize) -> Vec<u8> {
        let end = most.min(self.buffer.len());
        self.buffer.drain(..end).collect()
    }

    /// Whether there is something that was received and not read yet.
    pub(crate) fn has_more(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// How many bytes were received and not read yet.
    pub(crate) fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// Waits for more; what comes can be taken then.
    pub(crate) async fn more(&mut self, until: Option<Instant>) -> Received {
        let received = self.connection.receive(until).await;
        if let Received::Bytes(bytes) = &received {
            self.buffer.extend(bytes);
        }
        received
    }
}
