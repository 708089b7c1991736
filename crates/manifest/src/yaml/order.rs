//! The order of keys in printed YAML: letters after other characters, numbers by their value.

use std::cmp::Ordering;

/// Sorts entries by key: a merge sort.
///
/// goyaml's order of keys has circles for odd mixtures of digits (its `Less` looks at what stands before a difference),
/// and the sort of the standard library may panic on such an order. A merge sort takes any answer.
pub(super) fn sort<T: Copy>(entries: &mut Vec<(&str, T)>) {
    // Names of letters only are in order where their bytes are, as maps keep them.
    let plain = |pair: &[(&str, T)]| pair[0].0 < pair[1].0 && is_of_letters(pair[0].0) && is_of_letters(pair[1].0);
    if entries.windows(2).all(plain) {
        return;
    }
    let mut right = entries.split_off(entries.len() / 2);
    sort(entries);
    sort(&mut right);
    let left = std::mem::take(entries);
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some((a, _)), Some((b, _))) = (left.peek(), right.peek()) {
        let next = if compare(b, a) == Ordering::Less { right.next() } else { left.next() };
        entries.extend(next);
    }
    entries.extend(left);
    entries.extend(right);
}

fn is_of_letters(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Compares two keys as goyaml.v2 sorter.go `keyList.Less` does: `a9` comes before `a10`.
fn compare(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(at) = a.iter().zip(&b).position(|(a, b)| a != b) else { return a.len().cmp(&b.len()) };
    match (a[at].is_alphabetic(), b[at].is_alphabetic()) {
        (true, true) => return a[at].cmp(&b[at]),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // A zero inside a number counts as a digit of it, a leading zero does not.
    let digits_before = a[..at].iter().rev().take_while(|c| c.is_ascii_digit());
    let inside = (a[at] == '0' || b[at] == '0') && digits_before.into_iter().any(|c| *c != '0');
    let (a_number, a_end) = number(&a, at, inside);
    let (b_number, b_end) = number(&b, at, inside);
    a_number.cmp(&b_number).then(a_end.cmp(&b_end)).then(a[at].cmp(&b[at]))
}

/// The number that stands at `at` and where it ends; it wraps as Go's int64 does.
fn number(text: &[char], at: usize, inside: bool) -> (i64, usize) {
    let digits = text[at..].iter().take_while(|c| c.is_ascii_digit());
    let (value, length) = digits.fold((i64::from(inside), 0), |(value, length), digit| {
        let digit = i64::from(u32::from(*digit) - u32::from('0'));
        (value.wrapping_mul(10).wrapping_add(digit), length + 1)
    });
    (value, at + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_in_goyaml() {
        let sorted = ["", "-", "_a", "1", "2", "10", "A", "a", "a.b", "a/b", "a1", "a01", "a9", "a10", "aB", "ab", "é"];
        for pair in sorted.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(compare(pair[1], pair[0]), Ordering::Greater, "{pair:?}");
        }
        assert_eq!(compare("a", "a"), Ordering::Equal);
        let mut entries: Vec<(&str, usize)> = sorted.iter().rev().map(|key| (*key, 0)).collect();
        sort(&mut entries);
        assert_eq!(entries.iter().map(|(key, _)| *key).collect::<Vec<_>>(), sorted);
    }

    #[test]
    fn keys_whose_order_has_circles_are_sorted_without_a_panic() {
        let keys: Vec<String> = (0..4000u32)
            .map(|n| {
                let mix = n.wrapping_mul(2_654_435_761);
                format!("{:b}1{}", mix % 64, (mix / 64) % 2000).replace("11", "0").replace('7', ":")
            })
            .collect();
        let mut entries: Vec<(&str, usize)> = keys.iter().map(|key| (key.as_str(), 0)).collect();
        sort(&mut entries);
        assert_eq!(entries.len(), keys.len());
    }
}
