//! The three files that a draft makes. Whatever was typed, they are texts; whether they are a lesson is for whoever reads
//! them.

use std::fmt::Write;

use super::draft::{Draft, DraftGoal, DraftStep, DraftWrong};

/// `lesson.yaml`, `start.yaml`, `text.md`.
pub(super) fn files(draft: &Draft) -> [String; 3] {
    [lesson(draft), draft.start.clone(), text(draft)]
}

// Writing to a String cannot fail.
fn lesson(draft: &Draft) -> String {
    let mut yaml = String::new();
    let _ = writeln!(yaml, "title: {}", quoted(&draft.title));
    let _ = writeln!(yaml, "kind: {}\nlevel: {}\nminutes: {}", draft.kind, draft.level, draft.minutes);
    if !draft.cluster.is_empty() {
        let _ = writeln!(yaml, "cluster: {}", draft.cluster);
    }
    yaml.push_str("steps:\n");
    for step in &draft.steps {
        self::step(&mut yaml, step);
    }
    goals(&mut yaml, "keep:\n", "  ", &draft.keep);
    if !draft.allows.is_empty() {
        let _ = writeln!(yaml, "allows: [{}]", draft.allows.join(", "));
    }
    yaml
}

fn step(yaml: &mut String, step: &DraftStep) {
    yaml.push_str("  - goals:\n");
    goals(yaml, "", "      ", &step.goals);
    let hints: Vec<&str> = step.hints.lines().filter(|hint| !hint.trim().is_empty()).collect();
    if !hints.is_empty() {
        yaml.push_str("    hints:\n");
    }
    for hint in hints {
        let _ = writeln!(yaml, "      - {}", quoted(hint));
    }
    if !step.solution.trim().is_empty() {
        script(yaml, "    solution", &step.solution);
    }
    if !step.wrong.is_empty() {
        yaml.push_str("    wrong:\n");
    }
    for wrong in &step.wrong {
        self::wrong(yaml, wrong);
    }
}

fn wrong(yaml: &mut String, wrong: &DraftWrong) {
    script(yaml, "      - commands", &wrong.commands);
    goals(yaml, "        when:\n", "          ", &wrong.when);
    let _ = writeln!(yaml, "        feedback: {}", quoted(&wrong.feedback));
}

/// A text of lines.
fn script(yaml: &mut String, name: &str, lines: &str) {
    if lines.trim().is_empty() {
        let _ = writeln!(yaml, "{name}: \"\"");
        return;
    }
    let _ = writeln!(yaml, "{name}: |");
    let indent = " ".repeat(name.len() - name.trim_start_matches([' ', '-']).len() + 2);
    for line in lines.lines() {
        let _ = writeln!(yaml, "{indent}{line}");
    }
}

fn goals(yaml: &mut String, head: &str, indent: &str, goals: &[DraftGoal]) {
    if !goals.is_empty() {
        yaml.push_str(head);
    }
    for goal in goals {
        if !goal.is_question() && goal.words.is_empty() {
            let _ = writeln!(yaml, "{indent}- {}", goal.check.trim());
            continue;
        }
        if !goal.is_question() {
            let _ = writeln!(yaml, "{indent}- goal: {}\n{indent}  {}", quoted(&goal.words), goal.check.trim());
            continue;
        }
        let _ = writeln!(yaml, "{indent}- answer:\n{indent}    asks: {}\n{indent}    options:", quoted(&goal.words));
        for (at, option) in goal.options.iter().enumerate() {
            let _ = writeln!(yaml, "{indent}      - says: {}", quoted(&option.says));
            if at == goal.right {
                let _ = writeln!(yaml, "{indent}        right: true");
            }
            let _ = writeln!(yaml, "{indent}        because: {}", quoted(&option.because));
        }
    }
}

fn text(draft: &Draft) -> String {
    let mut text = format!("{}\n", draft.introduction.trim_end());
    let plain = draft.steps.len() == 1 && draft.steps.iter().all(|step| step.title.is_empty() && step.text.is_empty());
    for (at, step) in draft.steps.iter().enumerate().filter(|_| !plain) {
        let title = if step.title.is_empty() { format!("Step {}", at + 1) } else { step.title.clone() };
        let _ = write!(text, "\n## {title}\n\n{}\n", step.text.trim_end());
    }
    text
}

/// A text as YAML has it in quotes, whatever is in it.
fn quoted(text: &str) -> String {
    manifest::to_json_compact(&api::Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use course::{Files, Lesson};

    use super::super::draft::DraftOption;
    use super::*;

    #[test]
    fn whatever_is_typed_is_read_as_it_was_typed() {
        let goal = |words: &str| DraftGoal::of(words.to_owned(), "command: {words: [ls]}".to_owned());
        let option = |says: &str| DraftOption { says: says.to_owned(), because: format!("because: {says}") };
        let question =
            DraftGoal { options: vec![option("\"no\""), option("- yes: 'é'")], right: 1, ..goal("Why: # ?") };
        let wrong = DraftWrong {
            commands: "ls\n  kubectl apply -f - <<'EOF'\na: b\nEOF".to_owned(),
            when: vec![goal("")],
            feedback: "No: {never}".to_owned(),
        };
        let step = DraftStep {
            goals: vec![goal("a: \"b\""), question],
            hints: "one: two\n\n- three".to_owned(),
            solution: "ls".to_owned(),
            wrong: vec![wrong],
            ..DraftStep::default()
        };
        let draft = Draft {
            title: "It's \"so\"".to_owned(),
            steps: vec![step],
            keep: vec![goal("stays")],
            allows: vec!["delete-pods".to_owned()],
            introduction: "Text.".to_owned(),
            ..Draft::default()
        };
        let [lesson, start, text] = files(&draft);
        let read = Lesson::read("t", &Files { lesson: &lesson, start: &start, text: &text });
        let read = read.unwrap_or_else(|problems| panic!("{problems:?}\n{lesson}"));
        let step = &read.steps[0];
        assert_eq!((read.title.as_str(), step.goals[0].words.as_str()), ("It's \"so\"", "a: \"b\""));
        let question = step.goals[1].question().unwrap();
        assert_eq!((question.asks.as_str(), question.options[1].says.as_str()), ("Why: # ?", "- yes: 'é'"));
        assert!(question.options[1].right && !question.options[0].right);
        assert_eq!(step.hints, ["one: two", "- three"]);
        assert_eq!(step.wrong[0].commands, "ls\n  kubectl apply -f - <<'EOF'\na: b\nEOF");
        assert_eq!(step.wrong[0].feedback, "No: {never}");
        assert_eq!((read.keep.len(), read.allows.len()), (1, 1));
    }
}
