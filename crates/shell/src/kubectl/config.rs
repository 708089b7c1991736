//! The kubeconfig: which cluster, who, and in which namespace. Models `client-go/tools/clientcmd` as far as one
//! cluster goes.

use api::arrange::Arrange;
use api::{Value, json};

use super::command::Call;
use super::errors::{Failure, Outcome};
use crate::sys::Sys;

/// The name of the one cluster, of its context and of its user.
pub const NAME: &str = "minikube";

/// The lists of a kubeconfig, and the field of an entry that holds what it is about.
const LISTS: [(&str, &str); 3] = [("clusters", "cluster"), ("contexts", "context"), ("users", "user")];

/// A kubeconfig as a tree, and the file it is kept in.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    tree: Value,
    file: String,
}

impl Config {
    /// The learner's kubeconfig; the one minikube writes, when there is none.
    #[must_use]
    pub fn load(sys: &Sys) -> Self {
        let file = path(sys);
        let text = sys.read_file(&file).ok();
        let parsed = text.and_then(|text| manifest::parse(&text).documents.first()?.value().cloned());
        Self { tree: parsed.filter(Value::is_object).unwrap_or_else(|| fresh(sys)), file }
    }

    /// The kubeconfig that a file's text says, for looking at it only.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let tree = manifest::parse(text).documents.first().and_then(|document| document.value().cloned());
        Self { tree: tree.filter(Value::is_object).unwrap_or_else(|| json!({})), file: String::new() }
    }

    /// Writes it where the next command finds it.
    pub fn save(&self, sys: &Sys) {
        let path = crate::files::absolute(&sys.folder, &self.file);
        sys.files(|files| {
            files.make_folder(path.rsplit_once('/').map_or("", |(folder, _)| folder));
            // It cannot fail: the folder was made above, and nobody makes a folder of that name.
            let _ = files.write(&path, manifest::to_yaml(&self.as_file()));
        });
    }

    /// The path of its file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What its file says: entries by name, nothing that is not set.
    #[must_use]
    pub fn as_file(&self) -> Value {
        let mut tree = self.tree.clone();
        for (list, field) in LISTS {
            if let Some(entries) = tree.get_mut(list).and_then(Value::as_array_mut) {
                entries.arrange_by_key(|entry| entry.get("name").map(Value::to_string));
                for entry in entries.iter_mut().filter_map(|entry| entry.get_mut(field)?.as_object_mut()) {
                    entry.retain(|field, value| !value.is_null() && (*value != "" || field == "server"));
                }
            }
        }
        tree
    }

    /// The current context's name.
    #[must_use]
    pub fn current(&self) -> &str {
        self.tree.get("current-context").and_then(Value::as_str).unwrap_or_default()
    }

    /// Makes another context the current one.
    pub fn set_current(&mut self, name: &str) {
        self.tree["current-context"] = name.into();
    }

    /// The names in one of its lists (`clusters`, `contexts`, `users`).
    pub fn names(&self, list: &str) -> impl Iterator<Item = &str> {
        let all = self.tree.get(list).and_then(Value::as_array).into_iter().flatten();
        all.filter_map(|entry| entry.get("name").and_then(Value::as_str))
    }

    /// An entry of one of its lists.
    #[must_use]
    pub fn entry(&self, list: &str, name: &str) -> Option<&Value> {
        let field = LISTS.iter().find(|(known, _)| *known == list)?.1;
        let all = self.tree.get(list).and_then(Value::as_array)?;
        all.iter().find(|entry| entry.get("name").is_some_and(|n| n == name))?.get(field)
    }

    /// Adds or replaces an entry.
    pub fn put(&mut self, list: &str, name: &str, value: Value) {
        let Some((_, field)) = LISTS.iter().find(|(known, _)| *known == list) else { return };
        self.remove(list, name);
        let mut entry = json!({"name": name});
        entry[*field] = value;
        if !self.tree[list].is_array() {
            self.clear(list);
        }
        if let Some(entries) = self.tree[list].as_array_mut() {
            entries.push(entry);
        }
    }

    /// Takes an entry away.
    pub fn remove(&mut self, list: &str, name: &str) {
        if let Some(entries) = self.tree.get_mut(list).and_then(Value::as_array_mut) {
            entries.retain(|entry| entry.get("name").is_none_or(|known| known != name));
        }
    }

    /// Takes every entry away.
    pub fn clear(&mut self, list: &str) {
        self.tree[list] = json!([]);
    }

    /// A context by name.
    #[must_use]
    pub fn context(&self, name: &str) -> Option<&Value> {
        self.entry("contexts", name)
    }

    /// The namespace of the current context.
    #[must_use]
    pub fn namespace(&self) -> String {
        let namespace = self.context(self.current()).and_then(|context| context.get("namespace")?.as_str());
        namespace.filter(|namespace| !namespace.is_empty()).unwrap_or("default").to_owned()
    }
}

fn path(sys: &Sys) -> String {
    let home = || format!("{}/.kube/config", sys.env.get("HOME").map_or("", String::as_str));
    sys.env.get("KUBECONFIG").filter(|path| !path.is_empty()).cloned().unwrap_or_else(home)
}

/// What `minikube start` writes.
fn fresh(sys: &Sys) -> Value {
    let home = sys.env.get("HOME").cloned().unwrap_or_default();
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": NAME, "cluster": {
            "certificate-authority": format!("{home}/.minikube/ca.crt"), "server": server(sys),
        }}],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "namespace": "default", "user": NAME}}],
        "current-context": NAME,
        "users": [{"name": NAME, "user": {
            "client-certificate": format!("{home}/.minikube/profiles/minikube/client.crt"),
            "client-key": format!("{home}/.minikube/profiles/minikube/client.key"),
        }}],
    })
}

/// The URL of the API server.
#[must_use]
pub fn server(sys: &Sys) -> String {
    let ip = sys.cluster(|cluster| {
        let nodes = &cluster.settings().nodes;
        nodes.iter().find(|node| node.control_plane).map(|node| node.internal_ip.clone())
    });
    format!("https://{}:8443", ip.unwrap_or_else(|| "127.0.0.1".to_owned()))
}

/// Whether the context, cluster and user of the command line are there.
///
/// # Errors
/// The one that is not.
pub fn check(call: &Call) -> Outcome {
    let file = call.flags.text("kubeconfig");
    if !(file.is_empty() || call.path.starts_with("kubectl config") || call.sys.read_file(file).is_ok()) {
        return Err(Failure::Text(format!("stat {file}: no such file or directory")));
    }
    let config = Config::load(&call.sys);
    let missing = |flag: &str, list: &str| {
        // A verb may have a flag of the same name that means something else.
        let name = if call.verb.own_flags().iter().any(|own| own.name == flag) { "" } else { call.flags.text(flag) };
        (!name.is_empty() && !config.names(list).any(|known| known == name)).then(|| name.to_owned())
    };
    if let Some(name) = missing("context", "contexts") {
        let message = format!("Error in configuration: context was not found for specified context: {name}");
        return Err(Failure::Raw(message, 1));
    }
    if let Some(name) = missing("cluster", "clusters") {
        return Err(Failure::Text(format!("no server found for cluster \"{name}\"")));
    }
    match missing("user", "users") {
        Some(name) => Err(Failure::Text(format!("auth info \"{name}\" does not exist"))),
        None => Ok(()),
    }
}
