//! Functions by names that outlast a change of the program: without the compiler's hashes.

use crate::program::Program;

/// A function's name without what another build changes; its number when it has none, which no list has.
#[must_use]
pub fn lasting(program: &Program<'_>, function: u32) -> String {
    program.names.get(&function).map_or_else(|| format!("#{function}"), |name| without_hashes(name))
}

/// `core[0a1b2c3d4e5f6789]::fmt::write` as `core::fmt::write`.
fn without_hashes(name: &str) -> String {
    let mut left = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        left += before;
        match after.split_once(']') {
            Some((hash, after))
                if !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) && hash.len() > 8 =>
            {
                rest = after;
            }
            _ => {
                left.push('[');
                rest = after;
            }
        }
    }
    left + rest
}

#[cfg(test)]
mod tests {
    use super::without_hashes;

    #[test]
    fn hashes_of_crates_go_and_arrays_stay() {
        assert_eq!(without_hashes("core[0a1b2c3d4e5f6789]::fmt::write"), "core::fmt::write");
        assert_eq!(without_hashes("<[u8] as a[0123456789]::B>::c::<[u8; 4]>"), "<[u8] as a::B>::c::<[u8; 4]>");
        assert_eq!(without_hashes("plain"), "plain");
    }
}
