//! Doing what a script says, line by line.

use super::parse::{Action, Address, Command, Substitute};

/// Commands that one line may run: a script may jump back for ever.
const MOST_STEPS: usize = 100_000;
/// Bytes that the text under way may have.
const LONGEST: usize = 1 << 20;

/// What becomes of the text after the last command.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Print,
    Drop,
}

/// What a script asks for when it stops.
pub(super) enum Stop {
    /// The next line, and then what.
    Line(Wanted),
    /// The cycle is over.
    Cycle,
    Quit(i32),
    TooLong,
}

/// Why a line is asked for in the middle of a script.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Wanted {
    /// `n`
    Instead,
    /// `N`
    Beside,
}

/// A script under way.
pub(super) struct Editor {
    commands: Vec<Command>,
    /// For each command that has a range: whether lines are in it, and where it ends if that is a number.
    ranges: Vec<(bool, usize)>,
    pub(super) quiet: bool,
    pub(super) space: String,
    hold: String,
    pub(super) number: usize,
    pub(super) last: bool,
    /// What `a` adds behind the cycle.
    appended: String,
    pub(super) out: String,
    used: Option<regex_lite::Regex>,
    substituted: bool,
    at: usize,
    steps: usize,
    /// `D` goes on without a new line.
    pub(super) again: bool,
}

impl Editor {
    pub(super) fn new(commands: Vec<Command>, quiet: bool) -> Self {
        Self {
            ranges: vec![(false, 0); commands.len()],
            commands,
            quiet,
            space: String::new(),
            hold: String::new(),
            number: 0,
            last: false,
            appended: String::new(),
            out: String::new(),
            used: None,
            substituted: false,
            at: 0,
            steps: 0,
            again: false,
        }
    }

    /// Whether the script has to know which line is the last.
    pub(super) fn asks_for_last(&self) -> bool {
        let last = |address: &Option<Address>| matches!(address, Some(Address::Last));
        self.commands.iter().any(|command| {
            last(&command.from) || last(&command.to) || matches!(command.action, Action::Plain('n' | 'N' | 'D'))
        })
    }

    /// Begins a cycle.
    pub(super) fn begin(&mut self) {
        (self.at, self.steps, self.substituted, self.again) = (0, 0, false, false);
    }

    fn finish(&mut self, fate: Fate) {
        if fate == Fate::Print && !self.quiet {
            self.print();
        }
        self.out.push_str(&std::mem::take(&mut self.appended));
    }

    fn print(&mut self) {
        self.out.push_str(&self.space);
        self.out.push('\n');
    }

    fn meets(&mut self, address: &Address) -> bool {
        match address {
            Address::Line(wanted) => *wanted == self.number,
            Address::Every(first, 0) => self.number == *first,
            Address::Every(first, step) => self.number >= *first && (self.number - first).is_multiple_of(*step),
            Address::Last => self.last,
            Address::Pattern(pattern) => {
                let pattern = pattern.clone().or_else(|| self.used.clone());
                let found = pattern.as_ref().is_some_and(|pattern| pattern.is_match(&self.space));
                self.used = pattern;
                found
            }
            Address::More(_) => false,
        }
    }

    fn applies(&mut self, index: usize, command: &Command) -> bool {
        let found = match (&command.from, &command.to) {
            (None, _) => true,
            (Some(from), None) => self.meets(from),
            (Some(from), Some(to)) => self.in_range(index, from, to),
        };
        found != command.negated
    }

    fn in_range(&mut self, index: usize, from: &Address, to: &Address) -> bool {
        if !self.ranges[index].0 {
            // `0,/x/` may end in the first line already.
            let from_start = matches!(from, Address::Line(0)) && self.number == 1;
            if !from_start && !self.meets(from) {
                return false;
            }
            let end = match to {
                Address::Line(end) => *end,
                Address::More(more) => self.number + more,
                Address::Every(first, step) => *(first).max(step),
                _ => usize::MAX,
            };
            let open = end > self.number && !(from_start && self.meets(to));
            self.ranges[index] = (open, end);
            return true;
        }
        let end = self.ranges[index].1;
        let ends = if end == usize::MAX { self.meets(to) } else { self.number >= end };
        self.ranges[index].0 = !ends;
        end == usize::MAX || self.number <= end
    }

    /// Runs commands until something is needed from outside or the cycle is over.
    pub(super) fn go_on(&mut self) -> Stop {
        let commands = std::mem::take(&mut self.commands);
        let stop = self.run(&commands);
        self.commands = commands;
        stop
    }

    fn run(&mut self, commands: &[Command]) -> Stop {
        while let Some(command) = commands.get(self.at) {
            let index = self.at;
            self.at += 1;
            self.steps += 1;
            if self.steps > MOST_STEPS || self.space.len() > LONGEST || self.hold.len() > LONGEST {
                return Stop::TooLong;
            }
            if !self.applies(index, command) {
                if let Action::Block(end) = command.action {
                    self.at = end;
                }
                continue;
            }
            match &command.action {
                Action::Block(_) | Action::End | Action::Label(_) => {}
                Action::Substitute(substitute) => self.substitute(substitute),
                Action::Translate(pairs) => {
                    let other = |char| pairs.iter().find(|(from, _)| *from == char).map_or(char, |(_, to)| *to);
                    self.space = self.space.chars().map(other).collect();
                }
                Action::Append(text) => self.appended.push_str(text),
                Action::Insert(text) => self.out.push_str(text),
                Action::Change(text) => {
                    // A range is changed as a whole, when it ends.
                    if command.to.is_none() || !self.ranges[index].0 || command.negated {
                        self.out.push_str(text);
                    }
                    self.finish(Fate::Drop);
                    return Stop::Cycle;
                }
                Action::Jump(kind, label) => {
                    let jumps = match kind {
                        'b' => true,
                        't' => std::mem::take(&mut self.substituted),
                        _ => !std::mem::take(&mut self.substituted),
                    };
                    if jumps {
                        let found = commands
                            .iter()
                            .position(|command| matches!(&command.action, Action::Label(known) if known == label));
                        self.at = found.filter(|_| !label.is_empty()).unwrap_or(commands.len());
                    }
                }
                Action::Quit(print, status) => {
                    self.finish(if *print { Fate::Print } else { Fate::Drop });
                    return Stop::Quit(*status);
                }
                Action::Plain(letter) => {
                    if let Some(stop) = self.plain(*letter) {
                        return stop;
                    }
                }
            }
        }
        self.finish(Fate::Print);
        Stop::Cycle
    }

    fn plain(&mut self, letter: char) -> Option<Stop> {
        match letter {
            'p' => self.print(),
            'P' => {
                let line = self.space.split('\n').next().unwrap_or_default().to_owned();
                self.out.push_str(&(line + "\n"));
            }
            '=' => self.out.push_str(&format!("{}\n", self.number)),
            'l' => self.out.push_str(&format!(
                "{}$\n",
                self.space.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n")
            )),
            'z' => self.space.clear(),
            'd' => {
                self.finish(Fate::Drop);
                return Some(Stop::Cycle);
            }
            'D' => {
                let rest = self.space.split_once('\n').map(|(_, rest)| rest.to_owned());
                self.finish(Fate::Drop);
                if let Some(rest) = rest {
                    self.space = rest;
                    self.again = true;
                }
                return Some(Stop::Cycle);
            }
            'n' | 'N' if self.last => {
                // GNU's prints what it has when there is no next line.
                self.finish(Fate::Print);
                return Some(Stop::Quit(0));
            }
            'n' => {
                self.finish(Fate::Print);
                return Some(Stop::Line(Wanted::Instead));
            }
            'N' => return Some(Stop::Line(Wanted::Beside)),
            'g' => self.space.clone_from(&self.hold),
            'h' => self.hold.clone_from(&self.space),
            'G' => self.space = format!("{}\n{}", self.space, self.hold),
            'H' => self.hold = format!("{}\n{}", self.hold, self.space),
            _ => std::mem::swap(&mut self.space, &mut self.hold),
        }
        None
    }

    fn substitute(&mut self, substitute: &Substitute) {
        let Some(pattern) = substitute.pattern.clone().or_else(|| self.used.clone()) else { return };
        let (mut done, mut last, mut count) = (String::new(), 0, 0);
        for found in pattern.captures_iter(&self.space) {
            let Some(whole) = found.get(0) else { continue };
            count += 1;
            if count < substitute.nth {
                continue;
            }
            done.push_str(&self.space[last..whole.start()]);
            done.push_str(&fill(&substitute.by, &found));
            last = whole.end();
            if !substitute.all || done.len() > LONGEST {
                break;
            }
        }
        self.used = Some(pattern);
        if count < substitute.nth {
            return;
        }
        done.push_str(&self.space[last..]);
        self.space = done;
        self.substituted = true;
        if substitute.print {
            self.print();
        }
    }
}

/// The replacement with `&`, `\1` and `\U` filled in.
fn fill(by: &str, found: &regex_lite::Captures<'_>) -> String {
    let mut text = String::new();
    // How letters are written: until `\E`, and the next one alone.
    let (mut all, mut next) = ('E', 'E');
    let mut put = |piece: &str, all: char, next: &mut char| {
        for char in piece.chars() {
            match (std::mem::replace(next, 'E'), all) {
                ('u', _) | ('E', 'U') => text.extend(char.to_uppercase()),
                ('l', _) | ('E', 'L') => text.extend(char.to_lowercase()),
                _ => text.push(char),
            }
        }
    };
    let group = |index: usize| found.get(index).map_or("", |group| group.as_str());
    let mut chars = by.chars();
    while let Some(char) = chars.next() {
        match char {
            '&' => put(group(0), all, &mut next),
            '\\' => match chars.next() {
                Some('n') => put("\n", all, &mut next),
                Some('t') => put("\t", all, &mut next),
                Some(case @ ('U' | 'L' | 'E')) => all = case,
                Some(case @ ('u' | 'l')) => next = case,
                Some(digit) if digit.is_ascii_digit() => {
                    put(group(digit.to_digit(10).map_or(0, |digit| digit as usize)), all, &mut next);
                }
                Some(other) => put(other.encode_utf8(&mut [0; 4]), all, &mut next),
                None => put("\\", all, &mut next),
            },
            char => put(char.encode_utf8(&mut [0; 4]), all, &mut next),
        }
    }
    text
}
