//! Words for lists and numbers.

/// `a`, `a and b`, `a, b and c`; at most three, then how many more.
pub(crate) fn listed<T: AsRef<str>>(items: &[T]) -> String {
    const MOST: usize = 3;
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items[..] {
        [] => String::new(),
        [one] => one.to_owned(),
        _ if items.len() > MOST => format!("{} and {} more", items[..MOST].join(", "), items.len() - MOST),
        _ => {
            let (last, first) = items.split_last().unwrap_or((&"", &[]));
            format!("{} and {last}", first.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn lists_read_as_people_say_them() {
        for (items, want) in
            [(vec![], ""), (vec!["a"], "a"), (vec!["a", "b"], "a and b"), (vec!["a", "b", "c"], "a, b and c")]
        {
            assert_eq!(super::listed(&items), want);
        }
        assert_eq!(super::listed(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }
}
