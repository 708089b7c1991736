//! What is to be done, in order of (due, sequence).

use std::collections::BTreeMap;

use crate::Instant;

/// A queue of work. An item that is queued already is not queued twice: the earlier due time stands.
#[derive(Clone, Debug)]
pub(crate) struct Queue<T: Clone + Ord> {
    /// Each item with the revision of the change that made it due.
    order: BTreeMap<(Instant, u64), (T, u64)>,
    places: BTreeMap<T, (Instant, u64)>,
    sequence: u64,
}

impl<T: Clone + Ord> Default for Queue<T> {
    fn default() -> Self {
        Self { order: BTreeMap::new(), places: BTreeMap::new(), sequence: 0 }
    }
}

impl<T: Clone + Ord> Queue<T> {
    /// Queues an item; if it is there already, the earlier of both times stands.
    pub(crate) fn push(&mut self, due: Instant, item: T, cause: u64) {
        if let Some(place) = self.places.get(&item) {
            if place.0 <= due {
                return;
            }
            self.order.remove(place);
        }
        let place = (due, self.sequence);
        self.sequence += 1;
        self.places.insert(item.clone(), place);
        self.order.insert(place, (item, cause));
    }

    /// Takes an item back.
    pub(crate) fn remove(&mut self, item: &T) {
        if let Some(place) = self.places.remove(item) {
            self.order.remove(&place);
        }
    }

    /// When the first item is due.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.order.first_key_value().map(|((due, _), _)| *due)
    }

    /// Takes the first item if it is due by `now`.
    pub(crate) fn pop(&mut self, now: Instant) -> Option<(Instant, T, u64)> {
        let entry = self.order.first_entry().filter(|entry| entry.key().0 <= now)?;
        let due = entry.key().0;
        let (item, cause) = entry.remove();
        self.places.remove(&item);
        Some((due, item, cause))
    }

    /// The items in the order in which they will be done.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Instant, &T)> {
        self.order.iter().map(|((due, _), (item, _))| (*due, item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_due_then_sequence_and_the_earlier_time_stands() {
        let mut queue = Queue::default();
        let at = Instant::from_millis;
        queue.push(at(5), "late", 5);
        queue.push(at(1), "first", 1);
        queue.push(at(1), "second", 1);
        queue.push(at(0), "late", 0);
        queue.push(at(9), "first", 9);
        queue.push(at(2), "gone", 2);
        queue.remove(&"gone");
        assert_eq!(queue.pop(at(0)), Some((at(0), "late", 0)));
        assert_eq!(queue.pop(at(0)), None);
        assert_eq!(queue.next_due(), Some(at(1)));
        assert_eq!(queue.pop(at(3)), Some((at(1), "first", 1)));
        assert_eq!(queue.pop(at(3)), Some((at(1), "second", 1)));
        assert_eq!(queue.next_due(), None);
    }
}
