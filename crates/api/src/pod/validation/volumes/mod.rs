//! Volumes and where they are mounted.

mod mounts;
mod projected;
mod sources;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::tree::{each_invalid, items, list, some, text};
use crate::{ErrorList, FieldError, Path, names};

pub(super) use mounts::{devices, mounts};

/// The volumes that containers may mount, by name.
pub(super) type Volumes<'a> = BTreeMap<&'a str, &'a Value>;

/// Models `ValidateVolumes`; returns the volumes that nothing is wrong with. `pod` is the pod's name; empty in a template.
pub(super) fn validate<'a>(spec: &'a Value, pod: &str, path: &Path, errors: &mut ErrorList) -> Volumes<'a> {
    // The claims that will be made for the pod's ephemeral volumes.
    let made: BTreeSet<String> = list(spec, "volumes")
        .iter()
        .filter(|volume| !pod.is_empty() && some(volume, "ephemeral").is_some())
        .map(|volume| format!("{pod}-{}", text(volume, "name")))
        .collect();
    let mut good = Volumes::new();
    for (path, volume) in items(spec, "volumes", path) {
        let name = text(volume, "name");
        let mut wrong = sources::validate(volume, pod, &path);
        let name_path = path.child("name");
        if name.is_empty() {
            wrong.push(FieldError::required(&name_path, ""));
        } else {
            wrong.extend(each_invalid(&name_path, name, names::is_dns1123_label(name)));
        }
        if good.contains_key(name) {
            wrong.push(FieldError::duplicate(&name_path, name));
        }
        if wrong.is_empty() {
            good.insert(name, volume);
        }
        errors.extend(wrong);
        let claim = some(volume, "persistentVolumeClaim").map(|claim| text(claim, "claimName"));
        if let Some(claim) = claim.filter(|claim| made.contains(*claim)) {
            let detail = "must not reference a PVC that gets created for an ephemeral volume";
            errors.push(FieldError::invalid(&path.child("persistentVolumeClaim").child("claimName"), claim, detail));
        }
    }
    good
}
