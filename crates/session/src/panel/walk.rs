//! The way from a Service to what is wrong with it: the stations of Kubernetes' guide to debugging Services, walked on a
//! fork until one says no.

use api::{ObjectKey, Path};
use cluster::Cluster;
use course::Station;

use crate::editor::{Editor, QuickFix};

/// What a learner does with the walk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WalkMsg {
    /// Walk to this Service: `web`, or `shop/web` in another namespace than `default`.
    To(String),
    /// Ask from this place of the list.
    From(usize),
    /// Walk.
    Go,
    /// Show in the text what the last station is about.
    ShowLine,
}

/// A walk, ready to be shown.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Walk {
    /// The Services there are.
    pub services: Vec<String>,
    /// The one to walk to; it need not be there.
    pub to: String,
    /// Who can ask: a new pod, then the pods that run.
    pub from: Vec<String>,
    /// Which of them does.
    pub asker: usize,
    /// What was found at each station, as of the last walk.
    pub stations: Vec<Station>,
    /// The change of the text that mends it, where one is enough.
    pub fix: Option<QuickFix>,
    /// Whether the text has what the last station is about.
    pub has_line: bool,
}

/// What is remembered of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walking {
    to: Option<ObjectKey>,
    from: Option<ObjectKey>,
    stations: Vec<Station>,
}

impl Walking {
    pub(crate) fn view(&self, cluster: &Cluster, editor: &Editor) -> Walk {
        let (services, pods) = (services(cluster), pods(cluster));
        let asker = self.from.as_ref().and_then(|from| pods.iter().position(|pod| pod == from));
        let last = self.stations.last().filter(|station| !station.fine);
        Walk {
            to: self.to.as_ref().or(services.first()).map(words).unwrap_or_default(),
            services: services.iter().map(words).collect(),
            asker: asker.map_or(0, |at| at + 1),
            // The front end has words for the first.
            from: std::iter::once(String::new()).chain(pods.iter().map(words)).collect(),
            fix: last.and_then(|station| editor.quick_fix(station.fix.as_ref()?)),
            has_line: last.is_some() && self.line(editor).is_some(),
            stations: self.stations.clone(),
        }
    }

    /// Does what is asked. Returns the field that is to be shown in the text.
    pub(crate) fn update(&mut self, cluster: &Cluster, editor: &Editor, msg: &WalkMsg) -> Option<(ObjectKey, Path)> {
        match msg {
            WalkMsg::To(name) => {
                let (namespace, name) = name.trim().split_once('/').unwrap_or(("default", name.trim()));
                let key = ObjectKey::new(&api::service::KIND, namespace, name);
                (self.to, self.stations) = ((!name.is_empty()).then_some(key), Vec::new());
            }
            WalkMsg::From(at) => {
                let asker = at.checked_sub(1).and_then(|at| pods(cluster).into_iter().nth(at));
                (self.from, self.stations) = (asker, Vec::new());
            }
            WalkMsg::Go => {
                self.to = self.to.take().or_else(|| services(cluster).into_iter().next());
                self.from = self.from.take().filter(|from| pods(cluster).contains(from));
                let to = self.to.as_ref()?;
                self.stations = course::walk(cluster, self.from.as_ref(), &to.namespace, &to.name);
            }
            WalkMsg::ShowLine => return self.line(editor),
        }
        None
    }

    /// What the last station is about, where the text has it: the field to change, or else the Service.
    fn line(&self, editor: &Editor) -> Option<(ObjectKey, Path)> {
        let fix = self.stations.last().and_then(|station| station.fix.as_ref());
        let field = fix.map(|fix| (fix.object.clone(), fix.path.clone()));
        let service = self.to.clone().map(|to| (to, Path::default()));
        field.into_iter().chain(service).find(|(object, path)| editor.find(object, path).is_some())
    }
}

fn services(cluster: &Cluster) -> Vec<ObjectKey> {
    let own = |object: &&std::sync::Arc<api::Object>| {
        !object.namespace().starts_with("kube-") && object.name() != "kubernetes"
    };
    let all = cluster.list(&api::service::KIND, None).filter(own);
    all.map(|service| ObjectKey::of(&api::service::KIND, service)).collect()
}

fn pods(cluster: &Cluster) -> Vec<ObjectKey> {
    let runs = |pod: &&std::sync::Arc<api::Object>| {
        !pod.namespace().starts_with("kube-") && pod.str(&["status", "phase"]) == "Running" && !pod.is_terminating()
    };
    cluster.list(&api::pod::KIND, None).filter(runs).map(|pod| ObjectKey::of(&api::pod::KIND, pod)).collect()
}

fn words(key: &ObjectKey) -> String {
    match &*key.namespace {
        "default" => key.name.to_string(),
        namespace => format!("{namespace}/{}", key.name),
    }
}
