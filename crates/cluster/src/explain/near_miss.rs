//! How far a pod's labels are from a selector.

use api::{Object, ObjectKey};

use crate::Cluster;

/// One pair of a selector that a pod does not meet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lack {
    /// The label's key.
    pub key: String,
    /// The value that the selector wants.
    pub wanted: String,
    /// The value that the pod has for the key.
    pub has: Option<String>,
    /// Another label of the pod that has the wanted value, or a key that is written alike: `run` for `app`.
    pub instead: Option<(String, String)>,
}

impl Lack {
    /// Whether somebody may have meant this pod: the value is written alike, or it stands under another key.
    #[must_use]
    pub fn is_near(&self) -> bool {
        self.instead.is_some() || self.has.as_ref().is_some_and(|has| alike(has, &self.wanted))
    }

    /// In words, after "pod web has": `app=wbe, not app=web`.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { key, wanted, has, instead } = self;
        match (has, instead) {
            (Some(has), _) => format!("{key}={has}, not {key}={wanted}"),
            (None, Some((other, value))) => format!("{other}={value}, not {key}={wanted}"),
            (None, None) => format!("no label {key}, wanted {key}={wanted}"),
        }
    }
}

/// A pod that a selector almost picks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NearMiss {
    /// The pod.
    pub pod: ObjectKey,
    /// What it lacks, by key.
    pub lacks: Vec<Lack>,
    /// How many pairs of the selector it meets.
    pub meets: usize,
}

impl NearMiss {
    /// Whether somebody may have meant this pod.
    #[must_use]
    pub fn is_near(&self) -> bool {
        self.meets > 0 || self.lacks.iter().any(Lack::is_near)
    }

    /// In words: `pod web has app=wbe, not app=web`.
    #[must_use]
    pub fn words(&self) -> String {
        let parts: Vec<String> = self.lacks.iter().map(Lack::words).collect();
        format!("pod {} has {}", self.pod.name, parts.join("; "))
    }

    /// Larger is nearer: pairs met, pairs almost met, keys known.
    fn nearness(&self) -> (usize, usize, usize) {
        let near = self.lacks.iter().filter(|lack| lack.is_near()).count();
        let known = self.lacks.iter().filter(|lack| lack.has.is_some()).count();
        (self.meets, near, known)
    }
}

/// The pairs of a Service's selector that labels do not meet, by key. `labels` is whatever carries `metadata.labels`.
#[must_use]
pub fn lacks(service: &Object, labels: &Object) -> Vec<Lack> {
    let selector = service.string_map(&["spec", "selector"]);
    let labels = labels.string_map(&["metadata", "labels"]);
    let unmet = selector.iter().filter(|(key, value)| labels.get(*key) != Some(*value));
    unmet
        .map(|(key, wanted)| {
            let has = labels.get(key).map(|has| (*has).to_owned());
            // A label that another pair of the selector asks for is not this one under a wrong name.
            let free = labels.iter().filter(|(other, _)| has.is_none() && !selector.contains_key(*other));
            let instead = free.clone().find(|(_, value)| *value == wanted);
            let instead = instead.or_else(|| free.clone().find(|(other, _)| alike(other, key)));
            let instead = instead.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            Lack { key: (*key).to_owned(), wanted: (*wanted).to_owned(), has, instead }
        })
        .collect()
}

/// The pod of the Service's namespace that comes nearest to its selector: the first by name among equals.
#[must_use]
pub fn nearest(cluster: &Cluster, service: &Object) -> Option<NearMiss> {
    let pairs = service.map(&["spec", "selector"])?.len();
    let pods = cluster.list(&api::pod::KIND, Some(service.namespace()));
    let measured = pods.map(|pod| {
        let lacks = lacks(service, pod);
        let meets = pairs.saturating_sub(lacks.len());
        NearMiss { pod: ObjectKey::of(&api::pod::KIND, pod), lacks, meets }
    });
    measured.fold(None, |best: Option<NearMiss>, next| match best {
        Some(best) if best.nearness() >= next.nearness() => Some(best),
        _ => Some(next),
    })
}

/// Whether one word may be the other, mistyped: the same but for case, or at most one change (two in words of six
/// letters and more), a swap of neighbours being one.
#[must_use]
pub fn alike(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) =
        (one.to_lowercase().chars().collect(), other.to_lowercase().chars().collect());
    let shorter = one.len().min(other.len());
    let allowed = match shorter {
        0..3 => 0,
        3..6 => 1,
        _ => 2,
    };
    one.len().abs_diff(other.len()) <= allowed && distance(&one, &other) <= allowed
}

/// How many changes lead from one word to the other, case aside.
#[must_use]
pub fn edits(one: &str, other: &str) -> usize {
    let lower = |word: &str| word.to_lowercase().chars().collect::<Vec<_>>();
    distance(&lower(one), &lower(other))
}

/// Insertions, deletions, replacements and swaps of neighbours from one word to the other (optimal string alignment).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let replaced = above[j] + usize::from(a != b);
            let mut best = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                let swapped: &Vec<usize> = &before;
                best = best.min(swapped[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    #[test]
    fn mistyped_words_are_alike() {
        for (one, other) in
            [("web", "wbe"), ("web", "Web"), ("nginx", "ngnix"), ("frontend", "fronted"), ("web", "webs")]
        {
            assert!(alike(one, other), "{one} {other}");
        }
        for (one, other) in [("web", "api"), ("db", "dc"), ("v1", "v2"), ("", "a"), ("frontend", "backend")] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_lack_says_what_is_there_instead() {
        let words = |selector: api::Value, labels: api::Value| {
            let service = Object::new(json!({"spec": {"selector": selector}}));
            let pod = Object::new(json!({"metadata": {"labels": labels}}));
            lacks(&service, &pod).iter().map(Lack::words).collect::<Vec<_>>()
        };
        assert_eq!(words(json!({"app": "web"}), json!({"app": "web"})), Vec::<String>::new());
        assert_eq!(words(json!({"app": "web"}), json!({"app": "wbe"})), ["app=wbe, not app=web"]);
        assert_eq!(words(json!({"app": "web"}), json!({"run": "web"})), ["run=web, not app=web"]);
        assert_eq!(words(json!({"app": "web"}), json!({"App": "api"})), ["App=api, not app=web"]);
        assert_eq!(words(json!({"app": "web"}), json!(null)), ["no label app, wanted app=web"]);
        // `run` is asked for by itself, so it does not stand for `app`.
        let selector = json!({"app": "web", "run": "web"});
        assert_eq!(words(selector, json!({"run": "web"})), ["no label app, wanted app=web"]);
    }
}
