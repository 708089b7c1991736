//! The first slice at the terminal: a busybox pod, its shell, wget, and back.

#![allow(clippy::unwrap_used)]

mod support;

use cluster::Cluster;
use shell::Terminal;
use shell::terminal::run_script;
use support::type_all;

const MANIFEST: &str = "kubectl run nginx --image=nginx --labels=app=nginx && cat <<EOF | kubectl apply -f -
apiVersion: v1
kind: Service
metadata:
  name: nginx-service
spec:
  selector:
    app: nginx
  ports:
  - port: 80
EOF";

fn with_web() -> Cluster {
    let mut cluster = Cluster::default();
    let made = run_script(&mut cluster, MANIFEST, "", &[]);
    assert_eq!(made.exit, Some(0), "{made:?}");
    cluster.settle(10_000_000);
    cluster
}

#[test]
fn a_pods_shell_reaches_a_service_and_leads_back() {
    let mut cluster = with_web();
    let service = "nginx-service";
    let mut terminal = Terminal::new();
    let start = "kubectl run busybox --image=busybox --restart=Never -it -- /bin/sh";
    let shown = type_all(&mut cluster, &mut terminal, &[start, ""]);
    assert_eq!(terminal.prompt(), "/ # ", "{shown}");
    let get = format!("wget -O- {service}:80 | grep title");
    let shown = type_all(&mut cluster, &mut terminal, &[&get, "curl x", "exit"]);
    let ip = cluster.get(&api::service::KIND, "default", service).unwrap().str(&["spec", "clusterIP"]).to_owned();
    let meter = format!("{:<20} 100% |{:*<32}|   615  0:00:00 ETA", "-", "");
    let want = format!(
        "/ # {get}\nConnecting to {service}:80 ({ip}:80)\nwriting to stdout\n\r{meter}\nwritten to stdout\n\
         <title>Welcome to nginx!</title>\n/ # curl x\n/bin/sh: curl: not found\n/ # exit\n"
    );
    assert!(shown.starts_with(&want), "{shown}\n---\n{want}");
    assert_eq!(terminal.prompt(), "$ ");
}

#[test]
fn ctrl_c_ends_what_runs_and_nothing_else() {
    let mut cluster = Cluster::default();
    let mut terminal = Terminal::new();
    let shown = type_all(
        &mut cluster,
        &mut terminal,
        &["for i in 1 2; do sleep 100; done", "^C", "echo $?", "^C", "echo next"],
    );
    assert_eq!(shown, "$ for i in 1 2; do sleep 100; done\n^C\n$ echo $?\n130\n$ ^C\n$ echo next\nnext\n");
}

#[test]
fn unfinished_lines_are_gone_on_with_and_aliases_are_kept() {
    let mut cluster = Cluster::default();
    let mut terminal = Terminal::new();
    let lines = [
        "alias hi='echo hello'",
        "hi you",
        "for i in a b; do",
        "echo $i",
        "done",
        "sleep 1 &",
        "sleep 2",
        "echo 'a",
        "b'",
    ];
    let shown = type_all(&mut cluster, &mut terminal, &lines);
    assert_eq!(
        shown,
        "$ alias hi='echo hello'\n$ hi you\nhello you\n$ for i in a b; do\n> echo $i\n> done\na\nb\n$ sleep 1 &\n[1] 1\n\
         $ sleep 2\n[1]+  Done                    sleep 1\n$ echo 'a\n> b'\na\nb\n"
    );
}
