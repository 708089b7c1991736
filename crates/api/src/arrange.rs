//! Sorting with little code.
//!
//! The standard library's sort is a few kilobytes of code for every type and every order it is used with: a tenth of the
//! page's download. Here the work is one function that knows positions only; each use adds a comparison. The page sorts
//! dozens of things at a time, so its speed is no matter; native builds, whose clusters have ten thousand pods, take the
//! standard library's.

use std::cmp::Ordering;

/// Sorting a slice; equal elements keep their order.
pub trait Arrange<T> {
    /// By the elements' own order.
    fn arrange(&mut self)
    where
        T: Ord;

    /// By a comparison.
    fn arrange_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// By something of each element, made anew for each comparison.
    fn arrange_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K);

    /// By something of each element that takes work to make: once for each element.
    fn arrange_by_cached_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K);
}

impl<T> Arrange<T> for [T] {
    fn arrange(&mut self)
    where
        T: Ord,
    {
        self.arrange_by(T::cmp);
    }

    fn arrange_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        if cfg!(target_arch = "wasm32") {
            let mut places = places(self.len(), &mut |one, other| compare(&self[one], &self[other]));
            settle(&mut places, &mut |one, other| self.swap(one, other));
        } else {
            self.sort_by(compare);
        }
    }

    fn arrange_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.arrange_by(|one, other| key(one).cmp(&key(other)));
    }

    fn arrange_by_cached_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        let keys: Vec<K> = self.iter().map(key).collect();
        let mut places = places(self.len(), &mut |one, other| keys[one].cmp(&keys[other]));
        settle(&mut places, &mut |one, other| self.swap(one, other));
    }
}

/// For each element, the place it belongs to: a merge sort of positions, from runs of one upwards.
fn places(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut from: Vec<usize> = (0..count).collect();
    let mut to = Vec::with_capacity(count);
    let mut run = 1;
    while run < count {
        for pair in from.chunks(run * 2) {
            let (mut left, mut right) = pair.split_at(run.min(pair.len()));
            while let (Some((one, lefts)), Some((other, rights))) = (left.split_first(), right.split_first()) {
                // The left one goes first when they are equal: that is what keeps their order.
                if compare(*one, *other).is_le() {
                    to.push(*one);
                    left = lefts;
                } else {
                    to.push(*other);
                    right = rights;
                }
            }
            to.extend_from_slice(left);
            to.extend_from_slice(right);
        }
        std::mem::swap(&mut from, &mut to);
        to.clear();
        run *= 2;
    }
    to.resize(count, 0);
    for (place, element) in from.into_iter().enumerate() {
        to[element] = place;
    }
    to
}

/// Swaps until every element is in its place; every swap brings one there.
fn settle(places: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for at in 0..places.len() {
        while places[at] != at {
            let place = places[at];
            swap(at, place);
            places.swap(at, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page's way, on any machine.
    fn by_places<T>(elements: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
        let mut places = places(elements.len(), &mut |one, other| compare(&elements[one], &elements[other]));
        settle(&mut places, &mut |one, other| elements.swap(one, other));
    }

    #[test]
    fn it_is_the_standard_order_and_keeps_equals_as_they_were() {
        let mut state = 7_u32;
        for count in (0..40).chain([100, 1000]) {
            let mut random = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state >> 28
            };
            let elements: Vec<(u32, usize)> = (0..count).map(|at| (random(), at)).collect();
            let (mut expected, mut found) = (elements.clone(), elements);
            expected.sort_by_key(|(key, _)| *key);
            by_places(&mut found, |(one, _), (other, _)| one.cmp(other));
            assert_eq!(found, expected, "{count}");
        }
    }
}
