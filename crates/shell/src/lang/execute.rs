//! Doing what commands say.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use super::ast::{Assigned, Assignment, Command, Item, Join, Kind, Pipeline, Script, Word};
use super::shell::{Flow, Io, Shell};
use super::{Dialect, builtins, pattern, pipe};
use crate::files::absolute;
use crate::stream::{Channel, Sink, Source};
use crate::sys::World;

pub(super) type Outcome<'a> = Pin<Box<dyn Future<Output = Result<i32, Flow>> + 'a>>;

/// Commands deeper within each other than this, over all shells of a terminal, are refused.
const DEEPEST: usize = 64;

/// After so many commands, over all shells, the next one lets a millisecond pass: an endless loop must not stop the
/// world.
const STEPS_PER_PAUSE: u32 = 500;

/// Counts how deep commands are nested.
struct Depth(Rc<RefCell<World>>);

impl Drop for Depth {
    fn drop(&mut self) {
        self.0.borrow_mut().depth -= 1;
    }
}

impl Shell {
    /// Runs a script to its end; what `exit` and its kin do stops here.
    pub(crate) async fn run_to_end(&mut self, script: &Script, io: &Io) -> Result<i32, i32> {
        match self.script(script, io).await {
            Ok(status) | Err(Flow::Fault(status) | Flow::Return(status)) => {
                self.status = status;
                Ok(status)
            }
            Err(Flow::Break(_) | Flow::Continue(_)) => Ok(self.status),
            Err(Flow::Exit(status)) => Err(status),
        }
    }

    pub(super) fn script<'a>(&'a mut self, script: &'a Script, io: &'a Io) -> Outcome<'a> {
        Box::pin(async move {
            let _depth = self.deeper(io)?;
            let mut status = 0;
            for item in &script.0 {
                status = self.item(item, io).await?;
                self.status = status;
            }
            Ok(status)
        })
    }

    /// Counts how deep commands are nested for as long as what comes back is kept.
    fn deeper(&self, io: &Io) -> Result<Depth, Flow> {
        let world = Rc::clone(&self.sys.world);
        world.borrow_mut().depth += 1;
        let depth = Depth(Rc::clone(&world));
        if world.borrow().depth > DEEPEST {
            self.complain(io, &format!("maximum nesting level exceeded ({DEEPEST})"));
            return Err(Flow::Exit(1));
        }
        Ok(depth)
    }

    async fn item(&mut self, item: &Item, io: &Io) -> Result<i32, Flow> {
        if item.background {
            self.start_job(item, io);
            return Ok(0);
        }
        self.chain(item, io).await
    }

    /// Pipelines joined by `&&` and `||`.
    pub(super) async fn chain(&mut self, item: &Item, io: &Io) -> Result<i32, Flow> {
        let tested = self.tested;
        self.tested = tested || !item.rest.is_empty();
        let mut status = self.pipeline(&item.first, io).await?;
        for (index, (join, pipeline)) in item.rest.iter().enumerate() {
            self.status = status;
            if (*join == Join::And) == (status == 0) {
                self.tested = tested || index + 1 < item.rest.len();
                status = self.pipeline(pipeline, io).await?;
            }
        }
        self.tested = tested;
        Ok(status)
    }

    async fn pipeline(&mut self, pipeline: &Pipeline, io: &Io) -> Result<i32, Flow> {
        let start = self.sys.now();
        let tested = self.tested;
        self.tested |= pipeline.negated;
        let status = match pipeline.commands.as_slice() {
            [] => 0,
            [command] => self.command(command, io).await?,
            commands => pipe::run(self, commands, io).await,
        };
        self.tested = tested;
        if pipeline.timed {
            let millis = (self.sys.now() - start) / 1000;
            let time = |millis: u64| format!("{}m{}.{:03}s", millis / 60_000, millis / 1000 % 60, millis % 1000);
            io.err.write(format!("\nreal\t{}\nuser\t{}\nsys\t{}\n", time(millis), time(0), time(0)));
        }
        let status = if pipeline.negated { i32::from(status == 0) } else { status };
        if status != 0 && !self.tested && !pipeline.negated {
            self.after_failure(status, io).await?;
            if self.options.errexit {
                return Err(Flow::Exit(status));
            }
        }
        Ok(status)
    }

    pub(super) fn command<'a>(&'a mut self, command: &'a Command, io: &'a Io) -> Outcome<'a> {
        Box::pin(async move {
            self.line = command.line;
            self.breathe().await;
            let opened = self.opened.len();
            let result = match &command.kind {
                Kind::Simple { assignments, words } => self.simple(assignments, words, command, io).await,
                kind => match self.redirect(&command.redirects, io).await? {
                    Some(io) => self.compound(kind, &io).await,
                    None => Ok(1),
                },
            };
            for path in self.opened.split_off(opened.min(self.opened.len())) {
                // It was made here, and nobody else knows it.
                self.sys.files(|files| files.remove(&path).ok());
            }
            result
        })
    }

    /// Counts a command, and pauses now and then.
    async fn breathe(&self) {
        let pause = {
            let mut world = self.sys.world.borrow_mut();
            world.steps = world.steps.wrapping_add(1);
            world.steps.is_multiple_of(STEPS_PER_PAUSE)
        };
        if pause {
            self.sys.sleep(1000).await;
        }
    }

    async fn compound(&mut self, kind: &Kind, io: &Io) -> Result<i32, Flow> {
        match kind {
            Kind::Simple { .. } => Ok(0),
            Kind::Group(script) => self.script(script, io).await,
            Kind::Subshell(script) => {
                let mut shell = self.subshell();
                let status = shell.run_to_end(script, io).await.unwrap_or_else(|status| status);
                shell.leave(io).await;
                Ok(status)
            }
            Kind::If { branches, otherwise } => {
                for (condition, body) in branches {
                    if self.test_script(condition, io).await? == 0 {
                        return self.script(body, io).await;
                    }
                }
                match otherwise {
                    Some(body) => self.script(body, io).await,
                    None => Ok(0),
                }
            }
            Kind::For { name, words, body } => {
                let words = match words {
                    Some(words) => self.expand_words(words, io).await?,
                    None => self.arguments.clone(),
                };
                let mut status = 0;
                for word in words {
                    self.set(name, &word);
                    match self.round(body, io, &mut status).await? {
                        true => {}
                        false => break,
                    }
                }
                Ok(status)
            }
            Kind::Count { parts: [start, condition, step], body } => {
                self.arithmetic(start, io).await?;
                let mut status = 0;
                while is_empty(condition) || self.arithmetic(condition, io).await? != 0 {
                    if !self.round(body, io, &mut status).await? {
                        break;
                    }
                    self.arithmetic(step, io).await?;
                }
                Ok(status)
            }
            Kind::While { until, condition, body } => {
                let mut status = 0;
                while (self.test_script(condition, io).await? == 0) != *until {
                    if !self.round(body, io, &mut status).await? {
                        break;
                    }
                }
                Ok(status)
            }
            Kind::Case { word, arms } => {
                let text = self.expand_text(word, io).await?;
                for (patterns, body) in arms {
                    for pattern in patterns {
                        let pattern = self.expand_pattern(pattern, io).await?;
                        if pattern::matches(&pattern, &text) {
                            return self.script(body, io).await;
                        }
                    }
                }
                Ok(0)
            }
            Kind::Function { name, body } => {
                self.functions.insert(name.clone(), Rc::clone(body));
                Ok(0)
            }
            Kind::Test(words) => self.double_bracket(words, io).await,
            Kind::Arithmetic(word) => Ok(i32::from(self.arithmetic(word, io).await? == 0)),
        }
    }

    async fn arithmetic(&mut self, word: &Word, io: &Io) -> Result<i64, Flow> {
        let text = self.expand_text(word, io).await?;
        self.compute(&text, io)
    }

    async fn test_script(&mut self, script: &Script, io: &Io) -> Result<i32, Flow> {
        let tested = std::mem::replace(&mut self.tested, true);
        let status = self.script(script, io).await;
        self.tested = tested;
        status
    }

    /// Once through the body of a loop; whether the loop goes on.
    async fn round(&mut self, body: &Script, io: &Io, status: &mut i32) -> Result<bool, Flow> {
        self.loops += 1;
        let result = self.script(body, io).await;
        self.loops -= 1;
        match result {
            Ok(code) => {
                *status = code;
                Ok(true)
            }
            Err(Flow::Break(1)) => Ok(false),
            Err(Flow::Continue(1)) => Ok(true),
            Err(Flow::Break(more)) => Err(Flow::Break(more - 1)),
            Err(Flow::Continue(more)) => Err(Flow::Continue(more - 1)),
            Err(flow) => Err(flow),
        }
    }

    async fn simple(
        &mut self,
        assignments: &[Assignment],
        words: &[Word],
        command: &Command,
        io: &Io,
    ) -> Result<i32, Flow> {
        self.substituted = None;
        let words = self.expand_words(words, io).await?;
        let Some((name, arguments)) = words.split_first() else {
            self.trace_assignments(assignments, io).await?;
            if self.redirect(&command.redirects, io).await?.is_none() {
                return Ok(1);
            }
            return Ok(self.substituted.unwrap_or(0));
        };
        let (mut values, mut lists) = (Vec::new(), Vec::new());
        for assignment in assignments {
            match assignment {
                Assignment { name, index: None, add: false, value: Assigned::Text(word) } => {
                    values.push((name, self.expand_text(word, io).await?));
                }
                // After `declare` and its kin.
                assignment => lists.push(assignment),
            }
        }
        if self.options.xtrace {
            let set = values.iter().map(|(name, value)| format!("{name}={value}"));
            io.err.line(format!("+ {}", set.chain(words.iter().cloned()).collect::<Vec<_>>().join(" ")));
        }
        let Some(io) = self.redirect(&command.redirects, io).await? else { return Ok(1) };
        if values.is_empty() {
            let status = self.invoke(name, arguments, &io).await?;
            for assignment in lists {
                self.assign(assignment, &io).await?;
            }
            return Ok(status);
        }
        // Set for the length of this command only.
        let before: Vec<_> = values
            .iter()
            .map(|(name, _)| (*name, self.variables.get(*name).cloned(), self.exported.contains(*name)))
            .collect();
        for (name, value) in &values {
            self.set(name, value);
            self.export(name);
        }
        let result = self.invoke(name, arguments, &io).await;
        for (name, value, exported) in before {
            match value {
                Some(value) => self.set(name, &value),
                None => drop(self.variables.remove(name)),
            }
            if !exported {
                self.exported.remove(name);
            }
        }
        result
    }

    /// Assignments without a command.
    async fn trace_assignments(&mut self, assignments: &[Assignment], io: &Io) -> Result<(), Flow> {
        for assignment in assignments {
            self.assign(assignment, io).await?;
            if self.options.xtrace {
                let name = &assignment.name;
                io.err.line(format!("+ {name}={}", self.get(name).unwrap_or_default()));
            }
        }
        Ok(())
    }

    /// Runs a function, a builtin or a program.
    pub(super) fn invoke<'a>(&'a mut self, name: &'a str, arguments: &'a [String], io: &'a Io) -> Outcome<'a> {
        Box::pin(async move {
            if let Some(body) = self.functions.get(name).cloned() {
                return self.function(&body, arguments, io).await;
            }
            if let Some(builtin) = builtins::find(name, self.dialect) {
                return (builtin.run)(self, arguments, io).await;
            }
            self.program(name, arguments, io).await
        })
    }

    async fn function(&mut self, body: &Command, arguments: &[String], io: &Io) -> Result<i32, Flow> {
        // A body of several commands counts by itself.
        let _depth = if matches!(body.kind, Kind::Simple { .. }) { Some(self.deeper(io)?) } else { None };
        let before = std::mem::replace(&mut self.arguments, arguments.to_vec());
        let loops = std::mem::take(&mut self.loops);
        self.in_function += 1;
        self.locals.push(Vec::new());
        let result = self.command(body, io).await;
        self.leave_function();
        self.in_function -= 1;
        self.loops = loops;
        self.arguments = before;
        match result {
            Err(Flow::Return(status)) => Ok(status),
            result => result,
        }
    }

    /// Runs a program of the machine.
    pub(super) async fn program(&mut self, name: &str, arguments: &[String], io: &Io) -> Result<i32, Flow> {
        let words = [name.to_owned()].into_iter().chain(arguments.iter().cloned()).collect();
        if let Some(status) = super::command(self.process(io), words).await {
            return Ok(status);
        }
        if !name.contains('/') {
            self.complain(io, &format!("{name}: {}", self.not_found_text()));
            return Ok(127);
        }
        let path = absolute(&self.sys.folder, name);
        let (file, folder) =
            self.sys.files(|files| (files.read(&path).ok().map(str::to_owned), files.is_folder(&path)));
        match file {
            Some(text) if text.starts_with("#!") => {
                let mut shell = self.subshell();
                shell.arguments = arguments.to_vec();
                name.clone_into(&mut shell.name);
                shell.interactive = false;
                return Ok(shell.run_text(&text, io, None).await);
            }
            Some(_) => self.complain(io, &format!("{name}: Permission denied")),
            None if folder && self.dialect == Dialect::Bash => self.complain(io, &format!("{name}: Is a directory")),
            None if folder => self.complain(io, &format!("{name}: Permission denied")),
            None => {
                let bash = self.dialect == Dialect::Bash;
                let text = if bash { "No such file or directory" } else { self.not_found_text() };
                self.complain(io, &format!("{name}: {text}"));
                return Ok(127);
            }
        }
        Ok(126)
    }

    fn not_found_text(&self) -> &'static str {
        if self.dialect == Dialect::Bash { "command not found" } else { "not found" }
    }

    /// Runs a whole text that nobody types: a file, or what follows `-c`.
    pub(crate) async fn run_text(&mut self, text: &str, io: &Io, from: Option<&str>) -> i32 {
        match self.parse(text) {
            Ok(script) => {
                let status = self.run_to_end(&script, io).await.unwrap_or_else(|status| status);
                self.status = status;
                self.leave(io).await;
                status
            }
            Err(error) => {
                self.complain_of_syntax(io, &error, text, from);
                2
            }
        }
    }

    /// `$(...)`: what the commands write, without the ends of line at its end.
    pub(super) fn substitute<'a>(
        &'a mut self,
        script: &'a Script,
        io: &'a Io,
    ) -> Pin<Box<dyn Future<Output = Result<String, Flow>> + 'a>> {
        Box::pin(async move {
            let (out, _) = Sink::pair();
            let inner = Io { out: out.clone(), stdout_is_terminal: false, ..io.clone() };
            let mut shell = self.subshell();
            let status = shell.run_to_end(script, &inner).await.unwrap_or_else(|status| status);
            shell.leave(&inner).await;
            self.substituted = Some(status);
            let text: String = out.drain().into_iter().filter(|c| c.channel != Channel::Echo).map(|c| c.text).collect();
            Ok(text.trim_end_matches('\n').to_owned())
        })
    }

    /// `<(...)`: the path of a file that holds what the commands write.
    pub(super) async fn write_file(&mut self, script: &Script, io: &Io) -> Result<String, Flow> {
        let text = self.substitute(script, io).await?;
        let text = if text.is_empty() { text } else { text + "\n" };
        let number = 63_usize.saturating_sub(self.opened.len());
        let path = format!("/dev/fd/{number}");
        self.sys.files(|files| {
            files.make_folder("/dev/fd");
            files.furnish(&path, &text);
        });
        self.opened.push(path.clone());
        Ok(path)
    }

    /// A shell that has all of this one's variables and none of its traps.
    fn subshell(&self) -> Self {
        Self { traps: BTreeMap::new(), ..self.clone() }
    }

    /// What is to be done when a shell ends.
    pub(crate) async fn leave(&mut self, io: &Io) {
        if let Some(text) = self.traps.remove("EXIT")
            && let Ok(script) = self.parse(&text)
        {
            let status = self.status;
            self.run_to_end(&script, io).await.ok();
            self.status = status;
        }
    }

    /// What is to be done after a command that failed.
    async fn after_failure(&mut self, status: i32, io: &Io) -> Result<(), Flow> {
        let Some(text) = self.traps.get("ERR").cloned() else { return Ok(()) };
        let Ok(script) = self.parse(&text) else { return Ok(()) };
        self.status = status;
        // A failure in there is not one more.
        let trap = self.traps.remove("ERR");
        let done = self.script(&script, io).await;
        self.traps.extend(trap.map(|trap| ("ERR".to_owned(), trap)));
        self.status = status;
        done.map(drop)
    }

    /// Puts variables back as they were before the innermost function made them local.
    fn leave_function(&mut self) {
        for (name, value) in self.locals.pop().unwrap_or_default().into_iter().rev() {
            self.forget(&name);
            if let Some(value) = value {
                self.set(&name, &value);
            }
        }
    }

    /// Leaves all functions that were under way.
    pub(super) fn leave_functions(&mut self) {
        while !self.locals.is_empty() {
            self.leave_function();
        }
    }

    /// Input that holds nothing.
    pub(super) fn no_input(io: &Io) -> Io {
        Io { stdin: Source::of(""), stdin_is_terminal: false, ..io.clone() }
    }
}

fn is_empty(word: &Word) -> bool {
    word.0.iter().all(|part| match part {
        super::ast::Part::Double(parts) => {
            parts.iter().all(|part| matches!(part, super::ast::Part::Quoted(text) if text.trim().is_empty()))
        }
        _ => false,
    })
}
