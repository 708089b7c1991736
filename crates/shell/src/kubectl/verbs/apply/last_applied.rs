//! `kubectl apply view-last-applied`, `set-last-applied` and `edit-last-applied`.
//!
//! Models `apply_view_last_applied.go` and its two siblings.

use api::{Value, json};
use cluster::{Patch, apiserver::Subresource};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::super::objects::{self, Info, Write};
use super::super::super::resolve::{self, Query};
use super::super::common::{self, DryRun, LAST_APPLIED, Report};
use super::super::edit;

static VIEW_FLAGS: &[Flag] = &[
    Flag::bool("all", "false", "Select all resources in the namespace of the specified resource types"),
    Flag::list(
        "filename",
        "Filename, directory, or URL to files that contains the last-applied-configuration annotations",
    )
    .short('f'),
    common::KUSTOMIZE,
    Flag::text("output", "yaml", "Output format. Must be one of (yaml, json)").short('o'),
    common::RECURSIVE,
    common::SELECTOR,
];

/// `apply view-last-applied`
pub(super) static VIEW: Verb = Verb {
    name: "view-last-applied",
    usage: "view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
    short: "View the latest last-applied-configuration annotations of a resource/object",
    long: "View the latest last-applied-configuration annotations by type/name or file.\n\n The default output will be printed to stdout in YAML format. You can use the -o option to change the output format.",
    examples: "# View the last-applied-configuration annotations by type/name in YAML\nkubectl apply view-last-applied deployment/nginx\n\n# View the last-applied-configuration annotations by file in JSON\nkubectl apply view-last-applied -f deploy.yaml -o json",
    flags: &[VIEW_FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(view(call)) }),
    ..Verb::EMPTY
};

static SET_FLAGS: &[Flag] = &[
    Flag::bool(
        "create-annotation",
        "false",
        "Will create 'last-applied-configuration' annotations if current objects doesn't have one",
    ),
    Flag::list(
        "filename",
        "Filename, directory, or URL to files that contains the last-applied-configuration annotations",
    )
    .short('f'),
];

/// `apply set-last-applied`
pub(super) static SET: Verb = Verb {
    name: "set-last-applied",
    usage: "set-last-applied -f FILENAME",
    short: "Set the last-applied-configuration annotation on a live object to match the contents of a file",
    long: "Set the latest last-applied-configuration annotations by setting it to match the contents of a file. This results in the last-applied-configuration being updated as though 'kubectl apply -f<file> ' was run, without updating any other parts of the object.",
    examples: "# Set the last-applied-configuration of a resource to match the contents of a file\nkubectl apply set-last-applied -f deploy.yaml\n\n# Execute set-last-applied against each configuration file in a directory\nkubectl apply set-last-applied -f path/\n\n# Set the last-applied-configuration of a resource to match the contents of a file; will create the annotation if it does not already exist\nkubectl apply set-last-applied -f deploy.yaml --create-annotation=true",
    flags: &[SET_FLAGS, common::PRINT, common::DRY_RUN],
    run: Some(|call| -> Running<'_> { Box::pin(set(call)) }),
    ..Verb::EMPTY
};

static EDIT_FLAGS: &[Flag] = &[
    Flag::text("field-manager", "kubectl-client-side-apply", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files to use to edit the resource").short('f'),
    common::KUSTOMIZE,
    common::RECURSIVE,
    Flag::bool("windows-line-endings", "false", "Defaults to the line ending native to your platform."),
];

/// `apply edit-last-applied`
pub(super) static EDIT: Verb = Verb {
    name: "edit-last-applied",
    usage: "edit-last-applied (RESOURCE/NAME | -f FILENAME)",
    short: "Edit latest last-applied-configuration annotations of a resource/object",
    long: "Edit the latest last-applied-configuration annotations of resources from the default editor.\n\n The edit-last-applied command allows you to directly edit any API resource you can retrieve via the command-line tools. It will open the editor defined by your KUBE_EDITOR, or EDITOR environment variables, or fall back to 'vi' for Linux or 'notepad' for Windows. You can edit multiple objects, although changes are applied one at a time. The command accepts file names as well as command-line arguments, although the files you point to must be previously saved versions of resources.\n\n The default format is YAML. To edit in JSON, specify \"-o json\".\n\n The flag --windows-line-endings can be used to force Windows line endings, otherwise the default for your operating system will be used.\n\n In the event an error occurs while updating, a temporary file will be created on disk that contains your unapplied changes. The most common error when updating a resource is another editor changing the resource on the server. When this occurs, you will have to apply your changes to the newer version of the resource, or update your temporary saved copy to include the latest resource version.",
    examples: "# Edit the last-applied-configuration annotations by type/name in YAML\nkubectl apply edit-last-applied deployment/nginx\n\n# Edit the last-applied-configuration annotations by file in JSON\nkubectl apply edit-last-applied -f deploy.yaml -o json",
    flags: &[EDIT_FLAGS, common::PRINT, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(edit(call)) }),
    ..Verb::EMPTY
};

/// What the annotation says, as text; `None` without one.
fn annotation(object: &Value) -> Option<&str> {
    object.pointer("/metadata/annotations")?.get(LAST_APPLIED)?.as_str()
}

async fn view(call: &Call) -> Outcome {
    let query = Query { type_means_all: call.namespace_given(), latest: true, ..Query::of(call) };
    let infos = resolve::resolve(call, &query).await?.items.into_iter().collect::<Outcome<Vec<Info>>>()?;
    let json = match call.flags.text("output") {
        "json" => true,
        "yaml" => false,
        other => {
            return Err(call.usage_error(format!(
                "Unexpected -o output mode: {other}, the flag 'output' must be one of yaml|json"
            )));
        }
    };
    for info in &infos {
        if annotation(&info.object).is_some() {
            let applied = common::originally_applied(&info.object);
            // The text of the annotation ends with an end of line, which indenting keeps.
            call.sys.out.write(if json { manifest::to_json(&applied) } else { manifest::to_yaml(&applied) });
        } else if let Some(source) = &info.source {
            let (name, source) = (&info.name, api::field::go_quote(source));
            return Err(Failure::Text(format!(
                "error when no last-applied-configuration annotation found on resource: {name}\n {source}: <nil>"
            )));
        }
    }
    Ok(())
}

async fn set(call: &Call) -> Outcome {
    let dry_run = DryRun::of(call)?;
    let report = Report::of(call, dry_run)?;
    let found = resolve::resolve(call, &Query { args: Vec::new(), ..Query::of(call) }).await?;
    let mut changes = Vec::new();
    for item in found.items {
        let local = item?;
        let mut live = local.clone();
        live.get(call)?;
        let known = annotation(&live.object);
        if known.is_none() && !call.flags.bool("create-annotation") {
            return Err(Failure::Text(format!(
                "no last-applied-configuration annotation found on resource: {}, to create the annotation, run the command with --create-annotation",
                live.name
            )));
        }
        if known.is_some() && common::originally_applied(&live.object) == *local.object {
            call.sys.out.line(format!("set-last-applied {}: no changes required.", live.name));
            continue;
        }
        changes.push((live, manifest::to_json_compact(&local.object) + "\n"));
    }
    for (mut info, text) in changes {
        if dry_run != DryRun::Client {
            let patch = Patch::Merge(json!({"metadata": {"annotations": {LAST_APPLIED: text}}}));
            let write = Write { manager: "kubectl", dry_run: dry_run == DryRun::Server };
            let (object, _) = objects::patch(call, &info, patch, Subresource::Main, &write)?;
            info.refresh(&object);
        }
        report.print(call, &info.object, "configured")?;
    }
    Ok(())
}

async fn edit(call: &Call) -> Outcome {
    let query = Query { type_means_all: true, latest: true, ..Query::of(call) };
    let infos = resolve::resolve(call, &query).await?.items.into_iter().collect::<Outcome<Vec<Info>>>()?;
    let annotated = infos.into_iter().filter(|info| annotation(&info.object).is_some());
    let applied = |info: Info| Info { object: common::originally_applied(&info.object).into(), ..info };
    let applied: Vec<Info> = annotated.map(applied).collect();
    if applied.is_empty() {
        return Err(Failure::text(
            "no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`",
        ));
    }
    edit::edit(call, applied, edit::Mode::LastApplied).await
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn what_was_applied_is_shown_set_and_edited() {
        let mut cluster = Cluster::default();
        let text = |port: u16| {
            format!("apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: {port}\n")
        };
        let files = [("a.yaml".to_owned(), text(80)), ("b.yaml".to_owned(), text(81))];
        run_script(&mut cluster, "kubectl create -f a.yaml", "", &files);
        for (words, out, err) in [
            ("view-last-applied svc web", "", ""),
            (
                "set-last-applied -f a.yaml",
                "",
                "error: no last-applied-configuration annotation found on resource: web, to create the annotation, run the command with --create-annotation\n",
            ),
            (
                "edit-last-applied svc web",
                "",
                "error: no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`\n",
            ),
            ("set-last-applied -f a.yaml --create-annotation", "service/web configured\n", ""),
            ("set-last-applied -f a.yaml", "set-last-applied web: no changes required.\n", ""),
            (
                "view-last-applied svc web -o x",
                "",
                "error: Unexpected -o output mode: x, the flag 'output' must be one of yaml|json\nSee 'kubectl apply view-last-applied -h' for help and examples\n",
            ),
            ("set-last-applied -f b.yaml", "service/web configured\n", ""),
        ] {
            let done = run_script(&mut cluster, &format!("kubectl apply {words}"), "", &files);
            assert_eq!((done.stdout.as_str(), done.stderr.as_str()), (out, err), "{words}");
        }
        let edited = "KUBE_EDITOR='sed -i s/81/82/' kubectl apply edit-last-applied svc web; kubectl apply view-last-applied svc web | grep port:";
        let done = run_script(&mut cluster, edited, "", &[]);
        assert_eq!(done.stdout, "service/web edited\n  - port: 82\n", "{}", done.stderr);
    }
}
