//! What can be told from a frame alone.

use octave_protocol::client::{ClientFrame, RequestId};
use octave_protocol::{AlbumId, ErrorCode, MAX_CHAT_CHARS, SongId};

use super::{About, Refusal};
use crate::connection::limits::MAX_CODE_BYTES;

/// Why a frame goes no further than its connection: what it carries would take room wherever it waits.
pub(super) fn oversized(frame: &ClientFrame) -> Option<Refusal> {
    let (text, code) = match frame {
        ClientFrame::Chat(f) => (f.text.as_str(), f.nonce.as_deref()),
        ClientFrame::EditChat(f) => (f.text.as_str(), None),
        ClientFrame::Control(f) => ("", f.nonce.as_deref()),
        ClientFrame::Queue(f) => ("", f.nonce.as_deref()),
        ClientFrame::Join(f) => ("", f.invite.as_deref()),
        ClientFrame::React(f) => ("", Some(f.emoji.as_str())),
        _ => return None,
    };
    let refusal =
        |code, detail: &'static str| Some(Refusal { re: frame.id(), code, detail: detail.into(), retry_after: None });
    // A character has at most four bytes. What is shorter the stage counts.
    if text.len() > 4 * MAX_CHAT_CHARS {
        return refusal(ErrorCode::TooLong, "a chat line has at most 4,000 characters");
    }
    if code.is_some_and(|code| code.len() > MAX_CODE_BYTES) {
        return refusal(ErrorCode::InvalidField, "`nonce`, `invite` or `emoji` is too long");
    }
    None
}

/// What is to be watched: one of the two.
pub(super) fn about(re: RequestId, song: Option<SongId>, album: Option<AlbumId>) -> Result<About, Refusal> {
    match (song, album) {
        (Some(song), None) => Ok(About::Song(song)),
        (None, Some(album)) => Ok(About::Album(album)),
        _ => Err(Refusal {
            re: Some(re),
            code: ErrorCode::InvalidField,
            detail: "name one of `song` and `album`".into(),
            retry_after: None,
        }),
    }
}

/// What a client hears that asks something of a stage it is not in.
pub fn not_joined(re: Option<RequestId>) -> Refusal {
    Refusal { re, code: ErrorCode::NotJoined, detail: "join the stage first".into(), retry_after: None }
}
