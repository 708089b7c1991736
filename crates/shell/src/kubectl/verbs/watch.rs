//! `kubectl get -w`: rows as things happen.

use api::json;
use cluster::store::Change;

use super::super::command::Call;
use super::super::errors::{Failure, Outcome};
use super::super::objects::Info;
use super::super::printers::{Printer, table};
use super::super::resolve::{self, Query};
use super::{common, get};

/// Prints what there is, then every change, until somebody breaks it off. Models `GetOptions.watch`.
pub(super) async fn watch(call: &Call, query: &Query) -> Outcome {
    let found = resolve::resolve(call, query).await?;
    let [kind] = found.kinds.as_slice() else {
        return Err(Failure::text("you may only specify a single resource type"));
    };
    let kind = *kind;
    let (infos, failures) = found.split();
    resolve::all_or(failures)?;
    let printer = Printer::of(call, true)?;
    let mut headed = false;
    let with_events = call.flags.bool("output-watch-events");
    let mut show = |infos: &[Info], event: &'static str| -> Outcome {
        if let Some(printer) = &printer {
            return infos.iter().try_for_each(|info| match with_events {
                true => printer.print(call, &json!({"object": info.object.to_value(), "type": event})),
                false => printer.print(call, &info.object),
            });
        }
        let mut layout = get::layout(call, query, kind, false);
        layout.event = with_events.then_some(event);
        layout.no_headers = layout.no_headers || std::mem::replace(&mut headed, true);
        call.sys.out.write(table::print(kind, infos, &layout, call.sys.now().now()));
        Ok(())
    };
    if !infos.is_empty() && !call.flags.bool("watch-only") {
        show(&infos, "ADDED")?;
    }
    let by_name = infos.len() == 1 && call.args.len() > 1;
    let mut seen = call.sys.cluster(|cluster| cluster.store().log().len());
    loop {
        let news = common::news(call, &mut seen).await;
        for event in news.iter().filter(|event| *event.key.kind == *kind) {
            let wanted = if by_name {
                infos.iter().any(|info| *info.name == *event.key.name && *info.namespace == *event.key.namespace)
            } else {
                query.all_namespaces || !kind.namespaced || *event.key.namespace == *query.namespace
            };
            let labels = super::super::selectors::labels(&query.labels).map_err(Failure::Text)?;
            if wanted && labels(&event.object) {
                let what = match event.change {
                    Change::Added => "ADDED",
                    Change::Modified => "MODIFIED",
                    Change::Deleted => "DELETED",
                };
                show(&[Info::read(kind, &event.object)], what)?;
            }
        }
    }
}
