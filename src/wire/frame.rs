//! Server frames as bytes: never masked, never fragmented.

use std::cell::RefCell;

use bytes::{BufMut, Bytes, BytesMut};
use octave_protocol::{CloseCode, ServerFrame};
use serde::Serialize;

// First bytes of final frames.
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;

/// Bytes that a thread keeps for the next frame it encodes; snapshots of large stages are above.
const SCRATCH: usize = 64 * 1024;

thread_local! {
    static ENCODED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Appends one text frame that carries `value` as JSON.
pub fn put_json<T: Serialize>(out: &mut BytesMut, value: &T) {
    // Into a vector first: a serializer writes a few bytes at a time, which costs a vector least, and the header in front
    // is as long as the payload wants it.
    ENCODED.with_borrow_mut(|json| {
        json.clear();
        json.shrink_to(SCRATCH);
        // Only maps with non-string keys and failing writers can fail: neither exists here.
        if serde_json::to_writer(&mut *json, value).is_ok() {
            put_text(out, json);
        }
    });
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

fn put_text(out: &mut BytesMut, payload: &[u8]) {
    const FIN_TEXT: u8 = 0x81;
    out.reserve(10 + payload.len());
    out.put_u8(FIN_TEXT);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short), _) if short < 126 => out.put_u8(short),
        (_, Ok(medium)) => {
            out.put_u8(126);
            out.put_u16(medium);
        }
        _ => {
            out.put_u8(127);
            out.put_u64(payload.len() as u64);
        }
    }
    out.put_slice(payload);
}
