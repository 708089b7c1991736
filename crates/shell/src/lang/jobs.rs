//! Commands in the background.

use std::cell::Cell;
use std::rc::Rc;
use std::task::Poll;

use super::ast::{Item, Script};
use super::shell::{Flow, Io, Shell};
use crate::sys::Pending;

/// A command in the background.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Its number in this shell.
    pub(crate) id: usize,
    /// Its process number.
    pub(crate) pid: u32,
    /// As typed.
    pub(crate) text: String,
    /// Its status, once it ended.
    pub(crate) status: Rc<Cell<Option<i32>>>,
    /// Set to end it.
    pub(crate) killed: Rc<Cell<bool>>,
}

impl Shell {
    /// `command &`
    pub(super) fn start_job(&mut self, item: &Item, io: &Io) {
        let (status, killed) = (Rc::new(Cell::new(None)), Rc::new(Cell::new(false)));
        let mut shell = self.clone();
        shell.interactive = false;
        let script = Script(vec![Item { background: false, ..item.clone() }]);
        let io_inside = Self::no_input(io);
        let process = {
            let (status, killed) = (Rc::clone(&status), Rc::clone(&killed));
            Box::pin(async move {
                let code =
                    {
                        let mut run = Box::pin(shell.run_to_end(&script, &io_inside));
                        std::future::poll_fn(|context| {
                            if killed.get() { Poll::Ready(Ok(143)) } else { run.as_mut().poll(context) }
                        })
                        .await
                        .unwrap_or_else(|status| status)
                    };
                status.set(Some(code));
                code
            })
        };
        let pid = self.sys.spawn(process);
        let id = self.jobs.iter().map(|job| job.id).max().unwrap_or(0) + 1;
        if self.interactive && self.dialect == super::Dialect::Bash {
            io.err.line(format!("[{id}] {pid}"));
        }
        self.last_background = Some(pid);
        self.jobs.push(Job { id, pid, text: item.text.clone(), status, killed });
    }

    /// Says which commands in the background have ended since the last time.
    pub(super) fn report_jobs(&mut self, io: &Io) {
        let newest = self.jobs.iter().map(|job| job.id).max();
        for job in &self.jobs {
            if let Some(status) = job.status.get() {
                io.err.line(line(job, newest, &state(status)));
            }
        }
        self.jobs.retain(|job| job.status.get().is_none());
    }

    /// The lines of `jobs`.
    pub(super) fn list_jobs(&mut self, io: &Io) {
        let newest = self.jobs.iter().map(|job| job.id).max();
        for job in &self.jobs {
            let state = job.status.get().map_or_else(|| "Running".to_owned(), state);
            let running = if job.status.get().is_none() { " &" } else { "" };
            io.out.line(line(job, newest, &state) + running);
        }
        self.jobs.retain(|job| job.status.get().is_none());
    }

    /// The job that `%1`, `%%` or a process number names; without a name the newest.
    pub(super) fn job(&self, name: Option<&str>) -> Option<Job> {
        let found = match name {
            None | Some("%%" | "%+" | "%") => self.jobs.last(),
            Some(name) => match name.strip_prefix('%') {
                Some(id) => self.jobs.iter().find(|job| job.id.to_string() == id || job.text.starts_with(id)),
                None => self.jobs.iter().find(|job| job.pid.to_string() == name),
            },
        };
        found.cloned()
    }

    /// Waits until a job ends.
    pub(super) async fn wait_for(&self, job: &Job) -> i32 {
        Pending(|| job.status.get().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// The status that a command's end leaves in a subshell.
    pub(super) fn settle(&self, result: Result<i32, Flow>) -> i32 {
        match result {
            Ok(status) | Err(Flow::Return(status) | Flow::Exit(status) | Flow::Fault(status)) => status,
            Err(Flow::Break(_) | Flow::Continue(_)) => self.status,
        }
    }
}

fn line(job: &Job, newest: Option<usize>, state: &str) -> String {
    let mark = if Some(job.id) == newest { '+' } else { ' ' };
    format!("[{}]{mark}  {state:<24}{}", job.id, job.text)
}

fn state(status: i32) -> String {
    match status {
        0 => "Done".to_owned(),
        143 => "Terminated".to_owned(),
        status => format!("Exit {status}"),
    }
}
