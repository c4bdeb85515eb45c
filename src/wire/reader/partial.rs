//! The slow path: a frame that came in pieces, or a message in fragments.

use super::{Flow, Header, Incoming, Kind, MAX_CONTROL_BYTES, MAX_HEADER_BYTES, Violation, incoming_control, mask};
use octave_protocol::MAX_FRAME_BYTES;

/// What is kept of an incomplete frame or message.
#[derive(Debug, Default)]
pub(super) struct Partial {
    /// The beginning of a header.
    head: Vec<u8>,
    frame: Option<Frame>,
    /// The payload of a control frame, which may stand between fragments.
    control: Vec<u8>,
    message: Option<Message>,
}

/// A frame whose header is known.
#[derive(Debug)]
struct Frame {
    header: Header,
    /// Bytes of its payload that have come.
    seen: usize,
}

/// A text that has begun.
#[derive(Debug, Default)]
struct Message {
    text: Vec<u8>,
    /// So much of it is known to be UTF-8, so that bad text is refused as soon as it comes.
    checked: usize,
    is_final: bool,
}

impl Partial {
    /// Whether fragments of a message have come and more must follow.
    pub(super) fn in_message(&self) -> bool {
        self.message.is_some()
    }

    /// Whether the next byte begins a frame.
    pub(super) fn between_frames(&self) -> bool {
        self.frame.is_none() && self.head.is_empty()
    }

    /// Whether there is nothing worth keeping.
    pub(super) fn is_idle(&self) -> bool {
        self.between_frames() && !self.in_message()
    }

    /// Takes bytes up to the end of the frame at most, and returns how many.
    pub(super) fn take(&mut self, bytes: &mut [u8]) -> Result<usize, Violation> {
        let mut taken = 0;
        if self.frame.is_none() {
            taken = self.take_header(bytes)?;
        }
        if let Some(frame) = &mut self.frame {
            let length = (frame.header.length - frame.seen).min(bytes.len() - taken);
            let payload = &mut bytes[taken..taken + length];
            mask::apply(payload, frame.header.mask, frame.seen);
            frame.seen += length;
            taken += length;
            match (frame.header.kind, &mut self.message) {
                (Kind::Control(_), _) => self.control.extend_from_slice(payload),
                (_, message) => message.get_or_insert_default().append(payload)?,
            }
        }
        Ok(taken)
    }

    /// Shows what the frame completes, if it is complete itself.
    pub(super) fn show_if_complete(&mut self, show: &mut impl FnMut(Incoming<'_>) -> Flow) -> Result<Flow, Violation> {
        let Some(Frame { header, .. }) = self.frame.take_if(|frame| frame.seen == frame.header.length) else {
            return Ok(Flow::Continue(()));
        };
        if let Kind::Control(control) = header.kind {
            let payload = std::mem::take(&mut self.control);
            return Ok(show(incoming_control(control, &payload)?));
        }
        match self.message.take_if(|message| message.is_final) {
            Some(message) => match std::str::from_utf8(&message.text) {
                Ok(text) => Ok(show(Incoming::Text(text))),
                Err(_) => Err(Violation::NOT_UTF8),
            },
            None => Ok(Flow::Continue(())),
        }
    }

    /// Completes the header as far as `bytes` go, and returns how many of them belong to it.
    fn take_header(&mut self, bytes: &[u8]) -> Result<usize, Violation> {
        let kept = self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(MAX_HEADER_BYTES - kept)]);
        let Some((header, length)) = Header::parse(&self.head, self.in_message())? else { return Ok(bytes.len()) };
        self.head = Vec::new();
        match header.kind {
            Kind::Control(_) => self.control.reserve_exact(header.length.min(MAX_CONTROL_BYTES)),
            Kind::Text | Kind::Continuation => {
                let message = self.message.get_or_insert_default();
                message.is_final = header.is_final;
                if message.text.len() + header.length > MAX_FRAME_BYTES {
                    return Err(Violation::TOO_BIG);
                }
            }
        }
        self.frame = Some(Frame { header, seen: 0 });
        Ok(length - kept)
    }
}

impl Message {
    /// Appends a piece, which may end within a character.
    fn append(&mut self, piece: &[u8]) -> Result<(), Violation> {
        self.text.extend_from_slice(piece);
        match std::str::from_utf8(&self.text[self.checked..]) {
            Ok(_) => self.checked = self.text.len(),
            Err(e) if e.error_len().is_none() => self.checked += e.valid_up_to(),
            Err(_) => return Err(Violation::NOT_UTF8),
        }
        Ok(())
    }
}
