use api::json;
use cluster::{Request, WriteOptions};

use super::*;

/// A cluster with a pod `web`, labelled `app=web`, with a port `http`.
fn cluster() -> Cluster {
    let mut cluster = Cluster::default();
    let object = json!({"metadata": {"name": "web", "labels": {"app": "web"}}, "spec": {"containers": [
        {"name": "web", "image": "nginx", "ports": [{"name": "http", "containerPort": 80}]},
    ]}});
    let (kind, namespace, options) = (&api::pod::KIND, "default".into(), WriteOptions::by("test"));
    cluster.submit(Request::Create { kind, namespace, object, options }).unwrap();
    cluster
}

/// `^` marks the caret.
fn at(marked: &str) -> (String, usize) {
    let byte = marked.find('^').unwrap();
    (marked.replacen('^', "", 1), marked[..byte].encode_utf16().count())
}

fn labels(marked: &str) -> Vec<String> {
    let (text, offset) = at(marked);
    let found = complete(&text, offset, &cluster());
    found.map(|found| found.choices.into_iter().map(|choice| choice.label).collect()).unwrap_or_default()
}

const SERVICE: &str = "# 😀\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n";

#[test]
fn the_choices_fit_the_place() {
    let service = |lines: &str| labels(&format!("{SERVICE}{lines}"));
    assert_eq!(service("  sel^")[0], "selector");
    assert_eq!(service("  sel^\n  ports:\n  - port: 80\n")[0], "selector");
    assert_eq!(service("  selector: {}\n  sel^"), Vec::<String>::new(), "it is there already");
    assert_eq!(service("  ports:\n  - ^")[..2], ["name", "port"]);
    assert_eq!(service("  ports:\n  - port: 80\n    tar^"), ["targetPort"]);
    assert_eq!(service("  ports:\n  - port: 80\n    targetPort: ^"), Vec::<String>::new(), "no selector, no pods");
    assert_eq!(service("  selector:\n    app: web\n  ports:\n  - port: 80\n    targetPort: ^"), ["80", "http"]);
    assert_eq!(service("  type: N^"), ["NodePort", "ExternalName", "LoadBalancer"]);
    assert_eq!(service("  selector:\n    ^"), ["app: web"]);
    assert_eq!(service("  selector:\n    app: ^"), ["web"]);
    assert_eq!(labels("^"), ["apiVersion", "kind", "metadata", "spec"]);
    assert_eq!(labels("apiVersion: v1\nkind: Serv^"), ["Service", "ServiceAccount"]);
    assert_eq!(labels("kind: Deployment\napiVersion: ^"), ["apps/v1"]);
    assert_eq!(labels("kind: Pod\nspec:\n  containers:\n  - image: ngi^")[0], "nginx");
    assert_eq!(service("  # sel^"), Vec::<String>::new());
    assert_eq!(service("  type: \"N^"), Vec::<String>::new());
}

#[test]
fn a_choice_brings_what_must_follow_it() {
    let insert = |marked: &str| {
        let (text, offset) = at(&format!("{SERVICE}{marked}"));
        let found = complete(&text, offset, &cluster()).unwrap();
        (text[..].encode_utf16().count() - found.from, found.choices[0].insert.clone())
    };
    assert_eq!(insert("  typ^"), (3, "type: ".to_owned()));
    assert_eq!(insert("  port^"), (4, "ports:\n  - ".to_owned()));
    assert_eq!(insert("  selec^"), (5, "selector:\n    ".to_owned()));
    assert_eq!(insert("  typ^e: NodePort"), (14, "type".to_owned()));
    assert_eq!(insert("  type:^"), (0, " ClusterIP".to_owned()));
}

#[test]
fn a_field_says_what_it_is() {
    let (text, offset) = at(&format!("{SERVICE}  ports:\n  - po^rt: 80\n"));
    let hover = hover(&text, offset).unwrap();
    assert_eq!(hover.title, "spec.ports[0].port <integer> -required-");
    assert_eq!(hover.field, FieldName { of: "core.v1.ServicePort".to_owned(), name: "port".to_owned() });
    assert_eq!(hover.to - hover.from, 4);
    for marked in ["^", "kind: Service\n^\n", "kind: Nothing\nspec: ^1\n", "a: [^"] {
        let (text, offset) = at(marked);
        assert!(super::hover(&text, offset).is_none(), "{marked}");
    }
}

#[test]
fn no_caret_breaks_it() {
    let text = "apiVersion: v1\nkind: Service\n😀: {a: [1, 'x\nspec:\n - - a: |\n   x\n\t: ? \"\n";
    for offset in 0..=text.encode_utf16().count() + 2 {
        let _ = complete(text, offset, &cluster());
        let _ = hover(text, offset);
    }
}
