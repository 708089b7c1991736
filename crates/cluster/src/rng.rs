//! Seeded chance: SplitMix64. All that looks random in a cluster comes from one of these.

/// A generator; equal seeds give equal sequences.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rng(u64);

/// The letters of Kubernetes' generated names. Models apimachinery `pkg/util/rand`: no vowels, no look-alikes.
const SAFE: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

impl Rng {
    /// A generator from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `below - 1`; 0 when `below` is 0.
    pub fn below(&mut self, below: u64) -> u64 {
        let wide = u128::from(self.next_u64()) * u128::from(below);
        u64::try_from(wide >> 64).expect("the high half of a product fits")
    }

    /// One of the items, or `None` of none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let at = self.below(items.len() as u64);
        items.get(usize::try_from(at).ok()?)
    }

    /// A name's random end: `length` letters that Kubernetes considers safe.
    pub fn suffix(&mut self, length: usize) -> String {
        (0..length).filter_map(|_| self.pick(SAFE)).map(|&byte| char::from(byte)).collect()
    }

    /// A random (version 4) UUID, as `metadata.uid` has it.
    pub fn uuid(&mut self) -> String {
        let (high, low) = (self.next_u64(), self.next_u64());
        let mut text = String::with_capacity(36);
        let parts = [
            (8, high >> 32),
            (4, (high >> 16) & 0xffff),
            (4, 0x4000 | (high & 0xfff)),
            (4, 0x8000 | ((low >> 48) & 0x3fff)),
            (12, low & 0xffff_ffff_ffff),
        ];
        for (digits, number) in parts {
            if !text.is_empty() {
                text.push('-');
            }
            push_hex(&mut text, digits, number);
        }
        text
    }
}

/// Writes the lowest digits of a number in hexadecimal. Every object has some: `format!` would show.
pub(crate) fn push_hex(text: &mut String, digits: u32, number: u64) {
    for place in (0..digits).rev() {
        text.extend(char::from_digit(u32::try_from((number >> (4 * place)) & 0xf).unwrap_or(0), 16));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_sequences() {
        let draw = |seed| {
            let mut rng = Rng::new(seed);
            (rng.uuid(), rng.suffix(5), rng.below(10))
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn below_reaches_every_number_and_no_other() {
        let mut rng = Rng::new(1);
        let mut seen = [0; 6];
        for _ in 0..600 {
            seen[usize::try_from(rng.below(6)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|&n| n > 50), "{seen:?}");
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.pick::<u8>(&[]), None);
    }
}
