//! The text of a line: who said it where, and when.

use std::io::Write;

/// Bytes of a line where nothing else is said: a short sentence of a chat.
pub const LEN: usize = 120;

/// Stands in no other field of any hub's messages, so that one byte finds the stamp.
const MARK: u8 = b'~';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub room: u32,
    pub lane: u32,
    /// Counts the lines of a lane.
    pub number: u64,
    /// When it was (or should have been) said, in microseconds since the run began.
    pub at_us: u64,
}

impl Stamp {
    /// Makes a line of `len` bytes, at least as many as the stamp takes.
    pub fn write(self, len: usize, into: &mut Vec<u8>) {
        into.clear();
        // Writing to a Vec can't fail.
        let _ = write!(into, "~{:05}{:05}{:010}{:012}", self.room, self.lane, self.number, self.at_us);
        into.resize(len.max(into.len()), b'.');
    }

    /// Finds the stamp in a message as the hub sent it.
    pub fn find(message: &[u8]) -> Option<Self> {
        let at = memchr::memchr(MARK, message)?;
        let digits: &[u8; 32] = message.get(at + 1..)?.first_chunk()?;
        Some(Self {
            room: read(&digits[..5]) as u32,
            lane: read(&digits[5..10]) as u32,
            number: read(&digits[10..20]),
            at_us: read(&digits[20..]),
        })
    }
}

fn read(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit & 0x0F))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was() {
        let stamp = Stamp { room: 999, lane: 3, number: 4_000_000_000, at_us: 123_456_789_012 };
        let mut body = Vec::new();
        stamp.write(LEN, &mut body);
        assert_eq!(body.len(), LEN);
        let wrapped = [b"42[\"m\",\"", body.as_slice(), b"\"]"].concat();
        assert_eq!(Stamp::find(&wrapped), Some(stamp));
        assert_eq!(Stamp::find(b"no mark"), None);
    }
}
