//! From a URL to an open connection: look up, connect, encrypt.

use super::{Curl, Failed, Kept};
use crate::network::connect::{Failure, Waiting};
use crate::network::connection::{self, Handshake, Reader};
use crate::network::resolver::{self, Lookup};
use crate::programs::curl::url::Url;
use cluster::network::TraceId;
use std::net::{IpAddr, SocketAddr};

impl Curl<'_> {
    /// Looks up, connects and encrypts. The error says whether the connection ends abruptly.
    pub(super) async fn connect(&mut self, url: &Url, number: usize) -> Result<Kept, (Failed, bool)> {
        let found = self.look_up(url).await?;
        self.report.looked_up = self.sys.now() - self.started;
        let mut port = url.port();
        for entry in self.given.values("connect-to") {
            let parts: Vec<&str> = entry.split(':').collect();
            if let [host, from, _, to] = parts.as_slice()
                && (host.is_empty() || *host == url.host)
                && (from.is_empty() || from.parse() == Ok(url.port()))
            {
                port = to.parse().unwrap_or(port);
            }
        }
        let (mut connection, ip) = self.open(url, &found, port).await.map_err(|failed| (failed, true))?;
        self.report.remote = Some((ip, port));
        self.report.local = resolver::own_address(self.sys).map(IpAddr::V4);
        self.report.local_port = self.local_port(connection.trace);
        self.report.connects += 1;
        self.report.connected = self.sys.now() - self.started;
        let connected = format!("Connected to {} ({ip}) port {port}", url.host);
        if !self.new {
            self.info(&format!("{connected} (#{number})"));
        }
        let mut http2 = false;
        if url.tls() {
            self.tell_hello(url);
            if let Some(file) = self.given.value("cacert")
                && self.sys.read_file(file).is_err()
            {
                return Err((Failed::new(77, format!("error setting certificate file: {file}")), true));
            }
            let handshake = self.wait(connection.handshake(&url.host, None)).await;
            match handshake {
                Some(Handshake::Done(certificate)) => {
                    self.check(url, &certificate).map_err(|failed| (failed, true))?;
                    http2 = certificate.http2 && !self.given.has("http1.1");
                }
                Some(Handshake::Plain(_)) if self.new => {
                    let text = "TLS connect error: error:0A00010B:SSL routines::wrong version number";
                    return Err((Failed::new(35, text), true));
                }
                Some(Handshake::Plain(_)) => {
                    let text = "error:0A00010B:SSL routines::wrong version number";
                    return Err((Failed::new(35, text), true));
                }
                Some(Handshake::Closed) => {
                    let text =
                        format!("OpenSSL SSL_connect: Connection reset by peer in connection to {}:{port} ", url.host);
                    return Err((Failed::new(35, text), true));
                }
                Some(Handshake::Nothing) | None => {
                    let text = format!("SSL connection timeout after {} milliseconds", self.elapsed());
                    return Err((Failed::new(28, text), true));
                }
            }
            self.report.encrypted = self.sys.now() - self.started;
        }
        if self.new {
            self.info(&connected);
        }
        match (url.scheme.as_str(), http2) {
            ("telnet", _) => {}
            (_, true) => self.info("using HTTP/2"),
            _ if self.new => self.info("using HTTP/1.x"),
            _ if url.tls() => self.info("using HTTP/1.1"),
            _ => {}
        }
        let reader = Reader::new(connection);
        Ok(Kept { host: url.host.clone(), port: url.port(), tls: url.tls(), http2, number, reader })
    }

    /// The port that the connection of a trace comes from.
    fn local_port(&self, trace: TraceId) -> u16 {
        let port = self.sys.cluster(|cluster| {
            let trace = cluster.trace(trace)?;
            trace.hops.first().map(|hop| hop.packet.source.port)
        });
        port.unwrap_or(0)
    }

    /// The addresses of the host, IPv6 first. Models lib/hostip.c.
    async fn look_up(&mut self, url: &Url) -> Result<Vec<IpAddr>, (Failed, bool)> {
        let mut host = url.host.clone();
        for entry in self.given.values("connect-to") {
            let parts: Vec<&str> = entry.split(':').collect();
            if let [from, port, to, _] = parts.as_slice()
                && (from.is_empty() || *from == host)
                && (port.is_empty() || port.parse() == Ok(url.port()))
                && !to.is_empty()
            {
                host = (*to).to_owned();
                self.info(&format!("Connecting to hostname: {to}"));
            }
        }
        let wanted = format!("{}:{}:", url.host, url.port());
        let given = self.given.values("resolve").find_map(|entry| entry.trim_start_matches('+').strip_prefix(&wanted));
        if let Some(addresses) = given {
            let found: Vec<IpAddr> = addresses.split(',').filter_map(|text| text.parse().ok()).collect();
            self.info(&format!("Hostname {} was found in DNS cache", url.host));
            self.meter.begin(self.sys.now());
            return Ok(found);
        }
        if let Ok(ip) = host.parse::<IpAddr>() {
            self.meter.begin(self.sys.now());
            return Ok(vec![ip]);
        }
        let known = host == "localhost" || host.ends_with(".localhost");
        if !known {
            self.meter.begin(self.sys.now());
        }
        let sys = self.sys;
        let Some(Lookup { result, trace, .. }) = self.wait(resolver::addresses(sys, &host)).await else {
            let text = format!("Resolving timed out after {} milliseconds", self.elapsed());
            return Err((Failed::new(28, text), true));
        };
        self.trace = trace;
        let only = |ip: &IpAddr| match ip {
            IpAddr::V4(_) => !self.given.has("ipv6"),
            IpAddr::V6(_) => !self.given.has("ipv4"),
        };
        let found: Vec<IpAddr> = result.map(|found| found.into_iter().filter(only).collect()).map_err(|_| {
            let text = format!("Could not resolve host: {host}");
            (Failed { metered: false, ..Failed::new(6, text) }, false)
        })?;
        if found.is_empty() && self.new {
            let text = format!("Could not resolve host: {host}");
            return Err((Failed { metered: false, ..Failed::new(6, text) }, false));
        }
        if self.new {
            let list = |v4: bool| {
                let fitting: Vec<String> =
                    found.iter().filter(|ip| ip.is_ipv4() == v4).map(ToString::to_string).collect();
                if fitting.is_empty() { "(none)".to_owned() } else { fitting.join(", ") }
            };
            let (six, four) = (list(false), list(true));
            self.info(&format!("Host {host}:{} was resolved.", url.port()));
            self.info(&format!("IPv6: {six}"));
            self.info(&format!("IPv4: {four}"));
        }
        self.meter.begin(self.sys.now());
        if found.is_empty() {
            return Err((Failed { told: false, ..Failed::new(7, "Couldn't connect to server") }, true));
        }
        Ok(found)
    }

    /// Tries every address. Models lib/connect.c.
    async fn open(
        &mut self,
        url: &Url,
        found: &[IpAddr],
        port: u16,
    ) -> Result<(connection::Connection, IpAddr), Failed> {
        let begun = self.sys.now();
        let patience = self.given.micros("connect-timeout");
        let mut last = Failure::Refused;
        for ip in found {
            let place = SocketAddr::new(*ip, port);
            self.info(&format!("  Trying {place}..."));
            let spent = self.sys.now() - begun;
            let waiting =
                Waiting { blocking: false, patience: patience.map(|patience| patience.saturating_sub(spent)) };
            let sys = self.sys;
            let Some(result) = self.wait(connection::open(sys, *ip, port, waiting)).await else {
                let text = format!("Connection timed out after {} milliseconds", self.elapsed());
                return Err(Failed::new(28, text));
            };
            match result {
                Ok(connection) => {
                    self.trace = Some(connection.trace);
                    return Ok((connection, *ip));
                }
                Err((failure, trace)) => {
                    self.trace = trace.or(self.trace);
                    last = failure;
                    match failure {
                        Failure::Impatient => break,
                        Failure::NoNetwork => self.info(&format!("Immediate connect fail for {ip}: {failure}")),
                        _ if self.new => {
                            let own = match ip {
                                IpAddr::V6(_) => ip.to_string(),
                                IpAddr::V4(ip) if ip.is_loopback() => ip.to_string(),
                                IpAddr::V4(_) => {
                                    resolver::own_address(self.sys).map(|ip| ip.to_string()).unwrap_or_default()
                                }
                            };
                            let from = trace.map_or(41_000, |trace| self.local_port(trace));
                            self.info(&format!("connect to {ip} port {port} from {own} port {from} failed: {failure}"));
                        }
                        _ => self.info(&format!("connect to {ip} port {port} failed: {failure}")),
                    }
                }
            }
        }
        let millis = (self.sys.now() - begun) / 1000;
        if last == Failure::Impatient && self.new {
            return Err(Failed::new(28, format!("Connection timed out after {millis} milliseconds")));
        }
        let (code, why) = match last {
            Failure::Impatient => (28, "Timeout was reached"),
            Failure::TimedOut if self.new => (28, "Could not connect to server"),
            Failure::TimedOut => (28, "Couldn't connect to server"),
            _ if self.new => (7, "Could not connect to server"),
            _ => (7, "Couldn't connect to server"),
        };
        Err(Failed::new(code, format!("Failed to connect to {} port {port} after {millis} ms: {why}", url.host)))
    }
}
