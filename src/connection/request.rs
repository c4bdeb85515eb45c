//! From the client's frames to what a stage is asked.

use octave_protocol::ClientFrame;

use crate::stage::Request;
use crate::stage::handle::ConnId;

/// The request that a frame makes of a stage its sender is in; none if it makes none.
pub(super) fn of(conn: ConnId, frame: ClientFrame) -> Option<Request> {
    Some(match frame {
        ClientFrame::Hello(_) | ClientFrame::Ping(_) | ClientFrame::Join(_) => return None,
        ClientFrame::Leave(frame) => Request::Leave { conn, re: frame.id },
        ClientFrame::Chat(frame) => Request::Chat { conn, frame },
        ClientFrame::EditChat(frame) => Request::EditChat { conn, frame },
        ClientFrame::DeleteChat(frame) => Request::DeleteChat { conn, frame },
        ClientFrame::Control(frame) => Request::Control { conn, frame },
        ClientFrame::Queue(frame) => Request::Queue { conn, frame },
        ClientFrame::SkipVote(frame) => Request::SkipVote { conn, re: frame.id },
        ClientFrame::Ready(frame) => Request::Ready { conn, frame },
        ClientFrame::Buffering(frame) => Request::Buffering { conn, frame },
        ClientFrame::Stat(frame) => Request::Stat { conn, frame },
        ClientFrame::React(frame) => Request::React { conn, frame },
        ClientFrame::Typing(_) => Request::Typing { conn },
    })
}
