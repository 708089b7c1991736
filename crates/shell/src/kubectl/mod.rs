//! kubectl 1.36.
//!
//! A verb is a file below [`verbs`] with one table of flags that drives parsing, help and completion. It resolves what
//! the command line names ([`resolve`]), asks the API server ([`objects`]) and prints ([`printers`]); errors print as
//! upstream's `checkErr` prints them ([`errors`]). Nothing here decides what is valid: the server does.

mod api_server;
pub mod command;
pub mod completion;
pub mod config;
pub mod describe;
pub mod errors;
pub mod explain;
pub mod flags;
pub mod globals;
pub mod help;
mod klog;
pub mod kustomize;
pub mod objects;
mod pods;
pub mod printers;
pub mod resolve;
pub mod selectors;
mod sessions;
mod suggest;
pub mod tabwriter;
pub mod tree;
pub mod verbs;

use crate::sys::Sys;
use command::Verb;

/// The root of the command tree.
pub static ROOT: Verb = Verb {
    name: "kubectl",
    usage: "kubectl [flags]",
    long: "kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/",
    verbs: verbs::VERBS,
    ..Verb::EMPTY
};

/// Runs a command line, given without its first word; returns the exit code.
pub async fn kubectl(sys: Sys, args: Vec<String>) -> i32 {
    command::execute(sys, &ROOT, args).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cluster::Cluster;

    use super::command::{Verb, all_flags};
    use super::*;
    use crate::terminal::run_script;

    fn all(verb: &'static Verb, into: &mut Vec<&'static Verb>) {
        into.push(verb);
        verb.verbs.iter().for_each(|below| all(below, into));
    }

    #[test]
    fn every_verb_is_whole_and_its_flags_are_told_apart() {
        let mut verbs = Vec::new();
        all(&ROOT, &mut verbs);
        for verb in verbs {
            assert!(verb.name == "kubectl" || !verb.short.is_empty(), "{verb:?} has no line for lists");
            assert!(!verb.long.is_empty(), "{verb:?} has no help");
            let flags = all_flags(verb);
            let names: BTreeSet<&str> = flags.iter().map(|flag| flag.name).collect();
            let letters: Vec<char> = flags.iter().filter_map(|flag| flag.short).collect();
            assert_eq!(names.len(), flags.len(), "{verb:?} has a flag twice");
            assert_eq!(letters.iter().collect::<BTreeSet<_>>().len(), letters.len(), "{verb:?} has a letter twice");
        }
    }

    #[test]
    fn objects_come_change_and_go() {
        let mut cluster = Cluster::default();
        for (line, code, out, err) in [
            ("kubectl create deploy web --image=nginx --replicas=2", 0, "deployment.apps/web created\n", ""),
            ("kubectl expose deploy web --port=80", 0, "service/web exposed\n", ""),
            ("kubectl get svc web -o jsonpath='{.spec.selector.app}'", 0, "web", ""),
            (
                "kubectl patch svc web -p '{\"spec\":{\"ports\":[{\"port\":80,\"targetPort\":8080}]}}'",
                0,
                "service/web patched\n",
                "",
            ),
            ("kubectl get svc web -o jsonpath='{.spec.ports[*].targetPort}'", 0, "8080", ""),
            ("kubectl -n nope get pods", 0, "", "No resources found in nope namespace.\n"),
            ("kubectl delete svc web", 0, "service \"web\" deleted from default namespace\n", ""),
            ("kubectl get svc web", 1, "", "Error from server (NotFound): services \"web\" not found\n"),
            ("kubectl get nope", 1, "", "error: the server doesn't have a resource type \"nope\"\n"),
            ("kubectl gte", 1, "", "error: unknown command \"gte\" for \"kubectl\"\n\nDid you mean this?\n\tget\n"),
            (
                "kubectl get pods -z",
                1,
                "",
                "error: unknown shorthand flag: 'z' in -z\nSee 'kubectl get --help' for usage.\n",
            ),
            (
                "kubectl kuberc set --section defaults",
                1,
                "",
                "error: kubectl kuberc set is not simulated by this playground\n",
            ),
        ] {
            let done = run_script(&mut cluster, line, "", &[]);
            assert_eq!((done.exit, done.stdout.as_str(), done.stderr.as_str()), (Some(code), out, err), "{line}");
        }
    }

    #[test]
    fn apply_says_what_it_did() {
        let mut cluster = Cluster::default();
        let service = |port: u16| {
            format!("apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: {port}\n")
        };
        for (port, want) in [(80, "created"), (80, "unchanged"), (81, "configured")] {
            let done = run_script(&mut cluster, "kubectl apply -f -", &service(port), &[]);
            assert_eq!(done.stdout, format!("service/web {want}\n"), "{}", done.stderr);
        }
        let ports = run_script(&mut cluster, "kubectl get svc web -o jsonpath='{.spec.ports[*].port}'", "", &[]);
        assert_eq!(ports.stdout, "81", "apply takes away what it was no longer given");
    }
}
