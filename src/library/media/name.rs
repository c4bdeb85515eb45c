//! Names of files: the SHA-256 of their bytes, and what they hold.

use std::fmt;

use crate::base::text;

/// What a browser is told an audio file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Mp3,
    Flac,
    Vorbis,
    Opus,
    M4a,
    Aac,
    Wav,
}

impl Format {
    pub const ALL: [Self; 7] = [Self::Mp3, Self::Flac, Self::Vorbis, Self::Opus, Self::M4a, Self::Aac, Self::Wav];

    /// The MIME type, with the codec where the container alone does not tell it (RFC 5334, RFC 6381).
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::Flac => "audio/flac",
            Self::Vorbis => "audio/ogg; codecs=vorbis",
            Self::Opus => "audio/ogg; codecs=opus",
            Self::M4a => "audio/mp4",
            Self::Aac => "audio/aac",
            Self::Wav => "audio/wav",
        }
    }

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Flac => "flac",
            Self::Vorbis => "ogg",
            Self::Opus => "opus",
            Self::M4a => "m4a",
            Self::Aac => "aac",
            Self::Wav => "wav",
        }
    }

    pub fn from_mime(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.mime() == mime)
    }
}

/// A SHA-256 as 64 lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Hash(Box<str>);

impl Hash {
    pub fn of(digest: &[u8]) -> Self {
        Self(text::hex(digest).into())
    }

    pub fn parse(hex: &str) -> Option<Self> {
        let ok = hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        ok.then(|| Self(hex.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight digits: enough for `?v=` in a URL, where it only has to differ from the file before.
    pub fn version(&self) -> &str {
        &self.0[..8]
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names an audio file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AudioName {
    pub hash: Hash,
    pub format: Format,
}

impl AudioName {
    /// From a row's `file_hash` and `mime`.
    pub fn parse(hash: &str, mime: &str) -> Option<Self> {
        Some(Self { hash: Hash::parse(hash)?, format: Format::from_mime(mime)? })
    }

    pub fn file_name(&self) -> String {
        format!("{}.{}", self.hash.as_str(), self.format.extension())
    }
}

/// Names an image, as rows keep it: `HASH.jpg`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageName(Box<str>);

impl ImageName {
    pub(super) fn new(hash: &Hash) -> Self {
        Self(format!("{}.jpg", hash.as_str()).into())
    }

    /// Nothing but a hash and `.jpg` passes, so a name can't lead out of its folder.
    pub fn parse(name: &str) -> Option<Self> {
        let hash = name.strip_suffix(".jpg")?;
        Hash::parse(hash).map(|_| Self(name.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after `?v=` in the image's URL.
    pub fn version(&self) -> &str {
        &self.0[..8]
    }

    pub const fn mime(&self) -> &'static str {
        "image/jpeg"
    }
}

/// A folder of kept files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    Audio,
    Covers,
}

impl Part {
    pub const ALL: [Self; 2] = [Self::Audio, Self::Covers];

    pub(super) const fn folder(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Covers => "covers",
        }
    }
}

/// A kept file as it is called on the disk: `HASH.mp3`, `HASH.jpg`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName {
    part: Part,
    name: Box<str>,
}

impl FileName {
    pub fn parse(name: &str) -> Option<Self> {
        let (hash, ending) = name.split_once('.')?;
        let part = match ending {
            "jpg" => Part::Covers,
            _ if Format::ALL.iter().any(|format| format.extension() == ending) => Part::Audio,
            _ => return None,
        };
        Hash::parse(hash).map(|_| Self { part, name: name.into() })
    }

    pub fn part(&self) -> Part {
        self.part
    }

    /// The SHA-256 of what it holds.
    pub(super) fn hash(&self) -> &str {
        &self.name[..64]
    }

    /// What rows name it by: the hash of a sound, the whole name of an image.
    pub fn key(&self) -> &str {
        match self.part {
            Part::Audio => &self.name[..64],
            Part::Covers => &self.name,
        }
    }

    pub(super) fn shard(&self) -> &str {
        &self.name[..2]
    }

    /// Where it lies, from the place of all files on.
    pub(super) fn path(&self) -> String {
        format!("{}/{}/{}", self.part.folder(), self.shard(), self.name)
    }
}

impl From<&AudioName> for FileName {
    fn from(name: &AudioName) -> Self {
        Self { part: Part::Audio, name: name.file_name().into() }
    }
}

impl From<&ImageName> for FileName {
    fn from(name: &ImageName) -> Self {
        Self { part: Part::Covers, name: name.as_str().into() }
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_hash_is_a_name() {
        let hash = "0".repeat(64);
        assert!(ImageName::parse(&format!("{hash}.jpg")).is_some());
        for bad in ["", ".jpg", "../../etc/passwd.jpg", &format!("{hash}.png"), &format!("{}A.jpg", &hash[1..])] {
            assert!(ImageName::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_file_on_the_disk_is_known_by_its_name() {
        let hash = "ab".repeat(32);
        let audio = FileName::parse(&format!("{hash}.mp3")).unwrap();
        assert_eq!((audio.part(), audio.key(), audio.shard()), (Part::Audio, &*hash, "ab"));
        assert_eq!(audio.path(), format!("audio/ab/{hash}.mp3"));
        let named = AudioName { hash: Hash::parse(&hash).unwrap(), format: Format::Mp3 };
        assert_eq!(FileName::from(&named), audio);
        let cover = FileName::parse(&format!("{hash}.jpg")).unwrap();
        assert_eq!((cover.part(), cover.key()), (Part::Covers, &*format!("{hash}.jpg")));
        assert_eq!(FileName::from(&ImageName::parse(&cover.to_string()).unwrap()), cover);
        for bad in [&*hash, "ab.mp3", &format!("{hash}.exe"), &format!("{hash}.mp3.part"), "../ab.jpg"] {
            assert_eq!(FileName::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_format_is_known_by_its_mime() {
        for format in Format::ALL {
            assert_eq!(Format::from_mime(format.mime()), Some(format));
        }
    }
}
