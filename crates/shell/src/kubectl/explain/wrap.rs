//! Words on lines. Models `mitchellh/go-wordwrap` `WrapString`.

/// Breaks lines longer than `limit` between words. What is longer than a line stays whole; ends of lines stay.
pub(super) fn wrap(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    let (mut at, mut word, mut spaces) = (0, Held::default(), Held::default());
    for c in text.chars() {
        if c == '\n' {
            if !word.text.is_empty() || at + spaces.width <= limit {
                spaces.flush(&mut out);
            }
            word.flush(&mut out);
            spaces = Held::default();
            out.push(c);
            at = 0;
        } else if c.is_whitespace() && c != '\u{a0}' {
            if spaces.text.is_empty() || !word.text.is_empty() {
                at += spaces.flush(&mut out) + word.flush(&mut out);
            }
            spaces.push(c);
        } else {
            word.push(c);
            if at + word.width + spaces.width > limit && word.width < limit {
                out.push('\n');
                at = 0;
                spaces = Held::default();
            }
        }
    }
    if !word.text.is_empty() || at + spaces.width <= limit {
        spaces.flush(&mut out);
    }
    word.flush(&mut out);
    out
}

/// Every line with blanks before it. Models the template's `indent`.
pub(super) fn indent(text: &str, amount: usize) -> String {
    let pad = " ".repeat(amount);
    let lines: Vec<String> = text.split('\n').map(|line| format!("{pad}{line}")).collect();
    lines.join("\n")
}

/// Characters that are not written yet.
#[derive(Default)]
struct Held {
    text: String,
    width: usize,
}

impl Held {
    fn push(&mut self, c: char) {
        self.text.push(c);
        self.width += 1;
    }

    /// Writes them and says how many they were.
    fn flush(&mut self, out: &mut String) -> usize {
        out.push_str(&self.text);
        self.text.clear();
        std::mem::take(&mut self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        for (text, limit, want) in [
            ("one two three", 7, "one two\nthree"),
            ("one two", 3, "one\ntwo"),
            ("one two", 4, "one\ntwo"),
            ("a https://long.example x", 6, "a\nhttps://long.example\nx"),
            ("a\n\n  b", 9, "a\n\n  b"),
            ("ab  cd  ", 5, "ab\ncd  "),
        ] {
            assert_eq!(wrap(text, limit), want, "{text:?}");
        }
        assert_eq!(indent("a\n\nb", 2), "  a\n  \n  b");
    }
}
