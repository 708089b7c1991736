//! An archive of a few small texts: ZIP without compression, which every system opens.

/// The archive of files with these names.
pub(super) fn archive(files: &[(String, &str)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let at = archive.len();
        // What both headers say: version 2.0, names in UTF-8, no compression, the first day that the format knows.
        let mut header = Vec::new();
        for half in [20_u16, 1 << 11, 0, 0, 0x21] {
            header.extend(half.to_le_bytes());
        }
        for word in [checksum(text.as_bytes()), size(text.len()), size(text.len())] {
            header.extend(word.to_le_bytes());
        }
        header.extend(short(name.len()));
        header.extend(short(0));
        archive.extend(b"PK\x03\x04");
        archive.extend(&header);
        archive.extend(name.as_bytes());
        archive.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&header);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(size(at).to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let at = archive.len();
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(short(files.len()));
    archive.extend(short(files.len()));
    archive.extend(size(directory.len()).to_le_bytes());
    archive.extend(size(at).to_le_bytes());
    archive.extend(short(0));
    archive
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes()
}

/// CRC-32 as ZIP has it.
fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let low = crc & 1;
            crc = (crc >> 1) ^ (0xEDB8_8320 * low);
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_is_what_the_format_says() {
        assert_eq!(checksum(b"123456789"), 0xCBF4_3926);
        let archive = archive(&[("a/b.md".to_owned(), "hi\n"), ("c".to_owned(), "")]);
        assert_eq!(&archive[..4], b"PK\x03\x04");
        assert_eq!(&archive[30..39], b"a/b.mdhi\n");
        let end = archive.len() - 22;
        assert_eq!(&archive[end..end + 12], b"PK\x05\x06\0\0\0\0\x02\0\x02\0");
        let directory = u32::from_le_bytes(archive[end + 16..end + 20].try_into().unwrap()) as usize;
        assert_eq!(&archive[directory..directory + 4], b"PK\x01\x02");
        assert_eq!(&archive[directory + 46..directory + 52], b"a/b.md");
        assert_eq!(directory, 2 * 30 + 6 + 3 + 1);
    }
}
