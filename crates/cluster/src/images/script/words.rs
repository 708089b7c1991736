//! A script as commands of words.

/// What joins a command to the one before (`;`, `&&`, `||`, `|`), and its words.
pub(super) type Command = (&'static str, Vec<String>);

/// The commands of a script, each with what joins it to the one before.
pub(super) fn commands(text: &str) -> Vec<Command> {
    let mut list: Vec<Command> = vec![(";", Vec::new())];
    let mut word = String::new();
    let mut quote = None;
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    let mut depth = 0;
    while let Some(c) = chars.next() {
        let ends = quote.is_none() && depth == 0;
        if ends && (c.is_whitespace() || matches!(c, ';' | '&' | '|' | '>')) {
            if (!word.is_empty() || quoted)
                && let Some((_, words)) = list.last_mut()
            {
                words.push(std::mem::take(&mut word));
                quoted = false;
            }
            let doubled = chars.peek() == Some(&c);
            match c {
                '&' if doubled => list.push(("&&", Vec::new())),
                '|' if doubled => list.push(("||", Vec::new())),
                '|' => list.push(("|", Vec::new())),
                ';' | '\n' | '&' => list.push((";", Vec::new())),
                '>' => {
                    if let Some((_, words)) = list.last_mut() {
                        words.push(">".to_owned());
                    }
                }
                _ => {}
            }
            if doubled && matches!(c, '&' | '|' | '>') {
                chars.next();
            }
            continue;
        }
        match (quote, c) {
            (None, '\'' | '"') => (quote, quoted) = (Some(c), true),
            (Some(open), _) if c == open => quote = None,
            _ => {
                depth += i32::from(c == '(') - i32::from(c == ')' && depth > 0);
                word.push(c);
            }
        }
    }
    if (!word.is_empty() || quoted)
        && let Some((_, words)) = list.last_mut()
    {
        words.push(word);
    }
    list.retain(|(_, words)| !words.is_empty());
    list
}
