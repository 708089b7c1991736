//! Pod templates. Models `DescribePodTemplate`.

use api::{Object, Value, json};

use super::{Text, pod};

/// The description of a template, its cells still parted by tabs: whoever shows one alone does not align them.
#[must_use]
pub fn pod_template(template: &Value) -> String {
    let part = |field: &str| template.get(field).cloned().unwrap_or_else(|| json!({}));
    let object = Object::new(json!({"metadata": part("metadata"), "spec": part("spec")}));
    let mut text = Text::default();
    text.labels("Labels", object.labels());
    if object.map(&["metadata", "annotations"]).is_some_and(|all| !all.is_empty()) {
        text.annotations(&object);
    }
    text.field_if(0, "Service Account", object.str(&["spec", "serviceAccountName"]));
    if !object.list(&["spec", "initContainers"]).is_empty() {
        pod::containers(&mut text, "Init Containers", &object, "initContainers", "");
    }
    pod::containers(&mut text, "Containers", &object, "containers", "");
    pod::volumes(&mut text, object.list(&["spec", "volumes"]));
    text.field_if(0, "Priority Class Name", object.str(&["spec", "priorityClassName"]));
    text.labels("Node-Selectors", object.map(&["spec", "nodeSelector"]));
    let tolerations: Vec<String> = object.list(&["spec", "tolerations"]).iter().map(pod::toleration).collect();
    text.many("Tolerations", &tolerations);
    // All is one level deeper than in a pod, but the lines of a list below its first.
    let indented = |line: &str| if line.starts_with('\t') { format!("{line}\n") } else { format!("  {line}\n") };
    format!("Pod Template:\n{}", text.0.lines().map(indented).collect::<String>())
}
