//! `kubectl events`. Models `pkg/cmd/events`.

use std::sync::Arc;

use api::Object;
use api::arrange::Arrange;
use cluster::store::Change;

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::super::printers::{self, Printer};
use super::super::resolve;
use super::super::{objects, tabwriter};
use super::common;

static FLAGS: &[Flag] = &[
    common::ALL_NAMESPACES,
    Flag::int("chunk-size", "500", "Return large lists in chunks rather than all at once. Pass 0 to disable."),
    Flag::text("for", "", "Filter events to only those pertaining to the specified resource."),
    Flag::bool("no-headers", "false", "When using the default output format, don't print headers."),
    Flag::list("types", "Output only events of given types."),
    Flag::bool("watch", "false", "After listing the requested events, watch for more events.").short('w'),
];

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "events",
    usage: "events [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]",
    short: "List events",
    long: "Display events.\n\n Prints a table of the most important information about events. You can request events for a namespace, for all namespace, or filtered to only those pertaining to a specified resource.",
    examples: "# List recent events in the default namespace\nkubectl events\n\n# List recent events in all namespaces\nkubectl events --all-namespaces\n\n# List recent events for the specified pod, then wait for more events and list them as they arrive\nkubectl events --for pod/web-pod-13je7 --watch\n\n# List recent events in YAML format\nkubectl events -oyaml\n\n# List recent only events of type 'Warning' or 'Normal'\nkubectl events --types=Warning,Normal",
    flags: &[FLAGS, common::PRINT],
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

async fn run(call: &Call) -> Outcome {
    let all = call.flags.bool("all-namespaces");
    let namespace = call.namespace();
    let target = match call.flags.text("for") {
        "" => None,
        text => {
            let wrong = || Failure::text("--for must be in resource/name form");
            let (kind, name) = text.split_once('/').ok_or_else(wrong)?;
            Some((resolve::kind(kind)?, name))
        }
    };
    let wanted = |event: &Object| {
        let about = target.is_none_or(|(kind, name)| {
            event.str(&["involvedObject", "kind"]) == kind.kind && event.str(&["involvedObject", "name"]) == name
        });
        let types = call.flags.all("types");
        about && (types.is_empty() || types.iter().any(|word| word.eq_ignore_ascii_case(event.str(&["type"]))))
    };
    let seen = call.sys.cluster(|cluster| cluster.store().log().len());
    let mut events = objects::list(call, &api::event::KIND, (!all).then_some(namespace.as_str()), "", "")?;
    events.retain(|event| wanted(event));
    if call.flags.bool("watch") {
        let here = |event: &Object| (all || event.namespace() == namespace) && wanted(event);
        return watch(call, seen, &events, here).await;
    }
    if events.is_empty() {
        let text =
            if all { "No events found.".to_owned() } else { format!("No events found in {namespace} namespace.") };
        call.sys.err.line(text);
        return Ok(());
    }
    events.arrange_by(|a, b| a.str(&["lastTimestamp"]).cmp(b.str(&["lastTimestamp"])));
    if let Some(printer) = Printer::of(call, false)? {
        let items = events.iter().map(|event| event.to_value()).collect();
        return printer.print(call, &printers::list(items));
    }
    call.sys.out.write(table(call, &events, !call.flags.bool("no-headers")));
    Ok(())
}

/// Prints events one by one, those that are there and those that come. Models `runWatch`.
async fn watch(call: &Call, mut seen: usize, events: &[Arc<Object>], wanted: impl Fn(&Object) -> bool) -> Outcome {
    let printer = Printer::of(call, false)?;
    let mut headed = call.flags.bool("no-headers");
    let mut show = |event: &Arc<Object>| match &printer {
        Some(printer) => printer.print(call, &event.to_value()),
        None => {
            let head = !std::mem::replace(&mut headed, true);
            call.sys.out.write(table(call, std::slice::from_ref(event), head));
            Ok(())
        }
    };
    events.iter().try_for_each(&mut show)?;
    loop {
        let news = common::news(call, &mut seen).await;
        let of_kind = news.iter().filter(|news| *news.key.kind == api::event::KIND && news.change != Change::Deleted);
        for news in of_kind.filter(|news| wanted(&news.object)) {
            show(&news.object)?;
        }
    }
}

fn table(call: &Call, events: &[Arc<Object>], head: bool) -> String {
    let all = call.flags.bool("all-namespaces");
    let mut text = String::new();
    if head {
        text.push_str(if all { "NAMESPACE\t" } else { "" });
        text.push_str("LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n");
    }
    let now = call.sys.now().now();
    for event in events {
        let age = |field: &str| api::kind::age(event.str(&[field]), now);
        let count = event.int(&["count"]).unwrap_or(1);
        let seen = if count > 1 {
            format!("{} (x{count} over {})", age("lastTimestamp"), age("firstTimestamp"))
        } else {
            age("lastTimestamp")
        };
        let object = format!("{}/{}", event.str(&["involvedObject", "kind"]), event.str(&["involvedObject", "name"]));
        let message = event.str(&["message"]).trim();
        if all {
            text.push_str(&format!("{}\t", event.namespace()));
        }
        text.push_str(&[&seen, event.str(&["type"]), event.str(&["reason"]), &object, message].join("\t"));
        text.push('\n');
    }
    tabwriter::align(&text, 6, 3)
}
