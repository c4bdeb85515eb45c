//! A stretch of a file, read as if it were all: without the tags around it, and behind a header of ours where the file's
//! own is wrong.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use symphonia::core::io::MediaSource;

use super::effort::Effort;

#[derive(Debug)]
pub(super) struct Stretch {
    head: Vec<u8>,
    file: File,
    range: Range<u64>,
    at: u64,
    effort: Option<Effort>,
}

impl Stretch {
    pub(super) fn new(file: File, range: Range<u64>) -> Self {
        Self { head: Vec::new(), file, range, at: 0, effort: None }
    }

    /// What is read first; `range` follows.
    pub(super) fn behind(self, head: Vec<u8>) -> Self {
        Self { head, ..self }
    }

    /// Fails to be read when that is spent.
    pub(super) fn under(self, effort: &Effort) -> Self {
        Self { effort: Some(effort.clone()), ..self }
    }

    fn len(&self) -> u64 {
        self.head.len() as u64 + (self.range.end - self.range.start)
    }
}

impl Read for Stretch {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.effort.as_ref().is_some_and(|effort| effort.check().is_err()) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let head = self.head.len() as u64;
        let n = if self.at < head {
            let from = usize::try_from(self.at).unwrap_or(usize::MAX);
            (&self.head[from..]).read(buf)?
        } else {
            let left = self.len().saturating_sub(self.at);
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
            self.file.seek(SeekFrom::Start(self.range.start + (self.at - head)))?;
            self.file.read(&mut buf[..most])?
        };
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Stretch {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.len().checked_add_signed(by),
        };
        self.at = to.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl MediaSource for Stretch {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_read_behind_its_head_and_no_further() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        std::fs::write(&path, b"..abcdef..").unwrap();
        let mut stretch = Stretch::new(File::open(path).unwrap(), 2..8).behind(b"HEAD".to_vec());
        let mut all = String::new();
        stretch.read_to_string(&mut all).unwrap();
        assert_eq!(all, "HEADabcdef");
        let mut from = |to| {
            stretch.seek(to).unwrap();
            let mut rest = String::new();
            stretch.read_to_string(&mut rest).unwrap();
            rest
        };
        assert_eq!(from(SeekFrom::Start(3)), "Dabcdef");
        assert_eq!(from(SeekFrom::End(-2)), "ef");
        assert_eq!(from(SeekFrom::Start(99)), "");
    }
}
