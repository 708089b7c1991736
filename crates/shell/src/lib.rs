//! A shell on some machine of the simulation, and the programs found there.
//!
//! # Processes
//! A program is an `async fn` over [`Sys`]: it writes, reads, sleeps in virtual time and asks the cluster. There is no
//! runtime behind it: [`Kernel::poll`] polls every process in order, lends it the cluster for that long, and says when
//! to come back ([`Kernel::poll_at`]). Equal inputs give equal outputs; Ctrl-C drops a future. The engine itself stays
//! synchronous: only what a person would wait for at a prompt waits here.
//!
//! - [`sys`]: what a program sees: streams, files, variables, time, the cluster
//! - [`kernel`]: the processes, and the terminal they write to
//! - [`programs`]: the registry of programs, by the kind of machine they are on
//! - [`lang`]: the language of the shells
//! - [`library`]: texts that are loaded when a program first reads them
//! - [`terminal`]: one terminal with its shell, as a front end sees it
//! - [`kubectl`]: the program this is all about
#![forbid(unsafe_code)]

pub mod files;
pub mod kernel;
pub mod kubectl;
pub mod lang;
pub mod library;
mod machine;
mod network;
pub mod programs;
mod regex;
pub mod stream;
pub mod sys;
pub mod terminal;
mod unified;

pub use kernel::{Kernel, Output};
pub use library::Document;
pub use network::resolver::Config as ResolvConf;
pub use sys::{Host, Release, Sys};
pub use terminal::Terminal;
