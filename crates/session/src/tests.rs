//! A session as a learner has it: text, terminal, diagram, one after the other.

#![allow(clippy::unwrap_used)]

use scene::Tone;

use crate::{Effect, Model, Msg, Severity, start, update};

/// A session whose cluster has come to rest.
pub(crate) fn session() -> Model {
    let mut model = Model::new(None);
    wait(&mut model, 0, 20_000);
    model
}

/// Lets time pass from one moment of the front end's clock to another, as a page does.
pub(crate) fn wait(model: &mut Model, from: u64, to: u64) {
    let mut at = from;
    loop {
        let effects = update(model, Msg::Tick(at));
        let next = effects.iter().find_map(|effect| match effect {
            Effect::TickAt(millis) => Some(*millis),
            _ => None,
        });
        at = next.unwrap().max(at + 1);
        if at > to {
            update(model, Msg::Tick(to));
            return;
        }
    }
}

pub(crate) fn edit(model: &mut Model, from: &str, to: &str) -> Vec<Effect> {
    let text = model.text().replace(from, to);
    assert_ne!(text, model.text(), "the edit changes something");
    update(model, Msg::EditorChanged(text))
}

pub(crate) fn summary(model: &Model) -> String {
    model.scene().summary.clone()
}

#[test]
fn the_first_view_works_and_each_change_shows_at_once() {
    let mut model = session();
    assert_eq!(summary(&model), "Service nginx-service: 1 endpoint, ready.");
    edit(&mut model, "targetPort: 80\n", "targetPort: 8080\n");
    wait(&mut model, 20_000, 21_000);
    assert_eq!(summary(&model), "Service nginx-service: nothing listens on 8080 in pod nginx.");
    edit(&mut model, "targetPort: 8080\n", "targetPort: 80\n");
    edit(&mut model, "selector:\n    app: nginx-service", "selector:\n    app: nginx");
    wait(&mut model, 21_000, 22_000);
    assert_eq!(summary(&model), "Service nginx-service: no endpoints: pod nginx has app=nginx-service, not app=nginx.");
    edit(&mut model, "selector:\n    app: nginx", "selector:\n    app: nginx-service");
    wait(&mut model, 22_000, 23_000);
    assert_eq!(summary(&model), "Service nginx-service: 1 endpoint, ready.");
    assert_eq!(model.text(), start::TEXT);
}

#[test]
fn half_typed_text_keeps_the_picture_and_marks_the_line() {
    let mut model = session();
    let before = model.scene();
    edit(&mut model, "      targetPort: 80\n", "      targetPort: 80\n   tar");
    wait(&mut model, 20_000, 25_000);
    assert_eq!(model.scene(), before);
    let diagnostics = model.diagnostics();
    let [diagnostic] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
    assert!(diagnostic.message.starts_with("error: error parsing manifest.yaml: "), "{}", diagnostic.message);
    assert!(diagnostic.line >= 25, "{diagnostic:?}");
    assert!(!model.status().current);
}

#[test]
fn what_the_server_refuses_stands_at_its_field() {
    for (from, to, line, words, hint) in [
        ("selector:", "selektor:", 22, "unknown field \"spec.selektor\"", "Did you mean selector?"),
        (
            "kind: Service",
            "kind: Servic",
            17,
            "no matches for kind \"Servic\" in version \"v1\"",
            "Did you mean kind Service?",
        ),
        ("containerPort: 80", "containerPort: eighty", 14, "cannot unmarshal string", "another type"),
    ] {
        let mut model = session();
        edit(&mut model, from, to);
        wait(&mut model, 20_000, 22_000);
        let diagnostics = model.diagnostics();
        let [diagnostic] = diagnostics.as_slice() else { panic!("{to}: {diagnostics:?}") };
        assert!(diagnostic.message.contains(words), "{to}: {}", diagnostic.message);
        assert!(diagnostic.hint.contains(hint), "{to}: {}", diagnostic.hint);
        assert_eq!((diagnostic.line, diagnostic.severity), (line, Severity::Error), "{to}");
        assert_eq!(summary(&model), "Service nginx-service: 1 endpoint, ready.", "{to}: the last good state stays");
    }
}

#[test]
fn what_is_surely_not_meant_stands_at_its_field_and_goes_with_its_cause() {
    for (from, to, line, words) in [
        ("targetPort: 80\n", "targetPort: 8080\n", 26, "8080"),
        ("selector:\n    app: nginx-service", "selector:\n    app: ngnix-service", 23, "ngnix-service"),
    ] {
        let mut model = session();
        assert!(model.diagnostics().is_empty(), "{:?}", model.diagnostics());
        edit(&mut model, from, to);
        wait(&mut model, 20_000, 22_000);
        let diagnostics = model.diagnostics();
        let [diagnostic] = diagnostics.as_slice() else { panic!("{to}: {diagnostics:?}") };
        assert!(diagnostic.message.contains(words), "{}", diagnostic.message);
        assert_eq!((diagnostic.line, diagnostic.severity), (line, Severity::Warning), "{diagnostic:?}");
        edit(&mut model, to, from);
        wait(&mut model, 22_000, 24_000);
        assert!(model.diagnostics().is_empty(), "{:?}", model.diagnostics());
    }
}

#[test]
fn which_objects_there_are_follows_once_the_text_is_still() {
    let mut model = session();
    edit(&mut model, "metadata:\n  name: nginx\n", "metadata:\n  name: web\n");
    assert!(summary(&model).ends_with("1 endpoint, ready."), "nothing is pruned under the learner's fingers");
    assert!(!model.status().current);
    wait(&mut model, 20_000, 25_000);
    let scene = model.scene();
    let pods: Vec<_> = scene.figures.iter().filter(|f| f.shape == scene::Shape::Process).map(|f| &*f.title).collect();
    assert_eq!(pods, ["web"]);
    assert!(model.status().current);
}

#[test]
fn a_document_taken_out_is_pruned_but_not_while_another_is_broken() {
    let mut model = session();
    let (pod, service) = start::TEXT.split_once("---\n").unwrap();
    update(&mut model, Msg::EditorChanged(format!("{pod}---\nkind: [")));
    wait(&mut model, 20_000, 22_000);
    assert_eq!(model.scene().links.len(), 1);
    update(&mut model, Msg::EditorChanged(service.to_owned()));
    wait(&mut model, 22_000, 60_000);
    assert_eq!(summary(&model), "Service nginx-service: no endpoints: there are no pods.");
    update(&mut model, Msg::EditorChanged(String::new()));
    wait(&mut model, 60_000, 62_000);
    assert_eq!(summary(&model), "The cluster is empty.");
}

#[test]
fn the_terminal_prints_and_waits() {
    let mut model = session();
    update(&mut model, Msg::TerminalLine("nosuch".to_owned()));
    let lines: Vec<String> =
        model.console().lines().iter().map(|l| l.pieces.iter().map(|p| p.text.as_str()).collect()).collect();
    assert_eq!(lines, ["$ nosuch", "bash: nosuch: command not found"]);
    assert_eq!(model.prompt(), "$ ");
    update(&mut model, Msg::ClearTerminal);
    assert!(model.console().lines().is_empty());
}

#[test]
fn tab_goes_on_as_far_as_there_is_one_way() {
    let model = session();
    let completed = |line: &str| model.complete(line, line.len()).map(|c| (c.line, c.choices));
    assert_eq!(completed("cat mani"), Some(("cat manifest.yaml ".to_owned(), Vec::new())));
    assert_eq!(completed("cat nosuch"), None);
    assert_eq!(model.complete("é", 1), None, "a caret inside of a character is none");
}

#[test]
fn figures_lead_to_their_line() {
    let mut model = session();
    let scene = model.scene();
    let service = scene.figures.iter().find(|figure| figure.shape == scene::Shape::FrontDoor).unwrap();
    update(&mut model, Msg::ShowFigure(service.id.clone()));
    let effects = update(&mut model, Msg::ShowInManifest);
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Reveal { from, to } => Some(&model.text()[*from..*to]),
        _ => None,
    });
    assert_eq!(found, Some("name: nginx-service"));
}

#[test]
fn a_reset_brings_the_first_view_back() {
    let mut model = session();
    edit(&mut model, "nginx-service", "other");
    update(&mut model, Msg::TerminalLine("nosuch".to_owned()));
    let effects = update(&mut model, Msg::Reset);
    assert!(effects.contains(&Effect::ReplaceText(start::TEXT.to_owned())));
    wait(&mut model, 50_000, 70_000);
    assert_eq!(
        (summary(&model).as_str(), model.scene().tone),
        ("Service nginx-service: 1 endpoint, ready.", Tone::Good)
    );
    assert!(model.console().lines().is_empty());
}

#[test]
fn no_text_breaks_the_session() {
    let mut model = session();
    for end in (0..start::TEXT.len()).step_by(7) {
        update(&mut model, Msg::EditorChanged(start::TEXT[..end].to_owned()));
    }
    for text in
        ["\u{0}", "{", "a: &a [*a, *a]", "kind: 😀", "- - -", "---\n---\n", "kind: List\napiVersion: v1\nitems: 3"]
    {
        update(&mut model, Msg::EditorChanged(text.to_owned()));
        wait(&mut model, 30_000, 31_000);
    }
}

/// The text after the fix of the only problem there is.
fn mended(model: &Model) -> (String, String) {
    let diagnostics = model.diagnostics();
    let [diagnostic] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
    let fix = diagnostic.fix.as_ref().unwrap_or_else(|| panic!("no fix: {diagnostic:?}"));
    let units: Vec<u16> = model.text().encode_utf16().collect();
    let part = |units: &[u16]| String::from_utf16(units).unwrap();
    let text = format!("{}{}{}", part(&units[..fix.change.from]), fix.change.insert, part(&units[fix.change.to..]));
    (fix.title.clone(), text)
}

#[test]
fn what_is_wrong_can_be_mended_with_one_change() {
    for (from, to, title) in [
        ("targetPort: 80\n", "targetPort: 8080\n", "Set targetPort to 80"),
        ("selector:\n    app: nginx-service", "selector:\n    app: ngnix-service", "Select app=nginx-service"),
        ("selector:", "selektor:", "Rename to selector"),
        ("kind: Service", "kind: Servic", "Set kind to Service"),
        ("apiVersion: v1\nkind: Service", "apiVersion: v1beta1\nkind: Service", "Set apiVersion to v1"),
    ] {
        let mut model = session();
        edit(&mut model, from, to);
        wait(&mut model, 20_000, 22_000);
        let (said, text) = mended(&model);
        assert_eq!(text, start::TEXT, "{to}: {said}");
        assert_eq!(said, title, "{to}");
    }
    let mut model = session();
    edit(&mut model, "app: nginx-service\nspec", "app: nginx-service\n    build: 42\nspec");
    wait(&mut model, 20_000, 22_000);
    let (said, text) = mended(&model);
    assert_eq!(said, "Write \"42\"");
    assert!(text.contains("    build: \"42\"\n"), "{text}");
}

/// What the terminal printed, line by line.
fn printed(model: &Model) -> Vec<String> {
    model.console().lines().iter().map(|line| line.pieces.iter().map(|piece| piece.text.as_str()).collect()).collect()
}

#[test]
fn kubectl_edit_waits_for_the_text_and_goes_on_with_it() {
    let mut model = session();
    update(&mut model, Msg::TerminalLine("kubectl edit service nginx-service".to_owned()));
    let editing = model.editing().unwrap();
    assert!(editing.text.contains("targetPort: 80\n"), "{}", editing.text);
    update(&mut model, Msg::EditSaved(editing.text.replace("targetPort: 80\n", "targetPort: 8080\n")));
    assert_eq!(printed(&model).last().unwrap(), "service/nginx-service edited");
    assert_eq!((model.editing(), model.prompt()), (None, "$ ".to_owned()));
    for leave in [Msg::EditLeft, Msg::EditSaved(String::new()), Msg::Interrupt] {
        update(&mut model, Msg::TerminalLine("kubectl edit service nginx-service".to_owned()));
        let text = model.editing().unwrap().text;
        let leave = if leave == Msg::EditSaved(String::new()) { Msg::EditSaved(text) } else { leave };
        update(&mut model, leave.clone());
        assert_eq!((model.editing(), model.prompt()), (None, "$ ".to_owned()), "{leave:?}: {:?}", printed(&model));
    }
    assert!(printed(&model).contains(&"Edit cancelled, no changes made.".to_owned()), "{:?}", printed(&model));
}

/// The figure of this shape and title is clicked.
fn inspect(model: &mut Model, shape: scene::Shape, title: &str) -> std::sync::Arc<crate::panel::Inspection> {
    let scene = model.scene();
    let figure = scene.figures.iter().find(|figure| figure.shape == shape && figure.title == title);
    let id = figure.unwrap_or_else(|| panic!("{title}: {:?}", scene.figures)).id.clone();
    update(model, Msg::ShowFigure(id));
    model.inspection().unwrap()
}

#[test]
fn an_object_tells_its_story_and_what_it_is_tied_to() {
    let mut model = session();
    let service = inspect(&mut model, scene::Shape::FrontDoor, "nginx-service");
    assert_eq!((service.title.as_str(), service.in_manifest), ("Service nginx-service", true));
    assert!(service.describe.starts_with("Name:"), "{}", service.describe);
    assert!(service.yaml.starts_with("apiVersion: v1\nkind: Service\n"), "{}", service.yaml);
    assert_eq!(service.ties[0].tone, Tone::Good);
    edit(&mut model, "selector:\n    app: nginx-service", "selector:\n    app: ngnix-service");
    wait(&mut model, 20_000, 22_000);
    let tie = model.inspection().unwrap().ties[0].clone();
    let (words, fix) = &tie.reasons[0];
    assert!(words.contains("app=nginx-service, not app=ngnix-service"), "{words}");
    assert_eq!(fix.as_ref().unwrap().change.insert, "nginx-service");
}

#[test]
fn faults_and_deletion_are_a_switch_away() {
    let mut model = session();
    let pod = inspect(&mut model, scene::Shape::Process, "nginx");
    let deaf = pod.switches.iter().find(|switch| switch.label.contains("127.0.0.1")).unwrap().trouble;
    update(&mut model, Msg::SetTrouble(deaf, true));
    assert!(model.inspection().unwrap().switches.iter().any(|switch| switch.trouble == deaf && switch.on));
    update(&mut model, Msg::DeleteInspected);
    wait(&mut model, 20_000, 60_000);
    assert!(!model.inspection().unwrap().exists);
}

#[test]
fn the_matrix_says_who_reaches_what_and_each_cell_has_its_way() {
    let mut model = session();
    update(&mut model, Msg::ShowPanel(Some(crate::Panel::Matrix)));
    let matrix = model.matrix();
    let words = |name: &str| {
        let row = matrix.rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("{name}: {matrix:?}"));
        row.cells.iter().map(|cell| cell.word).collect::<Vec<_>>()
    };
    assert_eq!(matrix.from, ["your laptop", "the internet", "node minikube", "pod nginx"]);
    assert_eq!(words("Service nginx-service"), ["no answer", "no answer", "reached", "reached"]);
    assert_eq!(words("pod nginx")[2..], ["reached", "reached"]);
    let traces = model.cluster.traces().len();
    update(&mut model, Msg::ShowCell(0, 0));
    assert_eq!(model.route().unwrap().tone, Tone::Waiting);
    assert_eq!(model.cluster.traces().len(), traces, "nothing of it shows in the cluster");
    update(&mut model, Msg::CloseTrace);
    assert_eq!((model.route(), model.panel()), (None, Some(crate::Panel::Matrix)));
}

#[test]
fn another_make_of_the_cluster_keeps_the_text_and_the_lines_typed() {
    let mut model = session();
    update(&mut model, Msg::TerminalLine("kubectl get pods".to_owned()));
    let lab = model.lab();
    let (_, change, chosen) = lab.questions[0].answers[2];
    assert!(!chosen);
    update(&mut model, Msg::ChooseLab(change));
    wait(&mut model, 30_000, 50_000);
    assert!(model.lab().questions[0].answers[2].2);
    assert_eq!(summary(&model), "Service nginx-service: 1 endpoint, ready.");
    assert_eq!(model.history(), ["kubectl get pods"]);
}

#[test]
fn a_list_declares_each_of_its_objects() {
    let mut model = session();
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: one}\n  spec:\n    \
                ports: [{port: 80}]\n- apiVersion: v1\n  kind: Service\n  metadata: {name: two}\n  spec:\n    ports: \
                [{prt: 80}]\n";
    update(&mut model, Msg::EditorChanged(text.to_owned()));
    wait(&mut model, 20_000, 25_000);
    let diagnostics = model.diagnostics();
    let wrong: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    let [wrong] = wrong.as_slice() else { panic!("{diagnostics:?}") };
    assert_eq!((wrong.line, wrong.hint.as_str()), (13, "Did you mean port?"));
    update(&mut model, Msg::EditorChanged(text.replace("prt", "port")));
    wait(&mut model, 25_000, 30_000);
    assert!(summary(&model).contains("Service one") && summary(&model).contains("Service two"), "{}", summary(&model));
}
