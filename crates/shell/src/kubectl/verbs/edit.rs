//! `kubectl edit`. Models `pkg/cmd/edit`.

mod session;

use api::{Value, json};
use cluster::{Patch, apiserver::Subresource};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, Report};
pub(super) use session::{Mode, edit};

static FLAGS: &[Flag] = &[
    Flag::text("field-manager", "kubectl-edit", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files to use to edit the resource").short('f'),
    common::KUSTOMIZE,
    Flag::bool("output-patch", "false", "Output the patch if the resource is edited."),
    common::RECURSIVE,
    Flag::text("subresource", "", "If specified, edit will operate on the subresource of the requested object."),
    Flag::bool("windows-line-endings", "false", "Defaults to the line ending native to your platform."),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "edit",
    usage: "edit (RESOURCE/NAME | -f FILENAME)",
    short: "Edit a resource on the server",
    long: "Edit a resource from the default editor.\n\n The edit command allows you to directly edit any API resource you can retrieve via the command-line tools. It will open the editor defined by your KUBE_EDITOR, or EDITOR environment variables, or fall back to 'vi' for Linux or 'notepad' for Windows. When attempting to open the editor, it will first attempt to use the shell that has been defined in the 'SHELL' environment variable. If this is not defined, the default shell will be used, which is '/bin/bash' for Linux or 'cmd' for Windows.\n\n You can edit multiple objects, although changes are applied one at a time. The command accepts file names as well as command-line arguments, although the files you point to must be previously saved versions of resources.\n\n Editing is done with the API version used to fetch the resource. To edit using a specific API version, fully-qualify the resource, version, and group.\n\n The default format is YAML. To edit in JSON, specify \"-o json\".\n\n The flag --windows-line-endings can be used to force Windows line endings, otherwise the default for your operating system will be used.\n\n In the event an error occurs while updating, a temporary file will be created on disk that contains your unapplied changes. The most common error when updating a resource is another editor changing the resource on the server. When this occurs, you will have to apply your changes to the newer version of the resource, or update your temporary saved copy to include the latest resource version.",
    examples: "# Edit the service named 'registry'\nkubectl edit svc/registry\n\n# Use an alternative editor\nKUBE_EDITOR=\"nano\" kubectl edit svc/registry\n\n# Edit the job 'myjob' in JSON using the v1 API format\nkubectl edit job.v1.batch/myjob -o json\n\n# Edit the deployment 'mydeployment' in YAML and save the modified config in its annotation\nkubectl edit deployment/mydeployment -o yaml --save-config\n\n# Edit the 'status' subresource for the 'mydeployment' deployment\nkubectl edit deployment mydeployment --subresource='status'",
    flags: &[FLAGS, common::PRINT, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let query = Query { type_means_all: true, latest: true, ..Query::of(call) };
    let found = resolve::resolve(call, &query).await?;
    let (infos, failures) = found.split();
    resolve::all_or(failures)?;
    if infos.is_empty() {
        return Err(Failure::text("edit cancelled, no objects found"));
    }
    edit(call, infos, Mode::Normal).await
}

/// Sends what somebody made of an object. Models `visitToPatch`.
///
/// # Errors
/// What the server says, or that the object is another one now.
pub(super) fn send(call: &Call, original: &Info, edited: &Info) -> Outcome {
    let report = Report::of(call, DryRun::No)?;
    if original.object == edited.object {
        return report.print(call, &edited.object, "skipped");
    }
    let same = |path: &str| original.object.pointer(path) == edited.object.pointer(path);
    if !["/apiVersion", "/kind", "/metadata/name"].into_iter().all(same) {
        return Err(Failure::text("At least one of apiVersion, kind and name was changed"));
    }
    let patch = api::patch::three_way(original.kind, &original.object, &edited.object, &original.object);
    if call.flags.bool("output-patch") {
        call.sys.out.line(format!("Patch: {}", manifest::to_json_compact(&patch)));
    }
    let write = Write::by(call.flags.text("field-manager"));
    let subresource = super::patch::subresource(call.flags.text("subresource"))?;
    let (object, _) = objects::patch(call, original, Patch::Strategic(patch), subresource, &write)?;
    report.print(call, &object.to_value(), "edited")
}

/// Sends a last applied configuration that somebody edited. Models `visitToApplyEditPatch`.
///
/// # Errors
/// What the server says.
pub(super) fn send_annotation(call: &Call, original: &Info, edited: &Info) -> Outcome {
    let report = Report::of(call, DryRun::No)?;
    if original.object == edited.object {
        return report.print(call, &edited.object, "skipped");
    }
    let text = manifest::to_json_compact(&edited.object) + "\n";
    let patch: Value = json!({"metadata": {"annotations": {common::LAST_APPLIED: text}}});
    let write = Write::by(call.flags.text("field-manager"));
    objects::patch(call, original, Patch::Merge(patch), Subresource::Main, &write)?;
    report.print(call, &edited.object, "edited")
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    const HEADER: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n# and an empty file will abort the edit. If an error occurs while saving this file will be\n# reopened with the relevant failures.\n#\n";

    #[test]
    fn an_editor_of_the_command_line_edits() {
        let mut cluster = Cluster::default();
        run_script(&mut cluster, "kubectl create svc clusterip web --tcp=80", "", &[]);
        for (editor, code, out, err) in [
            ("true", 0, "", "Edit cancelled, no changes made.\n"),
            ("sed -i s/80/81/", 0, "service/web edited\n", ""),
            ("sed -i d", 0, "", "Edit cancelled, saved file was empty.\n"),
        ] {
            let done = run_script(&mut cluster, &format!("KUBE_EDITOR='{editor}' kubectl edit svc web"), "", &[]);
            let got = (done.exit, done.stdout.as_str(), done.stderr.as_str());
            assert_eq!(got, (Some(code), out, err), "{editor}");
        }
        let shown = run_script(&mut cluster, "KUBE_EDITOR=cat kubectl edit svc web", "", &[]);
        assert!(shown.stdout.starts_with(HEADER), "{}", shown.stdout);
        assert!(shown.stdout.contains("\n  - name: \"81\"\n    port: 81\n"), "{}", shown.stdout);
        assert!(!shown.stdout.contains("managedFields"), "{}", shown.stdout);
    }

    #[test]
    fn what_is_refused_is_shown_again_with_the_reason() {
        let mut cluster = Cluster::default();
        run_script(&mut cluster, "kubectl create svc clusterip web --tcp=80", "", &[]);
        let script = "export KUBE_EDITOR='sed -i s/port:\\ 80/port:\\ 0/'; kubectl edit svc web";
        let done = run_script(&mut cluster, script, "", &[]);
        assert_eq!(done.exit, Some(1), "{done:?}");
        assert!(
            done.stderr.starts_with(
                "error: services \"web\" is invalid\nA copy of your changes has been stored to \"/tmp/kubectl-edit-"
            ),
            "{}",
            done.stderr
        );
        assert!(done.stderr.ends_with("error: Edit cancelled, no valid changes were saved.\n"), "{}", done.stderr);
        let kept = run_script(&mut cluster, &format!("{script} 2>/dev/null; cat /tmp/kubectl-edit-*"), "", &[]);
        let reason = "# services \"web\" was not valid:\n# * spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\n";
        assert!(kept.stdout.contains(reason), "{}", kept.stdout);
    }
}
