//! `cut`

use super::reader::Reader;
use crate::programs::options::Spec;
use crate::sys::Sys;

const SPEC: Spec = Spec {
    short: "d:f:c:b:s",
    long: &[("delimiter", 'd', true), ("fields", 'f', true), ("characters", 'c', true), ("only-delimited", 's', false)],
};

/// `1,3-5,7-` as ranges.
fn ranges(text: &str) -> Option<Vec<(usize, usize)>> {
    text.split(',')
        .map(|part| {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let from = if from.is_empty() { 1 } else { from.parse().ok().filter(|from| *from > 0)? };
            let to = if to.is_empty() { usize::MAX } else { to.parse().ok().filter(|to| *to > 0)? };
            Some((from, to))
        })
        .collect()
}

/// Runs the program.
pub(in crate::programs) async fn run(sys: Sys, argv: Vec<String>) -> i32 {
    let given = match super::parse(&sys, "cut", &SPEC, &argv) {
        Ok(given) => given,
        Err(status) => return status,
    };
    let list = given.value('f').or(given.value('c')).or(given.value('b'));
    let Some(list) = list else {
        sys.err.line("cut: you must specify a list of bytes, characters, or fields");
        return 1;
    };
    let Some(ranges) = ranges(list) else {
        sys.err.line(format!("cut: invalid field value '{list}'"));
        return 1;
    };
    let chosen = |number: usize| ranges.iter().any(|(from, to)| (*from..=*to).contains(&number));
    let delimiter = given.value('d').unwrap_or("\t").to_owned();
    let mut reader = Reader::new(&sys, "cut", &given.operands);
    while let Some(line) = reader.line().await {
        let line = line.trim_end_matches('\n');
        if !given.has('f') {
            let chars = line.chars().enumerate().filter(|(index, _)| chosen(index + 1));
            sys.out.line(chars.map(|(_, char)| char).collect::<String>());
        } else if delimiter.is_empty() || !line.contains(&delimiter) {
            if !given.has('s') {
                sys.out.line(line);
            }
        } else {
            let fields = line.split(&delimiter).enumerate().filter(|(index, _)| chosen(index + 1));
            sys.out.line(fields.map(|(_, field)| field).collect::<Vec<_>>().join(&delimiter));
        }
    }
    i32::from(reader.failed)
}
