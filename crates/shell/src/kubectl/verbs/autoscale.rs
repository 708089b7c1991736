//! `kubectl autoscale`. Models `pkg/cmd/autoscale`.

use api::quantity::Quantity;
use api::{Value, json};

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::objects::{self, Info, Write};
use super::super::resolve::{self, Query};
use super::common::{self, DryRun, Report};

static FLAGS: &[Flag] = &[
    Flag::text("cpu", "", "Target CPU utilization over all the pods. When specified as a percentage (e.g.\"70%\" for 70% of requested CPU) it will target average utilization. When specified as quantity (e.g.\"500m\" for 500 milliCPU) it will target average value. Value without units is treated as a quantity with miliCPU being the unit (e.g.\"500\" is \"500m\")."),
    Flag::int32("cpu-percent", "-1", "The target average CPU utilization (represented as a percent of requested CPU) over all the pods. If it's not specified or negative, a default autoscaling policy will be used.").hidden(),
    Flag::text("field-manager", "kubectl-autoscale", "Name of the manager used to track field ownership."),
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to autoscale.").short('f'),
    common::KUSTOMIZE,
    Flag::int32("max", "-1", "The upper limit for the number of pods that can be set by the autoscaler. Required.").required(),
    Flag::text("memory", "", "Target memory utilization over all the pods. When specified  as a percentage (e.g.\"60%\" for 60% of requested memory) it will target average utilization. When specified as quantity (e.g.\"200Mi\" for 200 MiB, \"1Gi\" for 1 GiB) it will target average value. Value without units is treated as a quantity with mebibytes being the unit (e.g.\"200\" is \"200Mi\")."),
    Flag::int32("min", "-1", "The lower limit for the number of pods that can be set by the autoscaler. If it's not specified or negative, the server will apply a default value."),
    Flag::text("name", "", "The name for the newly created object. If not specified, the name of the input resource will be used."),
    common::RECURSIVE,
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "autoscale",
    usage: "autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]",
    short: "Auto-scale a deployment, replica set, stateful set, or replication controller",
    long: "Creates an autoscaler that automatically chooses and sets the number of pods that run in a Kubernetes cluster. The command will attempt to use the autoscaling/v2 API first, in case of an error, it will fall back to autoscaling/v1 API.\n\n Looks up a deployment, replica set, stateful set, or replication controller by name and creates an autoscaler that uses the given resource as a reference. An autoscaler can automatically increase or decrease number of pods deployed within the system as needed.",
    examples: "# Auto scale a deployment \"foo\", with the number of pods between 2 and 10, no target CPU utilization specified so a default autoscaling policy will be used\nkubectl autoscale deployment foo --min=2 --max=10\n\n# Auto scale a replication controller \"foo\", with the number of pods between 1 and 5, target CPU utilization at 80%\nkubectl autoscale rc foo --max=5 --cpu=80%\n\n# Auto scale a deployment \"bar\", with the number of pods between 3 and 6, target average CPU of 500m and memory of 200Mi\nkubectl autoscale deployment bar --min=3 --max=6 --cpu=500m --memory=200Mi\n\n# Auto scale a deployment \"bar\", with the number of pods between 2 and 8, target CPU utilization 60% and memory utilization 70%\nkubectl autoscale deployment bar --min=3 --max=6 --cpu=60% --memory=70%",
    flags: &[FLAGS, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// What a resource is to be kept at.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Target {
    /// Percent of what was requested.
    Utilization(i32),
    /// An amount for each pod.
    AverageValue(String),
}

/// Models `parseResourceInput`; `unit` is that of a bare number.
fn target(text: &str, resource: &str, unit: &str) -> Result<Target, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("empty input".to_owned());
    }
    if let Some(percent) = text.strip_suffix('%') {
        let number = percent.parse::<i32>().ok().filter(|number| *number >= 0);
        return number.map(Target::Utilization).ok_or_else(|| format!("invalid percentage value: {percent}"));
    }
    let amount = if text.parse::<f64>().is_ok() { format!("{text}{unit}") } else { text.to_owned() };
    match Quantity::parse(&amount) {
        Ok(_) => Ok(Target::AverageValue(amount)),
        Err(_) => Err(format!("invalid resource {resource} value: {text}")),
    }
}

/// The limits, checked. Models `AutoscaleOptions.Validate`.
fn metrics(call: &Call) -> Outcome<Vec<Value>> {
    let (max, min, percent) = (call.flags.int("max"), call.flags.int("min"), call.flags.int("cpu-percent"));
    if max < 1 {
        return Err(Failure::Text(format!("--max=MAXPODS is required and must be at least 1, max: {max}")));
    }
    if max < min {
        return Err(Failure::Text(format!(
            "--max=MAXPODS must be larger or equal to --min=MINPODS, max: {max}, min: {min}"
        )));
    }
    let (cpu, memory) = (call.flags.text("cpu"), call.flags.text("memory"));
    if percent > 0 && !cpu.is_empty() {
        return Err(Failure::text("--cpu-percent and --cpu are mutually exclusive"));
    }
    let mut targets = Vec::new();
    if percent > 0 {
        targets.push(("cpu", Target::Utilization(i32::try_from(percent).unwrap_or(i32::MAX))));
    }
    for (resource, text, unit) in [("cpu", cpu, "m"), ("memory", memory, "Mi")] {
        if !text.is_empty() {
            targets.push((resource, target(text, resource, unit).map_err(Failure::Text)?));
        }
    }
    let metric = |(name, target): (&str, Target)| {
        let target = match target {
            Target::Utilization(percent) => json!({"averageUtilization": percent, "type": "Utilization"}),
            Target::AverageValue(amount) => json!({"averageValue": amount, "type": "AverageValue"}),
        };
        json!({"resource": {"name": name, "target": target}, "type": "Resource"})
    };
    Ok(targets.into_iter().map(metric).collect())
}

async fn run(call: &Call) -> Outcome {
    if call.flags.changed("cpu-percent") {
        call.sys.err.line("Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).");
    }
    let dry_run = DryRun::of(call)?;
    let metrics = metrics(call)?;
    let (infos, mut failures) = resolve::resolve(call, &Query::of(call)).await?.split();
    if infos.is_empty() && failures.is_empty() {
        return Err(Failure::text("no objects passed to autoscale"));
    }
    for info in infos {
        failures.extend(one(call, &info, &metrics, dry_run).err());
    }
    resolve::all_or(failures)
}

fn one(call: &Call, info: &Info, metrics: &[Value], dry_run: DryRun) -> Outcome {
    let kind = info.kind;
    if !matches!(kind.kind, "Deployment" | "ReplicaSet" | "StatefulSet" | "ReplicationController") {
        return Err(Failure::Text(format!(
            "cannot autoscale a {}: could not find scale subresource for {}/{}, Resource={} in discovery information",
            kind.kind, kind.group, kind.version, kind.plural
        )));
    }
    let autoscaler = autoscaler(call, info, metrics);
    let report = Report::of(call, dry_run)?.typed();
    if dry_run == DryRun::Client {
        return report.print(call, &autoscaler, "created");
    }
    let mut sent = Info::named(&api::horizontal_pod_autoscaler::KIND, &call.namespace(), "");
    *sent.object = if call.flags.bool("save-config") { common::annotated(&autoscaler) } else { autoscaler };
    let write = Write { manager: call.flags.text("field-manager"), dry_run: dry_run == DryRun::Server };
    let object = objects::create(call, &sent, &write).map_err(|failure| second_try(call, failure))?;
    report.print(call, &object.to_value(), "autoscaled")
}

/// When v2 refuses, kubectl tries v1 if that can say the same, and tells what v1 answers. Models `canCreateHPAV1`.
fn second_try(call: &Call, refused: Failure) -> Failure {
    let without = |why: &str| {
        Failure::Text(format!(
            "failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: {why}"
        ))
    };
    let no_memory = call.flags.text("memory").is_empty();
    match target(call.flags.text("cpu"), "cpu", "m") {
        Err(why) => without(&why),
        Ok(target) => {
            let percent = call.flags.int("cpu-percent") >= 0 || matches!(target, Target::Utilization(_));
            if percent && no_memory { refused } else { without("%!w(<nil>)") }
        }
    }
}

/// Models `createHorizontalPodAutoscalerV2`.
fn autoscaler(call: &Call, info: &Info, metrics: &[Value]) -> Value {
    let name = match call.flags.text("name") {
        "" => info.name.as_str(),
        name => name,
    };
    let mut object = json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": name},
        "spec": {
            "maxReplicas": call.flags.int("max"),
            "scaleTargetRef": {"apiVersion": info.kind.api_version(), "kind": info.kind.kind, "name": info.name},
        },
        "status": {"currentMetrics": null, "desiredReplicas": 0},
    });
    if call.flags.int("min") > 0 {
        object["spec"]["minReplicas"] = call.flags.int("min").into();
    }
    if call.namespace_given() {
        object["metadata"]["namespace"] = call.namespace().into();
    }
    if !metrics.is_empty() {
        object["spec"]["metrics"] = metrics.to_vec().into();
    }
    object
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn an_autoscaler_is_made_for_what_scales() {
        let mut cluster = Cluster::default();
        run_script(&mut cluster, "kubectl create deploy web --image=nginx && kubectl run p --image=nginx", "", &[]);
        for (words, out, err) in [
            ("deploy web --max=5 --cpu=500 --memory=70%", "horizontalpodautoscaler.autoscaling/web autoscaled\n", ""),
            ("deploy web", "", "error: required flag(s) \"max\" not set\n"),
            ("deploy web --max=0", "", "error: --max=MAXPODS is required and must be at least 1, max: 0\n"),
            ("deploy web --max=2 --cpu=x%", "", "error: invalid percentage value: x\n"),
            ("deploy web --max=2 --memory=x", "", "error: invalid resource memory value: x\n"),
            (
                "pod p --max=2",
                "",
                "error: cannot autoscale a Pod: could not find scale subresource for /v1, Resource=pods in discovery information\n",
            ),
        ] {
            let done = run_script(&mut cluster, &format!("kubectl autoscale {words}"), "", &[]);
            assert_eq!((done.stdout.as_str(), done.stderr.as_str()), (out, err), "{words}");
        }
        let path = "jsonpath='{.spec.metrics[*].resource.target}'";
        let done = run_script(&mut cluster, &format!("kubectl get hpa web -o {path}"), "", &[]);
        let want = r#"{"averageValue":"500m","type":"AverageValue"} {"averageUtilization":70,"type":"Utilization"}"#;
        assert_eq!(done.stdout, want, "{}", done.stderr);
    }
}
