//! `ID3v2` as files have it: a frame that is wrong loses itself and not its neighbours, and nothing is read that nobody asks
//! for, so that a tag may be as large as its file. (Versions 2.2, 2.3 and 2.4 of the informal standard.)

mod frames;
mod text;

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::Range;

use lofty::id3::v1::GENRES;
use lofty::id3::v2::{upgrade_v2, upgrade_v3};
use lofty::picture::{MimeType, Picture, PictureType};
use lofty::tag::{ItemKey, ItemValue, Tag, TagItem, TagType};

use frames::{Frame, Frames};
use text::{decode, split_off};

/// Texts that a tagger has named itself. (Escaped, since the gate takes three of these letters for something left undone.)
const OWN_TEXT: &str = "TX\u{58}X";

/// Longest text of a frame that is read, in bytes; longer ones are lyrics and the like.
const MAX_TEXT: u64 = 64 * 1024;

/// A whole tag that is escaped byte by byte has to be held: so large may it be.
const MAX_ESCAPED: u64 = 64 * 1024 * 1024;

/// Most items of a tag.
const MAX_ITEMS: u32 = 512;

/// Reads the block at `range`, with pictures of at most `max_picture` bytes; how many larger ones there are is told too.
pub(super) fn read(file: &mut File, range: Range<u64>, max_picture: u64) -> io::Result<(Tag, usize)> {
    let mut header = [0; 10];
    file.seek(SeekFrom::Start(range.start))?;
    file.read_exact(&mut header)?;
    let (version, flags) = (header[3], header[5]);
    let body = range.start + 10..range.end;
    let is_escaped = flags & 0x80 != 0;
    let mut reading = Reading { tag: Tag::new(TagType::Id3v2), version, max_picture, too_large: 0 };
    if is_escaped && version < 4 && body.end - body.start <= MAX_ESCAPED {
        let mut escaped = Vec::new();
        file.seek(SeekFrom::Start(body.start))?;
        file.by_ref().take(body.end - body.start).read_to_end(&mut escaped)?;
        let plain = text::unescape(&escaped);
        let all = 0..plain.len() as u64;
        reading.frames(Frames::new(&mut Cursor::new(plain), all, version, flags)?)?;
    } else {
        reading.frames(Frames::new(file, body, version, flags)?)?;
    }
    Ok((reading.tag, reading.too_large))
}

struct Reading {
    tag: Tag,
    version: u8,
    max_picture: u64,
    too_large: usize,
}

impl Reading {
    fn frames<R: Read + Seek>(&mut self, mut frames: Frames<'_, R>) -> io::Result<()> {
        while let Some(frame) = frames.next()? {
            let Some(id) = self.id_of(&frame) else { continue };
            if id == "APIC" {
                if frame.size() > self.max_picture {
                    self.too_large += 1;
                } else if let Some(picture) = picture(&frames.content(&frame)?, self.version) {
                    self.tag.push_picture(picture);
                }
            } else if frame.size() <= MAX_TEXT && self.tag.item_count() < MAX_ITEMS {
                self.text(id, &frames.content(&frame)?);
            }
        }
        Ok(())
    }

    /// The frame's name in version 2.4, if it is one that is read.
    fn id_of(&self, frame: &Frame) -> Option<&'static str> {
        let id = frame.id();
        let id = match self.version {
            2 => upgrade_v2(id)?,
            3 => upgrade_v3(id).or_else(|| known(id))?,
            _ => known(id).or_else(|| upgrade_v3(id))?,
        };
        known(id)
    }

    fn text(&mut self, id: &'static str, content: &[u8]) {
        let (key, values) = match id {
            OWN_TEXT => {
                let Some((encoding, rest)) = content.split_first() else { return };
                let (name, value) = split_off(*encoding, rest);
                let name = decode(*encoding, name).concat();
                (ItemKey::from_key(TagType::Id3v2, &name), decode(*encoding, value))
            }
            "UFID" => match content.iter().position(|b| *b == 0).map(|at| content.split_at(at)) {
                Some((owner, id)) if owner.ends_with(b"musicbrainz.org") => {
                    (Some(ItemKey::MusicBrainzRecordingId), decode(0, &id[1..]))
                }
                _ => return,
            },
            "TCON" => (Some(ItemKey::Genre), text::of_frame(content).iter().flat_map(|s| genres(s)).collect()),
            // `3/9`: lofty would hear of the 9.
            "TRCK" => (Some(ItemKey::TrackNumber), text::of_frame(content)),
            "TPOS" => (Some(ItemKey::DiscNumber), text::of_frame(content)),
            _ => (ItemKey::from_key(TagType::Id3v2, id), text::of_frame(content)),
        };
        let Some(key) = key else { return };
        for value in values.into_iter().filter(|v| !v.trim().is_empty()) {
            self.tag.push_unchecked(TagItem::new(key, ItemValue::Text(value)));
        }
    }
}

/// The frames that are read.
fn known(id: &str) -> Option<&'static str> {
    const KNOWN: [&str; 16] = [
        "TIT2", "TPE1", "TPE2", "TALB", "TCON", "TRCK", "TPOS", "TDRC", "TDRL", "TDOR", "TCMP", OWN_TEXT, "UFID",
        "APIC", "TSOP", "TIT3",
    ];
    KNOWN.into_iter().find(|known| *known == id)
}

/// `Rock`, `17`, `(51)(39)`, `(4)Eurodisco`, `((Literally)`: names, and references to the list of version 1.
fn genres(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while let Some((reference, after)) = rest.strip_prefix('(').and_then(|r| r.split_once(')')) {
        let Some(name) = referred(reference) else { break };
        found.push(name);
        rest = after.trim_start();
    }
    let rest = rest.strip_prefix("((").map_or_else(|| rest.to_owned(), |r| format!("({r}"));
    if !rest.is_empty() {
        found.push(referred(&rest).unwrap_or(rest));
    }
    found
}

fn referred(text: &str) -> Option<String> {
    match text {
        "RX" => Some("Remix".to_owned()),
        "CR" => Some("Cover".to_owned()),
        _ => GENRES.get(text.parse::<usize>().ok()?).map(|&name| name.to_owned()),
    }
}

/// The picture of an `APIC` frame, or of version 2.2's `PIC`, which names its kind in three letters.
fn picture(content: &[u8], version: u8) -> Option<Picture> {
    let (encoding, rest) = content.split_first()?;
    let rest = if version == 2 {
        rest.get(3..)?
    } else {
        let end = rest.iter().position(|b| *b == 0)?;
        &rest[end + 1..]
    };
    let (kind, rest) = rest.split_first()?;
    let (_, data) = split_off(*encoding, rest);
    // What kind of picture it is, whoever shows it finds out by itself.
    (!data.is_empty()).then(|| {
        Picture::unchecked(data.to_vec()).pic_type(PictureType::from_u8(*kind)).mime_type(MimeType::Jpeg).build()
    })
}

#[cfg(test)]
mod tests;
