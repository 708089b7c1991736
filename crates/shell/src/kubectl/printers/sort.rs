//! `--sort-by`. Models `pkg/cmd/get/sorter.go`.

use std::cmp::Ordering;

use api::Value;
use api::arrange::Arrange;

use super::super::errors::{Failure, Outcome};
use super::super::objects::Info;
use super::jsonpath::{self, JsonPath};

/// Sorts objects by what a path finds in them.
///
/// # Errors
/// For a path that is none, or that no object has.
pub fn sort(infos: &mut [Info], field: &str) -> Outcome {
    let path = jsonpath::relaxed(field).map_err(Failure::Text)?;
    let path = JsonPath::parse(&path, true).map_err(Failure::Text)?;
    let key = |info: &Info| path.find(&info.object).ok().and_then(|found| found.into_iter().flatten().next());
    if !infos.is_empty() && infos.iter().all(|info| key(info).is_none()) {
        let shown = jsonpath::relaxed(field).unwrap_or_default();
        return Err(Failure::Text(format!(
            "couldn't find any field with path {} in the list of objects",
            api::field::go_quote(&shown)
        )));
    }
    infos.arrange_by(|a, b| compare(key(a).as_ref(), key(b).as_ref()));
    Ok(())
}

/// What is not there comes first.
fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(Value::Number(a)), Some(Value::Number(b))) => {
            a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal)
        }
        (Some(Value::String(a)), Some(Value::String(b))) => natural(a, b),
        (Some(a), Some(b)) => natural(&api::go::format(a), &api::go::format(b)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// Runs of digits compare as numbers. Models `sortorder.NaturalLess`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let digits = |text: &[u8]| text.iter().take_while(|c| c.is_ascii_digit()).count();
        let (m, n) = (digits(a), digits(b));
        if m > 0 && n > 0 {
            let trim = |text: &[u8]| text.iter().skip_while(|c| **c == b'0').copied().collect::<Vec<u8>>();
            let (x, y) = (trim(&a[..m]), trim(&b[..n]));
            let order = x.len().cmp(&y.len()).then_with(|| x.cmp(&y)).then_with(|| m.cmp(&n));
            if order.is_ne() {
                return order;
            }
            (a, b) = (&a[m..], &b[n..]);
            continue;
        }
        match (a.split_first(), b.split_first()) {
            (Some((x, rest_a)), Some((y, rest_b))) if x == y => (a, b) = (rest_a, rest_b),
            (x, y) => return x.map(|x| *x.0).cmp(&y.map(|y| *y.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_compare_as_numbers() {
        for (a, b, want) in [
            ("a2", "a10", Ordering::Less),
            ("a", "b", Ordering::Less),
            ("a1", "a", Ordering::Greater),
            ("", "", Ordering::Equal),
            ("a01", "a1", Ordering::Greater),
        ] {
            assert_eq!(natural(a, b), want, "{a} {b}");
        }
    }
}
