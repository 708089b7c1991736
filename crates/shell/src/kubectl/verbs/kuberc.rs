//! `kubectl kuberc`. Models `pkg/cmd/kuberc`: nobody has preferences here, and none are kept.

use super::super::command::{self, Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::common;

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "kuberc",
    usage: "kuberc SUBCOMMAND",
    short: "Manage kuberc configuration files",
    long: "Manage user preferences (kuberc) file.\n\n The kuberc file allows you to customize your kubectl experience.",
    examples: "# View the current kuberc configuration\nkubectl kuberc view\n\n# Set a default value for a command flag\nkubectl kuberc set --section defaults --command get --option output=wide\n\n# Create an alias for a command\nkubectl kuberc set --section aliases --name getn --command get --prependarg nodes --option output=wide",
    verbs: &[&VIEW, &SET],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run(call) }) }),
    ..Verb::EMPTY
};

static FILE: &[Flag] = &[Flag::text(
    "kuberc",
    "",
    "Path to the kuberc file to use for preferences. This can be disabled by exporting KUBECTL_KUBERC=false feature gate or turning off the feature KUBERC=off.",
)];

static VIEW: Verb = Verb {
    name: "view",
    usage: "view",
    short: "Display the current kuberc configuration",
    long: "Display the contents of the kuberc file in the specified output format.",
    examples: "# View kuberc configuration in YAML format (default)\nkubectl kuberc view\n\n# View kuberc configuration in JSON format\nkubectl kuberc view --output json\n\n# View a specific kuberc file\nkubectl kuberc view --kuberc /path/to/kuberc",
    flags: &[FILE, common::PRINT_YAML],
    run: Some(|call| -> Running<'_> { Box::pin(view(call)) }),
    ..Verb::EMPTY
};

static SET: Verb = Verb {
    name: "set",
    usage: "set --section (defaults|aliases) --command COMMAND",
    short: "Set values in the kuberc configuration",
    long: "Set values in the kuberc configuration file.\n\n Use --section to specify whether to set defaults or aliases.\n\n For defaults: Sets default flag values for kubectl commands. The --command flag should specify only the command (e.g., \"get\", \"create\", \"set env\"), not resources.\n\n For aliases: Creates command aliases with optional default flag values and arguments. Use --prependarg and --appendarg to include resources or other arguments.",
    examples: "# Set default output format for 'get' command\nkubectl kuberc set --section defaults --command get --option output=wide\n\n# Set default output format for a subcommand\nkubectl kuberc set --section defaults --command \"set env\" --option output=yaml\n\n# Create an alias 'getn' for 'get' command with prepended 'nodes' resource\nkubectl kuberc set --section aliases --name getn --command get --prependarg nodes --option output=wide\n\n# Create an alias 'runx' for 'run' command with appended arguments\nkubectl kuberc set --section aliases --name runx --command run --option image=nginx --appendarg \"--\" --appendarg custom-arg1\n\n# Overwrite an existing default\nkubectl kuberc set --section defaults --command get --option output=json --overwrite\n\n# Set the credential plugin policy and allowlist\nkubectl kuberc set --section credentialplugin --policy Allowlist --allowlist-entry command=cloud-credential-helper",
    flags: &[FILE, SET_FLAGS],
    simulated: false,
    ..Verb::EMPTY
};

static SET_FLAGS: &[Flag] = &[
    Flag::array("allowlist-entry", "Allowlist entry the form field=value (can be specified multiple times)"),
    Flag::array("appendarg", "Argument to append to the command (can be specified multiple times, for aliases only)"),
    Flag::text("command", "", "Command to configure (e.g., 'get', 'create', 'set env')"),
    Flag::text("name", "", "Alias name (required for --section=aliases)"),
    Flag::array("option", "Flag option in the form flag=value (can be specified multiple times)"),
    Flag::bool("overwrite", "false", "Allow overwriting existing entries"),
    Flag::text(
        "policy",
        "",
        "Plugin policy to use for exec credential plugins, must be one of 'AllowAll', 'DenyAll' or 'Allowlist'",
    ),
    Flag::array("prependarg", "Argument to prepend to the command (can be specified multiple times, for aliases only)"),
    Flag::text("section", "", "Section to modify: 'defaults', 'aliases', or 'credentialplugin'").required(),
];

/// Models `ViewOptions.Run` as far as nobody has made a file.
async fn view(call: &Call) -> Outcome {
    let path = call.flags.text("kuberc");
    if path.is_empty() {
        call.sys.out.line("kuberc file not found at /home/student/.kube/kuberc");
        call.sys.out.write("Would you like to generate a default kuberc file with recommended options? (y/N): ");
        return match call.sys.read_line().await.trim() {
            "y" | "Y" => Err(Failure::text("kuberc files are not simulated by this playground")),
            _ => Ok(()),
        };
    }
    let text = call.sys.read_file(path).map_err(|_| Failure::Text(format!("kuberc file not found at {path}")))?;
    call.sys.out.write(text);
    Ok(())
}
