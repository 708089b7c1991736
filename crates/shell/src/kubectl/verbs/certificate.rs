//! `kubectl certificate`. Models `pkg/cmd/certificates`: nobody asks this cluster for certificates.

use api::{Reason, Status};

use super::super::command::{self, Call, Running, Verb};
use super::super::errors::{Failure, Outcome};
use super::super::flags::Flag;
use super::common;

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "certificate",
    usage: "certificate SUBCOMMAND",
    short: "Modify certificate resources",
    long: "Modify certificate resources.",
    verbs: &[&APPROVE, &DENY],
    run: Some(|call| -> Running<'_> { Box::pin(async { command::sub_command_run(call) }) }),
    ..Verb::EMPTY
};

static FLAGS: &[Flag] = &[
    Flag::list("filename", "Filename, directory, or URL to files identifying the resource to update").short('f'),
    common::KUSTOMIZE,
    common::RECURSIVE,
];

static APPROVE: Verb = Verb {
    name: "approve",
    usage: "approve (-f FILENAME | NAME)",
    short: "Approve a certificate signing request",
    long: "Approve a certificate signing request.\n\n kubectl certificate approve allows a cluster admin to approve a certificate signing request (CSR). This action tells a certificate signing controller to issue a certificate to the requester with the attributes requested in the CSR.\n\n SECURITY NOTICE: Depending on the requested attributes, the issued certificate can potentially grant a requester access to cluster resources or to authenticate as a requested identity. Before approving a CSR, ensure you understand what the signed certificate can do.",
    examples: "# Approve CSR 'csr-sqgzp'\nkubectl certificate approve csr-sqgzp",
    flags: &[FLAGS, &[Flag::bool("force", "false", "Update the CSR even if it is already approved.")], common::PRINT],
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

static DENY: Verb = Verb {
    name: "deny",
    usage: "deny (-f FILENAME | NAME)",
    short: "Deny a certificate signing request",
    long: "Deny a certificate signing request.\n\n kubectl certificate deny allows a cluster admin to deny a certificate signing request (CSR). This action tells a certificate signing controller to not to issue a certificate to the requester.",
    examples: "# Deny CSR 'csr-sqgzp'\nkubectl certificate deny csr-sqgzp",
    flags: &[FLAGS, &[Flag::bool("force", "false", "Update the CSR even if it is already denied.")], common::PRINT],
    run: Some(|call| -> Running<'_> { Box::pin(async { run(call) }) }),
    ..Verb::EMPTY
};

fn run(call: &Call) -> Outcome {
    let Some(name) = call.args.first() else {
        return Err(Failure::text("one or more CSRs must be specified as <name> or -f <filename>"));
    };
    let name = api::field::go_quote(name);
    let message = format!("certificatesigningrequests.certificates.k8s.io {name} not found");
    Err(Status::new(Reason::NotFound, message).into())
}
