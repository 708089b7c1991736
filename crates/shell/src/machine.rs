//! What a shell finds on a machine when it starts there: files, variables, a working folder.

use cluster::network::Vantage;

use crate::files::FileSystems;
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

fn set(sys: &mut Sys, variables: &[(&str, &str)]) {
    for (name, value) in variables {
        sys.env.insert((*name).to_owned(), (*value).to_owned());
    }
}
