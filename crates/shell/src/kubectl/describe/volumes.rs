//! Volumes, of pods and of pod templates. Models `describeVolumes`.

use api::Value;

use super::{Text, list, word};

/// A kind of volume: its field, what it is called, and its lines: title, field, what stands for nothing.
type Source = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

/// The kinds whose lines are their fields.
static SOURCES: &[Source] = &[
    ("hostPath", "HostPath (bare host directory volume)", &[("Path", "path", ""), ("HostPathType", "type", "<none>")]),
    (
        "emptyDir",
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        &[("Medium", "medium", ""), ("SizeLimit", "sizeLimit", "<unset>")],
    ),
    (
        "secret",
        "Secret (a volume populated by a Secret)",
        &[("SecretName", "secretName", ""), ("Optional", "optional", "false")],
    ),
    (
        "configMap",
        "ConfigMap (a volume populated by a ConfigMap)",
        &[("Name", "name", ""), ("Optional", "optional", "false")],
    ),
    (
        "nfs",
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        &[("Server", "server", ""), ("Path", "path", ""), ("ReadOnly", "readOnly", "false")],
    ),
    (
        "persistentVolumeClaim",
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        &[("ClaimName", "claimName", ""), ("ReadOnly", "readOnly", "false")],
    ),
    (
        "image",
        "Image (a container image or OCI artifact)",
        &[("Reference", "reference", ""), ("PullPolicy", "pullPolicy", "")],
    ),
];

/// The volumes; `space`: what a template is set in by.
pub(super) fn describe(text: &mut Text, volumes: &[Value], space: &str) {
    if volumes.is_empty() {
        text.field(0, &format!("{space}Volumes"), "<none>");
        return;
    }
    text.line(0, format!("{space}Volumes:"));
    for volume in volumes {
        text.line(1, format!("{}{}:", if space.is_empty() { "" } else { " " }, word(volume, "name")));
        if let Some((source, (_, what, fields))) = SOURCES.iter().find_map(|known| Some((volume.get(known.0)?, known)))
        {
            text.field(2, "Type", *what);
            for (title, field, nothing) in *fields {
                let value = word(source, field);
                text.field(2, title, if value.is_empty() { *nothing } else { &value });
            }
        } else if let Some(projected) = volume.get("projected") {
            text.field(2, "Type", "Projected (a volume that contains injected data from multiple sources)");
            list(projected, "sources").iter().for_each(|source| self::projected(text, source));
        } else if let Some(downward) = volume.get("downwardAPI") {
            text.field(2, "Type", "DownwardAPI (a volume populated by information about the pod)");
            text.line(2, "Items:");
            for item in list(downward, "items") {
                let field = |path: &str| item.pointer(path).map(api::go::format);
                let from =
                    field("/fieldRef/fieldPath").or_else(|| field("/resourceFieldRef/resource")).unwrap_or_default();
                text.line(3, format!("{from} -> {}", word(item, "path")));
            }
        } else {
            text.line(1, "<unknown>");
        }
    }
}

/// Models `printProjectedVolumeSource`.
fn projected(text: &mut Text, source: &Value) {
    let mut named = |title: &str, reference: &Value| {
        text.field(2, title, word(reference, "name"));
        text.field(2, "Optional", (reference.get("optional") == Some(&Value::Bool(true))).to_string());
    };
    if let Some(secret) = source.get("secret") {
        named("SecretName", secret);
    } else if source.get("downwardAPI").is_some() {
        text.field(2, "DownwardAPI", "true");
    } else if let Some(map) = source.get("configMap") {
        named("ConfigMapName", map);
    } else if let Some(token) = source.get("serviceAccountToken") {
        text.field(2, "TokenExpirationSeconds", word(token, "expirationSeconds"));
    }
}
