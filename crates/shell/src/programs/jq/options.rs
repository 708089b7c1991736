//! jq's command line. Models src/main.c.

use std::collections::BTreeMap;

use super::read::{Reader, parse as parse_json};
use super::two_spaces;
use super::value::{Json, Style};
use crate::sys::Sys;

/// What was asked for.
pub(super) enum Wanted {
    Run(Options),
    /// It is done already.
    Done(i32),
}

#[derive(Default)]
pub(super) struct Options {
    pub(super) program: String,
    pub(super) files: Vec<String>,
    pub(super) globals: BTreeMap<String, Json>,
    pub(super) style: Style,
    pub(super) raw_output: bool,
    pub(super) join: bool,
    pub(super) null_input: bool,
    pub(super) raw_input: bool,
    pub(super) slurp: bool,
    pub(super) exit_status: bool,
}

const USAGE: &str = "Usage:\tjq [OPTIONS] FILTER [FILES...]
\tjq [OPTIONS] -f FILE [FILES...]
\tjq [OPTIONS] --args FILTER [ARGUMENTS...]
\tjq [OPTIONS] --jsonargs FILTER [JSON_VALUES...]
";

/// The long options that need nothing, with their letters.
const LONG: &[(&str, char)] = &[
    ("slurp", 's'),
    ("raw-output", 'r'),
    ("join-output", 'j'),
    ("raw-input", 'R'),
    ("null-input", 'n'),
    ("compact-output", 'c'),
    ("exit-status", 'e'),
    ("sort-keys", 'S'),
    ("ascii-output", 'a'),
    ("color-output", 'C'),
    ("monochrome-output", 'M'),
    ("tab", 't'),
    ("from-file", 'f'),
    ("help", 'h'),
    ("version", 'V'),
    ("unbuffered", 'M'),
    ("args", 'A'),
    ("jsonargs", 'J'),
];

fn die(sys: &Sys, why: &str) -> i32 {
    sys.err.line(format!("jq: {why}"));
    sys.err.line("Use jq --help for help with command-line options,");
    sys.err.line("or see the jq manpage, or online docs  at https://jqlang.github.io/jq");
    2
}

/// Takes the words; an error is the exit code, and was said.
pub(super) fn parse(sys: &Sys, argv: &[String]) -> Result<Wanted, i32> {
    let mut options = Options { style: two_spaces(), ..Options::default() };
    let (mut program, mut from_file, mut rest) = (None::<String>, false, 'f');
    let mut positional = Vec::new();
    let mut words = argv.iter();
    let mut only_operands = false;
    while let Some(word) = words.next() {
        if only_operands || !word.starts_with('-') || word == "-" {
            match (program.is_none(), rest) {
                (true, _) => program = Some(word.clone()),
                (false, 'A') => positional.push(Json::text(word)),
                (false, 'J') => match parse_json(word) {
                    Ok(value) => positional.push(value),
                    Err(_) => return Err(die(sys, "invalid JSON text passed to --jsonargs")),
                },
                (false, _) => options.files.push(word.clone()),
            }
            continue;
        }
        if word == "--" {
            only_operands = true;
            continue;
        }
        let letters: Vec<char> = match word.strip_prefix("--") {
            None => word[1..].chars().collect(),
            Some(name @ ("arg" | "argjson" | "slurpfile" | "rawfile")) => {
                let (Some(variable), Some(text)) = (words.next(), words.next()) else {
                    let example = match name {
                        "arg" => "varname value",
                        "argjson" => "varname text",
                        _ => "varname filename",
                    };
                    return Err(die(sys, &format!("--{name} takes two parameters (e.g. --{name} {example})")));
                };
                let value = named(sys, name, variable, text)?;
                options.globals.entry(variable.clone()).or_insert(value);
                continue;
            }
            Some("indent") => {
                let Some(count) = words.next() else { return Err(die(sys, "--indent takes one parameter")) };
                let Some(count) = count.parse::<usize>().ok().filter(|count| *count <= 7) else {
                    return Err(die(sys, "Cannot indent more than 7 characters"));
                };
                options.style.indent = " ".repeat(count);
                continue;
            }
            Some(name) => match LONG.iter().find(|(known, _)| *known == name) {
                Some((_, letter)) => vec![*letter],
                None => return Err(die(sys, &format!("Unknown option {word}"))),
            },
        };
        for letter in letters {
            match letter {
                's' => options.slurp = true,
                'r' => options.raw_output = true,
                'j' => (options.raw_output, options.join) = (true, true),
                'R' => options.raw_input = true,
                'n' => options.null_input = true,
                'c' => options.style.indent = String::new(),
                'e' => options.exit_status = true,
                'S' => options.style.sorted = true,
                'a' => options.style.ascii = true,
                't' => options.style.indent = "\t".to_owned(),
                'C' | 'M' => {}
                'f' => from_file = true,
                'A' | 'J' if word.starts_with("--") => rest = letter,
                'h' => {
                    sys.out.write(format!("{USAGE}\n{HELP}"));
                    return Ok(Wanted::Done(0));
                }
                'V' => {
                    sys.out.line("jq-1.7.1");
                    return Ok(Wanted::Done(0));
                }
                _ => return Err(die(sys, &format!("Unknown option {word}"))),
            }
        }
    }
    let program = match program {
        Some(file) if from_file => match sys.read_file(&file) {
            Ok(text) => text,
            Err(error) => {
                sys.err.line(format!("jq: error: Could not open {file}: {error}"));
                return Err(2);
            }
        },
        Some(program) => program,
        // With something piped in or a terminal to print on, the program is `.`.
        None if !sys.stdin_is_terminal || !sys.stdout_is_terminal => ".".to_owned(),
        None => {
            sys.err.write(USAGE);
            return Err(2);
        }
    };
    options.program = program;
    let fields = |map: &BTreeMap<String, Json>| {
        Json::object(map.iter().map(|(name, value)| (name.as_str().into(), value.clone())).collect())
    };
    let arguments =
        Json::object(vec![("positional".into(), Json::array(positional)), ("named".into(), fields(&options.globals))]);
    options.globals.insert("ARGS".to_owned(), arguments);
    let env = sys.env.iter().map(|(name, value)| (name.as_str().into(), Json::text(value))).collect();
    options.globals.insert("ENV".to_owned(), Json::object(env));
    Ok(Wanted::Run(options))
}

/// The value that `--arg` and its kin give a variable.
fn named(sys: &Sys, option: &str, variable: &str, text: &str) -> Result<Json, i32> {
    match option {
        "arg" => Ok(Json::text(text)),
        "argjson" => parse_json(text).map_err(|_| die(sys, "invalid JSON text passed to --argjson")),
        _ => {
            let bad = |why: String| {
                sys.err.line(format!("jq: Bad JSON in --{option} {variable} {text}: {why}"));
                2
            };
            let content = sys.read_file(text).map_err(|error| bad(format!("Could not open {text}: {error}")))?;
            if option == "rawfile" {
                return Ok(Json::text(&content));
            }
            let (mut reader, mut found) = (Reader::default(), Vec::new());
            reader.feed(&content, &mut found).map_err(bad)?;
            found.extend(reader.finish().map_err(bad)?);
            Ok(Json::array(found))
        }
    }
}

const HELP: &str = "jq is a tool for processing JSON inputs, applying the given filter to
its JSON text inputs and producing the filter's results as JSON on
standard output.

The simplest filter is ., which copies jq's input to its output
unmodified except for formatting. For more advanced filters see
the jq(1) manpage (\"man jq\") and/or https://jqlang.github.io/jq/.

Example:

\t$ echo '{\"foo\": 0}' | jq .
\t{
\t  \"foo\": 0
\t}

Command options:
  -n, --null-input          use `null` as the single input value;
  -R, --raw-input           read each line as string instead of JSON;
  -s, --slurp               read all inputs into an array and use it as
                            the single input value;
  -c, --compact-output      compact instead of pretty-printed output;
  -r, --raw-output          output strings without escapes and quotes;
  -j, --join-output         implies -r and output without newline after
                            each output;
  -a, --ascii-output        output strings by only ASCII characters
                            using escape sequences;
  -S, --sort-keys           sort keys of each object on output;
  -C, --color-output        colorize JSON output;
  -M, --monochrome-output   disable colored output;
      --tab                 use tabs for indentation;
      --indent n            use n spaces for indentation (max 7 spaces);
  -f, --from-file file      load filter from the file;
      --arg name value      set $name to the string value;
      --argjson name value  set $name to the JSON value;
      --slurpfile name file set $name to an array of JSON values read
                            from the file;
      --rawfile name file   set $name to string contents of file;
      --args                consume remaining arguments as positional
                            string values;
      --jsonargs            consume remaining arguments as positional
                            JSON values;
  -e, --exit-status         set exit status code based on the output;
  -V, --version             show the version;
  -h, --help                show the help;
  --                        terminates argument processing;

Named arguments are also available as $ARGS.named[], while
positional arguments are available as $ARGS.positional[].
";
