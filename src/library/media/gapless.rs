//! Frames that an encoder added and the file says so: players leave them out.

use std::path::Path;

use symphonia::core::formats::Track;

use super::{Format, mp4};

/// Frames at the start and the end that are decoded but not played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Padding {
    pub delay: u64,
    /// What is known of the end.
    pub end: End,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum End {
    /// Plays to the last frame.
    #[default]
    Open,
    /// So many frames at the end are not played.
    Less(u64),
    /// So many frames are played in all.
    Exactly(u64),
}

impl Padding {
    /// What a file declares: LAME's tag and granule positions by way of the demuxer, an MP4's edit list read here.
    pub fn declared(path: &Path, format: Format, track: Option<&Track>) -> Self {
        match format {
            _ if Self::is_left_out_by_decoder(format) => Self::default(),
            Format::M4a => mp4::edit_list(path)
                .map_or_else(Self::default, |edit| Self { delay: edit.start, end: End::Exactly(edit.frames) }),
            _ => {
                let end = track.and_then(|t| t.padding).map_or(End::Open, |n| End::Less(n.into()));
                Self { delay: track.and_then(|t| t.delay).unwrap_or(0).into(), end }
            }
        }
    }

    /// Ogg tells each packet's part by granule positions, so that decoders can leave it out themselves; what is
    /// declared for a whole track is missing there when the last page is a long one.
    pub fn is_left_out_by_decoder(format: Format) -> bool {
        matches!(format, Format::Vorbis | Format::Opus)
    }

    /// How many of `decoded` frames are played. A declaration of more than there is counts for nothing.
    pub fn played(self, decoded: u64) -> u64 {
        let Some(rest) = decoded.checked_sub(self.delay) else { return decoded };
        match self.end {
            End::Open => rest,
            End::Less(n) => rest.checked_sub(n).unwrap_or(decoded),
            End::Exactly(n) => n.min(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_there_is_left_out() {
        let lame = Padding { delay: 1_105, end: End::Less(500) };
        assert_eq!(lame.played(45_605), 44_000);
        assert_eq!(lame.played(1_000), 1_000, "shorter than its own padding: the tag is of another file");
        assert_eq!(Padding { delay: 0, end: End::Less(5) }.played(4), 4);
        assert_eq!(Padding { delay: 1_024, end: End::Exactly(44_100) }.played(46_080), 44_100);
        assert_eq!(Padding { delay: 1_024, end: End::Exactly(44_100) }.played(20_000), 18_976, "cut off");
        assert_eq!(Padding::default().played(7), 7);
    }
}
