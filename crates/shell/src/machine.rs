//! What a shell finds on a machine when it starts there: files, variables, a working folder.

use cluster::network::Vantage;

use crate::files::FileSystems;
use crate::lang::{Dialect, Shell};
use crate::sys::{Host, Sys};

/// The working folder of the learner's machine.
pub(crate) const LAPTOP_HOME: &str = "/home/student";

/// Files of the learner's machine.
pub(crate) fn furnish_laptop(systems: &FileSystems) {
    let mut systems = systems.borrow_mut();
    let files = systems.entry(Vantage::Laptop).or_default();
    for folder in ["/bin", "/dev", "/etc", "/tmp", "/usr/bin", LAPTOP_HOME] {
        files.make_folder(folder);
    }
    for (path, text) in [("/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\tlaptop\n"), ("/etc/hostname", "laptop\n")] {
        // It cannot fail: the folder was made above.
        let _ = files.write(path, text);
    }
}

/// Variables and working folder of the learner's machine.
pub(crate) fn enter_laptop(sys: &mut Sys) {
    sys.folder = LAPTOP_HOME.to_owned();
    set(sys, &[("HOME", LAPTOP_HOME), ("USER", "student"), ("LANG", "C.UTF-8"), ("PWD", LAPTOP_HOME)]);
    set(sys, &[("PATH", "/usr/local/bin:/usr/bin:/bin"), ("SHELL", "/bin/bash"), ("TERM", "xterm-256color")]);
}

/// Files, variables and working folder of wherever `sys` is.
pub(crate) fn enter(sys: &mut Sys) {
    match sys.host {
        Host::Laptop => enter_laptop(sys),
        Host::Node | Host::Busybox | Host::Debian => {}
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
    let (user, sign) = match shell.sys.host {
        Host::Laptop => ("student", '$'),
        Host::Node => ("docker", '$'),
        Host::Busybox | Host::Debian => ("root", '#'),
    };
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
            ('\\', Some('u')) => text.push_str(user),
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

/// What `hostname` prints.
pub(crate) fn hostname(sys: &Sys) -> String {
    match &sys.vantage {
        Vantage::Pod { name, .. } => sys.cluster(|cluster| {
            let Vantage::Pod { namespace, .. } = &sys.vantage else { return name.to_string() };
            let pod = cluster.store().find(&api::pod::KIND, namespace, name);
            let own = pod.map(|pod| pod.str(&["spec", "hostname"]).to_owned()).unwrap_or_default();
            if own.is_empty() { name.to_string() } else { own }
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
