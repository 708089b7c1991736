//! What a shell finds on a machine when it starts there: files, variables, a working folder.

mod container;

use std::collections::BTreeMap;

use cluster::network::Vantage;

use api::ObjectKey;

use crate::files::{FileSystems, Files};
use crate::lang::{Dialect, Shell};
use crate::network::resolver::OUTSIDE_SERVER;
use crate::sys::{Host, Sys};

/// The working folder of the learner's machine.
pub(crate) const LAPTOP_HOME: &str = "/home/student";

/// Folders that every machine has.
const FOLDERS: &[&str] = &["/bin", "/dev", "/etc", "/home", "/proc", "/root", "/tmp", "/usr/bin", "/var"];

/// Files of the learner's machine.
pub(crate) fn furnish_laptop(systems: &FileSystems) {
    let mut systems = systems.borrow_mut();
    let files = systems.entry(Vantage::Laptop).or_default();
    files.make_folder(LAPTOP_HOME);
    furnish_outside(files, "laptop");
}

/// Files of a machine that is no pod.
fn furnish_outside(files: &mut Files, hostname: &str) {
    put(files, "/etc/hosts", &format!("127.0.0.1\tlocalhost\n127.0.1.1\t{hostname}\n"));
    put(files, "/etc/hostname", &format!("{hostname}\n"));
    put(files, "/etc/resolv.conf", &format!("nameserver {OUTSIDE_SERVER}\n"));
}

/// Puts a file where there is none yet.
fn put(files: &mut Files, path: &str, text: &str) {
    for folder in FOLDERS {
        files.make_folder(folder);
    }
    if !files.is_file(path) {
        files.furnish(path, text);
    }
}

/// Files, variables and working folder of wherever `sys` is ([`Sys::vantage`] and [`Sys::host`]).
pub(crate) fn enter(sys: &mut Sys) {
    sys.env.clear();
    match sys.vantage.clone() {
        Vantage::Laptop | Vantage::Internet => {
            sys.folder = LAPTOP_HOME.to_owned();
            let home = LAPTOP_HOME;
            set(sys, &[("HOME", home), ("USER", "student"), ("LANG", "C.UTF-8"), ("TERM", "xterm-256color")]);
            set(sys, &[("PATH", "/usr/local/bin:/usr/bin:/bin"), ("SHELL", "/bin/bash")]);
        }
        Vantage::Node(name) => {
            sys.files(|files| {
                furnish_outside(files, &name);
                files.make_folder("/home/docker");
            });
            sys.folder = "/home/docker".to_owned();
            set(sys, &[("HOME", "/home/docker"), ("USER", "docker"), ("TERM", "xterm"), ("SHELL", "/bin/bash")]);
            set(sys, &[("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")]);
        }
        Vantage::Pod { namespace, name } => {
            sys.folder = "/".to_owned();
            let key = ObjectKey::new(&api::pod::KIND, &namespace, &name);
            let found = sys.cluster(|cluster| {
                let pod = cluster.store().get(&key)?.clone();
                Some((container::files(cluster, &pod), container::environment(cluster, &pod)))
            });
            let Some((texts, environment)) = found else { return };
            sys.files(|files| {
                for (path, text) in texts {
                    put(files, path, &text);
                }
            });
            set(sys, &[("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"), ("HOME", "/root")]);
            sys.env.extend(environment);
            let terminal = sys.stdin_is_terminal;
            if terminal {
                set(sys, &[("TERM", "xterm")]);
            }
        }
    }
}

/// The prompt and the shorthands that a machine's shell begins with.
pub(crate) fn greet(shell: &mut Shell) {
    let prompt = match (shell.sys.host, shell.dialect) {
        (Host::Laptop, Dialect::Bash) => "\\$ ",
        (Host::Busybox, _) => "\\w \\$ ",
        (_, Dialect::Bash) => "\\u@\\h:\\w\\$ ",
        (Host::Debian, _) => "# ",
        _ => "$ ",
    };
    shell.variables.entry("PS1".to_owned()).or_insert_with(|| prompt.to_owned());
}

/// The prompt as `PS1` says it now.
pub(crate) fn prompt(shell: &Shell) -> String {
    let template = shell.get("PS1").unwrap_or_default();
    let user = user(shell.sys.host, &shell.variables);
    let sign = if user == "root" { '#' } else { '$' };
    let home = shell.get("HOME").unwrap_or_default();
    let folder = shell.sys.folder.as_str();
    let short = match folder.strip_prefix(home.as_str()) {
        Some(rest) if home != "/" && !home.is_empty() && (rest.is_empty() || rest.starts_with('/')) => {
            format!("~{rest}")
        }
        _ => folder.to_owned(),
    };
    let mut text = String::new();
    let mut chars = template.chars();
    while let Some(char) = chars.next() {
        match (char, if char == '\\' { chars.next() } else { None }) {
            ('\\', Some('u')) => text.push_str(&user),
            ('\\', Some('h' | 'H')) => text.push_str(&hostname(&shell.sys)),
            ('\\', Some('w')) => text.push_str(&short),
            ('\\', Some('W')) => text.push_str(short.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("/")),
            ('\\', Some('$')) => text.push(sign),
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some(other)) => text.push(other),
            (char, _) => text.push(char),
        }
    }
    text
}

/// Who one is: root in containers, and elsewhere who the variable `USER` says.
pub(crate) fn user(host: Host, variables: &BTreeMap<String, String>) -> String {
    match host {
        Host::Busybox | Host::Debian => "root".to_owned(),
        Host::Laptop | Host::Node => variables.get("USER").cloned().unwrap_or_default(),
    }
}

/// Becomes root on a machine where one is not.
pub(crate) fn become_root(sys: &mut Sys) {
    sys.files(|files| files.make_folder("/root"));
    set(sys, &[("USER", "root"), ("HOME", "/root"), ("LOGNAME", "root")]);
}

/// What `hostname` prints.
pub(crate) fn hostname(sys: &Sys) -> String {
    match &sys.vantage {
        Vantage::Pod { namespace, name } => sys.cluster(|cluster| {
            let pod = cluster.store().find(&api::pod::KIND, namespace, name);
            pod.map_or_else(|| name.to_string(), |pod| container::hostname(pod).to_owned())
        }),
        Vantage::Node(name) => name.to_string(),
        Vantage::Laptop | Vantage::Internet => "laptop".to_owned(),
    }
}

fn set(sys: &mut Sys, variables: &[(&str, &str)]) {
    for (name, value) in variables {
        sys.env.insert((*name).to_owned(), (*value).to_owned());
    }
}
