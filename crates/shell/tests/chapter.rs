//! Every command of the chapter that the playground stands beside, in the chapter's order, with what it means today.

#![allow(clippy::unwrap_used)]

mod support;

use cluster::Cluster;
use shell::Terminal;
use support::type_all;

/// Types lines; what was shown, without the prompts and the lines themselves.
fn answer(cluster: &mut Cluster, terminal: &mut Terminal, lines: &[&str]) -> String {
    let prompt = terminal.prompt();
    let shown = type_all(cluster, terminal, lines);
    cluster.settle(20_000_000);
    lines.iter().fold(shown, |shown, line| shown.replace(&format!("{prompt}{line}\n"), ""))
}

/// What stands in a column of the line that begins with a word.
fn cell<'a>(table: &'a str, word: &str, column: usize) -> &'a str {
    let line = table.lines().find(|line| line.starts_with(word)).unwrap_or_else(|| panic!("no {word} in\n{table}"));
    line.split_whitespace().nth(column).unwrap()
}

#[test]
fn services_are_created_and_looked_at() {
    let mut cluster = Cluster::default();
    let mut terminal = Terminal::new();
    let mut type_in = |line: &str| answer(&mut cluster, &mut terminal, &[line]);
    assert_eq!(
        type_in("kubectl create service clusterip nginx-service --tcp=80:80"),
        "service/nginx-service created\n"
    );
    assert_eq!(
        type_in("kubectl run nginx --image=nginx --restart=Never --port=80 --expose"),
        "service/nginx created\npod/nginx created\n"
    );
    assert_eq!(type_in("kubectl create deployment my-deploy --image=nginx"), "deployment.apps/my-deploy created\n");
    assert_eq!(
        type_in("kubectl expose deployment my-deploy --port=80 --target-port=80"),
        "service/my-deploy exposed\n"
    );
    let services = type_in("kubectl get services");
    assert!(services.starts_with("NAME            TYPE        CLUSTER-IP"), "{services}");
    let ip = cell(&services, "nginx-service", 2).to_owned();
    assert_eq!((cell(&services, "nginx-service", 1), cell(&services, "nginx-service", 4)), ("ClusterIP", "80/TCP"));
    let described = type_in("kubectl describe service nginx-service");
    // Today's kubectl also has families, policies and traffic rules; what the chapter shows is still there.
    for line in [
        "Name:                     nginx-service",
        "Namespace:                default",
        "Labels:                   app=nginx-service",
        "Selector:                 app=nginx-service",
        "Type:                     ClusterIP",
        &format!("IP:                       {ip}"),
        "Port:                     80-80  80/TCP",
        "TargetPort:               80/TCP",
        "Endpoints:                ",
        "Session Affinity:         None",
    ] {
        assert!(described.lines().any(|shown| shown.trim_end() == line.trim_end()), "{line:?} is not in\n{described}");
    }
}

#[test]
fn a_cluster_ip_answers_inside_and_a_node_port_outside() {
    let mut cluster = Cluster::default();
    let mut terminal = Terminal::new();
    let mut type_in = |lines: &[&str]| answer(&mut cluster, &mut terminal, lines);
    type_in(&["kubectl run nginx --image=nginx --restart=Never --port=80 --expose"]);
    let all = type_in(&["kubectl get pod,service"]);
    assert_eq!((cell(&all, "pod/nginx", 1), cell(&all, "pod/nginx", 2)), ("1/1", "Running"));
    let ip = cell(&all, "service/nginx", 2).to_owned();

    type_in(&["kubectl run busybox --image=busybox --restart=Never -it -- /bin/sh", ""]);
    let page = type_in(&[&format!("wget -O- {ip}:80")]);
    assert!(page.starts_with(&format!("Connecting to {ip}:80 ({ip}:80)\nwriting to stdout\n")), "{page}");
    assert!(page.contains("<title>Welcome to nginx!</title>") && page.contains("written to stdout\n"), "{page}");
    type_in(&["exit"]);

    // The chapter asks the proxy from another terminal; here it goes on in the background.
    assert_eq!(type_in(&["kubectl proxy --port=9999 &"]), "[1] 1\nStarting to serve on 127.0.0.1:9999\n");
    let proxied = type_in(&["curl -L localhost:9999/api/v1/namespaces/default/services/nginx/proxy"]);
    assert!(proxied.contains("<h1>Welcome to nginx!</h1>"), "{proxied}");

    assert_eq!(
        type_in(&["kubectl patch service nginx -p '{ \"spec\": {\"type\": \"NodePort\"} }'"]),
        "service/nginx patched\n"
    );
    let service = type_in(&["kubectl get service nginx"]);
    let ports = cell(&service, "nginx", 4);
    assert_eq!((cell(&service, "nginx", 1), cell(&service, "nginx", 2)), ("NodePort", ip.as_str()));
    let node_port: u16 = ports.strip_prefix("80:").unwrap().strip_suffix("/TCP").unwrap().parse().unwrap();
    assert!((30_000..=32_767).contains(&node_port));
    let nodes = type_in(&["kubectl get nodes"]);
    assert_eq!((cell(&nodes, "minikube ", 1), cell(&nodes, "minikube ", 2)), ("Ready", "control-plane"));
    let address = type_in(&["kubectl describe node minikube | grep InternalIP:"]);
    assert_eq!(address.trim(), "InternalIP:  192.168.64.2");
    let outside = type_in(&[&format!("curl 192.168.64.2:{node_port}")]);
    assert!(outside.contains("<title>Welcome to nginx!</title>"), "{outside}");
}
