//! A scene as the fragment of an address, and back. A fragment stays in the browser: no server sees it.
//!
//! `#share=1.LETTERS`: the number is the version of the format, the letters are compressed text. Every version that was ever
//! given away is read for ever; `tests/links` keeps one of each.

use cluster::Instant;
use miniz_oxide::{deflate, inflate};

use super::letters;
use crate::editor::Texts;
use crate::saved::{encode_set, line, number, read_set};

/// What stands before the letters of a link of this version.
const HEAD: &str = "#share=1.";
/// Browsers and chat programs cut longer addresses; a larger scene is for a file.
const MOST_LETTERS: usize = 64 * 1024;
/// Compressed text that becomes more than this is no scene of ours, in bytes.
const MOST_TEXT: usize = 512 * 1024;
/// More lines are not remembered.
pub(crate) const MOST_LINES: usize = 300;
/// The longest time that is lived again: one hour, in microseconds.
pub(crate) const MOST_TIME: u64 = 3_600_000_000;
/// How well to compress: more takes longer and saves nothing.
const LEVEL: u8 = 9;

/// What a link holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Scene {
    /// The seed of the cluster's chance.
    pub(crate) seed: u64,
    /// What the cluster is made of: the number of the answer to each question of the lab.
    pub(crate) lab: Vec<u8>,
    /// The panes that are put away: manifest, terminal.
    pub(crate) away: [bool; 2],
    /// The cluster's time.
    pub(crate) at: Instant,
    /// What was typed, each with the cluster's time.
    pub(crate) lines: Vec<(Instant, String)>,
    /// The files.
    pub(crate) files: Texts,
}

/// The fragment that holds a scene; `None` when it is too large for an address.
pub(crate) fn write(scene: &Scene) -> Option<String> {
    let digits: String = scene.lab.iter().map(u8::to_string).collect();
    let [manifest, terminal] = scene.away.map(u64::from);
    let mut text = format!(
        "seed {}\nlab {digits}\naway {}\nat {}\nlines {}\n",
        scene.seed,
        manifest + 2 * terminal,
        scene.at.0,
        scene.lines.len()
    );
    for (at, line) in &scene.lines {
        text.push_str(&format!("{} {line}\n", at.0));
    }
    encode_set(&mut text, &scene.files);
    let letters = letters::of(&deflate::compress_to_vec(text.as_bytes(), LEVEL));
    (letters.len() <= MOST_LETTERS && text.len() <= MOST_TEXT).then(|| [HEAD, &letters].concat())
}

/// The scene that a fragment holds, if it is of that kind.
///
/// # Errors
/// When it is, but no version of ours wrote it so: in words.
pub(crate) fn read(fragment: &str) -> Result<Option<Scene>, &'static str> {
    if let Some(letters) = fragment.strip_prefix(HEAD) {
        return decode(letters)
            .map(Some)
            .ok_or("This link to a scene is damaged: ask for it again, and copy all of it.");
    }
    match fragment.starts_with("#share=") {
        true => Err("This link was made by a newer playground: load the page again to get that."),
        false => Ok(None),
    }
}

fn decode(letters: &str) -> Option<Scene> {
    let packed = letters::read(letters, MOST_LETTERS)?;
    let text = inflate::decompress_to_vec_with_limit(&packed, MOST_TEXT).ok()?;
    let text = String::from_utf8(text).ok().filter(|text| !text.contains('\0'))?;
    let mut rest = text.as_str();
    let seed = number(&mut rest, "seed ")?;
    let digits = line(&mut rest)?.strip_prefix("lab ")?;
    let lab = digits.bytes().map(|digit| digit.is_ascii_digit().then(|| digit - b'0')).collect::<Option<Vec<u8>>>()?;
    let away = number(&mut rest, "away ").filter(|away| *away < 4)?;
    let at = number(&mut rest, "at ").filter(|at| *at <= MOST_TIME).map(Instant)?;
    let count = number(&mut rest, "lines ").and_then(|count| usize::try_from(count).ok())?;
    let mut lines = Vec::new();
    for _ in 0..Some(count).filter(|count| *count <= MOST_LINES)? {
        let (then, typed) = line(&mut rest)?.split_once(' ')?;
        let then = Instant(then.parse().ok()?);
        // Time goes forward only.
        if then > at || lines.last().is_some_and(|(before, _)| then < *before) {
            return None;
        }
        lines.push((then, typed.to_owned()));
    }
    let files = read_set(&mut rest)?;
    let away = [away & 1 == 1, away & 2 == 2];
    rest.is_empty().then_some(Scene { seed, lab, away, at, lines, files })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene() -> Scene {
        Scene {
            seed: u64::MAX,
            lab: vec![0, 1, 2],
            away: [false, true],
            at: Instant(5_000_000),
            lines: vec![(Instant(1), "kubectl get pods".to_owned()), (Instant(2), "\u{3}".to_owned())],
            files: vec![("a b.yaml".to_owned(), "kind: Pod\n# é😀\n".to_owned()), ("c.yaml".to_owned(), String::new())],
        }
    }

    fn packed(text: &str) -> String {
        [HEAD, &letters::of(&deflate::compress_to_vec(text.as_bytes(), LEVEL))].concat()
    }

    #[test]
    fn what_was_written_is_read() {
        for scene in [scene(), Scene { files: vec![(String::new(), String::new())], ..Scene::default() }] {
            assert_eq!(read(&write(&scene).unwrap()), Ok(Some(scene)));
        }
    }

    #[test]
    fn links_of_every_version_are_read() {
        assert_eq!(read(include_str!("../../tests/links/1.txt").trim()), Ok(Some(scene())));
    }

    #[test]
    fn other_fragments_are_not_for_us() {
        for fragment in ["", "#", "#lesson=x", "#shared=1.AA"] {
            assert_eq!(read(fragment), Ok(None), "{fragment}");
        }
    }

    #[test]
    fn what_no_version_wrote_is_refused() {
        let good = write(&scene()).unwrap();
        let bomb = deflate::compress_to_vec(&vec![b'a'; 50 << 20], LEVEL);
        let head = "seed 1\nlab 0\naway 0\nat 9\n";
        for fragment in [
            "#share=".to_owned(),
            "#share=2.AAAA".to_owned(),
            "#share=1.".to_owned(),
            "#share=1.é".to_owned(),
            good[..good.len() - 5].to_owned(),
            good.to_lowercase(),
            format!("#share=1.{}", "A".repeat(MOST_LETTERS + 1)),
            [HEAD, &letters::of(&bomb)].concat(),
            packed(""),
            packed("seed -1\n"),
            packed("seed 1\nlab x\naway 0\nat 0\nlines 0\nfiles 0\n"),
            packed("seed 1\nlab 0\naway 4\nat 0\nlines 0\nfiles 0\n"),
            packed("seed 1\nlab 0\naway 0\nat 3600000001\nlines 0\nfiles 0\n"),
            packed(&format!("{head}lines 2\n2 a\n1 b\nfiles 0\n")),
            packed(&format!("{head}lines 1\n10 a\nfiles 0\n")),
            packed(&format!("{head}lines 18446744073709551615\n")),
            packed(&format!("{head}lines 0\nfiles 1\n9 a\nx\n")),
            packed(&format!("{head}lines 0\nfiles 0\nmore")),
            packed(&format!("{head}lines 0\nfiles 1\n1 a\n\0\n")),
        ] {
            assert!(read(&fragment).is_err(), "{fragment:.60}");
        }
    }

    #[test]
    fn a_scene_that_no_address_holds_is_not_written() {
        // Text that compresses badly.
        let mut seed = 1u32;
        let mut letter = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'!' + u8::try_from(seed >> 24).unwrap() % 90)
        };
        let text: String = (0..100_000).map(|_| letter()).collect();
        assert_eq!(write(&Scene { files: vec![("a".to_owned(), text)], ..Scene::default() }), None);
    }
}
