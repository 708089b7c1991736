//! Command lines of containers, as far as a kubelet can notice them: how long they run, how they end, and which files
//! they make. A shell script is read command by command; what it does not know takes no time and succeeds.

use crate::kubelet::Environment;

const SECOND: u64 = 1_000_000;

/// A command line, read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Script {
    /// Files made (with their content) or removed (`None`), with the time in microseconds after the start.
    files: Vec<(u64, String, Option<String>)>,
    /// Lines written, with their time.
    lines: Vec<(u64, String)>,
    /// When and how it ends; `None` when it runs for ever.
    exit: Option<(u64, i32)>,
}

impl Script {
    /// Reads a command line. `None` when the first word is no program this knows.
    pub(crate) fn of_command(words: &[&str]) -> Option<Self> {
        Self::with(words, &Environment::default())
    }

    /// The same with the variables of a container.
    pub(crate) fn with(words: &[&str], env: &Environment) -> Option<Self> {
        let program = words.first()?.rsplit('/').next()?;
        let mut script = Self::default();
        let mut at = 0;
        match (program, words.get(1), words.get(2)) {
            ("sh" | "ash" | "bash", Some(flag), Some(text)) if flag.starts_with('-') && flag.ends_with('c') => {
                let code = script.run(text, env, &mut at);
                script.exit = code.map(|code| (at, code));
                Some(script)
            }
            _ => {
                let known = effect(words).is_some();
                let code = script.command(words, env, &mut at);
                script.exit = code.map(|code| (at, code));
                known.then_some(script)
            }
        }
    }

    /// When (in microseconds after the start) and with what code it ends; `None` when it runs for ever.
    pub(crate) fn exit(&self) -> Option<(u64, i32)> {
        self.exit
    }

    /// What a file holds so many microseconds after the start; `None` when it is not there.
    pub(crate) fn file(&self, path: &str, up: u64) -> Option<&str> {
        let mut changes = self.files.iter().filter(|(at, known, _)| known == path && *at <= up);
        changes.next_back().and_then(|(_, _, content)| content.as_deref())
    }

    /// The next time at which files change.
    pub(crate) fn next_change(&self, up: u64) -> Option<u64> {
        self.files.iter().map(|(at, ..)| *at).find(|at| *at > up)
    }

    /// The lines it writes at once.
    pub(crate) fn first_lines(&self) -> Vec<String> {
        self.lines.iter().filter(|(at, _)| *at == 0).map(|(_, line)| line.clone()).collect()
    }

    /// Runs a script; `None` when it never ends.
    fn run(&mut self, text: &str, env: &Environment, at: &mut u64) -> Option<i32> {
        let mut code = 0;
        for (joint, line) in commands(text) {
            if (joint == "&&" && code != 0) || (joint == "||" && code == 0) {
                continue;
            }
            let words: Vec<&str> = line.iter().map(String::as_str).collect();
            match words.first().copied() {
                Some("while" | "until" | "for") => return None,
                Some("exit") => return Some(words.get(1).and_then(|code| code.parse().ok()).unwrap_or(code)),
                _ => code = self.command(&words, env, at)?,
            }
        }
        Some(code)
    }

    /// One command; `None` when it never ends.
    fn command(&mut self, words: &[&str], env: &Environment, at: &mut u64) -> Option<i32> {
        let words = if words.first() == Some(&"exec") { &words[1..] } else { words };
        match effect(words) {
            None => {}
            Some(Effect::Forever) => return None,
            Some(Effect::Sleep(micros)) => *at += micros,
            Some(Effect::Ends(code)) => return Some(code),
            Some(Effect::Touch(paths)) => {
                self.files.extend(paths.iter().map(|path| (*at, (*path).to_owned(), Some(String::new()))));
            }
            Some(Effect::Remove(paths)) => {
                self.files.extend(paths.iter().map(|path| (*at, (*path).to_owned(), None)));
            }
            Some(Effect::Echo(text, path)) => {
                let text = expand(&text, env);
                match path {
                    Some(path) => self.files.push((*at, path.to_owned(), Some(text + "\n"))),
                    None => self.lines.push((*at, text)),
                }
            }
        }
        Some(0)
    }
}

enum Effect<'a> {
    Sleep(u64),
    Forever,
    Ends(i32),
    Touch(&'a [&'a str]),
    Remove(Vec<&'a str>),
    Echo(String, Option<&'a str>),
}

fn effect<'a>(words: &'a [&'a str]) -> Option<Effect<'a>> {
    let (program, arguments) = words.split_first()?;
    Some(match program.rsplit('/').next()? {
        "sleep" => match arguments.first().copied().unwrap_or_default() {
            "infinity" | "inf" => Effect::Forever,
            _ => Effect::Sleep(arguments.iter().map(|word| seconds(word)).sum()),
        },
        "tail" | "httpd" | "nginx" | "apache2-foreground" | "top" | "watch" | "redis-server" => Effect::Forever,
        "nc" if arguments.iter().any(|word| word.starts_with('-') && word.contains('l')) => Effect::Forever,
        "true" | ":" => Effect::Ends(0),
        "false" => Effect::Ends(1),
        "touch" => Effect::Touch(arguments),
        "rm" => Effect::Remove(arguments.iter().copied().filter(|word| !word.starts_with('-')).collect()),
        "echo" => {
            let at = arguments.iter().position(|word| *word == ">" || *word == ">>");
            let text = arguments[..at.unwrap_or(arguments.len())].join(" ");
            Effect::Echo(text, at.and_then(|at| arguments.get(at + 1).copied()))
        }
        _ => return None,
    })
}

/// Microseconds of `30`, `1.5`, `10m`, `1h`, `1d`.
fn seconds(word: &str) -> u64 {
    let unit = match word.chars().last() {
        Some('m') => 60,
        Some('h') => 3600,
        Some('d') => 86_400,
        _ => 1,
    };
    let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let tenths = part.chars().next().and_then(|digit| digit.to_digit(10)).map_or(0, u64::from);
    let whole: u64 = whole.parse().unwrap_or(0);
    whole.saturating_mul(unit * SECOND).saturating_add(tenths * unit * SECOND / 10)
}

/// Variables and the host's name, in a text.
fn expand(text: &str, env: &Environment) -> String {
    let mut text = text.replace("$(hostname)", "$HOSTNAME").replace("`hostname`", "$HOSTNAME");
    if !text.contains('$') {
        return text;
    }
    // Longer names first, so that `$APP_NAME` is not taken for `$APP`.
    let mut known: Vec<(&str, &str)> = env.iter().filter(|(name, _)| text.contains(name)).collect();
    known.sort_by_key(|(name, _)| (std::cmp::Reverse(name.len()), *name));
    for (name, value) in known {
        text = text.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
    }
    text
}

/// The commands of a script, each with what joins it to the one before.
fn commands(text: &str) -> Vec<(&'static str, Vec<String>)> {
    let mut list: Vec<(&'static str, Vec<String>)> = vec![(";", Vec::new())];
    let mut word = String::new();
    let mut quote = None;
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    let mut depth = 0;
    while let Some(c) = chars.next() {
        let ends = quote.is_none() && depth == 0;
        if ends && (c.is_whitespace() || matches!(c, ';' | '&' | '|' | '>')) {
            if (!word.is_empty() || quoted)
                && let Some((_, words)) = list.last_mut()
            {
                words.push(std::mem::take(&mut word));
                quoted = false;
            }
            let doubled = chars.peek() == Some(&c);
            match c {
                '&' if doubled => list.push(("&&", Vec::new())),
                '|' if doubled => list.push(("||", Vec::new())),
                ';' | '\n' | '&' | '|' => list.push((";", Vec::new())),
                '>' => {
                    if let Some((_, words)) = list.last_mut() {
                        words.push(">".to_owned());
                    }
                }
                _ => {}
            }
            if doubled && matches!(c, '&' | '|' | '>') {
                chars.next();
            }
            continue;
        }
        match (quote, c) {
            (None, '\'' | '"') => (quote, quoted) = (Some(c), true),
            (Some(open), _) if c == open => quote = None,
            _ => {
                depth += i32::from(c == '(') - i32::from(c == ')' && depth > 0);
                word.push(c);
            }
        }
    }
    if (!word.is_empty() || quoted)
        && let Some((_, words)) = list.last_mut()
    {
        words.push(word);
    }
    list.retain(|(_, words)| !words.is_empty());
    list
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_make_files_and_end() {
        let text = "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600";
        let script = Script::of_command(&["/bin/sh", "-c", text]).unwrap();
        assert_eq!(script.exit(), Some((630 * SECOND, 0)));
        assert!(script.file("/tmp/healthy", 29 * SECOND).is_some());
        assert!(script.file("/tmp/healthy", 31 * SECOND).is_none());
        assert_eq!(script.next_change(SECOND), Some(30 * SECOND));
        for (words, exit) in [
            (&["sleep", "1h"][..], Some((3600 * SECOND, 0))),
            (&["sh", "-c", "echo hi && exit 3"], Some((0, 3))),
            (&["sh", "-c", "while true; do sleep 1; done"], None),
            (&["sh", "-c", "false || exit 2"], Some((0, 2))),
            (&["sleep", "infinity"], None),
        ] {
            assert_eq!(Script::of_command(words).unwrap().exit(), exit, "{words:?}");
        }
        assert_eq!(Script::of_command(&["unknown"]), None);
        let mut env = Environment::default();
        env.base("HOSTNAME", "web-1");
        let words =
            ["sh", "-c", "echo \"I am $(hostname)\" > /usr/share/nginx/html/index.html && nginx -g 'daemon off;'"];
        let script = Script::with(&words, &env).unwrap();
        assert_eq!(script.file("/usr/share/nginx/html/index.html", 0), Some("I am web-1\n"));
        assert_eq!(script.exit(), None);
    }

    #[test]
    fn probes_look_for_files() {
        let exists = |path: &str| path == "/ready";
        for (words, want) in [
            (&["cat", "/ready"][..], 0),
            (&["cat", "/nope"], 1),
            (&["test", "-f", "/ready"], 0),
            (&["sh", "-c", "[ -f /nope ] || exit 4"], 4),
            (&["false"], 1),
            (&["redis-cli", "ping"], 0),
        ] {
            assert_eq!(run_command(words, &exists).0, want, "{words:?}");
        }
    }
}
