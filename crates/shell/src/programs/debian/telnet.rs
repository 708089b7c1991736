//! inetutils telnet 2.4. Models telnet/commands.c.

use std::net::IpAddr;

use super::unknown;
use crate::network::connect::Waiting;
use crate::network::connection::{self, Connection, Either, Received};
use crate::network::{resolver, services};
use crate::programs::options::Spec;
use crate::sys::Sys;

const SPEC: Spec = Spec {
    short: "468ab:cde:EKl:Ln:rxk:X:?V",
    long: &[
        ("help", '?', false),
        ("usage", 'U', false),
        ("version", 'V', false),
        ("ipv4", '4', false),
        ("ipv6", '6', false),
    ],
};

const HELP: &str = "Usage: telnet [OPTION...] [HOST [PORT]]
Login to remote system HOST (optionally, on service port PORT)

 General options:

  -4, --ipv4                 use only IPv4
  -6, --ipv6                 use only IPv6
  -8, --binary               use an 8-bit data transmission
  -a, --login                attempt automatic login
  -b, --bind=ADDRESS         bind to specific local ADDRESS
  -c, --no-rc                do not read the user's .telnetrc file
  -d, --debug                turn on debugging
  -e, --escape=CHAR          use CHAR as an escape character
  -E, --no-escape            use no escape character
  -K, --no-login             do not automatically login to the remote system
  -l, --user=USER            attempt automatic login as USER
  -L, --binary-output        use an 8-bit data transmission for output only
  -n, --trace=FILE           record trace information into FILE
  -r, --rlogin               use a user-interface similar to rlogin

 Encryption control:

  -x, --encrypt              encrypt the data stream, if possible

 Authentication and Kerberos options:

  -k, --realm=REALM          obtain tickets for the remote host in REALM
                             instead of the remote host's realm
  -X, --disable-auth=ATYPE   disable type ATYPE authentication

  -?, --help                 give this help list
      --usage                give a short usage message
  -V, --version              print program version

Mandatory or optional arguments to long options are also mandatory or optional
for any corresponding short options.

Report bugs to <bug-inetutils@gnu.org>.\n";

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match SPEC.parse(&argv) {
        Ok(given) => given,
        Err(fault) => {
            let try_help = "Try 'telnet --help' or 'telnet --usage' for more information.";
            sys.err.write(format!("telnet: {fault}\n{try_help}\n"));
            return 64;
        }
    };
    if given.has('?') {
        sys.out.write(HELP);
        return 0;
    }
    if given.has('V') {
        sys.out.line("telnet (GNU inetutils) 2.4");
        return 0;
    }
    let mut out = Output { sys: sys.clone(), held: String::new() };
    let code = match given.operands.as_slice() {
        [] => {
            out.write("telnet> ");
            // At its own prompt it knows little here: the first line or the end of input ends it.
            sys.read_line().await;
            out.write("\n");
            0
        }
        [name, rest @ ..] => connect(&sys, &mut out, name, rest.first().map_or("telnet", String::as_str)).await,
    };
    out.flush();
    code
}

/// Standard output: held back until the end where it is no terminal, as the C library does.
struct Output {
    sys: Sys,
    held: String,
}

impl Output {
    fn write(&mut self, text: &str) {
        self.held.push_str(text);
        if self.sys.stdout_is_terminal {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.sys.out.write(std::mem::take(&mut self.held));
    }
}

async fn connect(sys: &Sys, out: &mut Output, name: &str, service: &str) -> i32 {
    let port = match (service.parse::<i64>(), services::port(service)) {
        (Ok(number), _) => match u16::try_from(number) {
            Ok(port) if port > 0 => port,
            _ => {
                out.write(&format!("Port number {number} is out of range.\n"));
                return 1;
            }
        },
        (_, Some(port)) => port,
        _ => {
            out.write(&format!("Server lookup failure:  {name}:{service}, Servname not supported for ai_socktype\n"));
            return 1;
        }
    };
    let lookup = resolver::addresses(sys, name).await;
    let found: Vec<IpAddr> = match lookup.result {
        Ok(found) => found,
        Err(why) => {
            out.write(&format!("Server lookup failure:  {name}:{service}, {}\n", unknown(why)));
            return 1;
        }
    };
    for (index, ip) in found.iter().enumerate() {
        out.write(&format!("Trying {ip}...\n"));
        let waiting = Waiting { blocking: true, patience: None };
        match connection::open(sys, *ip, port, waiting).await {
            Ok(connection) => {
                out.write(&format!("Connected to {name}.\nEscape character is '^]'.\n"));
                return talk(sys, out, connection).await;
            }
            Err((failure, trace)) => {
                let text = if index + 1 < found.len() {
                    format!("Connection failed: {failure}\n")
                } else {
                    format!("telnet: Unable to connect to remote host: {failure}\n")
                };
                match trace {
                    Some(trace) => sys.err.report(text, trace),
                    None => sys.err.write(text),
                }
            }
        }
    }
    1
}

async fn talk(sys: &Sys, out: &mut Output, mut connection: Connection) -> i32 {
    let trace = connection.trace;
    loop {
        match connection.either(true, None).await {
            Either::Input(line) if line.starts_with('\u{1d}') => {
                out.write("\ntelnet> ");
                let command = line.trim_start_matches('\u{1d}').trim().to_owned();
                let command = if command.is_empty() { sys.read_line().await } else { command };
                if matches!(command.trim(), "quit" | "q" | "close" | "c") || command.is_empty() {
                    out.write("Connection closed.\n");
                    return 0;
                }
            }
            Either::Input(line) => connection.send(line.replace('\n', "\r\n").as_bytes()),
            Either::EndOfInput | Either::Nothing => {
                sys.err.report("Connection closed by foreign host.\n", trace);
                return 0;
            }
            Either::Net(Received::Bytes(bytes)) => {
                // In its line mode the carriage return before an end of line is dropped.
                let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
                out.write(&text);
            }
            Either::Net(_) => {
                sys.err.report("Connection closed by foreign host.\n", trace);
                return 0;
            }
        }
    }
}
