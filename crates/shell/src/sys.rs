//! What a program sees of the world: its streams, its machine, virtual time, and the cluster.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use cluster::network::Vantage;
use cluster::{Cluster, Instant};

use crate::files::{FileSystems, Files};
use crate::kernel::Process;
use crate::library::Document;
use crate::stream::{Channel, Sink, Source};

/// The kind of machine a program runs on: it decides which programs are there and how they print.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Host {
    /// The learner's own machine: kubectl, curl, GNU tools.
    Laptop,
    /// A shell on a node.
    Node,
    /// A container with BusyBox.
    Busybox,
    /// A container of a Debian image.
    Debian,
}

/// The releases of a machine's programs: the same word prints differently over the years.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Release {
    /// BusyBox 1.x: 28, 35, 36 or 37.
    pub busybox: u8,
    /// Whether BusyBox is the build that Debian ships, which leaves out and adds a little.
    pub packaged: bool,
    /// Debian's release: 12 or 13.
    pub debian: u8,
}

impl Default for Release {
    fn default() -> Self {
        Self { busybox: 36, packaged: false, debian: 12 }
    }
}

impl Release {
    /// The releases in an image, as its tag tells.
    #[must_use]
    pub fn of_image(reference: &str) -> Self {
        let (name, tag) = reference.rsplit_once(':').unwrap_or((reference, ""));
        let minor = tag.strip_prefix("1.").and_then(|rest| rest.split(['.', '-']).next()?.parse().ok());
        match minor {
            Some(minor) if name.ends_with("busybox") => Self { busybox: minor, ..Self::default() },
            _ => Self::default(),
        }
    }
}

/// What the kernel and its programs share. Nobody else holds it, and no borrow of it crosses an `await`.
#[derive(Default)]
pub(crate) struct World {
    /// Lent for the length of a poll.
    pub(crate) cluster: Option<Cluster>,
    /// The earliest moment a sleeping program wants to be polled.
    pub(crate) wake: Option<Instant>,
    /// What programs ask of the front end.
    pub(crate) requests: Vec<FrontEnd>,
    /// What came back from editing, by the buffer's name; `None` when nothing was changed.
    pub(crate) edited: BTreeMap<String, Option<String>>,
    /// The library's texts that were asked for; `None` for one that could not be had.
    pub(crate) documents: BTreeMap<Document, Option<Rc<str>>>,
    /// Programs that were sent to the background.
    pub(crate) spawned: Vec<Process>,
    /// Ctrl-C was pressed and the innermost shell has not seen it yet.
    pub(crate) interrupted: bool,
    /// The program that Ctrl-C ended had its last word, and no end of line is missing.
    pub(crate) interrupt_handled: bool,
    /// The exit code of a program that Ctrl-C ended in its own way.
    pub(crate) interrupt_status: Option<i32>,
    /// How many interactive shells are open, one in the other.
    pub(crate) shells: usize,
    /// How deep commands are nested in each other, over all shells.
    pub(crate) depth: usize,
    /// How many commands shells have begun.
    pub(crate) steps: u32,
    /// The last number given to a process.
    pub(crate) last_pid: u32,
    /// The lines that were typed at a prompt, oldest first.
    pub(crate) history: Vec<String>,
    /// Where whoever types at a prompt is.
    pub(crate) place: Option<Place>,
    /// Who listens on the machines' own addresses.
    pub(crate) listeners: Vec<crate::network::listen::Listener>,
}

/// Where a shell talks to a person: what completion needs to know of it.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) vantage: Vantage,
    pub(crate) host: Host,
    pub(crate) tools: &'static [&'static str],
    pub(crate) folder: String,
    pub(crate) aliases: BTreeMap<String, String>,
}

/// What a program asks of the page or the native front end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FrontEnd {
    /// Clear the terminal.
    Clear,
    /// Show this text for editing; the answer comes by [`crate::Terminal::edited`].
    Edit {
        /// A name for the buffer, such as `service-web.yaml`.
        name: String,
        /// The text to edit.
        text: String,
    },
    /// Load this text; the answer comes by [`crate::Terminal::loaded`].
    Load(Document),
}

/// A program's view of the world. Cloning shares the world and the streams; variables are copied.
#[derive(Clone)]
pub struct Sys {
    pub(crate) world: Rc<RefCell<World>>,
    pub(crate) systems: FileSystems,
    /// Where it runs, as packets see it.
    pub vantage: Vantage,
    /// On which kind of machine.
    pub host: Host,
    /// Which releases its programs are of.
    pub release: Release,
    /// Programs that are there beside those of such a machine.
    pub tools: &'static [&'static str],
    /// Standard input.
    pub stdin: Source,
    /// Standard output.
    pub out: Sink,
    /// Standard error.
    pub err: Sink,
    /// Whether standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Environment variables.
    pub env: BTreeMap<String, String>,
    /// The working folder.
    pub folder: String,
}

impl fmt::Debug for Sys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sys {{ {:?} {:?} {} }}", self.host, self.vantage, self.folder)
    }
}

impl Sys {
    /// Looks at the cluster, or asks it something. The closure must not call back into `Sys`.
    pub fn cluster<T>(&self, with: impl FnOnce(&mut Cluster) -> T) -> T {
        let mut world = self.world.borrow_mut();
        with(world.cluster.as_mut().expect("programs run only while the kernel lends them the cluster"))
    }

    /// The virtual time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.cluster(|cluster| cluster.now())
    }

    /// Looks at the files of this machine.
    pub fn files<T>(&self, with: impl FnOnce(&mut Files) -> T) -> T {
        with(self.systems.borrow_mut().entry(self.vantage.clone()).or_default())
    }

    /// Reads a file by a path as typed.
    ///
    /// # Errors
    /// When it is not there, or is a folder.
    pub fn read_file(&self, path: &str) -> Result<String, crate::files::FileError> {
        let path = crate::files::absolute(&self.folder, path);
        self.files(|files| files.read(&path).map(str::to_owned))
    }

    /// Asks something of the front end.
    pub fn ask(&self, request: FrontEnd) {
        self.world.borrow_mut().requests.push(request);
    }

    /// Has the front end edit a text, and waits for what came of it; `None` when nothing was changed.
    pub async fn edit(&self, name: &str, text: &str) -> Option<String> {
        self.world.borrow_mut().edited.remove(name);
        self.ask(FrontEnd::Edit { name: name.to_owned(), text: text.to_owned() });
        Pending(|| self.world.borrow_mut().edited.remove(name).map_or(Poll::Pending, Poll::Ready)).await
    }

    /// Sends a program to the background and returns its number.
    pub(crate) fn spawn(&self, process: Process) -> u32 {
        let mut world = self.world.borrow_mut();
        world.spawned.push(process);
        world.last_pid += 1;
        world.last_pid
    }

    /// This program's view with its output going elsewhere.
    #[must_use]
    pub fn with_output(&self, out: Sink) -> Self {
        Self { out, stdout_is_terminal: false, ..self.clone() }
    }

    /// Standard error joined to standard output: `2>&1`.
    #[must_use]
    pub fn with_errors_in_output(&self) -> Self {
        Self { err: self.out.on(Channel::Out), ..self.clone() }
    }

    /// Waits for some microseconds of virtual time.
    pub async fn sleep(&self, micros: u64) {
        let until = self.now() + micros;
        self.wait(Some(until), |_| None::<()>).await;
    }

    /// Waits until the cluster satisfies a condition, or until a moment: then `None`.
    pub async fn wait<T>(&self, until: Option<Instant>, mut ready: impl FnMut(&mut Cluster) -> Option<T>) -> Option<T> {
        Pending(|| {
            if let Some(value) = self.cluster(&mut ready) {
                return Poll::Ready(Some(value));
            }
            match until {
                Some(until) if self.now() >= until => Poll::Ready(None),
                until => {
                    self.wake_by(until);
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// Reads a line with its end; the empty string at the end of input.
    pub async fn read_line(&self) -> String {
        Pending(|| self.stdin.take_line().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// Reads all input.
    pub async fn read_all(&self) -> String {
        Pending(|| self.stdin.take_all().map_or(Poll::Pending, Poll::Ready)).await
    }

    fn wake_by(&self, until: Option<Instant>) {
        let mut world = self.world.borrow_mut();
        world.wake = match (world.wake, until) {
            (Some(known), Some(until)) => Some(known.min(until)),
            (known, until) => known.or(until),
        };
    }
}

/// A future of a closure. The kernel polls every process each time, so nobody needs waking.
pub(crate) struct Pending<F>(pub(crate) F);

impl<T, F: FnMut() -> Poll<T> + Unpin> Future for Pending<F> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<T> {
        (self.0)()
    }
}
