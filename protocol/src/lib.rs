//! What a client of Octave can rely on.
//!
//! Everything that crosses the wire is named here once: ids, instants, the frames a client sends ([`client`]), the
//! frames it receives ([`server`]), the things they speak of ([`model`]) and the codes that end a request or a
//! connection ([`codes`]). The crate does no I/O and depends on serde alone, so a client may use it as it is.

pub mod client;
pub mod clock;
pub mod codes;
pub mod guests;
pub mod ids;
pub mod model;
#[cfg(feature = "schema")]
pub mod schema;
pub mod server;
pub mod text;
pub mod time;

pub use client::{BadFrame, ClientFrame};
pub use codes::{CloseCode, ErrorCode};
pub use guests::{Guest, GuestRights};
pub use ids::{
    AlbumId, ArtistId, CommentId, EntryId, Epoch, NotificationId, PlaylistId, Rev, Seq, SongId, StageId, UserId,
};
pub use server::ServerFrame;
pub use time::{Duration, Instant};

/// The WebSocket subprotocol: one JSON object per text frame.
pub const SUBPROTOCOL: &str = "octave.v1.json";

/// Longest text of a chat line, in Unicode scalar values.
pub const MAX_CHAT_CHARS: usize = 4_000;

/// Largest frame that a client may send, in bytes; a larger one closes the connection with 1009.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;

/// The specification for client authors, as an `AsyncAPI` 3 document in JSON.
pub const ASYNCAPI: &str = include_str!("../asyncapi.json");
