//! Which crate may know which: invariant "the engine cannot reach the page".

use crate::{assert_none, manifest, shown};

/// Each crate of the workspace and the ones it may use. Below stands what knows nothing of what stands above.
const MAY_USE: &[(&str, &[&str])] = &[
    ("api", &[]),
    ("manifest", &["api"]),
    ("cluster", &["api", "manifest"]),
    ("diagnostics", &["api", "manifest", "cluster"]),
    ("shell", &["api", "manifest", "cluster"]),
    ("scene", &["api", "manifest", "cluster"]),
    ("course", &["api", "manifest", "cluster", "diagnostics", "shell"]),
    ("session", &["api", "manifest", "cluster", "diagnostics", "shell", "scene", "course"]),
    ("cli", &["session", "api", "manifest", "cluster", "diagnostics", "shell", "scene", "course"]),
    ("services-playground", &["session"]),
    // Knows commands and folders, nothing of what they build.
    ("xtask", &[]),
    // Reads wasm, nothing of what is in it.
    ("split", &[]),
    // Writes files that `api` reads; so it cannot use `api`.
    ("schemagen", &[]),
];

#[test]
fn every_crate_uses_only_layers_below_it() {
    let mut complaints = Vec::new();
    for path in manifest::all() {
        // Fuzzing is a workspace of its own above everything else.
        if shown(&path).starts_with("fuzz/") {
            continue;
        }
        let name = manifest::name(&path);
        let Some((_, allowed)) = MAY_USE.iter().find(|(layer, _)| *layer == name) else {
            complaints
                .push(format!("{}: a crate without a layer: add it to MAY_USE in tests/tidy/layers.rs", shown(&path)));
            continue;
        };
        for dependency in manifest::dependencies(&path) {
            let ours = MAY_USE.iter().any(|(layer, _)| *layer == dependency.name);
            // Tests may build on anything; [workspace.dependencies] only says where crates are.
            let counts =
                !dependency.section.ends_with("dev-dependencies") && dependency.section != "workspace.dependencies";
            if ours && counts && !allowed.contains(&dependency.name.as_str()) {
                complaints.push(format!(
                    "{}:{}: {name} may not use {}: move the code down, or pass the value in from above",
                    shown(&path),
                    dependency.line,
                    dependency.name
                ));
            }
        }
    }
    assert_none("A crate uses only the layers below it.", &complaints);
}
