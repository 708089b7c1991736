//! Pipelines: every stage runs as far as it can, and what it writes is what the next one reads.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::ast::Command;
use super::shell::{Io, Shell};
use crate::stream::{Sink, Source};

/// The status of a program that writes to nobody.
const BROKEN_PIPE: i32 = 141;

/// One stage.
struct Stage<'a> {
    process: Option<Pin<Box<dyn Future<Output = i32> + 'a>>>,
    status: i32,
    /// What it writes to the next one.
    out: Sink,
    /// Where the next one reads.
    next: Source,
}

/// Runs a pipeline; its status is the last stage's (with `pipefail` the last that failed).
pub(super) async fn run(shell: &Shell, commands: &[Command], io: &Io) -> i32 {
    let mut stages: Vec<Stage<'_>> = Vec::new();
    let mut stdin = io.stdin.clone();
    for (index, command) in commands.iter().enumerate() {
        let last = index + 1 == commands.len();
        let (out, next) = (Sink::pair().0, Source::default());
        let inner = Io {
            stdin: std::mem::replace(&mut stdin, next.clone()),
            out: if last { io.out.clone() } else { out.clone() },
            stdin_is_terminal: index == 0 && io.stdin_is_terminal,
            stdout_is_terminal: last && io.stdout_is_terminal,
            err: io.err.clone(),
        };
        let mut shell = shell.clone();
        let process = Box::pin(async move {
            let result = shell.command(command, &inner).await;
            shell.settle(result)
        });
        stages.push(Stage { process: Some(process), status: 0, out, next });
    }
    std::future::poll_fn(|context| if pump(&mut stages, context) { Poll::Pending } else { Poll::Ready(()) }).await;
    let failed = stages.iter().rev().map(|stage| stage.status).find(|status| *status != 0);
    let last = stages.last().map_or(0, |stage| stage.status);
    if shell.options.pipefail { failed.unwrap_or(0) } else { last }
}

/// Lets stages go on until none can; whether one is still under way.
fn pump(stages: &mut [Stage<'_>], context: &mut Context<'_>) -> bool {
    loop {
        let mut moved = false;
        for index in 0..stages.len() {
            let reader_gone = stages.get(index + 1).is_some_and(|next| next.process.is_none());
            let stage = &mut stages[index];
            let Some(process) = &mut stage.process else { continue };
            let polled = process.as_mut().poll(context);
            let text: String = stage.out.drain().into_iter().map(|chunk| chunk.text).collect();
            if let Poll::Ready(status) = polled {
                stage.status = status;
            } else if reader_gone && !text.is_empty() {
                stage.status = BROKEN_PIPE;
            } else {
                moved |= !text.is_empty();
                stage.next.feed(&text);
                continue;
            }
            moved = true;
            stage.process = None;
            stage.next.feed(&text);
            stage.next.close();
        }
        if !moved {
            return stages.iter().any(|stage| stage.process.is_some());
        }
    }
}
