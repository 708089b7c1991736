//! `kubectl kustomize`. Models kustomize's `commands/build` as far as [`super::super::kustomize`] goes.

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::kustomize;

static FLAGS: &[Flag] = &[
    Flag::bool(
        "as-current-user",
        "false",
        "use the uid and gid of the command executor to run the function in the container",
    ),
    Flag::bool("enable-alpha-plugins", "false", "enable kustomize plugins"),
    Flag::bool("enable-helm", "false", "Enable use of the Helm chart inflator generator."),
    Flag::array("env", "a list of environment variables to be used by functions").short('e'),
    Flag::array("helm-api-versions", "Kubernetes api versions used by Helm for Capabilities.APIVersions"),
    Flag::text("helm-command", "helm", "helm command (path to executable)"),
    Flag::bool("helm-debug", "false", "Enable debug output from the Helm chart inflator generator."),
    Flag::text("helm-kube-version", "", "Kubernetes version used by Helm for Capabilities.KubeVersion"),
    Flag::text(
        "load-restrictor",
        "LoadRestrictionsRootOnly",
        "if set to 'LoadRestrictionsNone', local kustomizations may load files from outside their root. This does, however, break the relocatability of the kustomization.",
    ),
    Flag::array("mount", "a list of storage options read from the filesystem"),
    Flag::bool("network", "false", "enable network access for functions that declare it"),
    Flag::text("network-name", "bridge", "the docker network to run the container in"),
    Flag::text("output", "", "If specified, write output to this path.").short('o'),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "kustomize",
    usage: "kustomize DIR [flags]",
    short: "Build a kustomization target from a directory or URL",
    long: "Build a set of KRM resources using a 'kustomization.yaml' file. The DIR argument must be a path to a directory containing 'kustomization.yaml', or a git repository URL with a path suffix specifying same with respect to the repository root. If DIR is omitted, '.' is assumed.",
    examples: "# Build the current working directory\nkubectl kustomize\n\n# Build some shared configuration directory\nkubectl kustomize /home/config/production\n\n# Build from github\nkubectl kustomize https://github.com/kubernetes-sigs/kustomize.git/examples/helloWorld?ref=v1.0.6",
    flags: &[FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

fn run(call: &Call) -> Outcome {
    let folder = match call.args.as_slice() {
        [] => ".",
        [folder] => folder,
        _ => return Err(Failure::text("specify one path to kustomization.yaml")),
    };
    let objects = kustomize::build(call, folder)?;
    let texts: Vec<String> = objects.iter().map(manifest::to_yaml).collect();
    let text = texts.join("---\n");
    let path = call.flags.text("output");
    if path.is_empty() {
        call.sys.out.write(text);
        return Ok(());
    }
    let absolute = crate::files::absolute(&call.sys.folder, path);
    call.sys
        .files(|files| files.write(&absolute, text))
        .map_err(|error| Failure::Text(format!("open {path}: {}", error.to_string().to_lowercase())))
}
