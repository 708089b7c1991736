//! What can be wrong with a program and its Service: a line each.

use cluster::Rng;

use super::scene::App;

/// A way to break something.
pub(super) struct Fault {
    /// What is wrong then, told once it is mended; `NAME` is replaced.
    pub(super) cause: &'static str,
    /// How hard it is to find, from 1 to 3.
    pub(super) level: u8,
    /// Breaks it; `false` when there is nothing of that kind to break.
    pub(super) breaks: fn(&mut App, &mut Rng) -> bool,
    /// Hints, each one step further; `NAME` is replaced.
    pub(super) hints: &'static [&'static str],
}

/// Every fault; add a line to add one.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        cause: "The selector of the Service NAME was mistyped.",
        level: 1,
        breaks: |app, rng| {
            app.selector.1 = mistyped(app.name, rng);
            true
        },
        hints: &[
            "How many endpoints has the Service NAME? kubectl describe service NAME",
            "Compare its selector with the labels of the pods, letter by letter: kubectl get pods --show-labels",
        ],
    },
    Fault {
        cause: "The Service NAME asked for a label under another key than the pods have.",
        level: 1,
        breaks: |app, rng| {
            app.selector.0 = if rng.below(2) == 0 { "run" } else { "name" };
            true
        },
        hints: &[
            "How many endpoints has the Service NAME? kubectl describe service NAME",
            "A selector compares a key and a value. Look at the key.",
        ],
    },
    Fault {
        cause: "The Service NAME led to a port on which nothing listened.",
        level: 1,
        breaks: |app, _| {
            let fits = app.port_name.is_empty();
            app.target = (app.port + 1).to_string();
            fits
        },
        hints: &[
            "Is a call of NAME refused although the Service has endpoints?",
            "Where does the program of NAME listen (PORT in its Deployment), and where does the Service lead (targetPort)?",
        ],
    },
    Fault {
        cause: "The Deployment NAME wanted no pods at all.",
        level: 1,
        breaks: |app, _| {
            app.replicas = 0;
            true
        },
        hints: &[
            "Which pods are there for NAME? kubectl get pods -l app=NAME",
            "How many does its Deployment want? kubectl get deployments",
        ],
    },
    Fault {
        cause: "The image of NAME was misspelt, so its pods never started.",
        level: 1,
        breaks: |app, _| {
            app.image = "playground/appp";
            true
        },
        hints: &[
            "In which state are the pods of NAME? kubectl get pods",
            "The events say why: kubectl describe pods -l app=NAME",
        ],
    },
    Fault {
        cause: "The Service NAME led to a port by a name that the pods did not have.",
        level: 2,
        breaks: |app, _| {
            let fits = !app.port_name.is_empty();
            app.target = "http".to_owned();
            fits
        },
        hints: &[
            "The pods of NAME are ready and selected. What do its endpoints look like? kubectl get endpointslices",
            "The Service knows the port by a name. Which name do the pods give it?",
        ],
    },
    Fault {
        cause: "The readiness probe of NAME asked at a port on which nothing listened.",
        level: 2,
        breaks: |app, _| {
            let fits = app.probe.is_some();
            app.probe = Some(app.port + 1);
            fits
        },
        hints: &[
            "Are the pods of NAME ready? kubectl get pods",
            "What does the kubelet meet when it asks? kubectl describe pods -l app=NAME",
        ],
    },
    Fault {
        cause: "The program of NAME listened on 127.0.0.1 only.",
        level: 2,
        breaks: |app, _| {
            app.localhost_only = true;
            // With a probe it would not be ready, and not behind the Service.
            app.probe.is_none()
        },
        hints: &[
            "The Service NAME has endpoints. Does one of them answer if you ask it directly?",
            "On which address does its program listen? Look at the variables in the Deployment.",
        ],
    },
    Fault {
        cause: "The policy NAME let pods in by a label that the client did not have.",
        level: 2,
        breaks: |app, _| {
            app.policy.1 = "clients";
            app.guarded
        },
        hints: &[
            "A call of NAME hangs. Who throws packets away?",
            "Whom does the policy let in? kubectl describe networkpolicy NAME",
        ],
    },
    Fault {
        cause: "The policy NAME opened the port of the Service instead of the pods' own.",
        level: 3,
        breaks: |app, _| {
            app.policy.0 = app.service_port;
            app.guarded
        },
        hints: &[
            "A call of NAME hangs. Who throws packets away?",
            "The policy speaks of a port. Is it the one that the packet has when it reaches the pod?",
        ],
    },
    Fault {
        cause: "The port of the Service NAME was UDP instead of TCP.",
        level: 3,
        breaks: |app, _| {
            app.protocol = "UDP";
            app.port_name.is_empty()
        },
        hints: &[
            "Everything about NAME seems to fit. Read every word that describe says of its port.",
            "kubectl get service NAME: what stands behind the slash?",
        ],
    },
];

/// A word with two neighbours swapped, or with a letter too many.
fn mistyped(word: &str, rng: &mut Rng) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = usize::try_from(rng.below(letters.len().saturating_sub(1) as u64)).unwrap_or_default();
    match (letters.get(at), letters.get(at + 1)) {
        (Some(one), Some(two)) if one != two => letters.swap(at, at + 1),
        _ => letters.push('s'),
    }
    letters.into_iter().collect()
}
