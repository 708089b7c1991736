//! What a node's kube-proxy wrote into the kernel: rules that say what the router does, with counters and reasons.

use api::json;
use cluster::Settings;
use cluster::network::rules::{self, Line, State, Target};
use cluster::network::{Payload, Protocol, Traffic};

use crate::stage::{Stage, vantage};

fn stage() -> Stage {
    let mut stage = Stage::new(Settings::default());
    stage.pod("client", "client", 0).pod("web-0", "web", 0).pod("web-1", "web", 1).pod("web-2", "web", 2);
    let ports = json!([{"port": 80, "targetPort": 8080, "nodePort": 30080}]);
    stage.service("web", json!({"type": "NodePort", "ports": ports, "clusterIP": "10.96.7.7"}));
    stage.service("none", json!({"clusterIP": "10.96.7.8"}));
    stage.service(
        "sticky",
        json!({"selector": {"app": "web"}, "sessionAffinity": "ClientIP", "clusterIP": "10.96.7.9"}),
    );
    stage.settle(30);
    stage
}

fn of(lines: &[Line], text: &str) -> Vec<String> {
    lines.iter().map(ToString::to_string).filter(|line| line.contains(text)).collect()
}

#[test]
fn chains_share_connections_out_with_chance() {
    let stage = stage();
    let lines = rules::iptables(&stage.cluster, "minikube");
    let web = of(&lines, "default/web -> ");
    assert_eq!(web.len(), 3);
    for (line, chance) in
        web.iter().zip([" --probability 0.33333333349 -j", " --probability 0.50000000000 -j", "\" -j"])
    {
        assert!(line.contains(chance), "{line}");
    }
    let none = "-A KUBE-SERVICES -d 10.96.7.8/32 -p tcp -m comment --comment \"default/none has no endpoints\" -m tcp --dport \
                80 -j REJECT --reject-with icmp-port-unreachable";
    assert_eq!(of(&lines, "default/none"), [none]);
    let sticky = of(&lines, "default/sticky -> ");
    assert!(sticky[0].contains("-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-"), "{sticky:?}");
    assert_eq!(sticky.len(), 6);
    let text = rules::iptables_save(&stage.cluster, "minikube", Some("nat"), true);
    assert!(text.contains("*nat\n:PREROUTING ACCEPT [0:0]\n") && text.contains("\n[0:0] -A KUBE-MARK-MASQ -j MARK"));
}

#[test]
fn rules_count_who_came_by_and_say_why_they_are_there() {
    let mut stage = stage();
    for _ in 0..12 {
        stage.get("client", "10.96.7.7:80", "/");
    }
    stage.get("laptop", "minikube:30080", "/");
    stage.get("client", "none:80", "/");
    let lines = rules::iptables(&stage.cluster, "minikube");
    let sum = |text: &str| {
        let met = lines.iter().filter(|line| line.to_string().contains(text));
        met.map(|line| line.packets).sum::<u64>()
    };
    assert_eq!(sum("\"default/web cluster IP\" -m tcp --dport 80 -j KUBE-SVC"), 12);
    assert_eq!(sum("masquerade traffic for default/web"), 1);
    assert_eq!(sum("KUBE-MARK-MASQ -j MARK"), 1);
    assert_eq!(sum("-j MASQUERADE"), 1);
    assert_eq!(sum("default/none has no endpoints"), 1);
    let dnat: Vec<&Line> = lines
        .iter()
        .filter(|line| matches!(line.target, Some(Target::Dnat(_))) && line.to_string().contains("\"default/web\""))
        .collect();
    assert_eq!(dnat.iter().map(|line| line.packets).sum::<u64>(), 13);
    let because = dnat[0].because.as_ref().unwrap();
    assert_eq!(because.object.kind.kind, "EndpointSlice");
    // A change of the Service writes its chains anew.
    stage.patch(
        &api::service::KIND,
        "web",
        cluster::apiserver::Subresource::Main,
        json!({"spec": {"ports": [
        {"port": 80, "targetPort": 81, "nodePort": 30080}]}}),
    );
    let lines = rules::iptables(&stage.cluster, "minikube");
    assert!(lines.iter().filter(|line| line.to_string().contains("default/web")).all(|line| line.packets == 0));
}

#[test]
fn other_modes_print_the_same_knowledge() {
    let stage = stage();
    let nft = rules::nft_list(&stage.cluster, "minikube");
    for line in [
        "10.96.7.7 . tcp . 80 : goto service-",
        "10.96.7.8 . tcp . 80 comment \"default/none\" : goto reject-chain",
        "meta l4proto tcp dnat ip to numgen random mod 3 map { 0 : 10.244.0.",
        "elements = { tcp . 30080 : goto external-",
        "timeout 3h",
    ] {
        assert!(nft.contains(line), "{line}\n{nft}");
    }
    let ipvs = rules::virtual_servers(&stage.cluster, "minikube");
    let at = |text: &str| ipvs.iter().find(|server| server.at.to_string() == text).map(|server| server.real.len());
    for (address, real) in [
        ("10.96.7.7:80", Some(3)),
        ("10.96.7.8:80", Some(0)),
        ("192.168.64.2:30080", Some(3)),
        ("192.168.64.3:30080", None),
    ] {
        assert_eq!(at(address), real, "{address}");
    }
    assert!(rules::ipvsadm(&stage.cluster, "minikube").contains("TCP  10.96.7.9:80 rr persistent 10800\n"));
}

#[test]
fn a_node_remembers_what_it_rewrote() {
    let mut stage = stage();
    let to = stage.socket("10.96.7.7:80");
    let traffic = Traffic { from: vantage("client"), protocol: Protocol::Tcp, to, payload: Payload::Connect };
    let (_, connection) = stage.cluster.connect(traffic);
    stage.get("client", "10.96.7.7:80", "/");
    let states = |stage: &Stage| {
        rules::conntrack(&stage.cluster, "minikube").into_iter().map(|entry| entry.state).collect::<Vec<_>>()
    };
    assert_eq!(states(&stage), [State::Established, State::TimeWait]);
    stage.settle(121);
    assert_eq!(states(&stage), [State::Established]);
    stage.cluster.close(connection.unwrap());
    assert_eq!(states(&stage), []);
}
