//! A person at a terminal.

use cluster::Cluster;
use shell::Terminal;

/// Types lines one after the other, lets time pass until a prompt is back, and returns all that was shown.
pub(crate) fn type_all(cluster: &mut Cluster, terminal: &mut Terminal, lines: &[&str]) -> String {
    let mut shown = String::new();
    for line in lines {
        match *line {
            "^C" => terminal.interrupt(),
            "^D" => terminal.end_of_input(),
            line => terminal.submit(line),
        }
        for _ in 0..10_000 {
            let output = terminal.poll(cluster);
            shown.extend(output.chunks.iter().map(|chunk| chunk.text.as_str()));
            let next = [terminal.poll_at(), cluster.poll_at()].into_iter().flatten().min();
            match next {
                Some(next) if terminal.is_busy() && next.0 < cluster.now().0 + 20_000_000 => {
                    cluster.poll(next.max(cluster.now()));
                }
                _ => break,
            }
        }
    }
    shown
}
