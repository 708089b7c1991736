//! `$(( ))`: whole numbers of 64 bits with C's operators.

use std::collections::BTreeMap;

/// Computes an expression; names are variables, and may be assigned to.
///
/// # Errors
/// What is wrong, in bash's words.
pub(crate) fn evaluate(text: &str, variables: &mut BTreeMap<String, String>) -> Result<i64, String> {
    let mut expression = Expression { chars: text.chars().collect(), at: 0, variables, text, depth: 0, live: true };
    expression.skip();
    if expression.at == expression.chars.len() {
        return Ok(0);
    }
    let value = expression.comma()?;
    expression.skip();
    if expression.at < expression.chars.len() {
        return Err(expression.fault("syntax error in expression"));
    }
    Ok(value)
}

struct Expression<'a> {
    chars: Vec<char>,
    at: usize,
    variables: &'a mut BTreeMap<String, String>,
    text: &'a str,
    depth: usize,
    /// Whether assignments count: not in the branch of `?:`, `&&`, `||` that is not taken.
    live: bool,
}

/// Operators of two sides by rank, the weakest first; longer signs before their beginnings.
const RANKS: &[&[&str]] = &[
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
    &["**"],
];

const ASSIGNMENTS: &[&str] = &["=", "+=", "-=", "*=", "/=", "%="];

impl Expression<'_> {
    fn skip(&mut self) {
        while self.chars.get(self.at).is_some_and(|char| char.is_whitespace()) {
            self.at += 1;
        }
    }

    fn stands(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, char)| self.chars.get(self.at + ahead) == Some(&char))
    }

    fn eat(&mut self, text: &str) -> bool {
        self.skip();
        let found = self.stands(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn fault(&self, what: &str) -> String {
        let rest: String = self.chars[self.at.min(self.chars.len())..].iter().collect();
        format!("{}: {what} (error token is \"{rest}\")", self.text.trim_start())
    }

    fn comma(&mut self) -> Result<i64, String> {
        let mut value = self.assignment()?;
        while self.eat(",") {
            value = self.assignment()?;
        }
        Ok(value)
    }

    fn name(&mut self) -> Option<String> {
        self.skip();
        let start = self.at;
        let first = self.chars.get(start).filter(|char| char.is_ascii_alphabetic() || **char == '_')?;
        let _ = first;
        let mut end = start;
        while self.chars.get(end).is_some_and(|char| char.is_ascii_alphanumeric() || *char == '_') {
            end += 1;
        }
        self.at = end;
        let name: String = self.chars[start..end].iter().collect();
        // An element of a list.
        if self.chars.get(end) == Some(&'[') {
            self.at += 1;
            match self.comma() {
                Ok(index) if self.eat("]") => return Some(format!("{name}[{index}]")),
                _ => self.at = end,
            }
        }
        Some(name)
    }

    fn value_of(&self, name: &str) -> i64 {
        self.variables.get(name).and_then(|text| number(text.trim())).unwrap_or(0)
    }

    fn set(&mut self, name: String, value: i64) -> i64 {
        if self.live {
            self.variables.insert(name, value.to_string());
        }
        value
    }

    fn assignment(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > 50 {
            return Err(self.fault("expression recursion level exceeded"));
        }
        let start = self.at;
        if let Some(name) = self.name() {
            self.skip();
            let sign = ASSIGNMENTS.iter().find(|sign| self.stands(sign) && !self.stands("=="));
            if let Some(sign) = sign {
                self.at += sign.len();
                let right = self.assignment()?;
                let left = self.value_of(&name);
                let value = if *sign == "=" { right } else { self.apply(&sign[..1], left, right)? };
                self.depth -= 1;
                return Ok(self.set(name, value));
            }
        }
        self.at = start;
        let condition = self.ranked(0)?;
        let value = if self.eat("?") {
            let live = self.live;
            self.live = live && condition != 0;
            let yes = self.assignment()?;
            if !self.eat(":") {
                return Err(self.fault("`:' expected for conditional expression"));
            }
            self.live = live && condition == 0;
            let no = self.assignment()?;
            self.live = live;
            if condition != 0 { yes } else { no }
        } else {
            condition
        };
        self.depth -= 1;
        Ok(value)
    }

    fn ranked(&mut self, rank: usize) -> Result<i64, String> {
        let Some(signs) = RANKS.get(rank) else { return self.unary() };
        let mut left = self.ranked(rank + 1)?;
        loop {
            self.skip();
            let longer = ["||", "&&", "<<", ">>", "<=", ">=", "**"];
            let sign = signs.iter().find(|sign| {
                self.stands(sign)
                    && (sign.len() == 2 || !longer.iter().any(|longer| self.stands(longer)))
                    && !ASSIGNMENTS[1..].iter().any(|assignment| self.stands(assignment))
            });
            let Some(sign) = sign else { return Ok(left) };
            self.at += sign.len();
            let live = self.live;
            self.live = live && !matches!((*sign, left != 0), ("&&", false) | ("||", true));
            // A power of a power binds to the right.
            let right = self.ranked(if *sign == "**" { rank } else { rank + 1 })?;
            left = if self.live { self.apply(sign, left, right)? } else { i64::from(left != 0) };
            self.live = live;
        }
    }

    fn apply(&self, sign: &str, left: i64, right: i64) -> Result<i64, String> {
        let bits = u32::try_from(right & 63).unwrap_or(0);
        Ok(match sign {
            "||" => i64::from(left != 0 || right != 0),
            "&&" => i64::from(left != 0 && right != 0),
            "|" => left | right,
            "^" => left ^ right,
            "&" => left & right,
            "==" => i64::from(left == right),
            "!=" => i64::from(left != right),
            "<=" => i64::from(left <= right),
            ">=" => i64::from(left >= right),
            "<" => i64::from(left < right),
            ">" => i64::from(left > right),
            "<<" => left.wrapping_shl(bits),
            ">>" => left.wrapping_shr(bits),
            "+" => left.wrapping_add(right),
            "-" => left.wrapping_sub(right),
            "*" => left.wrapping_mul(right),
            "**" if right < 0 => return Err(self.fault("exponent less than 0")),
            "**" => left.wrapping_pow(u32::try_from(right).unwrap_or(u32::MAX)),
            _ if right == 0 => return Err(self.fault("division by 0")),
            "/" => left.wrapping_div(right),
            _ => left.wrapping_rem(right),
        })
    }

    fn unary(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > 50 {
            return Err(self.fault("expression recursion level exceeded"));
        }
        self.skip();
        let value = match () {
            () if self.eat("++") => self.step(1, true)?,
            () if self.eat("--") => self.step(-1, true)?,
            () if self.eat("!") => i64::from(self.unary()? == 0),
            () if self.eat("~") => !self.unary()?,
            () if self.eat("-") => self.unary()?.wrapping_neg(),
            () if self.eat("+") => self.unary()?,
            () if self.eat("(") => {
                let value = self.comma()?;
                if !self.eat(")") {
                    return Err(self.fault("missing `)'"));
                }
                value
            }
            () => self.operand()?,
        };
        self.depth -= 1;
        Ok(value)
    }

    /// `++name`, `name--` and so on.
    fn step(&mut self, by: i64, before: bool) -> Result<i64, String> {
        let Some(name) = self.name() else { return Err(self.fault("syntax error: operand expected")) };
        let old = self.value_of(&name);
        let new = self.set(name, old.wrapping_add(by));
        Ok(if before { new } else { old })
    }

    fn operand(&mut self) -> Result<i64, String> {
        let start = self.at;
        if let Some(name) = self.name() {
            let by = [("++", 1), ("--", -1)].into_iter().find(|(sign, _)| self.eat(sign)).map(|(_, by)| by);
            let old = self.value_of(&name);
            if let Some(by) = by {
                self.set(name, old.wrapping_add(by));
            }
            return Ok(old);
        }
        let mut end = start;
        while self.chars.get(end).is_some_and(char::is_ascii_alphanumeric) {
            end += 1;
        }
        let text: String = self.chars[start..end].iter().collect();
        match number(&text) {
            Some(value) => {
                self.at = end;
                Ok(value)
            }
            None if text.is_empty() => Err(self.fault("syntax error: operand expected")),
            None => Err(self.fault("value too great for base")),
        }
    }
}

/// A number in base 10, 8 (`0...`) or 16 (`0x...`).
fn number(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => i64::from_str_radix(hex, 16).ok()?,
        None if digits.len() > 1 && digits.starts_with('0') => i64::from_str_radix(digits, 8).ok()?,
        None => digits.parse().ok()?,
    };
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_computed_as_in_c() {
        let mut variables = BTreeMap::from([("x".to_owned(), "5".to_owned())]);
        for (text, want) in [
            ("1 + 2 * 3", 7),
            ("(1 + 2) * 3", 9),
            ("x % 3", 2),
            ("x == 5 && x < 6", 1),
            ("x > 6 ? 1 : -1", -1),
            ("2 << 3 | 1", 17),
            ("!x", 0),
            ("0x10 + 010", 24),
            ("x++ + 1", 6),
            ("x", 6),
            ("x += 4", 10),
            ("nothing", 0),
            ("", 0),
            ("7 / 2, 3", 3),
            ("2 ** 3 ** 2 * 1", 512),
            ("0 && (x = 1)", 0),
            ("x", 10),
        ] {
            assert_eq!(evaluate(text, &mut variables), Ok(want), "{text}");
        }
        assert_eq!(evaluate("1 / 0", &mut variables).unwrap_err(), "1 / 0: division by 0 (error token is \"\")");
        assert!(evaluate("1 +", &mut variables).is_err());
        assert!(evaluate(&"(".repeat(500), &mut variables).is_err());
    }
}
