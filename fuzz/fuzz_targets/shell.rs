//! Any line typed at a shell ends or goes on waiting without a panic, within bounds of time and memory.
#![no_main]

use cluster::{Cluster, Instant};
use libfuzzer_sys::fuzz_target;
use shell::Host;
use shell::terminal::{Run, run_command};

thread_local! {
    /// A cluster to begin with; making one takes longer than most lines.
    static CLUSTER: Cluster = Cluster::default();
}

/// Virtual time that a line may take, in microseconds: some thousand commands.
const LIMIT: u64 = 5_000;

fuzz_target!(|input: (u8, &str)| {
    let (kind, line) = input;
    let (host, shell) = match kind % 4 {
        0 => (Host::Busybox, "sh"),
        1 => (Host::Debian, "sh"),
        2 => (Host::Node, "bash"),
        _ => (Host::Laptop, "bash"),
    };
    let argv = [shell, "-c", line].map(str::to_owned).to_vec();
    let mut cluster = CLUSTER.with(Clone::clone);
    let begun: Instant = cluster.now();
    let files = [("a.json".to_owned(), "{\"a\":[1,{\"b\":\"x y\"}]}\n".to_owned()), ("t".to_owned(), "a b\nc d\n".to_owned())];
    let run = Run { host, files: &files, stdin: "one two\nthree\n", limit: LIMIT, ..Run::default() };
    let finished = run_command(&mut cluster, argv, &run);
    assert!(cluster.now() - begun <= LIMIT, "no line takes more time than it was given");
    assert!(finished.stdout.len() + finished.stderr.len() < 64 << 20);
});
