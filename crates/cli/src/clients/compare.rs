//! `playground compare-clients FILE [SHOW] [FILTER]`: holds the answers against the recording, and counts by client.

use std::collections::BTreeMap;

use api::Value;

use super::mask::mask;
use super::{answers, cases};
use crate::replay::{ReplayError, recorded};

/// The table of equal and all cases by client, and the first `show` differences of cases whose id, client or situation
/// holds a text.
///
/// # Errors
/// When the file cannot be read or is no recording.
pub(crate) fn compare(path: &str, show: usize, filter: &str) -> Result<String, ReplayError> {
    let recording = recorded(path)?;
    let text = |case: &Value, field: &str| case.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let program = |case: &Value| case.pointer("/argv/0").and_then(Value::as_str).unwrap_or_default().to_owned();
    let wanted = |case: &&Value| {
        let line =
            format!("{} {} {} {}", text(case, "id"), text(case, "client"), text(case, "situation"), program(case));
        filter.split('&').all(|part| line.contains(part))
    };
    let chosen: Vec<Value> = cases(&recording).iter().filter(wanted).cloned().collect();
    let answers = answers(&chosen);
    let (mut table, mut shown, mut out) = (BTreeMap::<String, (usize, usize)>::new(), 0, String::new());
    for (case, answer) in chosen.iter().zip(&answers) {
        let equal = same(case, answer);
        for key in [format!("{} {}", text(case, "client"), program(case)), format!("= {}", text(case, "client"))] {
            let entry = table.entry(key).or_default();
            entry.0 += usize::from(equal);
            entry.1 += 1;
        }
        if !equal && shown < show {
            shown += 1;
            out.push_str(&difference(case, answer));
        }
    }
    let (equal, all) = table
        .iter()
        .filter(|(key, _)| key.starts_with("= "))
        .fold((0, 0), |sum, (_, entry)| (sum.0 + entry.0, sum.1 + entry.1));
    table.insert("= all".to_owned(), (equal, all));
    for (key, (equal, all)) in &table {
        #[allow(clippy::cast_precision_loss)]
        let share = 100.0 * *equal as f64 / (*all).max(1) as f64;
        out.push_str(&format!("{key:<24} {equal:>5}/{all:<5} {share:.1} %\n"));
    }
    Ok(out)
}

fn same(case: &Value, answer: &Value) -> bool {
    let text = |of: &Value, field: &str| of.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let blocks = |case: &Value| {
        let program = case.pointer("/argv/0").and_then(Value::as_str).unwrap_or_default();
        program == "nslookup" && text(case, "client").starts_with("bb")
    };
    let equal = |field: &str| {
        let (a, b) = (chosen(&mask(&text(case, field))), chosen(&mask(&text(answer, field))));
        a == b || (blocks(case) && sorted(&a) == sorted(&b)) || lines(&a) == lines(&b) && one_of_many(&text(case, "id"))
    };
    let exit = |of: &Value| of.get("exit").and_then(Value::as_i64);
    exit(case) == exit(answer) && equal("stdout") && equal("stderr")
}

/// Cases whose answers name addresses in an order that is drawn by lot.
fn one_of_many(id: &str) -> bool {
    ["headless", "db", "srv", "ip-pod", "PTR", "-x", "env", "rules"].iter().any(|word| id.contains(word))
}

/// Which of several pods answered, and which of several names an address has, is chance.
fn chosen(text: &str) -> String {
    let mut text = text.replace("web-2", "web-1");
    for last in ["0-11", "1-11"] {
        let dashed = format!("10-244-{last}.");
        while let Some(at) = text.find(&dashed).filter(|at| text[*at..].contains(".default.svc")) {
            let rest = &text[at..];
            let end = rest.find(".default.svc").unwrap_or(0);
            text.replace_range(at..at + end, &format!("<{last}>"));
        }
        let named = format!("db-{}.db.default.svc", &last[..1]);
        if text.contains("in-addr") || text.contains("icmp_seq") || text.contains("Address ") {
            text = text.replace(&named, &format!("<{last}>.default.svc"));
        }
    }
    text
}

fn sorted(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> =
        text.replace('\r', "").split("\n\n").map(|block| lines(block.trim()).join("\n")).collect();
    blocks.retain(|block| !block.is_empty());
    blocks.sort();
    blocks
}

fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

fn difference(case: &Value, answer: &Value) -> String {
    let text = |of: &Value, field: &str| of.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut out = format!(
        "=== {} [{} {}] {} | want exit {} got {}\n",
        text(case, "id"),
        text(case, "client"),
        text(case, "ns"),
        case.get("argv").map(ToString::to_string).unwrap_or_default(),
        case.get("exit").map(ToString::to_string).unwrap_or_default(),
        answer.get("exit").map(ToString::to_string).unwrap_or_default(),
    );
    for field in ["stdout", "stderr"] {
        let (a, b) = (mask(&text(case, field)), mask(&text(answer, field)));
        if a != b {
            let visible = |text: &str| text.replace('\r', "<CR>");
            let (a, b) = (visible(&a), visible(&b));
            let (old, new): (Vec<&str>, Vec<&str>) = (a.split('\n').collect(), b.split('\n').collect());
            let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
            let same_end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
            let end = same_end.min(old.len() - start).min(new.len() - start);
            out.push_str(&format!("--- {field} from line {}\n", start + 1));
            for line in &old[start..old.len() - end] {
                out.push_str(&format!("-{line}\n"));
            }
            for line in &new[start..new.len() - end] {
                out.push_str(&format!("+{line}\n"));
            }
        }
    }
    out
}
