//! The recordings of real programs that lie beside the project, replayed: how many answers are the same, what is volatile
//! aside. Skipped with a message where `../shared/oracle` is absent.

use std::path::PathBuf;
use std::process::Command;

/// Of a hundred cases so many must be answered as recorded.
const SHARE: u32 = 98;

/// The two numbers of a word such as `12/34`.
fn score(line: &str) -> Option<(u32, u32)> {
    let (equal, all) = line.split_whitespace().find_map(|word| word.split_once('/'))?;
    Some((equal.parse().ok()?, all.parse().ok()?))
}

#[test]
fn client_programs_print_what_the_real_ones_did() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracle/clients/clients.json");
    if !path.exists() {
        println!("skipped: no recordings of client programs at ../shared/oracle");
        return;
    }
    let out = Command::new(env!("CARGO_BIN_EXE_playground")).arg("compare-clients").arg(path).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let (equal, all) = text.lines().find(|line| line.starts_with("= all")).and_then(score).unwrap();
    assert!(all > 2_000 && equal * 100 >= all * SHARE, "{text}");
}
