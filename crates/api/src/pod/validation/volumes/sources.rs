//! What a volume is made of. Models `validateVolumeSource` and the rules of each source.

use serde_json::Value;

use super::super::paths::{local_descending, local_non_reserved, no_backsteps};
use super::projected;
use crate::quantity::Quantity;
use crate::tree::{int, items, one_of, some, text};
use crate::{ErrorList, FieldError, Path, names};

/// What `Invalid` says of file modes.
const MODE: &str = "must be a number between 0 and 0777 (octal), both inclusive";
const MODE_MAX: i64 = 0o777;

/// The rules of one source, given the source and its path.
type Rule = fn(&Value, &Path) -> ErrorList;

/// The sources in upstream's order, with their rules.
const SOURCES: [(&str, Rule); 30] = [
    ("emptyDir", empty_dir),
    ("hostPath", host_path),
    ("gitRepo", git_repo),
    ("gcePersistentDisk", |disk, path| required(disk, path, &["pdName"])),
    ("awsElasticBlockStore", |disk, path| required(disk, path, &["volumeID"])),
    ("secret", |secret, path| keys(secret, path, "secretName")),
    ("nfs", nfs),
    ("iscsi", |iscsi, path| required(iscsi, path, &["targetPortal", "iqn"])),
    ("glusterfs", |glusterfs, path| required(glusterfs, path, &["endpoints", "path"])),
    ("flocker", |_, _| Vec::new()),
    ("persistentVolumeClaim", |claim, path| required(claim, path, &["claimName"])),
    ("rbd", |rbd, path| required(rbd, path, &["image"])),
    ("cinder", |cinder, path| required(cinder, path, &["volumeID"])),
    ("cephfs", |_, _| Vec::new()),
    ("quobyte", |quobyte, path| required(quobyte, path, &["volume"])),
    ("downwardAPI", projected::downward_api),
    ("fc", |_, _| Vec::new()),
    ("flexVolume", |flex, path| required(flex, path, &["driver"])),
    ("configMap", |map, path| keys(map, path, "name")),
    ("azureFile", |file, path| required(file, path, &["secretName", "shareName"])),
    ("vsphereVolume", |volume, path| required(volume, path, &["volumePath"])),
    ("photonPersistentDisk", |disk, path| required(disk, path, &["pdID"])),
    ("portworxVolume", |volume, path| required(volume, path, &["volumeID"])),
    ("azureDisk", |disk, path| required(disk, path, &["diskName", "diskURI"])),
    ("storageos", |_, _| Vec::new()),
    ("projected", projected::projected),
    ("scaleIO", |scale, path| required(scale, path, &["gateway", "system", "volumeName"])),
    ("csi", |csi, path| required(csi, path, &["driver"])),
    ("ephemeral", ephemeral),
    ("image", image),
];

/// Exactly one source, and its rules. `pod` is the pod's name; empty in a template.
pub(super) fn validate(volume: &Value, pod: &str, path: &Path) -> ErrorList {
    let mut errors = Vec::new();
    let mut found = false;
    for (field, rule) in SOURCES {
        let Some(source) = some(volume, field) else { continue };
        if found {
            errors.push(FieldError::forbidden(&path.child(shown(field)), "may not specify more than 1 volume type"));
            continue;
        }
        found = true;
        errors.extend(rule(source, &path.child(field)));
        if field == "image" && !pod.is_empty() {
            errors.extend(required(source, &path.child(field), &["reference"]));
        }
        let name = text(volume, "name");
        if field == "ephemeral" && !pod.is_empty() && !name.is_empty() {
            let claim = format!("{pod}-{name}");
            for detail in names::is_dns1123_subdomain(&claim) {
                let detail = format!("PVC name {}: {detail}", crate::field::go_quote(&claim));
                errors.push(FieldError::invalid(&path.child("name"), name, detail));
            }
        }
    }
    if !found {
        errors.push(FieldError::required(path, "must specify a volume type"));
    }
    errors
}

/// Two sources upstream misspells.
fn shown(field: &str) -> &str {
    match field {
        "downwardAPI" => "downwarAPI",
        "cephfs" => "cephFS",
        other => other,
    }
}

/// Texts that may not be empty.
fn required(source: &Value, path: &Path, fields: &[&str]) -> ErrorList {
    let missing = fields.iter().filter(|field| text(source, field).is_empty());
    missing.map(|field| FieldError::required(&path.child(field), "")).collect()
}

fn empty_dir(source: &Value, path: &Path) -> ErrorList {
    let limit = Quantity::parse(text(source, "sizeLimit")).ok();
    let negative = limit.is_some_and(|limit| limit.signum() < 0);
    let detail = "SizeLimit field must be a valid resource quantity";
    negative.then(|| FieldError::forbidden(&path.child("sizeLimit"), detail)).into_iter().collect()
}

/// Models `validateHostPathVolumeSource`.
fn host_path(source: &Value, path: &Path) -> ErrorList {
    const TYPES: [&str; 8] =
        ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
    let at = text(source, "path");
    if at.is_empty() {
        return vec![FieldError::required(&path.child("path"), "")];
    }
    let mut errors: ErrorList = no_backsteps(&path.child("path"), at).into_iter().collect();
    let kind = text(source, "type");
    if !TYPES.contains(&kind) {
        errors.push(FieldError::not_supported(&path.child("type"), kind, &TYPES));
    }
    errors
}

fn git_repo(source: &Value, path: &Path) -> ErrorList {
    let mut errors = required(source, path, &["repository"]);
    errors.extend(local_descending(&path.child("directory"), text(source, "directory")));
    errors
}

fn nfs(source: &Value, path: &Path) -> ErrorList {
    let mut errors = required(source, path, &["server", "path"]);
    let at = text(source, "path");
    if !at.starts_with('/') {
        errors.push(FieldError::invalid(&path.child("path"), at, "must be an absolute path"));
    }
    errors
}

/// Models `validateEphemeralVolumeSource`; what the template asks for is not judged.
fn ephemeral(source: &Value, path: &Path) -> ErrorList {
    let missing = some(source, "volumeClaimTemplate").is_none();
    missing.then(|| FieldError::required(&path.child("volumeClaimTemplate"), "")).into_iter().collect()
}

/// Models `validateImageVolumeSource`; only in a pod must it name an image.
fn image(source: &Value, path: &Path) -> ErrorList {
    one_of(source, "pullPolicy", path, &["Always", "IfNotPresent", "Never"]).into_iter().collect()
}

/// Models `validateSecretVolumeSource` and `validateConfigMapVolumeSource`.
fn keys(source: &Value, path: &Path, name: &str) -> ErrorList {
    let mut errors = required(source, path, &[name]);
    errors.extend(mode(source, "defaultMode", path));
    errors.extend(items(source, "items", path).flat_map(|(path, item)| key_to_path(item, &path)));
    errors
}

/// Models `validateKeyToPath`.
pub(super) fn key_to_path(item: &Value, path: &Path) -> ErrorList {
    let mut errors = required(item, path, &["key", "path"]);
    errors.extend(local_non_reserved(&path.child("path"), text(item, "path")));
    errors.extend(mode(item, "mode", path));
    errors
}

/// The bits of a file's permissions.
pub(super) fn mode(source: &Value, field: &str, path: &Path) -> Option<FieldError> {
    let mode = int(source, field).filter(|mode| !(0..=MODE_MAX).contains(mode))?;
    Some(FieldError::invalid(&path.child(field), mode, MODE))
}
