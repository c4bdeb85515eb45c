//! Server frames as bytes: never masked, never fragmented.

use bytes::{BufMut, Bytes, BytesMut};
use octave_protocol::ServerFrame;
use serde::Serialize;

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

/// Fits the header before the payload that begins at `start + 4`.
fn seal_text(out: &mut BytesMut, start: usize) {
    const FIN_TEXT: u8 = 0x81;
    let len = out.len() - start - 4;
    match u16::try_from(len) {
        Ok(short) if short < 126 => {
            out.copy_within(start + 4.., start + 2);
            out.truncate(start + 2 + len);
            out[start] = FIN_TEXT;
            out[start + 1] = short as u8;
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
