//! The learner's files as the page has them: tabs, what became of those that were replaced or deleted, and the messages that
//! change them.

use scene::Tone;

use crate::editor::{Editor, Texts};
use crate::model::Model;
use crate::{Effect, saved, start};

/// Sets that were put aside and are remembered, at most.
const MOST: usize = 5;

/// What a learner does with files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FilesMsg {
    /// Open another one.
    Open(u32),
    /// Begin a new one.
    Add,
    /// Give one another name.
    Rename(u32, String),
    /// Delete one, and with it what it declared.
    Delete(u32),
    /// Put this file in place of all, as a scene of the gallery does.
    Replace(String, String),
    /// Bring back what was put aside last.
    BringBack,
    /// Never mind what was put aside last.
    LetGo,
    /// Apply what waits.
    Apply,
    /// Whether the learner says when to apply.
    OnDemand(bool),
    /// Give the open file the indentation that everybody uses.
    Format,
}

/// A file's tab.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileTab {
    /// Tells it from others.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Whether it is open.
    pub open: bool,
    /// How its text is: bad when some of it is not in the cluster.
    pub tone: Tone,
}

/// Files that are not in the editor any more, and can be brought back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aside {
    /// Their names and texts.
    pub texts: Texts,
    /// Whether they were all there was, so that bringing them back takes away what is there now.
    pub whole: bool,
}

impl Model {
    /// The tabs of the files.
    #[must_use]
    pub fn files(&self) -> Vec<FileTab> {
        let files = self.editor.files();
        let tab = |file: &crate::editor::File| FileTab {
            id: file.id,
            name: file.name.clone(),
            open: file.id == files.open().id,
            tone: if file.error().is_some() { Tone::Bad } else { Tone::Plain },
        };
        files.all().iter().map(tab).collect()
    }

    /// The open file's number.
    #[must_use]
    pub fn open_file(&self) -> u32 {
        self.editor.files().open().id
    }

    /// What was put aside last.
    #[must_use]
    pub fn aside(&self) -> Option<Aside> {
        self.aside.last().cloned()
    }

    /// Whether the learner says when to apply.
    #[must_use]
    pub fn applies_on_demand(&self) -> bool {
        self.editor.is_on_demand()
    }

    /// The files go to the working folder of the learner's machine, where `kubectl apply -f` finds them.
    pub(crate) fn put_files(&mut self) {
        for (name, text) in self.editor.texts() {
            // No folder has such a name; a machine that is full is the learner's to mend.
            let _ = self.terminal.set_file(&name, &text);
        }
    }

    fn take_file(&mut self, name: &str) {
        // It may be gone already, by `rm`.
        let _ = self.terminal.remove_file(name);
    }

    /// Puts these files in place of all. What was there is put aside, unless it is nothing that the learner wrote.
    pub(crate) fn replace_files(&mut self, texts: Texts) -> Effect {
        let before = self.editor.texts();
        if !self.is_untouched(&before) {
            self.put_aside(Aside { texts: before, whole: true });
        }
        self.untouched = texts.clone();
        self.exchange(texts)
    }

    /// Puts these files in place of all, whatever becomes of those.
    pub(crate) fn exchange(&mut self, texts: Texts) -> Effect {
        for (name, _) in &self.editor.texts() {
            self.take_file(name);
        }
        self.editor.replace(&mut self.cluster, texts);
        self.put_files();
        self.shown()
    }

    /// Whether these texts are what a scene or the first visit gave.
    fn is_untouched(&self, texts: &Texts) -> bool {
        let blank = texts.iter().all(|(_, text)| text.trim().is_empty());
        let first = matches!(texts.as_slice(), [(_, text)] if text == start::TEXT);
        blank || first || *texts == self.untouched
    }

    fn put_aside(&mut self, aside: Aside) {
        if self.aside.len() == MOST {
            self.aside.remove(0);
        }
        self.aside.push(aside);
    }

    fn bring_back(&mut self) -> Option<Effect> {
        let Aside { texts, whole } = self.aside.pop()?;
        let before = self.editor.texts();
        if whole {
            if !self.is_untouched(&before) {
                self.put_aside(Aside { texts: before, whole: true });
            }
            return Some(self.exchange(texts));
        }
        for (name, text) in texts {
            if self.editor.add() {
                let id = self.open_file();
                self.editor.rename(id, &name);
                self.write(text);
                self.editor.flush(&mut self.cluster);
            }
        }
        Some(self.shown())
    }

    /// The open file, for the editor to show.
    fn shown(&self) -> Effect {
        Effect::ReplaceText(self.text().to_owned())
    }
}

/// Does what a message asks.
pub(crate) fn update(model: &mut Model, msg: FilesMsg) -> Vec<Effect> {
    let mut effects = Vec::new();
    match msg {
        FilesMsg::Open(id) => {
            if model.editor.show(id) {
                effects.push(model.shown());
            }
            return effects;
        }
        FilesMsg::Add => {
            if model.editor.add() {
                model.put_files();
                effects.push(model.shown());
            }
        }
        FilesMsg::Rename(id, name) => {
            if let Some(before) = model.editor.rename(id, &name) {
                model.take_file(&before);
                model.put_files();
            } else {
                model.trouble = Some(format!("{name:?} cannot be the name of a file here"));
            }
        }
        FilesMsg::Delete(id) => {
            let gone = model.editor.files().all().iter().find(|file| file.id == id);
            let gone = gone.map(|file| (file.name.clone(), file.text().to_owned()));
            if model.editor.remove(&mut model.cluster, id).is_some()
                && let Some((name, text)) = gone
            {
                model.take_file(&name);
                if !text.trim().is_empty() {
                    model.put_aside(Aside { texts: vec![(name, text)], whole: false });
                }
                model.put_files();
                effects.push(model.shown());
            }
        }
        FilesMsg::Replace(name, text) => effects.push(model.replace_files(vec![(name, text)])),
        FilesMsg::BringBack => effects.extend(model.bring_back()),
        FilesMsg::LetGo => drop(model.aside.pop()),
        FilesMsg::Apply => model.editor.flush(&mut model.cluster),
        FilesMsg::OnDemand(on_demand) => {
            model.editor.set_on_demand(&mut model.cluster, on_demand);
            return effects;
        }
        FilesMsg::Format => {
            let changes = Editor::format(model.text());
            if !changes.is_empty() {
                effects.push(Effect::ChangeText(changes));
            }
            return effects;
        }
    }
    effects.push(Effect::Store(saved::encode(&model.saved())));
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Msg, update};

    const POD: &str =
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: NAME\nspec:\n  containers:\n    - name: c\n      image: nginx\n";

    fn pod(name: &str) -> String {
        POD.replace("NAME", name)
    }

    fn tell(model: &mut Model, msg: FilesMsg) -> Vec<Effect> {
        update(model, Msg::Files(msg))
    }

    fn pods(model: &Model) -> Vec<String> {
        let scene = model.scene();
        let pods = scene.figures.iter().filter(|figure| figure.shape == scene::Shape::Process);
        pods.map(|figure| figure.title.clone()).collect()
    }

    fn names(model: &Model) -> Vec<String> {
        model.files().into_iter().map(|tab| tab.name).collect()
    }

    /// Lets a moment pass.
    fn wait(model: &mut Model, at: u64) {
        update(model, Msg::Tick(at));
    }

    fn session() -> Model {
        let mut model = Model::new(None);
        wait(&mut model, 0);
        model
    }

    /// What a line of the terminal printed.
    fn run(model: &mut Model, line: &str) -> String {
        update(model, Msg::ClearTerminal);
        update(model, Msg::TerminalLine(line.to_owned()));
        let lines = model.console().lines().iter().skip(1);
        lines.flat_map(|line| line.pieces.iter().map(|piece| piece.text.as_str())).collect()
    }

    #[test]
    fn every_file_is_applied_and_found_by_the_terminal_and_a_deleted_one_is_pruned_and_comes_back() {
        let mut model = session();
        tell(&mut model, FilesMsg::Add);
        update(&mut model, Msg::EditorChanged(pod("second")));
        wait(&mut model, 5_000);
        assert_eq!(pods(&model), ["nginx", "second"]);
        let id = model.open_file();
        tell(&mut model, FilesMsg::Rename(id, "web".to_owned()));
        assert_eq!(names(&model), ["manifest.yaml", "web.yaml"]);
        assert_eq!(run(&mut model, "ls"), "manifest.yaml  web.yaml");
        assert!(run(&mut model, "kubectl apply -f web.yaml").contains("pod/second "));

        tell(&mut model, FilesMsg::Delete(id));
        wait(&mut model, 60_000);
        assert_eq!((names(&model), pods(&model)), (vec!["manifest.yaml".to_owned()], vec!["nginx".to_owned()]));
        assert_eq!(run(&mut model, "ls"), "manifest.yaml");
        let aside = model.aside().unwrap();
        assert_eq!((aside.texts[0].0.as_str(), aside.whole), ("web.yaml", false));
        tell(&mut model, FilesMsg::BringBack);
        wait(&mut model, 70_000);
        assert_eq!((pods(&model), model.aside()), (vec!["nginx".to_owned(), "second".to_owned()], None));
        assert_eq!(run(&mut model, "ls"), "manifest.yaml  web.yaml");
    }

    #[test]
    fn what_a_scene_replaces_is_put_aside_unless_the_learner_wrote_none_of_it() {
        let mut model = session();
        let scene = |name: &str| FilesMsg::Replace(format!("{name}.yaml"), pod(name));
        tell(&mut model, scene("one"));
        assert_eq!((names(&model), model.aside()), (vec!["one.yaml".to_owned()], None));
        tell(&mut model, scene("two"));
        assert_eq!(model.aside(), None);
        let mine = pod("mine");
        update(&mut model, Msg::EditorChanged(mine.clone()));
        let effects = tell(&mut model, scene("three"));
        assert!(effects.contains(&Effect::ReplaceText(pod("three"))));
        assert_eq!(model.aside().unwrap().texts, [("two.yaml".to_owned(), mine.clone())]);
        // It outlives the visit.
        let mut model = Model::new(Some(model.saved()));
        assert_eq!(model.text(), pod("three"));
        tell(&mut model, FilesMsg::BringBack);
        assert_eq!((model.text(), names(&model)), (mine.as_str(), vec!["two.yaml".to_owned()]));
        wait(&mut model, 60_000);
        assert_eq!(pods(&model), ["mine"]);
    }

    #[test]
    fn an_object_of_two_files_counts_once_and_is_said() {
        let mut model = session();
        update(&mut model, Msg::EditorChanged(pod("a")));
        tell(&mut model, FilesMsg::Add);
        update(&mut model, Msg::EditorChanged(pod("a").replace("nginx", "redis")));
        wait(&mut model, 5_000);
        assert!(run(&mut model, "kubectl get pod a -o yaml").contains("image: redis"));
        let first = model.files()[0].id;
        let effects = tell(&mut model, FilesMsg::Open(first));
        assert!(effects.contains(&Effect::ReplaceText(pod("a"))));
        let said: Vec<String> = model.diagnostics().into_iter().map(|diagnostic| diagnostic.message).collect();
        assert!(said[0].contains("declared in manifest-2.yaml too"), "{said:?}");
    }

    #[test]
    fn trouble_in_another_file_is_named_with_it() {
        let mut model = session();
        tell(&mut model, FilesMsg::Add);
        update(&mut model, Msg::EditorChanged("kind: [".to_owned()));
        assert_eq!(model.files()[1].tone, Tone::Bad);
        assert!(model.diagnostics()[0].message.contains("parsing manifest-2.yaml"), "{:?}", model.diagnostics());
        let first = model.files()[0].id;
        tell(&mut model, FilesMsg::Open(first));
        assert!(model.diagnostics().is_empty());
        update(&mut model, Msg::EditorChanged(start::TEXT.replace("80\n", "81\n")));
        assert!(model.status().verdict.starts_with("manifest-2.yaml, line 1: "), "{}", model.status().verdict);
    }

    #[test]
    fn who_says_when_has_nothing_applied_before() {
        let mut model = session();
        tell(&mut model, FilesMsg::OnDemand(true));
        update(&mut model, Msg::EditorChanged(pod("later")));
        wait(&mut model, 60_000);
        assert_eq!((pods(&model), model.status().current), (vec!["nginx".to_owned()], false));
        assert_eq!(model.status().verdict, "not applied yet: Ctrl-Enter applies");
        tell(&mut model, FilesMsg::Apply);
        wait(&mut model, 120_000);
        assert_eq!((pods(&model), model.status().current), (vec!["later".to_owned()], true));
        update(&mut model, Msg::EditorChanged(pod("again")));
        tell(&mut model, FilesMsg::OnDemand(false));
        wait(&mut model, 180_000);
        assert_eq!(pods(&model), ["again"]);
    }

    #[test]
    fn format_is_one_change_in_units_of_utf_16_and_line_ends_are_one_kind() {
        let mut model = session();
        update(&mut model, Msg::EditorChanged("# 😀\r\na:\r\n    b: 1\r\n".to_owned()));
        assert_eq!(model.text(), "# 😀\na:\n    b: 1\n");
        let effects = tell(&mut model, FilesMsg::Format);
        let change = crate::TextChange { from: 8, to: 12, insert: "  ".to_owned() };
        assert!(effects.contains(&Effect::ChangeText(vec![change])), "{effects:?}");
    }
}
