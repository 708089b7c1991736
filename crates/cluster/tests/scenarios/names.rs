//! What cluster DNS answers: kinds of records, names that are there without them, and names that are not there.

use api::json;
use cluster::Settings;
use cluster::network::dns::{self, Data, Question, RecordType};

use crate::stage::Stage;

fn stage() -> Stage {
    let mut stage = Stage::new(Settings::default());
    let named = |host: &str| json!({"hostname": host, "subdomain": "db"});
    stage.pod_with("db-0", "db", 0, named("db-0")).pod_with("db-1", "db", 1, named("db-1"));
    stage.pod_with("late", "late", 0, json!({"readinessGates": [{"conditionType": "example.com/never"}]}));
    let ports = json!([{"name": "sql", "port": 5432, "targetPort": 8080}]);
    stage.service("db", json!({"clusterIP": "None", "ports": ports}));
    stage.service("late", json!({"clusterIP": "None"}));
    stage.service("early", json!({"clusterIP": "None", "selector": {"app": "late"}, "publishNotReadyAddresses": true}));
    let named = json!([{"name": "http", "port": 80, "targetPort": 8080}]);
    stage.service("web", json!({"clusterIP": "10.96.7.7", "ports": named}));
    for (name, to) in [
        ("ext", "example.com"),
        ("ext-dead", "nosuch.example.invalid"),
        ("ext-inside", "web.default.svc.cluster.local"),
        ("ext-loop", "ext-pool.default.svc.cluster.local"),
        ("ext-pool", "ext-loop.default.svc.cluster.local"),
    ] {
        let spec = json!({"type": "ExternalName", "externalName": to, "selector": null, "ports": null});
        stage.service(name, spec);
    }
    stage.settle(30);
    stage
}

/// The answer in short: its code, and what its records say.
fn ask(stage: &Stage, name: &str, record: RecordType) -> String {
    let answer = dns::answer(&stage.cluster, &Question::new(name, record));
    let mut said: Vec<String> = answer
        .answers
        .iter()
        .map(|record| match &record.data {
            Data::A(ip) => ip.to_string(),
            Data::Cname(name) | Data::Ptr(name) | Data::Txt(name) => name.to_string(),
            Data::Srv { weight, port, target, .. } => format!("{weight} {port} {target}"),
            other => format!("{other:?}"),
        })
        .collect();
    said.sort();
    format!("{} {}", answer.rcode.as_str(), said.join(", ")).trim().to_owned()
}

#[test]
fn every_kind_of_name() {
    use RecordType::{A, Aaaa, Cname, Ptr, Srv, Txt};
    let stage = stage();
    let ip =
        |pod: &str| stage.cluster.get(&api::pod::KIND, "default", pod).unwrap().str(&["status", "podIP"]).to_owned();
    let (one, two, late) = (ip("db-0"), ip("db-1"), ip("late"));
    let reversed = |ip: &str| format!("{}.in-addr.arpa", ip.split('.').rev().collect::<Vec<_>>().join("."));
    let dashed = one.replace('.', "-");
    for (name, record, answer) in [
        ("web.default.svc.cluster.local", A, "NOERROR 10.96.7.7".to_owned()),
        ("WEB.default.svc.cluster.local.", A, "NOERROR 10.96.7.7".to_owned()),
        ("web.default.svc.cluster.local", Aaaa, "NOERROR".to_owned()),
        ("web.default.svc.cluster.local", Srv, "NOERROR 100 80 web.default.svc.cluster.local".to_owned()),
        ("_http._tcp.web.default.svc.cluster.local", Srv, "NOERROR 100 80 web.default.svc.cluster.local".to_owned()),
        ("_http._tcp.web.default.svc.cluster.local", A, "NOERROR 10.96.7.7".to_owned()),
        ("_http._udp.web.default.svc.cluster.local", Srv, "NXDOMAIN".to_owned()),
        ("nosuch.default.svc.cluster.local", A, "NXDOMAIN".to_owned()),
        ("web.nosuch.svc.cluster.local", A, "NXDOMAIN".to_owned()),
        ("default.svc.cluster.local", A, "NOERROR".to_owned()),
        ("svc.cluster.local", A, "NOERROR".to_owned()),
        ("web", A, "NXDOMAIN".to_owned()),
        ("db.default.svc.cluster.local", A, format!("NOERROR {one}, {two}")),
        ("db-0.db.default.svc.cluster.local", A, format!("NOERROR {one}")),
        ("db-2.db.default.svc.cluster.local", A, "NXDOMAIN".to_owned()),
        (
            "db.default.svc.cluster.local",
            Srv,
            "NOERROR 50 8080 db-0.db.default.svc.cluster.local, 50 8080 db-1.db.default.svc.cluster.local".to_owned(),
        ),
        ("late.default.svc.cluster.local", A, "NXDOMAIN".to_owned()),
        ("early.default.svc.cluster.local", A, format!("NOERROR {late}")),
        (&format!("{dashed}.default.pod.cluster.local"), A, format!("NOERROR {one}")),
        ("9-9-9-9.default.pod.cluster.local", A, "NOERROR 9.9.9.9".to_owned()),
        ("ext.default.svc.cluster.local", A, "NOERROR 192.0.2.80, example.com".to_owned()),
        ("ext.default.svc.cluster.local", Cname, "NOERROR example.com".to_owned()),
        ("ext-dead.default.svc.cluster.local", A, "NOERROR nosuch.example.invalid".to_owned()),
        ("ext-inside.default.svc.cluster.local", A, "NOERROR 10.96.7.7, web.default.svc.cluster.local".to_owned()),
        ("example.com", A, "NOERROR 192.0.2.80".to_owned()),
        ("nosuch.example.com", A, "NXDOMAIN".to_owned()),
        (&reversed("10.96.7.7"), Ptr, "NOERROR web.default.svc.cluster.local".to_owned()),
        (&reversed(&one), Ptr, "NOERROR db-0.db.default.svc.cluster.local".to_owned()),
        (&reversed("10.244.9.9"), Ptr, "NXDOMAIN".to_owned()),
        ("dns-version.cluster.local", Txt, "NOERROR 1.1.0".to_owned()),
    ] {
        assert_eq!(ask(&stage, name, record), answer, "{name} {record:?}");
    }
    let looped = ask(&stage, "ext-loop.default.svc.cluster.local", A);
    assert!(looped.starts_with("NOERROR ext-"), "a circle of names ends: {looped}");
}
