//! Kubelets: containers start, fail, restart, are probed, and end.

#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)]

use api::{Object, ObjectKey, Value, json};
use cluster::kubelet::Fault;
use cluster::{Cluster, DeleteOptions, Request, WriteOptions};

const SECOND: u64 = 1_000_000;

fn create(cluster: &mut Cluster, kind: &'static api::Kind, object: Value) {
    let options = WriteOptions::by("test");
    cluster.submit(Request::Create { kind, namespace: "default".into(), object, options }).unwrap();
}

fn with(spec: Value) -> Cluster {
    let mut cluster = Cluster::default();
    create(&mut cluster, &api::pod::KIND, json!({"metadata": {"name": "web"}, "spec": spec}));
    cluster
}

fn key() -> ObjectKey {
    ObjectKey::new(&api::pod::KIND, "default", "web")
}

fn pod(cluster: &Cluster) -> std::sync::Arc<Object> {
    cluster.get(&api::pod::KIND, "default", "web").unwrap()
}

/// READY, STATUS and RESTARTS, without how long ago.
fn row(cluster: &Cluster) -> String {
    let pod = pod(cluster);
    let cell = |name: &str| {
        let column = api::pod::KIND.columns.iter().find(|column| column.name == name).unwrap();
        (column.cell)(&pod, cluster.now().now())
    };
    format!("{} {} {}", cell("READY"), cell("STATUS"), cell("RESTARTS").split(' ').next().unwrap())
}

/// What is shown after each so many seconds.
fn rows(cluster: &mut Cluster, seconds: &[u64]) -> Vec<String> {
    let start = cluster.now();
    seconds
        .iter()
        .map(|second| {
            cluster.poll(start + second * SECOND);
            row(cluster)
        })
        .collect()
}

fn events(cluster: &Cluster, reason: &str) -> Vec<(i64, String)> {
    cluster
        .store()
        .events_about(pod(cluster).uid())
        .filter(|event| event.str(&["reason"]) == reason)
        .map(|event| (api::event::count(event), event.str(&["message"]).to_owned()))
        .collect()
}

#[test]
fn a_good_image_runs_and_a_wrong_one_backs_off() {
    let mut good = with(json!({"containers": [{"name": "web", "image": "nginx"}]}));
    assert_eq!(rows(&mut good, &[0, 1, 3]), ["0/1 Pending 0", "0/1 ContainerCreating 0", "1/1 Running 0"]);
    for reason in ["Scheduled", "Pulling", "Pulled", "Created", "Started"] {
        assert_eq!(events(&good, reason).len(), 1, "{reason}");
    }
    let mut bad = with(json!({"containers": [{"name": "web", "image": "ngnix"}]}));
    assert_eq!(rows(&mut bad, &[2, 5]), ["0/1 ErrImagePull 0", "0/1 ImagePullBackOff 0"]);
    bad.settle(60 * SECOND);
    let failed = events(&bad, "Failed");
    assert!(failed.iter().any(|(count, message)| *count > 1 && message == "Error: ImagePullBackOff"), "{failed:?}");
}

#[test]
fn events_are_listed_in_the_order_in_which_they_came() {
    let mut cluster = with(json!({"containers": [{"name": "web", "image": "nginx"}]}));
    cluster.settle(10 * SECOND);
    let all = cluster.list(&api::event::KIND, Some("default")).filter(|event| event.str(&["type"]) == "Normal");
    let reasons: Vec<&str> = all.map(|event| event.str(&["reason"])).collect();
    assert_eq!(reasons, ["Scheduled", "Pulling", "Pulled", "Created", "Started"]);
}

#[test]
fn a_container_that_uses_more_memory_than_its_limit_is_killed() {
    for (limit, want) in [("128Mi", "0/1 OOMKilled 0"), ("256Mi", "1/1 Running 0")] {
        let mut cluster = with(json!({"containers": [{
            "name": "web", "image": "playground/app", "env": [{"name": "MEMORY", "value": "200Mi"}],
            "resources": {"limits": {"memory": limit}},
        }]}));
        assert_eq!(rows(&mut cluster, &[2]), [want]);
    }
}

#[test]
fn clients_in_containers_ask_and_write_what_they_hear() {
    let mut cluster = Cluster::default();
    let web = json!({"containers": [{"name": "c", "image": "hashicorp/http-echo", "args": ["-text=hello"]}]});
    let metadata = json!({"name": "server", "labels": {"app": "server"}});
    create(&mut cluster, &api::pod::KIND, json!({"metadata": metadata, "spec": web}));
    let bare = json!({"containers": [{"name": "c", "image": "registry.k8s.io/e2e-test-images/agnhost:2.53",
        "args": ["netexec", "--http-port=5678"]}]});
    let metadata = json!({"name": "bare", "labels": {"app": "bare"}});
    create(&mut cluster, &api::pod::KIND, json!({"metadata": metadata, "spec": bare}));
    for (name, app) in [("server", "server"), ("nobody", "nobody"), ("bare", "bare")] {
        let spec = json!({"selector": {"app": app}, "ports": [{"port": 80, "targetPort": 5678}]});
        create(&mut cluster, &api::service::KIND, json!({"metadata": {"name": name}, "spec": spec}));
    }
    cluster.settle(10 * SECOND);
    let ip = cluster.get(&api::service::KIND, "default", "nobody").unwrap().str(&["spec", "clusterIP"]).to_owned();
    let refused = format!("wget: can't connect to remote host ({ip}): Connection refused");
    let shell = |text: &str| vec!["sh".to_owned(), "-c".to_owned(), text.to_owned()];
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    for (command, code, want) in [
        (words("wget -qO- http://server/"), 0, vec!["hello"]),
        (words("wget -qO- nobody"), 1, vec![refused.as_str()]),
        (words("wget -qO- http://no.where/"), 1, vec!["wget: bad address 'no.where'"]),
        (
            shell("wget -q -O - server; wget -T 1 -qO- nobody || echo failed; exit 3"),
            3,
            vec!["hello", &refused, "failed"],
        ),
        (
            shell("for i in 1 2; do wget -qO- server && echo $i; done; echo end"),
            0,
            vec!["hello", "1", "hello", "2", "end"],
        ),
        (
            shell("for i in 1 2; do wget -qO- bare/hostname; done; echo; wget -qO- bare/hostname"),
            0,
            vec!["barebare", "bare"],
        ),
        (shell("echo start; sleep 1; wget -qO- server | grep x; echo end"), 0, vec!["start", "end"]),
    ] {
        let spec =
            json!({"restartPolicy": "Never", "containers": [{"name": "c", "image": "busybox", "command": command}]});
        create(&mut cluster, &api::pod::KIND, json!({"metadata": {"name": "web"}, "spec": spec}));
        cluster.settle(10 * SECOND);
        let lines: Vec<&str> =
            cluster.logs(&key(), "c", false).unwrap().iter().map(|line| line.text.as_str()).collect();
        assert_eq!(lines, want, "{command:?}");
        let ended = pod(&cluster).list(&["status", "containerStatuses"])[0]["state"]["terminated"]["exitCode"].clone();
        assert_eq!(ended, json!(code), "{command:?}");
        let options = DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::by("test") };
        let (kind, namespace, name) = (&api::pod::KIND, "default".into(), "web".into());
        cluster.submit(Request::Delete { kind, namespace, name, options }).unwrap();
    }
    let forever = shell("while true; do wget -qO- server; sleep 1; done");
    let spec = json!({"containers": [{"name": "c", "image": "busybox", "command": forever}]});
    create(&mut cluster, &api::pod::KIND, json!({"metadata": {"name": "web"}, "spec": spec}));
    cluster.settle(8 * SECOND);
    let count =
        |cluster: &Cluster| cluster.logs(&key(), "c", false).unwrap().iter().filter(|l| l.text == "hello").count();
    assert!((5..=7).contains(&count(&cluster)), "{}", count(&cluster));
}

#[test]
fn a_container_counts_as_started_after_its_hook() {
    let hook =
        |hook: Value| json!({"containers": [{"name": "web", "image": "nginx", "lifecycle": {"postStart": hook}}]});
    let mut slow = with(hook(json!({"exec": {"command": ["sh", "-c", "sleep 8"]}})));
    assert_eq!(rows(&mut slow, &[3, 8, 11]), ["0/1 ContainerCreating 0", "0/1 ContainerCreating 0", "1/1 Running 0"]);
    let mut bad = with(hook(json!({"exec": {"command": ["false"]}})));
    bad.settle(20 * SECOND);
    assert_eq!(
        events(&bad, "FailedPostStartHook").first().map(|(_, text)| text.as_str()),
        Some("PostStartHook failed")
    );
    assert!(row(&bad).starts_with("0/1 CrashLoopBackOff"), "{}", row(&bad));
}

#[test]
fn a_crashing_container_is_restarted_ever_later() {
    let mut cluster = with(json!({"containers": [
        {"name": "web", "image": "busybox", "command": ["sh", "-c", "echo hello; sleep 1; exit 3"]},
    ]}));
    let seen = rows(&mut cluster, &[2, 3, 5, 7, 10, 17, 60]);
    assert_eq!(seen[0], "1/1 Running 0");
    assert_eq!(seen[1], "0/1 Error 0");
    assert!(seen.contains(&"0/1 CrashLoopBackOff 1".to_owned()), "{seen:?}");
    let state = pod(&cluster).list(&["status", "containerStatuses"])[0].clone();
    assert_eq!(state["lastState"]["terminated"]["exitCode"], 3);
    assert!(!events(&cluster, "BackOff").is_empty());
    assert_eq!(cluster.logs(&key(), "web", true).unwrap()[0].text, "hello");
    assert!(pod(&cluster).int(&["status", "observedGeneration"]).is_some());
}

#[test]
fn restart_policies_decide_what_comes_after_the_end() {
    for (policy, command, want) in [
        ("Never", "exit 0", "0/1 Completed 0"),
        ("Never", "exit 2", "0/1 Error 0"),
        ("OnFailure", "exit 0", "0/1 Completed 0"),
    ] {
        let mut cluster = with(json!({"restartPolicy": policy, "containers": [
            {"name": "web", "image": "busybox", "command": ["sh", "-c", command]},
        ]}));
        cluster.settle(60 * SECOND);
        assert_eq!(row(&cluster), want, "{policy} {command}");
    }
}

#[test]
fn init_containers_run_in_order_and_sidecars_stay() {
    let mut cluster = with(json!({
        "initContainers": [
            {"name": "wait", "image": "busybox", "command": ["sleep", "5"]},
            {"name": "side", "image": "nginx", "restartPolicy": "Always"},
        ],
        "containers": [{"name": "web", "image": "nginx"}],
    }));
    let seen = rows(&mut cluster, &[3, 20]);
    assert_eq!(seen, ["0/2 Init:0/2 0", "2/2 Running 0"]);
}

#[test]
fn readiness_is_asked_of_the_process_itself() {
    let probe = |port: u16, path: &str| {
        json!({"containers": [{
            "name": "web", "image": "nginx", "readinessProbe": {"httpGet": {"path": path, "port": port}, "periodSeconds": 2},
        }]})
    };
    let ready = |spec: Value| {
        let mut cluster = with(spec);
        cluster.settle(20 * SECOND);
        (row(&cluster), events(&cluster, "Unhealthy"))
    };
    assert_eq!(ready(probe(80, "/")).0, "1/1 Running 0");
    let (shown, said) = ready(probe(80, "/healthz"));
    assert_eq!(shown, "0/1 Running 0");
    assert_eq!(said[0].1, "Readiness probe failed: HTTP probe failed with statuscode: 404");
    let (_, said) = ready(probe(8080, "/"));
    assert!(said[0].1.ends_with(":8080: connect: connection refused"), "{said:?}");
}

#[test]
fn liveness_restarts_what_hangs_and_keeps_the_address() {
    let mut cluster = with(json!({"containers": [{
        "name": "web", "image": "nginx",
        "livenessProbe": {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 2, "failureThreshold": 2},
    }]}));
    cluster.settle(20 * SECOND);
    let address = pod(&cluster).str(&["status", "podIP"]).to_owned();
    assert_eq!(cluster.poll_at(), None, "a probe that succeeds for good leaves the cluster at rest");
    cluster.set_fault(&key(), Fault::Hang, true);
    cluster.settle(8 * SECOND);
    cluster.set_fault(&key(), Fault::Hang, false);
    cluster.settle(60 * SECOND);
    assert_eq!(row(&cluster), "1/1 Running 1");
    assert_eq!(pod(&cluster).str(&["status", "podIP"]), address);
    assert_eq!(events(&cluster, "Killing")[0].1, "Container web failed liveness probe, will be restarted");
}

#[test]
fn the_liveness_example_of_the_documentation_restarts_after_its_file_is_gone() {
    let mut cluster = with(json!({"containers": [{
        "name": "web", "image": "busybox",
        "args": ["/bin/sh", "-c", "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"],
        "livenessProbe": {"exec": {"command": ["cat", "/tmp/healthy"]}, "initialDelaySeconds": 5, "periodSeconds": 5},
    }]}));
    assert_eq!(rows(&mut cluster, &[25, 90]), ["1/1 Running 0", "1/1 Running 1"]);
    assert!(events(&cluster, "Unhealthy")[0].1.contains("can't open '/tmp/healthy'"));
}

#[test]
fn termination_waits_for_those_who_do_not_listen() {
    let gone_after = |spec: Value, grace: Option<u32>| {
        let mut cluster = with(spec);
        cluster.settle(20 * SECOND);
        let options = DeleteOptions { grace_period_seconds: grace, ..DeleteOptions::by("test") };
        let (kind, namespace, name) = (&api::pod::KIND, "default".into(), "web".into());
        cluster.submit(Request::Delete { kind, namespace, name, options }).unwrap();
        let took = cluster.settle(120 * SECOND);
        assert!(cluster.get(&api::pod::KIND, "default", "web").is_err());
        took / SECOND
    };
    let nginx = json!({"containers": [{"name": "web", "image": "nginx"}]});
    let sleeper = json!({"containers": [{"name": "web", "image": "busybox", "command": ["sleep", "1d"]}]});
    let hook = json!({"containers": [{
        "name": "web", "image": "nginx", "lifecycle": {"preStop": {"exec": {"command": ["sleep", "10"]}}},
    }]});
    assert_eq!(gone_after(nginx.clone(), None), 0);
    assert_eq!(gone_after(sleeper.clone(), None), 30);
    assert_eq!(gone_after(sleeper.clone(), Some(5)), 5);
    assert_eq!(gone_after(hook, None), 10);
}

#[test]
fn variables_are_those_of_the_moment_of_the_start() {
    let mut cluster = Cluster::default();
    let service = |name: &str| json!({"metadata": {"name": name}, "spec": {"ports": [{"name": "http", "port": 80}]}});
    create(&mut cluster, &api::service::KIND, service("my-db"));
    let env = json!([{"name": "URL", "value": "http://$(MY_DB_SERVICE_HOST)/"},
        {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}]);
    let container = json!({"name": "web", "image": "nginx", "env": env});
    create(&mut cluster, &api::pod::KIND, json!({"metadata": {"name": "web"}, "spec": {"containers": [container]}}));
    cluster.settle(20 * SECOND);
    create(&mut cluster, &api::service::KIND, service("late"));
    let env = cluster.container_env(&key(), "web").unwrap();
    let value = |name: &str| env.get(name).unwrap_or_default();
    let ip = cluster.get(&api::service::KIND, "default", "my-db").unwrap().str(&["spec", "clusterIP"]).to_owned();
    assert_eq!(value("MY_DB_SERVICE_HOST"), ip);
    assert_eq!(value("MY_DB_SERVICE_PORT_HTTP"), "80");
    assert_eq!(value("MY_DB_PORT_80_TCP"), format!("tcp://{ip}:80"));
    assert_eq!(value("URL"), format!("http://{ip}/"));
    assert_eq!(value("KUBERNETES_SERVICE_HOST"), "10.96.0.1");
    assert!(value("NODE").starts_with("minikube"));
    assert_eq!(env.get("LATE_SERVICE_HOST"), None);
    let conf =
        "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n";
    assert_eq!(cluster.resolv_conf(&key()).unwrap(), conf);
}

#[test]
fn a_pod_that_no_node_takes_waits_and_says_why() {
    let mut cluster = with(json!({"nodeSelector": {"disk": "ssd"}, "containers": [{"name": "a", "image": "nginx"}]}));
    cluster.settle(20 * SECOND);
    assert_eq!(row(&cluster), "0/1 Pending 0");
    let want = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, \
                preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
    assert_eq!(events(&cluster, "FailedScheduling"), [(1, want.to_owned())]);
}

#[test]
fn scripts_write_as_time_passes() {
    let text = "while true; do echo tick; sleep 5; done";
    let mut cluster = with(json!({"containers": [{"name": "web", "image": "busybox", "command": ["sh", "-c", text]}]}));
    cluster.poll(cluster.now() + 24 * SECOND);
    let lines = cluster.logs(&key(), "web", false).unwrap();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[1].at - lines[0].at, 5 * SECOND);
    assert!(cluster.settle(600 * SECOND) < SECOND, "writing is no work: the cluster is at rest");
}

#[test]
fn an_init_container_waits_for_a_service() {
    let wait = |condition: &str| {
        let text = format!("until {condition}; do echo waiting; sleep 2; done; echo found");
        json!({
            "initContainers": [{"name": "wait", "image": "busybox", "command": ["sh", "-c", text]}],
            "containers": [{"name": "web", "image": "nginx"}],
        })
    };
    for condition in ["nslookup db", "nc -z db 80", "wget -qO- http://db"] {
        let mut cluster = with(wait(condition));
        assert_eq!(rows(&mut cluster, &[20]), ["0/1 Init:0/1 0"], "{condition}");
        let backend = json!({"metadata": {"name": "db", "labels": {"app": "db"}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}});
        create(&mut cluster, &api::pod::KIND, backend);
        let spec = json!({"selector": {"app": "db"}, "ports": [{"port": 80}]});
        create(&mut cluster, &api::service::KIND, json!({"metadata": {"name": "db"}, "spec": spec}));
        assert_eq!(rows(&mut cluster, &[15]), ["1/1 Running 0"], "{condition}");
        let lines: Vec<&str> =
            cluster.logs(&key(), "wait", false).unwrap().iter().map(|line| line.text.as_str()).collect();
        assert!(lines.len() > 5 && lines[..lines.len() - 1].iter().all(|line| *line == "waiting"), "{lines:?}");
        assert_eq!(lines.last(), Some(&"found"));
    }
}

#[test]
fn another_command_takes_the_place_of_the_images_program() {
    let mut cluster = with(json!({"containers": [{"name": "web", "image": "nginx", "command": ["sleep", "30"]}]}));
    cluster.poll(cluster.now() + 10 * SECOND);
    assert!(cluster.listeners(&key()).is_empty(), "nobody listens");
    cluster.poll(cluster.now() + 30 * SECOND);
    assert!(row(&cluster).ends_with(" 1"), "and it ended: {}", row(&cluster));
}

#[test]
fn sidecars_end_when_the_work_is_done() {
    let mut cluster = with(json!({
        "restartPolicy": "Never",
        "initContainers": [{"name": "proxy", "image": "nginx", "restartPolicy": "Always"}],
        "containers": [{"name": "web", "image": "busybox", "command": ["sleep", "5"]}],
    }));
    assert_eq!(rows(&mut cluster, &[5, 30]), ["2/2 Running 0", "0/2 Completed 0"]);
}
