//! `cargo xtask --help`.

use crate::Command;

/// Prints the command that is asked for, or every one with a line each.
pub(crate) fn print(commands: &[Command], asked: Option<&str>) {
    if let Some(command) = commands.iter().find(|command| Some(command.name) == asked) {
        println!("cargo xtask {} {}\n    {}", command.name, command.usage, command.about);
        return;
    }
    println!("cargo xtask COMMAND: all set-up and all checks of the Services Playground.\n");
    let width = commands.iter().map(|command| command.name.len()).max().unwrap_or(0);
    for command in commands {
        println!("  {:width$}  {}", command.name, command.about);
        if !command.usage.is_empty() {
            println!("  {:width$}  {}", "", command.usage);
        }
    }
    println!(
        "\nEverything is set up when it is first needed, under .tools/ of the project\n\
         (or the folder that PLAYGROUND_TOOLS names), and found again the next time."
    );
}
