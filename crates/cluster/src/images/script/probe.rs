//! Commands that probes run.

use super::words::commands;

/// Runs a probe's command: its exit code and what it says. Programs this does not know succeed.
pub(crate) fn run_command(words: &[&str], exists: &dyn Fn(&str) -> bool) -> (i32, String) {
    let Some((program, arguments)) = words.split_first() else { return (0, String::new()) };
    let missing = arguments.iter().copied().find(|word| !word.starts_with('-') && !exists(word));
    match program.rsplit('/').next().unwrap_or_default() {
        "sh" | "ash" | "bash" if arguments.len() > 1 => {
            let mut result = (0, String::new());
            for (joint, line) in commands(arguments[1]) {
                if (joint == "&&" && result.0 != 0) || (joint == "||" && result.0 == 0) {
                    continue;
                }
                let words: Vec<&str> = line.iter().map(String::as_str).collect();
                if words.first() == Some(&"exit") {
                    return (words.get(1).and_then(|code| code.parse().ok()).unwrap_or(result.0), result.1);
                }
                result = run_command(&words, exists);
            }
            result
        }
        "false" => (1, String::new()),
        "cat" => missing
            .map_or((0, String::new()), |path| (1, format!("cat: can't open '{path}': No such file or directory\n"))),
        "ls" => missing.map_or((0, String::new()), |path| (1, format!("ls: {path}: No such file or directory\n"))),
        "stat" => missing
            .map_or((0, String::new()), |path| (1, format!("stat: can't stat '{path}': No such file or directory\n"))),
        "test" | "[" => {
            let path = arguments.iter().rev().copied().find(|word| *word != "]").unwrap_or_default();
            let negated = arguments.first() == Some(&"!");
            (i32::from(exists(path) == negated), String::new())
        }
        _ => (0, String::new()),
    }
}
