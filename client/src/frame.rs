//! The client's half of RFC 6455: masked frames out, plain frames in.

use std::net::SocketAddr;

use anyhow::{Result, bail, ensure};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opcode {
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

/// The first frame of a buffer: `start..end` is its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed {
    pub opcode: Opcode,
    pub start: usize,
    pub end: usize,
}

/// Finds the first whole frame in what a server sent; `None` while bytes are missing.
///
/// Fails on what none of the measured servers sends: fragments, masks, reserved bits.
pub fn parse(bytes: &[u8]) -> Result<Option<Parsed>> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    let opcode = match first {
        0x81 => Opcode::Text,
        0x82 => Opcode::Binary,
        0x88 => Opcode::Close,
        0x89 => Opcode::Ping,
        0x8A => Opcode::Pong,
        other => bail!("a frame begins with {other:#04x}"),
    };
    let (start, len) = match second {
        126 => match rest {
            [a, b, ..] => (4, u64::from(u16::from_be_bytes([*a, *b]))),
            _ => return Ok(None),
        },
        127 => match rest.first_chunk::<8>() {
            Some(wide) => (10, u64::from_be_bytes(*wide)),
            None => return Ok(None),
        },
        len @ 0..126 => (2, u64::from(*len)),
        _ => bail!("a server must not mask"),
    };
    let end = start + usize::try_from(len)?;
    Ok((bytes.len() >= end).then_some(Parsed { opcode, start, end }))
}

/// All frames in `bytes`, the last of which is whole.
pub fn parse_all(mut bytes: &[u8]) -> Result<Vec<(Opcode, &[u8])>> {
    let mut frames = Vec::new();
    while let Some(Parsed { opcode, start, end }) = parse(bytes)? {
        frames.push((opcode, &bytes[start..end]));
        bytes = &bytes[end..];
    }
    ensure!(bytes.is_empty(), "a frame is cut off");
    Ok(frames)
}

/// Frames to be sent, one after the other.
#[derive(Debug)]
pub struct Frames {
    bytes: Vec<u8>,
    key: u32,
}

impl Default for Frames {
    fn default() -> Self {
        Self { bytes: Vec::with_capacity(1024), key: 0x9E37_79B9 }
    }
}

impl Frames {
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn text(&mut self, payload: &[u8]) {
        self.put(0x81, payload);
    }

    pub fn binary(&mut self, payload: &[u8]) {
        self.put(0x82, payload);
    }

    pub fn pong(&mut self, payload: &[u8]) {
        self.put(0x8A, payload);
    }

    pub fn close(&mut self, code: u16) {
        self.put(0x88, &code.to_be_bytes());
    }

    fn put(&mut self, first: u8, payload: &[u8]) {
        self.bytes.push(first);
        match payload.len() {
            len @ 0..126 => self.bytes.push(0x80 | len as u8),
            len @ 126..0x1_0000 => {
                self.bytes.push(0x80 | 0x7E);
                self.bytes.extend_from_slice(&(len as u16).to_be_bytes());
            }
            len => {
                self.bytes.push(0x80 | 0x7F);
                self.bytes.extend_from_slice(&(len as u64).to_be_bytes());
            }
        }
        // Keys must differ and not be zero; nobody attacks a load test, so an odd-numbered step is random enough.
        self.key = self.key.wrapping_mul(0x915F_77F5) | 1;
        let key = self.key.to_ne_bytes();
        self.bytes.extend_from_slice(&key);
        let start = self.bytes.len();
        self.bytes.extend_from_slice(payload);
        mask(&mut self.bytes[start..], key);
    }
}

/// Eight bytes at a time: a client that masks byte by byte is slower than the server it measures.
fn mask(payload: &mut [u8], key: [u8; 4]) {
    let [a, b, c, d] = key;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, tail) = payload.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, key) in tail.iter_mut().zip(key.iter().cycle()) {
        *byte ^= key;
    }
}

/// A WebSocket upgrade; `headers` end with a line break each.
pub fn upgrade(host: SocketAddr, path: &str, headers: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: b2N0YXZlIGxvYWQgdGVzdA==\r\n{headers}\r\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_three_lengths() {
        for len in [0usize, 1, 125, 126, 127, 0xFFFF, 0x1_0000] {
            let mut bytes = vec![0x82];
            match len {
                0..126 => bytes.push(len as u8),
                126..0x1_0000 => {
                    bytes.push(126);
                    bytes.extend_from_slice(&(len as u16).to_be_bytes());
                }
                _ => {
                    bytes.push(127);
                    bytes.extend_from_slice(&(len as u64).to_be_bytes());
                }
            }
            let start = bytes.len();
            bytes.resize(start + len, b'x');
            for cut in 0..bytes.len().min(12) {
                assert!(parse(&bytes[..cut]).unwrap().is_none(), "{len} {cut}");
            }
            let frame = parse(&bytes).unwrap().unwrap();
            assert_eq!((frame.opcode, frame.start, frame.end), (Opcode::Binary, start, start + len));
        }
    }

    #[test]
    fn refuses_fragments_and_masks() {
        assert!(parse(&[0x01, 0]).is_err());
        assert!(parse(&[0x80, 0]).is_err());
        assert!(parse(&[0x81, 0x85]).is_err());
    }

    #[test]
    fn masks_what_a_server_can_unmask() {
        for len in [0usize, 1, 7, 8, 9, 125, 126, 70_000] {
            let payload: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
            let mut frames = Frames::default();
            frames.text(&payload);
            let bytes = frames.as_bytes();
            let body = bytes.len() - len;
            let key = &bytes[body - 4..body];
            let unmasked: Vec<u8> = bytes[body..].iter().zip(key.iter().cycle()).map(|(b, k)| b ^ k).collect();
            assert_eq!(unmasked, payload);
        }
    }
}
