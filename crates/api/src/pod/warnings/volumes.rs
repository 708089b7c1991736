//! Volumes of plugins that are gone, and files that hide one another.

use std::collections::BTreeSet;

use crate::arrange::Arrange;
use serde_json::Value;

use crate::Path;
use crate::field::go_quote;
use crate::tree::{items, list, some, text};

const GONE: [(&str, &str, &str); 9] = [
    ("photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

pub(super) fn volumes(spec: &Value, path: &Path) -> Vec<String> {
    let mut warnings = Vec::new();
    for (path, volume) in items(spec, "volumes", path) {
        let gone = GONE.iter().filter(|(field, ..)| some(volume, field).is_some());
        warnings.extend(gone.map(|(_, shown, why)| format!("{}: {why}", path.child(shown))));
    }
    warnings.extend(list(spec, "volumes").iter().flat_map(overlaps));
    warnings
}

/// Models `warningsForOverlappingVirtualPaths`.
fn overlaps(volume: &Value) -> Vec<String> {
    let name = go_quote(text(volume, "name"));
    let mut warnings = Vec::new();
    for (field, kind, of) in
        [("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"), ("downwardAPI", "DownwardAPI", "")]
    {
        let Some(source) = some(volume, field) else { continue };
        let whose = if of.is_empty() { kind.to_owned() } else { format!("{kind} {}", go_quote(text(source, of))) };
        warnings.extend(overlapping(&paths(source), &format!("volume {name} ({whose}): overlapping paths")));
    }
    let mut all: BTreeSet<&str> = BTreeSet::new();
    for source in some(volume, "projected").map_or(&[][..], |projected| list(projected, "sources")) {
        let found = [
            ("configMap", "ConfigMap", "name"),
            ("secret", "Secret", "name"),
            ("downwardAPI", "DownwardAPI", ""),
            ("serviceAccountToken", "ServiceAccountToken", ""),
            ("clusterTrustBundle", "ClusterTrustBundle", "name"),
        ]
        .into_iter()
        .find_map(|(field, kind, of)| Some((some(source, field)?, kind, of)));
        let Some((source, kind, of)) = found else {
            warnings.push(format!("volume {name} (Projected) has no sources provided"));
            continue;
        };
        let whose = if of.is_empty() { kind.to_owned() } else { format!("{kind} {}", go_quote(text(source, of))) };
        let words = format!("volume {name} (Projected {whose}): overlapping paths");
        let own = paths(source);
        warnings.extend(overlapping(&own, &words));
        let mut together: Vec<&str> =
            own.iter().copied().collect::<BTreeSet<_>>().into_iter().chain(all.iter().copied()).collect();
        together.arrange();
        warnings.extend(overlapping(&together, &words));
        all.extend(own);
    }
    warnings
}

/// The files of a source: of its items, or its one.
fn paths(source: &Value) -> Vec<&str> {
    match source.get("path").and_then(Value::as_str) {
        Some(path) => vec![path],
        None => list(source, "items").iter().map(|item| text(item, "path")).collect(),
    }
}

/// Models `checkVolumeMappingForOverlap`.
fn overlapping(paths: &[&str], words: &str) -> Vec<String> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut warnings = Vec::new();
    for path in paths {
        let path = path.trim_end_matches('/');
        // Upstream compares beginnings of texts, not of paths.
        let hides = |item: &&&str| {
            let begins = |a: &str, b: &str| a.starts_with(b) || (b.strip_suffix('/') == Some(a));
            !item.is_empty() && !path.is_empty() && (begins(item, path) || begins(path, item))
        };
        if let Some(other) = seen.iter().find(hides) {
            warnings.push(format!("{words}: {} with {}", go_quote(path), go_quote(other)));
        }
        seen.insert(path);
    }
    warnings
}
