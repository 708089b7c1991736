//! `kubectl completion`. Models `pkg/cmd/completion`: the scripts are cobra's, and a library text each.

use super::super::command::{Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use crate::library::{CompletionShell, Document};

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "completion",
    usage: "completion SHELL",
    short: "Output shell completion code for the specified shell (bash, zsh, fish, or powershell)",
    long: "Output shell completion code for the specified shell (bash, zsh, fish, or powershell). The shell code must be evaluated to provide interactive completion of kubectl commands.  This can be done by sourcing it from the .bash_profile.\n\n Detailed instructions on how to do this are available here:\n\n        for macOS:\n        https://kubernetes.io/docs/tasks/tools/install-kubectl-macos/#enable-shell-autocompletion\n        \n        for linux:\n        https://kubernetes.io/docs/tasks/tools/install-kubectl-linux/#enable-shell-autocompletion\n        \n        for windows:\n        https://kubernetes.io/docs/tasks/tools/install-kubectl-windows/#enable-shell-autocompletion\n        \n Note for zsh users: [1] zsh completions are only supported in versions of zsh >= 5.2.",
    examples: "# Installing bash completion on macOS using homebrew\n## If running Bash 3.2 included with macOS\nbrew install bash-completion\n## or, if running Bash 4.1+\nbrew install bash-completion@2\n## If kubectl is installed via homebrew, this should start working immediately\n## If you've installed via other means, you may need add the completion to your completion directory\nkubectl completion bash > $(brew --prefix)/etc/bash_completion.d/kubectl\n\n\n# Installing bash completion on Linux\n## If bash-completion is not installed on Linux, install the 'bash-completion' package\n## via your distribution's package manager.\n## Load the kubectl completion code for bash into the current shell\nsource <(kubectl completion bash)\n## Write bash completion code to a file and source it from .bash_profile\nkubectl completion bash > ~/.kube/completion.bash.inc\nprintf \"\n# kubectl shell completion\nsource '$HOME/.kube/completion.bash.inc'\n\" >> $HOME/.bash_profile\nsource $HOME/.bash_profile\n\n# Load the kubectl completion code for zsh[1] into the current shell\nsource <(kubectl completion zsh)\n# Set the kubectl completion code for zsh[1] to autoload on startup\nkubectl completion zsh > \"${fpath[1]}/_kubectl\"\n\n\n# Load the kubectl completion code for fish[2] into the current shell\nkubectl completion fish | source\n# To load completions for each session, execute once:\nkubectl completion fish > ~/.config/fish/completions/kubectl.fish\n\n# Load the kubectl completion code for powershell into the current shell\nkubectl completion powershell | Out-String | Invoke-Expression\n# Set kubectl completion code for powershell to run on startup\n## Save completion code to a script and execute in the profile\nkubectl completion powershell > \"$HOME\\.kube\\completion.ps1\"\nAdd-Content $PROFILE \". '$HOME\\.kube\\completion.ps1'\"\n## Execute completion code in the profile\nAdd-Content $PROFILE \"if (Get-Command kubectl -ErrorAction SilentlyContinue) {\nkubectl completion powershell | Out-String | Invoke-Expression\n}\"\n## Add completion code directly to the $PROFILE script\nkubectl completion powershell >> $PROFILE",
    run: Some(|call| -> Running<'_> { Box::pin(run(call)) }),
    ..Verb::EMPTY
};

/// The shells that there is a script for.
static SHELLS: &[(&str, CompletionShell)] = &[
    ("bash", CompletionShell::Bash),
    ("zsh", CompletionShell::Zsh),
    ("fish", CompletionShell::Fish),
    ("powershell", CompletionShell::PowerShell),
];

/// Models `RunCompletion`.
async fn run(call: &Call) -> Outcome {
    let [name] = call.args.as_slice() else {
        let few = "Shell not specified.";
        let many = "Too many arguments. Expected only the shell type.";
        return Err(call.usage_error(if call.args.is_empty() { few } else { many }));
    };
    let Some((_, shell)) = SHELLS.iter().find(|(known, _)| known == name) else {
        return Err(call.usage_error(format!("Unsupported shell type {}.", api::field::go_quote(name))));
    };
    match call.sys.document(Document::Completion(*shell)).await {
        Some(script) => {
            call.sys.out.write(&*script);
            Ok(())
        }
        None => Err(Failure::text("the script could not be loaded: are you offline?")),
    }
}
