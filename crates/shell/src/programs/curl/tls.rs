//! What curl tells of a TLS handshake, and what it finds wrong with a certificate. Models lib/vtls/openssl.c.

use api::time;
use cluster::network::Certificate;

use super::transfer::{Curl, Failed};
use super::url::Url;

/// One message of the handshake: whether it came in, what it is, and its bytes.
type Message = (bool, &'static str, usize);

impl Curl<'_> {
    /// What is told before the server answers.
    pub(super) fn tell_hello(&mut self, url: &Url) {
        let by_name = url.host.parse::<std::net::IpAddr>().is_err();
        let (offers, size) = if self.new {
            ("ALPN: curl offers h2,http/1.1", if by_name { 1555 + url.host.len() } else { 1546 })
        } else {
            ("ALPN: offers h2,http/1.1", 512)
        };
        self.info(offers);
        self.data(false, 5);
        self.info("TLSv1.3 (OUT), TLS handshake, Client hello (1):");
        self.data(false, size);
    }

    /// Tells of the handshake and checks the certificate.
    pub(super) fn check(&mut self, url: &Url, certificate: &Certificate) -> Result<(), Failed> {
        let insecure = self.given.has("insecure");
        let authority = self.given.value("cacert");
        if !insecure {
            let file = authority.unwrap_or("/etc/ssl/certs/ca-certificates.crt");
            self.info(&format!(" CAfile: {file}"));
            self.info(&format!(" CApath: {}", if authority.is_some() { "none" } else { "/etc/ssl/certs" }));
        }
        let by_name = url.host.parse::<std::net::IpAddr>().is_err();
        let v = if certificate.tls13 { "TLSv1.3" } else { "TLSv1.2" };
        self.data_again(true, 5, !insecure || self.new && certificate.tls13);
        let hello = match (certificate.tls13, self.new) {
            (true, true) => 1210,
            (true, false) => 122,
            _ => 112,
        };
        self.message("TLSv1.3", (true, "TLS handshake, Server hello (2):", hello));
        if certificate.tls13 {
            if self.new {
                self.message(v, (true, "TLS change cipher, Change cipher spec (1):", 1));
            }
            self.message(v, (true, "TLS handshake, Encrypted Extensions (8):", if by_name { 19 } else { 15 }));
            if certificate.asks {
                self.message(v, (true, "TLS handshake, Request CERT (13):", 96));
            }
        }
        self.message(v, (true, "TLS handshake, Certificate (11):", certificate.size));
        let own = certificate.subject == certificate.issuer;
        let wrong = match authority {
            _ if certificate.trusted => None,
            // The cluster's own authority signed the API server's certificate.
            Some(_) if !own => None,
            _ if own => Some(("self-signed certificate", 18)),
            _ => Some(("unable to get local issuer certificate", 20)),
        };
        if let Some((why, _)) = wrong.filter(|_| !insecure) {
            self.message(v, (false, "TLS alert, unknown CA (560):", 2));
            return Err(Failed::new(60, format!("SSL certificate problem: {why}")));
        }
        self.finish(v, certificate);
        let agreed = match (certificate.tls13, self.new) {
            (true, false) => "TLS_AES_128_GCM_SHA256",
            (true, true) => "TLS_AES_128_GCM_SHA256 / X25519MLKEM768 / RSASSA-PSS",
            (false, false) => "ECDHE-RSA-AES256-GCM-SHA384",
            (false, true) => "ECDHE-RSA-AES256-GCM-SHA384 / x25519 / RSASSA-PSS",
        };
        self.info(&format!("SSL connection using {v} / {agreed}"));
        self.info(&format!("ALPN: server accepted {}", if certificate.http2 { "h2" } else { "http/1.1" }));
        self.info("Server certificate:");
        self.info(&format!(" subject: {}", certificate.subject));
        self.info(&format!(" start date: {}", date(certificate.valid.0)));
        self.info(&format!(" expire date: {}", date(certificate.valid.1)));
        if !insecure {
            let host = &url.host;
            let fits = |name: &&String| name.eq_ignore_ascii_case(host.trim_end_matches('.'));
            let Some(name) = certificate.names.iter().find(fits) else {
                let text = format!("SSL: no alternative certificate subject name matches target host name '{host}'");
                return Err(Failed::new(60, text));
            };
            let kind = if by_name { "" } else { " IP address" };
            self.info(&format!(" subjectAltName: host \"{host}\" matched cert's{kind} \"{name}\""));
        }
        self.info(&format!(" issuer: {}", certificate.issuer));
        match wrong {
            Some((why, number)) => {
                self.info(&format!(" SSL certificate verify result: {why} ({number}), continuing anyway."));
            }
            None => self.info(" SSL certificate verify ok."),
        }
        if self.new {
            self.info(
                "  Certificate level 0: Public key type RSA (2048/112 Bits/secBits), signed using \
                 sha256WithRSAEncryption",
            );
        }
        Ok(())
    }

    /// The messages after the certificate.
    fn finish(&mut self, v: &str, certificate: &Certificate) {
        let messages: &[Message] = if certificate.tls13 {
            &[
                (true, "TLS handshake, CERT verify (15):", 264),
                (true, "TLS handshake, Finished (20):", 36),
                (false, "TLS change cipher, Change cipher spec (1):", 1),
                (false, "TLS handshake, Certificate (11):", 8),
                (false, "TLS handshake, Finished (20):", 36),
            ]
        } else {
            &[
                (true, "TLS handshake, Server key exchange (12):", 300),
                (true, "TLS handshake, Server finished (14):", 4),
                (false, "TLS handshake, Client key exchange (16):", 37),
                (false, "TLS change cipher, Change cipher spec (1):", 1),
                (false, "TLS handshake, Finished (20):", 16),
                (true, "TLS handshake, Finished (20):", 16),
            ]
        };
        for message in messages {
            let certificate_asked = !message.1.contains("Certificate (11)") || certificate.asks;
            if certificate_asked {
                self.message(v, *message);
            }
        }
    }

    fn message(&mut self, version: &str, (incoming, text, size): Message) {
        let way = if incoming { "IN" } else { "OUT" };
        self.info(&format!("{version} ({way}), {text}"));
        self.data(incoming, size);
    }
}

/// A date as OpenSSL writes it.
fn date(seconds: i64) -> String {
    // Mon, 23 Nov 2026 03:22:41 GMT
    let text = time::format_http_date(seconds);
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [_, day, month, year, clock, zone] => {
            let day = day.strip_prefix('0').map_or((*day).to_owned(), |day| format!(" {day}"));
            format!("{month} {day} {clock} {year} {zone}")
        }
        _ => text,
    }
}
