//! Keys and what they make of a line.

use super::*;

/// A line written with `|` where the caret is.
fn line(text: &str) -> Line {
    let caret = text.find('|').unwrap();
    Line { text: text.replace('|', ""), caret }
}

fn shown(line: &Line) -> String {
    let (before, after) = line.text.split_at(line.caret);
    format!("{before}|{after}")
}

/// `C-a`, `M-b`, `ArrowUp` and so on.
fn key(text: &str) -> Key<'_> {
    let (control, rest) = text.strip_prefix("C-").map_or((false, text), |rest| (true, rest));
    let (alt, name) = rest.strip_prefix("M-").map_or((false, rest), |rest| (true, rest));
    Key { name, control, alt }
}

/// Presses keys one after the other; a key that is not the line's types itself, as a front end would.
fn press(editor: &mut LineEditor, start: &str, keys: &str, history: &[&str]) -> String {
    let history: Vec<String> = history.iter().map(|line| (*line).to_owned()).collect();
    let mut now = line(start);
    for word in keys.split(' ') {
        match editor.press(&now, key(word), &history) {
            Asked::Show(line) => now = line,
            Asked::Unknown if word.chars().count() == 1 => {
                now.text.insert_str(now.caret, word);
                now.caret += word.len();
            }
            Asked::Unknown => {}
            asked => return format!("{asked:?}"),
        }
    }
    editor.search_prompt().unwrap_or_default() + &shown(&now)
}

#[test]
fn keys_move_and_cut_as_in_readline() {
    for (start, keys, want) in [
        ("kubectl get po|", "C-a", "|kubectl get po"),
        ("|kubectl get", "C-e", "kubectl get|"),
        ("é|", "C-b C-f", "é|"),
        ("kubectl get-po|", "M-b", "kubectl get-|po"),
        ("kubectl get-po|", "M-b M-b M-b M-b", "|kubectl get-po"),
        ("|kubectl get-po", "M-f M-f", "kubectl get|-po"),
        ("kubectl get svc| -o wide", "C-u", "| -o wide"),
        ("kubectl get| svc", "C-k", "kubectl get|"),
        ("kubectl get svc/web-1 |", "C-w", "kubectl get |"),
        ("kubectl get svc/web-1|", "M-Backspace", "kubectl get svc/web-|"),
        ("kubectl |get svc", "M-d", "kubectl | svc"),
        ("a|b", "C-d", "a|"),
        ("aé|b", "C-h", "a|b"),
        ("one two|", "C-w C-y C-y", "one twotwo|"),
        ("one two three|", "C-w C-w C-y", "one two three|"),
        ("|one two", "M-d M-d C-e C-y", "one two|"),
        ("one|", "C-u x C-y", "xone|"),
        ("ab|", "C-t", "ba|"),
        ("a|bc", "C-t", "ba|c"),
        ("|ab", "C-t", "|ab"),
    ] {
        assert_eq!(press(&mut LineEditor::default(), start, keys, &[]), want, "{start} {keys}");
    }
}

#[test]
fn the_history_is_gone_through_and_the_draft_kept() {
    let history = ["kubectl get pods", "kubectl get svc", "ls"];
    for (keys, want) in [
        ("ArrowUp", "ls|"),
        ("ArrowUp C-p C-p", "kubectl get pods|"),
        ("ArrowUp ArrowUp ArrowUp ArrowUp", "kubectl get pods|"),
        ("ArrowUp ArrowUp ArrowDown C-n", "draft|"),
        ("ArrowDown", "draft|"),
        ("M-.", "draftls|"),
    ] {
        assert_eq!(press(&mut LineEditor::default(), "draft|", keys, &history), want, "{keys}");
    }
    let mut editor = LineEditor::default();
    assert_eq!(press(&mut editor, "|", "ArrowUp ArrowUp Enter", &history), "Submit(\"kubectl get svc\")");
    assert_eq!(press(&mut editor, "|", "ArrowUp", &history), "ls|", "a new line begins at the newest");
}

#[test]
fn the_history_is_searched() {
    let history = ["kubectl get pods", "kubectl get svc", "ls", "kubectl get svc"];
    for (keys, want) in [
        ("C-r", "(reverse-i-search)`': draft|"),
        ("C-r g e", "(reverse-i-search)`ge': kubectl |get svc"),
        ("C-r g e C-r", "(reverse-i-search)`ge': kubectl |get pods"),
        ("C-r g e C-r C-r", "(failed reverse-i-search)`ge': kubectl |get pods"),
        ("C-r g e C-r C-s", "(reverse-i-search)`ge': kubectl |get svc"),
        ("C-r l s", "(reverse-i-search)`ls': |ls"),
        ("C-r l s Backspace Backspace", "(reverse-i-search)`': draft|"),
        ("C-r z", "(failed reverse-i-search)`z': draft|"),
        ("C-r l s C-g", "draft|"),
        ("C-r l s C-c", "draft|"),
        ("C-r l s Shift C-e", "ls|"),
        ("C-r p o d s Escape", "kubectl get |pods"),
        ("C-r p o d s Enter", "Submit(\"kubectl get pods\")"),
    ] {
        assert_eq!(press(&mut LineEditor::default(), "draft|", keys, &history), want, "{keys}");
    }
}

#[test]
fn other_keys_ask_the_front_end() {
    for (start, keys, want) in [
        ("x|", "Enter", "Submit(\"x\")"),
        ("x|", "C-c", "Interrupt"),
        ("|", "C-d", "EndOfInput"),
        ("x|", "C-l", "Clear"),
        ("ku|", "Tab", "Complete"),
        ("|", "Tab", "|"),
        ("ku|", "Escape Tab", "ku|"),
        ("ku|", "Escape e Tab", "Complete"),
        ("ku|", "q F5", "kuq|"),
    ] {
        assert_eq!(press(&mut LineEditor::default(), start, keys, &[]), want, "{start} {keys}");
    }
}
