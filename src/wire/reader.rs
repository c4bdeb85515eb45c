//! Client frames from bytes (RFC 6455, section 5), as they come off the socket and without a buffer of their own.
//!
//! Bytes are read into a scratch buffer that all sockets of a worker thread share. A whole frame is unmasked and shown
//! where it lies. Only what is incomplete, the rest of a frame or the fragments of a message, is kept, and freed again
//! with the end of it. `docs/adr/0001-frames.md` says why this is not tungstenite's stream.

mod mask;
mod partial;
#[cfg(test)]
mod tests;

use std::io::Cursor;

use octave_protocol::{CloseCode, MAX_FRAME_BYTES};
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};

use partial::Partial;

/// Most bytes of a client frame's header: two, eight of length, four of mask.
const MAX_HEADER_BYTES: usize = 14;

/// Most bytes of a control frame's payload.
const MAX_CONTROL_BYTES: usize = 125;

/// A message or control frame of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incoming<'a> {
    Text(&'a str),
    Ping(&'a [u8]),
    Pong,
    /// The close frame's code, if it has one.
    Close(Option<u16>),
}

/// Why a client's bytes can't be understood any further; the connection ends with this code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    pub code: CloseCode,
    pub reason: &'static str,
}

/// Whether the one who is shown a message wants the next one.
pub type Flow = std::ops::ControlFlow<()>;

/// Where one client's stream of frames stands between two reads.
#[derive(Debug, Default)]
pub struct Reader {
    partial: Option<Box<Partial>>,
}

/// The header of a client frame, checked.
#[derive(Debug, Clone, Copy)]
struct Header {
    kind: Kind,
    is_final: bool,
    mask: [u8; 4],
    length: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Continuation,
    Control(Control),
}

impl Reader {
    /// Takes the next bytes of the stream and shows what they complete, in order. They are unmasked in place.
    pub fn feed(
        &mut self,
        mut bytes: &mut [u8],
        show: &mut impl FnMut(Incoming<'_>) -> Flow,
    ) -> Result<Flow, Violation> {
        while !bytes.is_empty() {
            let in_message = self.partial.as_ref().is_some_and(|partial| partial.in_message());
            let between_frames = self.partial.as_ref().is_none_or(|partial| partial.between_frames());
            if between_frames && let Some((header, at)) = Header::parse(bytes, in_message)? {
                let is_whole =
                    header.is_final && header.kind != Kind::Continuation && bytes.len() - at >= header.length;
                if is_whole {
                    let (frame, rest) = bytes.split_at_mut(at + header.length);
                    bytes = rest;
                    if self.show_whole(header, &mut frame[at..], show)?.is_break() {
                        return Ok(Flow::Break(()));
                    }
                    continue;
                }
            }
            let partial = self.partial.get_or_insert_default();
            let taken = partial.take(bytes)?;
            bytes = &mut bytes[taken..];
            let flow = partial.show_if_complete(show)?;
            if partial.is_idle() {
                self.partial = None;
            }
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Ok(Flow::Continue(()))
    }

    /// The fast path: a whole frame lies in `payload`.
    #[expect(clippy::unused_self, reason = "says that nothing of the reader's state changes")]
    fn show_whole(
        &self,
        header: Header,
        payload: &mut [u8],
        show: &mut impl FnMut(Incoming<'_>) -> Flow,
    ) -> Result<Flow, Violation> {
        mask::apply(payload, header.mask, 0);
        match header.kind {
            Kind::Control(control) => Ok(show(incoming_control(control, payload)?)),
            Kind::Text | Kind::Continuation => match std::str::from_utf8(payload) {
                Ok(text) => Ok(show(Incoming::Text(text))),
                Err(_) => Err(Violation::NOT_UTF8),
            },
        }
    }
}

impl Header {
    /// The header that `bytes` begin with and its length, or none while it is incomplete.
    ///
    /// What can be told from the header alone is refused here, before a payload is waited for or kept.
    fn parse(bytes: &[u8], in_message: bool) -> Result<Option<(Self, usize)>, Violation> {
        if let [first, second, ..] = *bytes {
            if first & 0x70 != 0 {
                return Err(Violation::protocol("reserved bits are set"));
            }
            if second & 0x80 == 0 {
                return Err(Violation::protocol("client frames must be masked"));
            }
        }
        let mut cursor = Cursor::new(&bytes[..bytes.len().min(MAX_HEADER_BYTES)]);
        let parsed = FrameHeader::parse(&mut cursor).map_err(|_| Violation::protocol("unknown opcode"))?;
        let Some((header, length)) = parsed else { return Ok(None) };
        let kind = match header.opcode {
            OpCode::Data(Data::Text) if in_message => return Err(Violation::protocol("a message within a message")),
            OpCode::Data(Data::Text) => Kind::Text,
            OpCode::Data(Data::Continue) if in_message => Kind::Continuation,
            OpCode::Data(Data::Continue) => return Err(Violation::protocol("nothing to continue")),
            OpCode::Data(_) => return Err(Violation { code: CloseCode::BadFrame, reason: "text is spoken here" }),
            OpCode::Control(_) if !header.is_final || length > MAX_CONTROL_BYTES as u64 => {
                return Err(Violation::protocol("control frames are whole and short"));
            }
            OpCode::Control(control) => Kind::Control(control),
        };
        let length = usize::try_from(length).ok().filter(|l| *l <= MAX_FRAME_BYTES).ok_or(Violation::TOO_BIG)?;
        let Some(mask) = header.mask else { return Err(Violation::protocol("client frames must be masked")) };
        let at = usize::try_from(cursor.position()).unwrap_or(MAX_HEADER_BYTES);
        Ok(Some((Self { kind, is_final: header.is_final, mask, length }, at)))
    }
}

impl Violation {
    const NOT_UTF8: Self = Self { code: CloseCode::InvalidPayload, reason: "text must be UTF-8" };
    const TOO_BIG: Self = Self { code: CloseCode::TooBig, reason: "a message has at most 64 KiB" };

    const fn protocol(reason: &'static str) -> Self {
        Self { code: CloseCode::ProtocolError, reason }
    }
}

fn incoming_control(control: Control, payload: &[u8]) -> Result<Incoming<'_>, Violation> {
    match control {
        Control::Ping => Ok(Incoming::Ping(payload)),
        Control::Pong => Ok(Incoming::Pong),
        Control::Close | Control::Reserved(_) => match *payload {
            [] => Ok(Incoming::Close(None)),
            [high, low, ref reason @ ..] => {
                let code = u16::from_be_bytes([high, low]);
                if !may_be_sent(code) {
                    return Err(Violation::protocol("no such close code"));
                }
                std::str::from_utf8(reason).map_err(|_| Violation::NOT_UTF8)?;
                Ok(Incoming::Close(Some(code)))
            }
            [_] => Err(Violation::protocol("half a close code")),
        },
    }
}

/// Close codes that may stand on the wire: the registered ones and the private ranges (RFC 6455, section 7.4).
fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}
