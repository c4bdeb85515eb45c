//! Server frames as bytes: never masked, never fragmented.

use bytes::{BufMut, Bytes, BytesMut};
use octave_protocol::{CloseCode, ServerFrame};
use serde::Serialize;

// First bytes of final frames.
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;

/// Appends one text frame that carries `value` as JSON.
pub fn put_json<T: Serialize>(out: &mut BytesMut, value: &T) {
    let start = out.len();
    // A server frame's header has 2, 4 or 10 bytes; most events fit the 4-byte one, the rest are moved once.
    out.put_slice(&[0; 4]);
    if serde_json::to_writer(out.writer(), value).is_err() {
        // Only maps with non-string keys and failing writers can fail: neither exists here.
        out.truncate(start);
        return;
    }
    seal_text(out, start);
}

/// One text frame that carries `frame`.
pub fn json(frame: &ServerFrame) -> Bytes {
    let mut out = BytesMut::with_capacity(256);
    put_json(&mut out, frame);
    out.freeze()
}

/// A close frame.
pub fn close(code: CloseCode, reason: &'static str) -> Bytes {
    // A control frame carries at most 125 bytes, two of them the code.
    let reason = &reason.as_bytes()[..reason.len().min(123)];
    let mut payload = [0; 125];
    payload[..2].copy_from_slice(&code.as_u16().to_be_bytes());
    payload[2..2 + reason.len()].copy_from_slice(reason);
    control(CLOSE, &payload[..2 + reason.len()])
}

/// The answer to a client's close frame.
pub fn close_echo(code: Option<u16>) -> Bytes {
    code.map_or_else(|| control(CLOSE, &[]), |code| control(CLOSE, &code.to_be_bytes()))
}

/// A ping without a payload.
pub fn ping() -> Bytes {
    Bytes::from_static(&[PING, 0])
}

/// The answer to a client's ping frame.
pub fn pong(payload: &[u8]) -> Bytes {
    control(PONG, payload)
}

/// The first frame boundary of `run` at or behind `offset`. `run` consists of whole server frames.
pub(super) fn boundary(run: &[u8], offset: usize) -> usize {
    let mut at = 0;
    while at < offset {
        let Some(length) = run.get(at..).and_then(server_frame_len) else { return run.len() };
        at += length;
    }
    at.min(run.len())
}

/// Length of the unmasked frame that `bytes` begin with, header included.
fn server_frame_len(bytes: &[u8]) -> Option<usize> {
    match *bytes.get(1)? {
        126 => Some(4 + usize::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?))),
        127 => Some(10 + usize::try_from(u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?)).ok()?),
        short => Some(2 + usize::from(short)),
    }
}

/// A control frame; what is over 125 bytes is cut off.
fn control(first: u8, payload: &[u8]) -> Bytes {
    let length = u8::try_from(payload.len()).unwrap_or(u8::MAX).min(125);
    let mut out = BytesMut::with_capacity(2 + usize::from(length));
    out.put_slice(&[first, length]);
    out.put_slice(&payload[..length.into()]);
    out.freeze()
}

/// Fits the header before the payload that begins at `start + 4`.
fn seal_text(out: &mut BytesMut, start: usize) {
    const FIN_TEXT: u8 = 0x81;
    let len = out.len() - start - 4;
    match u16::try_from(len) {
        Ok(short) if short < 126 => {
            out.copy_within(start + 4.., start + 2);
            out.truncate(start + 2 + len);
            out[start] = FIN_TEXT;
            out[start + 1] = u8::try_from(short).unwrap_or(125);
        }
        Ok(medium) => {
            out[start] = FIN_TEXT;
            out[start + 1] = 126;
            out[start + 2..start + 4].copy_from_slice(&medium.to_be_bytes());
        }
        Err(_) => {
            out.put_slice(&[0; 6]);
            out.copy_within(start + 4..start + 4 + len, start + 10);
            out[start] = FIN_TEXT;
            out[start + 1] = 127;
            out[start + 2..start + 10].copy_from_slice(&(len as u64).to_be_bytes());
        }
    }
}
