use std::fmt::Write as _;

use super::*;
use crate::{Msg, panel::lab::LabChange, update};

fn model() -> Model {
    let mut model = Model::new(None);
    update(&mut model, Msg::Tick(0));
    model
}

fn wait(model: &mut Model, from: u64, seconds: u64) {
    for second in from..from + seconds {
        update(model, Msg::Tick(second * 1000));
    }
}

fn said(model: &Model) -> String {
    model.console().lines().iter().fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "{}", line.pieces.iter().map(|piece| piece.text.as_str()).collect::<String>());
        all
    })
}

/// A scene in which something was chosen, applied, typed and broken off.
fn scene() -> Model {
    let mut model = model();
    update(&mut model, Msg::ChooseLab(LabChange::Proxy(cluster::cluster::ProxyMode::Ipvs)));
    wait(&mut model, 0, 10);
    update(&mut model, Msg::TerminalLine("kubectl create deployment web --image=nginx --replicas=2".to_owned()));
    wait(&mut model, 10, 10);
    update(&mut model, Msg::TerminalLine("kubectl get pods -w".to_owned()));
    wait(&mut model, 20, 3);
    update(&mut model, Msg::Interrupt);
    update(&mut model, Msg::TerminalLine("kubectl get pods -o wide".to_owned()));
    wait(&mut model, 23, 3);
    model
}

#[test]
fn a_link_brings_the_same_cluster_and_the_same_terminal() {
    let scene = scene();
    let link = scene.address(false, true).unwrap();
    assert!(link.len() < 900, "{} letters: {link}", link.len());
    let mut other = model();
    let effects = update(&mut other, Msg::Open(link.clone()));
    assert!(effects.contains(&crate::Effect::Arrange { manifest_away: false, terminal_away: true }));
    assert_eq!(said(&other), said(&scene));
    assert_eq!(other.cluster.settings(), scene.cluster.settings());
    assert_eq!(other.cluster.now(), scene.cluster.now());
    assert_eq!(other.cluster.store().revision(), scene.cluster.store().revision());
    assert_eq!(other.address(false, true), Some(link));
}

#[test]
fn what_the_learner_had_is_put_aside() {
    let link = scene().address(false, false).unwrap();
    let mut other = model();
    update(&mut other, Msg::EditorChanged("# mine\n".to_owned()));
    update(&mut other, Msg::Open(link));
    assert!(other.aside().is_some_and(|aside| aside.texts[0].1 == "# mine\n"));
}

#[test]
fn a_damaged_link_changes_nothing_and_is_said() {
    let mut learner = model();
    let before = learner.saved();
    for fragment in ["#share=1.AAAA", "#share=9.AAAA", "#yaml=*"] {
        update(&mut learner, Msg::Open(fragment.to_owned()));
        assert_eq!(learner.saved(), before);
        assert!(learner.status().trouble.is_some(), "{fragment}");
    }
}

#[test]
fn manifests_in_an_address_are_applied() {
    let text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: é\n";
    let mut learner = model();
    update(&mut learner, Msg::Open(["#yaml=", &letters::of(text.as_bytes())].concat()));
    assert_eq!(learner.saved().files[0].1, text);
}

#[test]
fn markdown_holds_what_is_in_the_manifest_whatever_it_is() {
    let mut learner = model();
    update(&mut learner, Msg::EditorChanged("# ```` and </script>\n".to_owned()));
    update(&mut learner, Msg::TerminalLine("kubectl get svc".to_owned()));
    let text = learner.shared(Form::Markdown, "https://example.org/", false, false).unwrap();
    assert!(text.contains("`````yaml\n# ```` and </script>\n`````\n"), "{text}");
    assert!(text.contains("```sh\nkubectl get svc\n```\n"), "{text}");
    assert!(text.contains("(https://example.org/#share=1."), "{text}");
}

#[test]
fn an_element_holds_manifests_as_text() {
    let mut learner = model();
    update(&mut learner, Msg::EditorChanged("# </pre><script>&\n".to_owned()));
    let text = learner.shared(Form::Element, "https://example.org/\"x", false, false).unwrap();
    assert!(text.contains("src=\"https://example.org/&quot;xplayground.js\""), "{text}");
    assert!(text.contains("<pre>\n# &lt;/pre&gt;&lt;script&gt;&amp;\n</pre>"), "{text}");
}
