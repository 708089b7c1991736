//! Back to any earlier moment: clusters as they were, kept as forks.
//!
//! A cluster without inputs goes on by itself in one way only, so it is enough to keep one after each input: every moment
//! until the next follows from it.

use crate::{Cluster, Instant};

/// Clusters as they were, oldest first.
#[derive(Clone, Debug)]
pub struct History {
    kept: Vec<Cluster>,
    most: usize,
}

impl History {
    /// Keeps at most so many; beyond that every other one of the older half is given up.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { kept: Vec::new(), most: most.max(2) }
    }

    /// Keeps a cluster as it is: to be called after each input. What was kept of its future is given up.
    pub fn keep(&mut self, cluster: &Cluster) {
        self.kept.retain(|kept| kept.now() <= cluster.now());
        self.kept.push(cluster.clone());
        if self.kept.len() > self.most {
            self.thin();
        }
    }

    /// Gives up every other one of the older half.
    pub fn thin(&mut self) {
        let half = self.kept.len() / 2;
        let mut at = 0;
        self.kept.retain(|_| {
            at += 1;
            at > half || at % 2 == 1
        });
    }

    /// The cluster as it was at a moment, with all inputs up to then; `None` when nothing is kept of that time. It is a fork:
    /// go on with it, or drop it.
    #[must_use]
    pub fn at(&self, moment: Instant) -> Option<Cluster> {
        let mut cluster = self.kept.iter().rev().find(|kept| kept.now() <= moment)?.clone();
        cluster.poll(moment);
        Some(cluster)
    }

    /// The cluster as it was before the last input, and forgets that input; `None` when there is nothing before it.
    pub fn undo(&mut self) -> Option<Cluster> {
        let last = self.kept.pop()?;
        match self.kept.last() {
            Some(_) => self.at(last.now()),
            None => {
                self.kept.push(last);
                None
            }
        }
    }

    /// The moments of the inputs that are kept, oldest first.
    pub fn moments(&self) -> impl Iterator<Item = Instant> {
        self.kept.iter().map(Cluster::now)
    }
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;
    use crate::{Request, WriteOptions, explain};

    fn create(cluster: &mut Cluster, name: &str) {
        let object = json!({"metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}});
        let (kind, namespace, options) = (&api::pod::KIND, "default".into(), WriteOptions::by("test"));
        cluster.submit(Request::Create { kind, namespace, object, options }).unwrap();
    }

    fn pods(cluster: &Cluster) -> usize {
        cluster.list(&api::pod::KIND, Some("default")).count()
    }

    #[test]
    fn every_moment_can_be_gone_back_to() {
        let mut cluster = Cluster::default();
        let mut history = History::new(8);
        history.keep(&cluster);
        let mut moments = Vec::new();
        for index in 0..4 {
            let next = cluster.now() + 10_000_000;
            cluster.poll(next);
            create(&mut cluster, &format!("p-{index}"));
            history.keep(&cluster);
            moments.push(cluster.now());
        }
        cluster.poll(cluster.now() + 10_000_000);
        for (index, moment) in moments.iter().enumerate() {
            let then = history.at(*moment + 5_000_000).unwrap();
            assert_eq!(pods(&then), index + 1);
            let log = then.store().log();
            assert_eq!(log, &cluster.store().log()[..log.len()], "the past is what it was");
        }
        let before = history.undo().unwrap();
        assert_eq!((pods(&before), pods(&cluster)), (3, 4));
        for _ in 0..20 {
            history.keep(&cluster);
        }
        assert!(history.moments().count() <= 8 && history.at(Instant::default()).is_none());
    }

    #[test]
    fn a_change_knows_what_it_came_of() {
        let mut cluster = Cluster::default();
        create(&mut cluster, "web");
        let object =
            json!({"metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}});
        let (kind, namespace, options) = (&api::service::KIND, "default".into(), WriteOptions::by("test"));
        let made = cluster.submit(Request::Create { kind, namespace, object, options }).unwrap();
        cluster.settle(20_000_000);
        let actors = |revision: u64| {
            let chain = explain::causes(&cluster, revision).into_iter().map(|event| event.actor.to_string());
            chain.collect::<Vec<_>>()
        };
        let pod = cluster.get(&api::pod::KIND, "default", "web").unwrap();
        let chain = actors(pod.resource_version());
        assert_eq!(chain.last().map(String::as_str), Some("test"), "{chain:?}");
        assert!(chain.contains(&"kubelet".to_owned()) && chain.contains(&"default-scheduler".to_owned()), "{chain:?}");
        let service = made.object.resource_version();
        assert_eq!(actors(service), ["test"]);
        let came: Vec<&str> =
            explain::consequences(&cluster, service).iter().map(|event| event.key.kind.kind).collect();
        assert!(came.contains(&"EndpointSlice"), "{came:?}");
    }
}
