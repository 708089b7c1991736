//! `wc`

use super::reader::Reader;
use crate::programs::options::Spec;
use crate::sys::{Host, Sys};

const SPEC: Spec = Spec {
    short: "lwcmL",
    long: &[("lines", 'l', false), ("words", 'w', false), ("bytes", 'c', false), ("chars", 'm', false)],
};

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "wc", &SPEC, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let all = given.options.is_empty();
    let wanted: Vec<usize> = [('l', 0), ('w', 1), ('m', 3), ('c', 2)]
        .into_iter()
        .filter(|(letter, _)| given.has(*letter) || (all && *letter != 'm'))
        .map(|(_, index)| index)
        .collect();
    let mut reader = Reader::new(&sys, "wc", &given.operands);
    let mut rows = Vec::new();
    let mut total = [0usize; 4];
    while let Some(name) = reader.next_input() {
        let mut counts = [0usize; 4];
        while let Some(line) = reader.line_here().await {
            counts[0] += usize::from(line.ends_with('\n'));
            counts[1] += line.split_whitespace().count();
            counts[2] += line.len();
            counts[3] += line.chars().count();
        }
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
        rows.push((counts, if given.operands.is_empty() { String::new() } else { name }));
    }
    if rows.len() > 1 {
        rows.push((total, "total".to_owned()));
    }
    // GNU's columns are as wide as the biggest number, but 7 for what is no file; BusyBox's are 9 for several.
    let width = match (sys.host, wanted.len(), rows.len()) {
        (_, 1, 1) => 0,
        (Host::Busybox, ..) => 9,
        _ if given.operands.is_empty() => 7,
        _ => total[2].max(total[0]).to_string().len(),
    };
    for (counts, name) in rows {
        let numbers: Vec<String> = wanted.iter().map(|index| format!("{:>width$}", counts[*index])).collect();
        let joined = numbers.join(" ");
        sys.out.line(if name.is_empty() { joined } else { format!("{joined} {name}") });
    }
    i32::from(reader.failed)
}
