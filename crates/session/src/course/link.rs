//! A lesson as part of an address, and what else an address can ask for. Whatever stands there is hostile until decoded here.

use crate::share::letters;

/// What an address asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Asked {
    /// A lesson of this site.
    Lesson(String),
    /// The task of a seed and a level.
    Practice(u64, u8),
    /// A lesson that the address holds: its three files.
    Pack([String; 3]),
    /// A lesson in a folder of another site.
    Elsewhere(String),
}

/// More than this is no lesson of ours.
const MOST: usize = 256 << 10;

/// Reads the fragment of an address.
///
/// # Errors
/// In words, when it asks for something of the course that cannot be read.
pub(super) fn read(fragment: &str) -> Result<Option<Asked>, &'static str> {
    let Some((name, value)) = fragment.trim_start_matches('#').split_once('=') else { return Ok(None) };
    let asked = match name {
        "lesson" => is_id(value).then(|| Asked::Lesson(value.to_owned())),
        "practice" => {
            let numbers =
                value.split_once('-').and_then(|(seed, level)| Some((seed.parse().ok()?, level.parse().ok()?)));
            numbers.filter(|(_, level)| (1..=3).contains(level)).map(|(seed, level)| Asked::Practice(seed, level))
        }
        "pack" => unpack(value).map(Asked::Pack),
        "lesson-from" => {
            let folder = value.trim_end_matches('/');
            let plain = folder.strip_prefix("https://").is_some_and(|rest| {
                !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/:%".contains(&b))
            });
            (plain && folder.len() < 1000).then(|| Asked::Elsewhere(folder.to_owned()))
        }
        _ => return Ok(None),
    };
    asked.map(Some).ok_or("This address asks for a lesson, but it is damaged.")
}

pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 100
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The fragment that holds a lesson's files: base64 as addresses have it (RFC 4648, section 5).
pub(super) fn pack(files: [&str; 3]) -> String {
    ["#pack=", &letters::of(files.join("\0").as_bytes())].concat()
}

fn unpack(packed: &str) -> Option<[String; 3]> {
    let bytes = letters::read(packed, MOST)?;
    let text = String::from_utf8(bytes).ok()?;
    let mut files = text.split('\0').map(str::to_owned);
    let found = [files.next()?, files.next()?, files.next()?];
    files.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_unpacked() {
        for files in [["a", "", "é😀"], ["", "", ""], ["title: T\n", "kind: Pod\n", "## One\n"], ["x", "yz", "abc"]]
        {
            let packed = pack(files);
            assert_eq!(read(&packed), Ok(Some(Asked::Pack(files.map(str::to_owned)))), "{packed}");
        }
    }

    #[test]
    fn an_address_asks_for_known_things_only() {
        assert_eq!(read("#practice=12-3"), Ok(Some(Asked::Practice(12, 3))));
        assert_eq!(read("#lesson=why-services"), Ok(Some(Asked::Lesson("why-services".to_owned()))));
        let folder = "https://example.com/lessons/one".to_owned();
        assert_eq!(read("#lesson-from=https://example.com/lessons/one/"), Ok(Some(Asked::Elsewhere(folder))));
        for fragment in ["", "#", "#top", "#theme=dark", "#="] {
            assert_eq!(read(fragment), Ok(None), "{fragment}");
        }
        for fragment in [
            "#practice=12",
            "#practice=12-4",
            "#practice=-1-1",
            "#lesson=../../x",
            "#lesson=",
            "#lesson-from=http://example.com",
            "#lesson-from=https://example.com/?x=1",
            "#lesson-from=javascript:alert(1)",
            "#pack=",
            "#pack=A",
            "#pack=é",
            "#pack=AAAAAAAA",
            &format!("#pack={}", "A".repeat(MOST + 4)),
        ] {
            assert!(read(fragment).is_err(), "{fragment}");
        }
    }
}
