//! A healthy scene: a few programs, each with a Deployment, a Service and perhaps a policy.

use std::fmt::Write;

use cluster::Rng;

/// A program with all that stands around it. Every field is something that can be wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct App {
    pub(super) name: &'static str,
    pub(super) replicas: u8,
    pub(super) image: &'static str,
    /// Where the program listens.
    pub(super) port: u16,
    /// What the pod calls that port; empty for nothing.
    pub(super) port_name: &'static str,
    /// Whether only the pod itself can reach the program.
    pub(super) localhost_only: bool,
    /// The port that the readiness probe asks.
    pub(super) probe: Option<u16>,
    /// What callers use.
    pub(super) service_port: u16,
    /// Key and value of the Service's selector; the pods have `app` and the name.
    pub(super) selector: (&'static str, String),
    /// A number, or a name.
    pub(super) target: String,
    pub(super) protocol: &'static str,
    /// Whether a policy keeps everybody but the client out.
    pub(super) guarded: bool,
    /// Which port the policy opens, and for whom.
    pub(super) policy: (u16, &'static str),
}

impl App {
    /// What callers call.
    pub(super) fn url(&self) -> String {
        if self.service_port == 80 {
            format!("http://{}", self.name)
        } else {
            format!("http://{}:{}", self.name, self.service_port)
        }
    }
}

const NAMES: &[&str] = &["menu", "orders", "stock", "search", "mail", "maps", "prices", "photos"];
const PORTS: &[u16] = &[3000, 5000, 8000, 8080, 9090];

/// So many programs.
pub(super) fn apps(count: usize, rng: &mut Rng) -> Vec<App> {
    let mut names = NAMES.to_vec();
    let mut apps = Vec::new();
    while apps.len() < count && !names.is_empty() {
        let at = usize::try_from(rng.below(names.len() as u64)).unwrap_or_default();
        apps.push(app(names.swap_remove(at), rng));
    }
    apps
}

fn app(name: &'static str, rng: &mut Rng) -> App {
    let port = rng.pick(PORTS).copied().unwrap_or(8080);
    let named = rng.below(2) == 0;
    let service_port = if rng.below(3) == 0 { 8888 } else { 80 };
    App {
        name,
        replicas: if rng.below(2) == 0 { 1 } else { 2 },
        image: "playground/app",
        port,
        port_name: if named { "web" } else { "" },
        localhost_only: false,
        probe: (rng.below(2) == 0).then_some(port),
        service_port,
        selector: ("app", name.to_owned()),
        target: if named { "web".to_owned() } else { port.to_string() },
        protocol: "TCP",
        guarded: rng.below(3) == 0,
        policy: (port, "client"),
    }
}

/// The objects as YAML, with the client or without.
pub(super) fn manifests(apps: &[App], with_client: bool) -> String {
    let mut text: String = apps.iter().map(|app| deployment(app) + &service(app) + &policy(app)).collect();
    if with_client {
        text.push_str(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: client\n  labels:\n    app: client\nspec:\n  containers:\n    - name: \
             client\n      image: busybox\n      command: [\"sleep\", \"86400\"]\n",
        );
    }
    text.trim_end_matches("---\n").to_owned()
}

fn deployment(app: &App) -> String {
    let App { name, replicas, image, port, .. } = app;
    let mut text = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  replicas: {replicas}\n  selector:\n    \
         matchLabels:\n      app: {name}\n  template:\n    metadata:\n      labels:\n        app: {name}\n    spec:\n      \
         containers:\n        - name: {name}\n          image: {image}\n          env:\n            - name: PORT\n              \
         value: \"{port}\"\n"
    );
    // Writing to a String cannot fail.
    let bind = if app.localhost_only { "127.0.0.1" } else { "0.0.0.0" };
    let _ = writeln!(text, "            - name: BIND\n              value: {bind}\n          ports:");
    if app.port_name.is_empty() {
        let _ = writeln!(text, "            - containerPort: {port}");
    } else {
        let _ = writeln!(text, "            - name: {}\n              containerPort: {port}", app.port_name);
    }
    if let Some(probe) = app.probe {
        let _ = writeln!(
            text,
            "          readinessProbe:\n            periodSeconds: 5\n            httpGet:\n              path: /\n              port: {probe}"
        );
    }
    text + "---\n"
}

fn service(app: &App) -> String {
    let App { name, service_port, target, protocol, selector: (key, value), .. } = app;
    format!(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    {key}: {value}\n  ports:\n    - port: \
         {service_port}\n      targetPort: {target}\n      protocol: {protocol}\n---\n"
    )
}

fn policy(app: &App) -> String {
    if !app.guarded {
        return String::new();
    }
    let App { name, policy: (port, who), .. } = app;
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {name}\nspec:\n  podSelector:\n    \
         matchLabels:\n      app: {name}\n  ingress:\n    - from:\n        - podSelector:\n            matchLabels:\n              \
         app: {who}\n      ports:\n        - port: {port}\n---\n"
    )
}
