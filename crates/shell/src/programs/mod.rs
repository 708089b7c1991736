//! The programs, by the kind of machine they are found on.

mod awk;
mod bind;
mod busybox;
mod curl;
mod debian;
mod editors;
mod jq;
mod laptop;
mod node;
mod options;
pub(crate) mod text;

use crate::kernel::Process;
use crate::sys::{Host, Sys};

/// A program.
pub struct Program {
    /// The word that starts it.
    pub name: &'static str,
    /// The machines that have it.
    pub hosts: &'static [Host],
    /// Starts it. The words do not hold its name.
    pub start: fn(Sys, Vec<String>) -> Process,
}

/// Machines with the programs of a full distribution.
const FULL: &[Host] = &[Host::Laptop, Host::Node];
const BUSYBOX: &[Host] = &[Host::Busybox];
const EVERYWHERE: &[Host] = &[Host::Laptop, Host::Node, Host::Busybox, Host::Debian];

/// A line of [`PROGRAMS`].
macro_rules! program {
    ($name:literal, $hosts:expr, $run:expr) => {
        Program { name: $name, hosts: $hosts, start: |sys, argv| Box::pin($run(sys, argv)) }
    };
}

/// Every program; add a line to add one. The first that fits the machine is taken.
pub static PROGRAMS: &[Program] = &[
    program!("awk", EVERYWHERE, awk::run),
    program!("base64", EVERYWHERE, text::base64::run),
    program!("basename", EVERYWHERE, |sys, argv| text::stream::part_of_path(sys, false, argv)),
    program!("cat", EVERYWHERE, text::files::cat),
    program!("chmod", EVERYWHERE, |sys, argv| text::files::change(sys, "chmod", argv)),
    program!("clear", EVERYWHERE, text::stream::clear),
    program!("code", &[Host::Laptop], |sys, argv| editors::run(sys, "code", argv)),
    program!("column", &[Host::Laptop, Host::Node], text::column::run),
    program!("conntrack", &[Host::Node], node::rules::connections),
    program!("cp", EVERYWHERE, |sys, argv| text::files::change(sys, "cp", argv)),
    program!("crictl", &[Host::Node], node::crictl::run),
    program!("curl", &[Host::Laptop, Host::Node, Host::Debian], curl::run),
    program!("cut", EVERYWHERE, text::cut::run),
    program!("date", EVERYWHERE, text::stream::date),
    program!("diff", EVERYWHERE, text::diff::run),
    program!("dig", FULL, bind::dig::run),
    program!("dirname", EVERYWHERE, |sys, argv| text::stream::part_of_path(sys, true, argv)),
    program!("echo", EVERYWHERE, text::print::echo),
    program!("env", EVERYWHERE, text::stream::env),
    program!("find", EVERYWHERE, text::find::run),
    program!("getent", &[Host::Laptop, Host::Node, Host::Debian], debian::getent::run),
    program!("grep", EVERYWHERE, text::grep::run),
    program!("egrep", EVERYWHERE, |sys, argv: Vec<String>| {
        text::grep::run(sys, ["-E".to_owned()].into_iter().chain(argv).collect())
    }),
    program!("head", EVERYWHERE, text::head::head),
    program!("host", FULL, bind::host::run),
    program!("hostname", EVERYWHERE, text::stream::hostname),
    program!("id", EVERYWHERE, |sys, _argv| text::stream::id(sys, false)),
    program!("ip", &[Host::Laptop, Host::Node, Host::Busybox], node::ip::run),
    program!("iptables", &[Host::Node], node::rules::list),
    program!("iptables-save", &[Host::Node], node::rules::save),
    program!("ipvsadm", &[Host::Node], node::rules::virtual_servers),
    program!("journalctl", &[Host::Node], node::systemctl::journalctl),
    program!("jq", &[Host::Laptop], jq::run),
    program!("kubectl", &[Host::Laptop, Host::Node], crate::kubectl::kubectl),
    program!("less", &[Host::Laptop, Host::Node, Host::Busybox], |sys, argv| text::lines::pager(sys, "less", argv)),
    program!("ls", EVERYWHERE, text::files::ls),
    program!("man", &[Host::Laptop], editors::man),
    program!("minikube", &[Host::Laptop], laptop::minikube::run),
    program!("mkdir", EVERYWHERE, |sys, argv| text::files::change(sys, "mkdir", argv)),
    program!("more", EVERYWHERE, |sys, argv| text::lines::pager(sys, "more", argv)),
    program!("mv", EVERYWHERE, |sys, argv| text::files::change(sys, "mv", argv)),
    program!("nano", &[Host::Laptop], |sys, argv| editors::run(sys, "nano", argv)),
    program!("nc", BUSYBOX, busybox::nc::run),
    program!("nc", FULL, debian::nc::run),
    program!("netstat", BUSYBOX, node::sockets::netstat),
    program!("nft", &[Host::Node], node::rules::nft),
    program!("nl", EVERYWHERE, text::lines::nl),
    program!("nslookup", BUSYBOX, busybox::nslookup::run),
    program!("nslookup", FULL, bind::nslookup::run),
    program!("ping", BUSYBOX, busybox::ping::run),
    program!("ping", FULL, debian::ping::run),
    program!("printenv", EVERYWHERE, text::stream::printenv),
    program!("printf", EVERYWHERE, text::print::printf),
    program!("ps", &[Host::Node], node::sockets::ps),
    program!("ps", &[Host::Laptop, Host::Busybox], text::stream::ps),
    program!("rev", &[Host::Laptop, Host::Node, Host::Busybox], text::lines::rev),
    program!("rm", EVERYWHERE, |sys, argv| text::files::change(sys, "rm", argv)),
    program!("sed", EVERYWHERE, text::sed::run),
    program!("seq", EVERYWHERE, text::print::seq),
    program!("sleep", EVERYWHERE, text::stream::sleep),
    program!("sort", EVERYWHERE, text::sort::sort),
    program!("ss", &[Host::Laptop, Host::Node], node::sockets::ss),
    program!("ssh", &[Host::Laptop, Host::Node], laptop::ssh::run),
    program!("sudo", &[Host::Laptop, Host::Node], text::stream::sudo),
    program!("systemctl", &[Host::Node], node::systemctl::systemctl),
    program!("tac", EVERYWHERE, text::lines::tac),
    program!("tail", EVERYWHERE, text::head::tail),
    program!("tee", EVERYWHERE, text::files::tee),
    program!("telnet", BUSYBOX, busybox::telnet::run),
    program!("telnet", FULL, debian::telnet::run),
    program!("time", BUSYBOX, text::stream::time),
    program!("timeout", EVERYWHERE, text::stream::timeout),
    program!("touch", EVERYWHERE, |sys, argv| text::files::change(sys, "touch", argv)),
    program!("tr", EVERYWHERE, text::translate::run),
    program!("uname", EVERYWHERE, text::stream::uname),
    program!("uniq", EVERYWHERE, text::sort::uniq),
    program!("vi", &[Host::Laptop, Host::Node, Host::Busybox], |sys, argv| editors::run(sys, "vi", argv)),
    program!("vim", &[Host::Laptop], |sys, argv| editors::run(sys, "vim", argv)),
    program!("watch", &[Host::Laptop, Host::Node, Host::Busybox], text::watch::run),
    program!("wc", EVERYWHERE, text::wc::run),
    program!("wget", BUSYBOX, busybox::wget::run),
    program!("wget", FULL, debian::wget::run),
    program!("which", EVERYWHERE, text::stream::which),
    program!("whoami", EVERYWHERE, |sys, _argv| text::stream::id(sys, true)),
    program!("xargs", EVERYWHERE, text::stream::xargs),
    program!("yes", EVERYWHERE, text::print::yes),
];

/// The program a word starts on a machine.
#[must_use]
pub fn find(name: &str, sys: &Sys) -> Option<&'static Program> {
    let host = if sys.tools.contains(&name) { Host::Laptop } else { sys.host };
    PROGRAMS.iter().find(|program| program.name == name && program.hosts.contains(&host))
}

/// Where programs are.
const FOLDERS: &[&str] = &["/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/"];

/// The program's name in a word: the word, or the last part of a path to where programs are.
#[must_use]
pub fn name_of(word: &str) -> Option<&str> {
    if !word.contains('/') {
        return Some(word);
    }
    FOLDERS.iter().find_map(|folder| word.strip_prefix(folder)).filter(|name| !name.contains('/'))
}

/// Where a program is, if the machine has it.
#[must_use]
pub fn path_of(name: &str, sys: &Sys) -> Option<String> {
    let found = find(name, sys).is_some() || crate::lang::Dialect::of(name, sys).is_some();
    let is_applet = sys.host == Host::Busybox && !sys.tools.contains(&name);
    let folder = if is_applet { "/bin" } else { "/usr/bin" };
    found.then(|| format!("{folder}/{name}"))
}
