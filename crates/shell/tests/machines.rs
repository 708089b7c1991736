//! From the learner's machine to the cluster's: minikube and ssh.

#![allow(clippy::unwrap_used)]

mod support;

use cluster::Cluster;
use shell::Terminal;
use shell::terminal::run_script;
use support::type_all;

fn run(cluster: &mut Cluster, script: &str) -> (String, String, Option<i32>) {
    let finished = run_script(cluster, script, "", &[]);
    (finished.stdout, finished.stderr, finished.exit)
}

#[test]
fn minikube_knows_the_machines() {
    let mut cluster = Cluster::default();
    for (command, stdout, stderr, exit) in [
        ("minikube ip", "192.168.64.2\n", "", 0),
        ("minikube ip -n minikube-m02", "192.168.64.3\n", "", 0),
        (
            "minikube node list",
            "minikube\t192.168.64.2\nminikube-m02\t192.168.64.3\nminikube-m03\t192.168.64.4\n",
            "",
            0,
        ),
        ("minikube ssh -n minikube-m02 hostname", "minikube-m02\n", "", 0),
        ("minikube ssh -- 'echo $USER; exit 3'", "docker\n", "", 3),
        ("ssh docker@192.168.64.3 'hostname; pwd'", "minikube-m02\n/home/docker\n", "", 0),
        ("ssh nope", "", "ssh: Could not resolve hostname nope: Name or service not known\n", 255),
        ("minikube kubectl -- get ns default -o name", "namespace/default\n", "", 0),
        (
            "minikube nope",
            "",
            "Error: unknown command \"nope\" for \"minikube\"\nRun 'minikube --help' for usage.\n",
            1,
        ),
        ("minikube service", "", "\nX Exiting due to MK_USAGE: You must specify service name(s) or --all\n\n", 14),
    ] {
        assert_eq!(run(&mut cluster, command), (stdout.to_owned(), stderr.to_owned(), Some(exit)), "{command}");
    }
    let status = run(&mut cluster, "minikube status").0;
    assert!(status.starts_with("minikube\ntype: Control Plane\nhost: Running\nkubelet: Running\napiserver: Running\nkubeconfig: Configured\n\nminikube-m02\ntype: Worker\n"), "{status}");
}

#[test]
fn minikube_says_where_services_are_reached() {
    let mut cluster = Cluster::default();
    let made = run(&mut cluster, "kubectl create service nodeport web --tcp=80:8080 --node-port=30080");
    assert_eq!(made.2, Some(0), "{made:?}");
    let url = run(&mut cluster, "minikube service web --url");
    assert_eq!(url, ("http://192.168.64.2:30080\n".to_owned(), String::new(), Some(0)));
    let list = run(&mut cluster, "minikube service list -n default").0;
    let want = "\
┌───────────┬────────────┬─────────────┬───────────────────────────┐
│ NAMESPACE │    NAME    │ TARGET PORT │            URL            │
├───────────┼────────────┼─────────────┼───────────────────────────┤
│ default   │ kubernetes │             │ No node port              │
│ default   │ web        │ 80-8080/80  │ http://192.168.64.2:30080 │
└───────────┴────────────┴─────────────┴───────────────────────────┘
";
    assert_eq!(list, want);
    let missing = run(&mut cluster, "minikube service nope");
    assert_eq!(
        (missing.2, missing.1.lines().nth(1)),
        (Some(115), Some("X Exiting due to SVC_NOT_FOUND: Service 'nope' was not found in 'default' namespace."))
    );
    assert_eq!(
        run(&mut cluster, "minikube service kubernetes --url").0,
        "* service default/kubernetes has no node port\n"
    );
}

#[test]
fn prompts_say_where_one_is() {
    let mut cluster = Cluster::default();
    cluster.settle(10_000_000);
    let mut terminal = Terminal::new();
    assert_eq!(terminal.prompt(), "$ ");
    type_all(&mut cluster, &mut terminal, &["minikube ssh"]);
    assert_eq!(terminal.prompt(), "docker@minikube:~$ ");
    let shown = type_all(&mut cluster, &mut terminal, &["cd /etc", "exit"]);
    assert_eq!(shown, "docker@minikube:~$ cd /etc\ndocker@minikube:/etc$ exit\nlogout\n");
    assert_eq!(terminal.prompt(), "$ ");
    type_all(&mut cluster, &mut terminal, &["kubectl run box --image=busybox -it -- sh"]);
    assert_eq!(terminal.prompt(), "/ # ");
}

#[test]
fn a_node_is_looked_at_from_inside() {
    let mut cluster = Cluster::default();
    run(&mut cluster, "kubectl run web --image=nginx --overrides='{\"spec\":{\"nodeName\":\"minikube\"}}'");
    cluster.settle(30_000_000);
    let mut on_node = |command: &str| {
        let done = run(&mut cluster, &format!("minikube ssh -- \"{command}\""));
        assert_eq!(done.1, "", "{command}");
        done.0
    };
    let web = on_node("crictl ps --name web | grep ' web '");
    let words: Vec<&str> = web.split_whitespace().collect();
    let name = words.iter().position(|word| *word == "web").unwrap();
    assert_eq!(words[name - 1..name + 2].join(" "), "Running web 0", "{web}");
    assert!(on_node(&format!("crictl logs {}", words[0])).contains("nginx"), "{web}");
    assert!(on_node("crictl pods").starts_with("POD ID              CREATED             STATE"));
    assert!(on_node("ss -ltn").contains("LISTEN 0      4096         0.0.0.0:10250      0.0.0.0:*\n"));
    assert!(
        on_node("ip -4 addr show eth0").contains("inet 192.168.64.2/24 brd 192.168.64.255 scope global dynamic eth0")
    );
    assert!(on_node("ip route").contains("10.244.1.0/24 via 192.168.64.3 dev eth0\n"));
    assert_eq!(on_node("systemctl is-active kubelet"), "active\n");
    assert_eq!(on_node("whoami; sudo whoami"), "docker\nroot\n");
    assert!(on_node("cat /etc/resolv.conf").starts_with("nameserver "));
}

#[test]
fn the_rules_of_a_node_are_listed_by_root() {
    let mut cluster = Cluster::default();
    run(&mut cluster, "kubectl create deploy web --image=nginx --replicas=2 && kubectl expose deploy web --port=80");
    cluster.settle(60_000_000);
    let (_, refusal, exit) = run(&mut cluster, "minikube ssh -- iptables-save");
    assert_eq!(exit, Some(4));
    assert!(refusal.ends_with("Permission denied (you must be root)\n"), "{refusal}");
    let saved = run(&mut cluster, "minikube ssh -- sudo iptables-save -t nat").0;
    let service = saved.lines().find(|line| line.contains("default/web cluster IP\" -m tcp")).unwrap();
    let chain = service.split("-j ").nth(1).unwrap();
    assert!(chain.starts_with("KUBE-SVC-"), "{service}");
    let listed = run(&mut cluster, &format!("minikube ssh -- 'sudo iptables -t nat -nL {chain}'")).0;
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines[0], format!("Chain {chain} (1 references)"));
    assert_eq!(lines[1], "target     prot opt source               destination         ");
    assert!(
        lines[2].starts_with("KUBE-MARK-MASQ  6    -- !10.244.0.0/16")
            || lines[2].contains("/* default/web cluster IP */ tcp dpt:80"),
        "{listed}"
    );
    assert!(
        lines[3].starts_with("KUBE-SEP-") && lines[3].ends_with("statistic mode random probability 0.50000000000"),
        "{listed}"
    );
    assert!(lines[4].starts_with("KUBE-SEP-") && lines[4].contains("/* default/web -> 10.244."), "{listed}");
    let all = run(&mut cluster, "minikube ssh -- 'sudo iptables -t nat -L -n -v'").0;
    assert!(all.starts_with("Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)\n pkts bytes target     prot opt in     out     source               destination         \n"), "{all}");
    assert!(run(&mut cluster, "minikube ssh -- 'sudo iptables -S -t nat'").0.starts_with("-P PREROUTING ACCEPT\n"));
    assert_eq!(
        run(&mut cluster, "minikube ssh -- sudo nft list ruleset").0,
        "",
        "this mode writes no tables of nft's own"
    );
    assert!(run(&mut cluster, "minikube ssh -- sudo ipvsadm -Ln").0.starts_with("IP Virtual Server version 1.2.1"));
    let flows = run(&mut cluster, "minikube ssh -- sudo conntrack -L");
    assert_eq!(flows.1, "conntrack v1.4.7 (conntrack-tools): 0 flow entries have been shown.\n");
}

#[test]
fn a_container_is_looked_at_from_inside() {
    let mut cluster = Cluster::default();
    run(&mut cluster, "kubectl run box --image=busybox -- sleep 1000");
    cluster.settle(30_000_000);
    let mut inside = |command: &str| run(&mut cluster, &format!("kubectl exec box -- {command}"));
    let ip = inside("hostname -i").0;
    let address = inside("ip addr show eth0").0;
    assert!(address.contains(&format!("    inet {}/24 brd 10.244.", ip.trim())), "{address}");
    assert!(inside("ip route").0.starts_with("default via 10.244."));
    assert_eq!(
        inside("netstat -ltn").0,
        "Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       \n"
    );
    assert!(inside("cat /etc/resolv.conf").0.contains("options ndots:5"));
    assert_eq!(inside("jq .").2, Some(1), "a program that the image lacks is not found");
}

#[test]
fn watch_shows_what_changes_until_ctrl_c() {
    let mut cluster = Cluster::default();
    let mut terminal = Terminal::new();
    terminal.submit("watch -n 1 'kubectl get cm -o name | wc -l'");
    let mut shown = String::new();
    let mut clears = 0;
    for second in 1..6 {
        let output = terminal.poll(&mut cluster);
        shown.extend(output.chunks.iter().map(|chunk| chunk.text.as_str()));
        clears += output.requests.len();
        if second == 3 {
            run_script(&mut cluster, "kubectl create cm more --from-literal=a=b", "", &[]);
        }
        let next = cluster.now() + 1_000_000;
        cluster.poll(next);
    }
    assert!(shown.contains("Every 1.0s: kubectl get cm -o name | wc -l"), "{shown}");
    assert!(shown.contains("laptop: "), "{shown}");
    assert!(shown.contains("\n\n1\n") && shown.contains("\n\n2\n"), "{shown}");
    assert_eq!(clears, 2, "the screen is drawn again only when it changes");
    terminal.interrupt();
    terminal.poll(&mut cluster);
    assert!(!terminal.is_busy());
}
