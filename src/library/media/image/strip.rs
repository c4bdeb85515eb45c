//! A PNG without what is not the picture: a colour profile of some kilobytes may unfold into hundreds of megabytes, and
//! so may a text.

use std::fs;
use std::io;
use std::path::Path;

/// Pixels and palette, what is transparent, how it is turned; with nothing in it that is packed but the pixels.
const KEPT: [&[u8; 4]; 6] = [b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT", b"IEND"];

/// Bytes of a file's signature, and of a chunk's length, name and checksum together.
const SIGNATURE: usize = 8;
const AROUND: usize = 12;

/// The bytes of the file without other chunks. What is no chunk any more stays, for the decoder to refuse.
pub(super) fn png(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = fs::read(file)?;
    let (mut from, mut to) = (SIGNATURE.min(bytes.len()), SIGNATURE.min(bytes.len()));
    while let Some(length) = chunk(&bytes[from..]) {
        if KEPT.iter().any(|kept| bytes[from + 4..from + 8] == **kept) {
            bytes.copy_within(from..from + length, to);
            to += length;
        }
        from += length;
    }
    let left = bytes.len() - from;
    bytes.copy_within(from.., to);
    bytes.truncate(to + left);
    Ok(bytes)
}

/// The length of the chunk that stands here, all around it included.
fn chunk(bytes: &[u8]) -> Option<usize> {
    let (length, _) = bytes.split_first_chunk::<4>()?;
    let whole = usize::try_from(u32::from_be_bytes(*length)).ok()?.checked_add(AROUND)?;
    (whole <= bytes.len()).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_picture_goes() {
        let chunk = |name: &[u8; 4], data: &[u8]| {
            let length = u32::try_from(data.len()).unwrap().to_be_bytes();
            [length.as_slice(), name, data, b"csum"].concat()
        };
        let (head, pixels, end) = (chunk(b"IHDR", &[1; 13]), chunk(b"IDAT", &[2; 99]), chunk(b"IEND", &[]));
        let (profile, text) = (chunk(b"iCCP", &[3; 500]), chunk(b"zTXt", &[4; 50]));
        let whole = [b"12345678".as_slice(), &head, &profile, &text, &pixels, &pixels, &end, b"rest"].concat();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, &whole).unwrap();
        let stripped = png(file.path()).unwrap();
        assert_eq!(stripped, [b"12345678".as_slice(), &head, &pixels, &pixels, &end, b"rest"].concat());
        for cut in 0..whole.len() {
            fs::write(&file, &whole[..cut]).unwrap();
            assert!(png(file.path()).unwrap().len() <= cut, "broken off at {cut}");
        }
    }
}
