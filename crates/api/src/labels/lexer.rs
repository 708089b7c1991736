//! The words of kubectl's `-l`. Models apimachinery `pkg/labels` `Lexer`.

/// A kind of word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token {
    End,
    Identifier,
    In,
    NotIn,
    Equals,
    DoubleEquals,
    NotEquals,
    GreaterThan,
    LessThan,
    Not,
    Open,
    Close,
    Comma,
}

fn symbol(text: &str) -> Option<Token> {
    Some(match text {
        "=" => Token::Equals,
        "==" => Token::DoubleEquals,
        "!=" => Token::NotEquals,
        "!" => Token::Not,
        "(" => Token::Open,
        ")" => Token::Close,
        "," => Token::Comma,
        ">" => Token::GreaterThan,
        "<" => Token::LessThan,
        _ => return None,
    })
}

/// The words of a text, the end of the string last.
pub(super) fn words(text: &str) -> Vec<(Token, &str)> {
    const SPECIAL: &[char] = &['=', '!', '(', ')', ',', '>', '<'];
    const BLANK: &[char] = &[' ', '\t', '\r', '\n'];
    let mut words = Vec::new();
    let mut rest = text.trim_start_matches(BLANK);
    while !rest.is_empty() {
        let two = rest.get(..2).and_then(|two| symbol(two).map(|token| (token, 2)));
        let one = || rest.get(..1).and_then(|one| symbol(one).map(|token| (token, 1)));
        let (token, length) = two.or_else(one).unwrap_or_else(|| {
            let length = rest.find(|c| SPECIAL.contains(&c) || BLANK.contains(&c)).unwrap_or(rest.len());
            let token = match &rest[..length] {
                "in" => Token::In,
                "notin" => Token::NotIn,
                _ => Token::Identifier,
            };
            (token, length)
        });
        let (word, after) = rest.split_at(length);
        words.push((token, word));
        rest = after.trim_start_matches(BLANK);
    }
    words.push((Token::End, ""));
    words
}
