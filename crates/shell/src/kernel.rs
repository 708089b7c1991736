//! The processes of one terminal, polled by hand.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use api::ObjectKey;
use cluster::network::Vantage;
use cluster::{Cluster, Instant};

use crate::files::FileSystems;
use crate::stream::{Chunk, Sink, Source};
use crate::sys::{FrontEnd, Sys, World};

/// A program under way; its value is the exit code.
pub type Process = Pin<Box<dyn Future<Output = i32>>>;

/// What a terminal has to show after a poll.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Output {
    /// What was written, in order.
    pub chunks: Vec<Chunk>,
    /// What programs ask of the front end.
    pub requests: Vec<FrontEnd>,
    /// The exit code of the foreground program, if it ended.
    pub ended: Option<i32>,
}

/// One terminal: the program in its foreground and those in its background.
pub struct Kernel {
    world: Rc<RefCell<World>>,
    systems: FileSystems,
    terminal: Sink,
    foreground: Option<Process>,
    background: Vec<Process>,
}

impl Default for Kernel {
    fn default() -> Self {
        let (terminal, _) = Sink::pair();
        Self { world: Rc::default(), systems: Rc::default(), terminal, foreground: None, background: Vec::new() }
    }
}

impl std::fmt::Debug for Kernel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kernel {{ busy: {}, background: {} }}", self.is_busy(), self.background.len())
    }
}

impl Kernel {
    /// A view of the world for a program on this terminal.
    #[must_use]
    pub fn sys(&self, vantage: Vantage, host: crate::Host, stdin: Source) -> Sys {
        Sys {
            world: Rc::clone(&self.world),
            systems: Rc::clone(&self.systems),
            vantage,
            host,
            release: crate::sys::Release::default(),
            tools: &[],
            stdin,
            out: self.terminal.clone(),
            err: self.terminal.on(crate::stream::Channel::Err),
            stdin_is_terminal: true,
            stdout_is_terminal: true,
            env: std::collections::BTreeMap::new(),
            folder: "/".to_owned(),
        }
    }

    /// Starts a program in the foreground; one that runs there is dropped.
    pub fn run(&mut self, process: Process) {
        self.foreground = Some(process);
    }

    /// Starts a program in the background.
    pub fn spawn(&mut self, process: Process) {
        self.background.push(process);
    }

    /// Whether a program runs in the foreground.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.foreground.is_some()
    }

    /// Ctrl-C. The innermost shell sees it before anything else goes on.
    pub fn interrupt(&mut self) {
        self.world.borrow_mut().interrupted = true;
    }

    /// Ctrl-C for a program that no shell runs: it ends, and perhaps has a last word.
    pub fn end(&mut self, cluster: &mut Cluster) -> i32 {
        let lent = std::mem::replace(cluster, Cluster::placeholder());
        self.world.borrow_mut().cluster = Some(lent);
        self.foreground = None;
        let mut world = self.world.borrow_mut();
        if let Some(lent) = world.cluster.take() {
            *cluster = lent;
        }
        world.interrupt_status.take().unwrap_or(130)
    }

    /// What this terminal shows.
    pub(crate) fn terminal(&self) -> &Sink {
        &self.terminal
    }

    /// What the processes share.
    pub(crate) fn world(&self) -> &RefCell<World> {
        &self.world
    }

    /// The files of a machine.
    pub(crate) fn files(&self) -> &FileSystems {
        &self.systems
    }

    /// Lets every process go on as far as it can, with the cluster as it is now.
    pub fn poll(&mut self, cluster: &mut Cluster) -> Output {
        // The cluster moves into the world for the length of this call; an empty one would cost a bootstrap.
        let lent = std::mem::replace(cluster, Cluster::placeholder());
        {
            let mut world = self.world.borrow_mut();
            world.cluster = Some(lent);
            world.wake = None;
        }
        let mut context = Context::from_waker(Waker::noop());
        let mut output = Output::default();
        loop {
            if let Some(process) = &mut self.foreground
                && let Poll::Ready(code) = process.as_mut().poll(&mut context)
            {
                self.foreground = None;
                output.ended = Some(code);
            }
            // What was started now begins now; it may start more. When one ends, somebody may have waited for it.
            let before = self.background.len();
            self.background.retain_mut(|process| process.as_mut().poll(&mut context).is_pending());
            let ended = self.background.len() < before;
            let started = std::mem::take(&mut self.world.borrow_mut().spawned);
            let settled = started.is_empty() && !ended;
            self.background.extend(started);
            if settled {
                break;
            }
        }
        let mut world = self.world.borrow_mut();
        if let Some(lent) = world.cluster.take() {
            *cluster = lent;
        }
        output.requests = std::mem::take(&mut world.requests);
        output.chunks = self.terminal.drain();
        drop(world);
        self.tell_of_files(cluster);
        output
    }

    /// Probes see the files that programs have made or removed in their container.
    fn tell_of_files(&self, cluster: &mut Cluster) {
        for (machine, files) in self.systems.borrow_mut().iter_mut() {
            let changes = files.take_changes();
            let Vantage::Pod { namespace, name } = machine else { continue };
            let key = ObjectKey::new(&api::pod::KIND, namespace, name);
            let Some(pod) = cluster.store().get(&key).filter(|_| !changes.is_empty()).cloned() else { continue };
            for container in pod.list(&["spec", "containers"]) {
                let container = container.get("name").and_then(api::Value::as_str).unwrap_or_default();
                for (path, exists) in &changes {
                    cluster.set_file(&key, container, path, *exists);
                }
            }
        }
    }

    /// When a sleeping program wants to be polled next.
    #[must_use]
    pub fn poll_at(&self) -> Option<Instant> {
        self.world.borrow().wake
    }
}
