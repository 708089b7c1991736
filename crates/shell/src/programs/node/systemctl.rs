//! `systemctl` and `journalctl` as far as a node's kubelet goes.

use crate::sys::Sys;

const UNITS: &[(&str, &str, u32)] = &[
    ("kubelet", "kubelet: The Kubernetes Node Agent", 1502),
    ("containerd", "containerd container runtime", 873),
    ("sshd", "OpenSSH server daemon", 612),
];

/// Runs `systemctl`.
pub(in crate::programs) async fn systemctl(sys: Sys, argv: Vec<String>) -> i32 {
    let words: Vec<&str> = argv.iter().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
    let [verb, unit] = words[..] else {
        sys.err.line("systemctl: this playground knows 'systemctl status kubelet', 'is-active' and 'cat'");
        return 1;
    };
    let name = unit.trim_end_matches(".service");
    let Some((_, about, pid)) = UNITS.iter().find(|(known, ..)| *known == name) else {
        sys.err.line(format!("Unit {name}.service could not be found."));
        return 4;
    };
    match verb {
        "is-active" => {
            sys.out.line("active");
            0
        }
        "status" => {
            let date = api::time::format_http_date(cluster::EPOCH);
            let day = date.get(0..3).unwrap_or_default();
            let since = api::time::format_rfc3339(cluster::EPOCH).replace('T', " ").replace('Z', " UTC");
            let ago = api::time::human_duration(sys.now().unix_seconds() - cluster::EPOCH);
            sys.out.line(format!("● {name}.service - {about}"));
            sys.out.line(format!(
                "     Loaded: loaded (/usr/lib/systemd/system/{name}.service; enabled; preset: enabled)"
            ));
            sys.out.line(format!("     Active: active (running) since {day} {since}; {ago} ago"));
            sys.out.line(format!("   Main PID: {pid} ({name})"));
            0
        }
        other => {
            sys.err.line(format!(
                "systemctl {other} {name}: the services of this playground's nodes cannot be changed here"
            ));
            1
        }
    }
}

/// Runs `journalctl`: what the kubelet would say of the pods it runs stands in their events.
pub(in crate::programs) async fn journalctl(sys: Sys, _argv: Vec<String>) -> i32 {
    sys.out.line("-- No entries --");
    sys.err.line("(This playground's kubelets keep no journal: see 'kubectl get events' and 'kubectl describe pod'.)");
    0
}
