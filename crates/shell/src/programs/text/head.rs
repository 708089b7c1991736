//! `head` and `tail`

use super::reader::Reader;
use crate::programs::options::{Given, Spec};
use crate::sys::Sys;

const SPEC: Spec = Spec {
    short: "n:c:fFqv",
    long: &[("lines", 'n', true), ("bytes", 'c', true), ("follow", 'f', false), ("quiet", 'q', false)],
};

/// `-5` is `-n 5`.
fn words(argv: Vec<String>) -> Vec<String> {
    argv.into_iter()
        .map(|word| match word.strip_prefix('-') {
            Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("-n{digits}")
            }
            _ => word,
        })
        .collect()
}

/// The number of an option, with its sign.
fn count(sys: &Sys, program: &str, given: &Given, letter: char) -> Result<Option<(char, usize)>, i32> {
    let Some(text) = given.value(letter) else { return Ok(None) };
    let sign = text.chars().next().filter(|char| "+-".contains(*char)).unwrap_or(' ');
    text.trim_start_matches(['+', '-']).parse().map(|number| Some((sign, number))).map_err(|_| {
        let what = if letter == 'n' { "lines" } else { "bytes" };
        match sys.host {
            crate::Host::Busybox => sys.err.line(format!("{program}: invalid number '{text}'")),
            _ => sys.err.line(format!("{program}: invalid number of {what}: '{text}'")),
        }
        1
    })
}

/// Runs `head`.
pub(in crate::programs) async fn head(sys: Sys, argv: Vec<String>) -> i32 {
    run_head(&sys, argv).await.unwrap_or_else(|status| status)
}

async fn run_head(sys: &Sys, argv: Vec<String>) -> Result<i32, i32> {
    let given = super::parse(sys, "head", &SPEC, &words(argv))?;
    let bytes = count(sys, "head", &given, 'c')?;
    let (sign, lines) = count(sys, "head", &given, 'n')?.unwrap_or((' ', 10));
    let mut reader = Reader::new(sys, "head", &given.operands);
    let many = given.operands.len() > 1 && !given.has('q');
    let mut first = true;
    while let Some(name) = reader.next_input() {
        if many {
            sys.out.line(format!("{}==> {name} <==", if first { "" } else { "\n" }));
            first = false;
        }
        if let Some((_, most)) = bytes {
            let mut left = most;
            while left > 0 {
                let Some(line) = reader.line_here().await else { break };
                let end = (0..=left.min(line.len())).rev().find(|end| line.is_char_boundary(*end)).unwrap_or(0);
                sys.out.write(&line[..end]);
                left -= left.min(line.len());
            }
            continue;
        }
        if sign == '-' {
            let mut held = std::collections::VecDeque::new();
            while let Some(line) = reader.line_here().await {
                held.push_back(line);
                if held.len() > lines {
                    sys.out.write(held.pop_front().unwrap_or_default());
                }
            }
            continue;
        }
        for _ in 0..lines {
            let Some(line) = reader.line_here().await else { break };
            sys.out.write(line);
        }
    }
    Ok(i32::from(reader.failed))
}

/// Runs `tail`.
pub(in crate::programs) async fn tail(sys: Sys, argv: Vec<String>) -> i32 {
    run_tail(&sys, argv).await.unwrap_or_else(|status| status)
}

async fn run_tail(sys: &Sys, argv: Vec<String>) -> Result<i32, i32> {
    let given = super::parse(sys, "tail", &SPEC, &words(argv))?;
    let (sign, lines) = count(sys, "tail", &given, 'n')?.unwrap_or((' ', 10));
    let mut reader = Reader::new(sys, "tail", &given.operands);
    while reader.next_input().is_some() {
        let mut held = std::collections::VecDeque::new();
        let mut number = 0;
        while let Some(line) = reader.line_here().await {
            number += 1;
            if sign == '+' {
                if number >= lines {
                    sys.out.write(line);
                }
                continue;
            }
            held.push_back(line);
            if held.len() > lines {
                held.pop_front();
            }
        }
        held.into_iter().for_each(|line| sys.out.write(line));
    }
    if given.has('f') || given.has('F') {
        follow(sys, &given).await;
    }
    Ok(i32::from(reader.failed))
}

/// Shows what is added to the first file, for ever.
async fn follow(sys: &Sys, given: &Given) {
    let Some(name) = given.operands.first() else { return };
    let mut known = sys.read_file(name).map_or(0, |text| text.len());
    loop {
        sys.sleep(1_000_000).await;
        if let Ok(text) = sys.read_file(name) {
            if let Some(more) = text.get(known..) {
                sys.out.write(more);
            }
            known = text.len();
        }
    }
}
