//! Lines made of what shells, awk, jq and sed know, at random: each ends or is cut off, and none panics.

use cluster::{Cluster, Rng};
use shell::Host;
use shell::terminal::{Run, run_command};

/// What lines are made of. Pieces that belong together are pieces of one string.
const PIECES: &[&str] = &[
    "echo",
    "cat",
    "x=",
    "$x",
    "${x}",
    "${x#*",
    "${x//a/",
    "}",
    "$((",
    "))",
    "$(",
    ")",
    "`",
    "'",
    "\"",
    "\\",
    "|",
    "||",
    "&&",
    "&",
    ";",
    "\n",
    "<<E\n",
    "\nE\n",
    ">",
    ">>",
    "<",
    "2>&1",
    "<<<",
    "{",
    "(",
    "for i in",
    "do",
    "done",
    "while",
    "true",
    "false",
    "if",
    "then",
    "fi",
    "case",
    "esac",
    ";;",
    "f()",
    "f",
    "{1..9}",
    "{a,b}",
    "*",
    "?",
    "[a-z]",
    "[[",
    "]]",
    "[",
    "]",
    "-eq",
    "=~",
    "1",
    "-1",
    "999999999999",
    "0",
    "+",
    "/",
    "%",
    "**",
    "~",
    "#",
    "!",
    "set -e",
    "shift",
    "read y",
    "eval",
    "exec",
    "trap",
    "seq 3",
    "sleep 1",
    "head -1",
    "tail -n",
    "sort",
    "uniq -c",
    "cut -d",
    "-f1",
    "tr a b",
    "wc",
    "xargs -n1",
    "tee t",
    "printf %s",
    "%5d",
    "base64 -d",
    "grep -o",
    "sed",
    "s/a/b/g",
    "2,$p",
    "N;",
    "awk",
    "{print $1}",
    "NR>1",
    "a[$1]++",
    "gsub(/a/,\"b\")",
    "for(k in a)",
    "BEGIN{",
    "jq",
    ".",
    ".a",
    "[]",
    ".[]|",
    "select(",
    "reduce . as $i",
    "@csv",
    "t",
    "a.json",
    "kubectl",
    "get",
    "po",
    "-o",
    "yaml",
    "column -t",
    "diff t",
    "find .",
    "-name",
    "watch",
    "time",
    "env",
    "test",
    "é",
    "\u{0}",
    "\t",
    " ",
];

#[test]
fn no_line_panics_or_runs_for_ever() {
    let mut chance = Rng::new(7);
    let base = Cluster::default();
    for round in 0..400 {
        let mut line = String::new();
        for _ in 0..=chance.below(14) {
            let piece = usize::try_from(chance.below(PIECES.len() as u64)).unwrap_or(0);
            line.push_str(PIECES[piece]);
            if chance.below(4) > 0 {
                line.push(' ');
            }
        }
        let (host, program) = match round % 3 {
            0 => (Host::Busybox, "sh"),
            1 => (Host::Debian, "sh"),
            _ => (Host::Laptop, "bash"),
        };
        let mut cluster = base.clone();
        let begun = cluster.now();
        let files = [("a.json".to_owned(), "{\"a\":[1]}\n".to_owned()), ("t".to_owned(), "a b\nc d\n".to_owned())];
        let run = Run { host, files: &files, stdin: "one two\nthree\n", limit: 20_000, ..Run::default() };
        let finished = run_command(&mut cluster, [program, "-c", &line].map(str::to_owned).to_vec(), &run);
        assert!(cluster.now() - begun <= 20_000, "{line:?} takes more time than it was given");
        assert!(finished.stdout.len() < 16 << 20, "{line:?} writes too much");
    }
}
