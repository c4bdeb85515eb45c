//! From a client's frame to what the stage is asked: the one place that names both.

use std::sync::Arc;

use octave_protocol::client::{self, ClientFrame, QueueAction};
use octave_protocol::model::Song;
use octave_protocol::{Instant, PlaylistId, Seq, SongId, UserId};

use super::{Command, Reach, Refusal, Steer};
use crate::stage::core::rules::allow_nonce;

/// What a frame asks, as far as it is known without a look at the store.
#[derive(Debug)]
pub enum Asked {
    Command(Command),
    /// A line of chat, which becomes no command: there are too many of them.
    Line(client::Chat),
    /// Songs that the store has to find.
    Songs {
        wanted: Wanted,
        purpose: Purpose,
    },
    /// Of a line whose author has to be known.
    Change(LineChange),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Song(SongId),
    /// As far as `by` may see it.
    Playlist {
        id: PlaylistId,
        by: UserId,
    },
}

/// What songs are looked up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Queue { position: Option<u32> },
    Suggestion,
}

impl Purpose {
    pub fn of(self, songs: Vec<Arc<Song>>) -> Command {
        match self {
            Self::Queue { position } => Command::Add { songs, position },
            Self::Suggestion => Command::Suggest { songs },
        }
    }
}

/// What is to become of a line.
#[derive(Debug)]
pub struct LineChange {
    pub chat: Seq,
    /// None to delete it.
    pub text: Option<Arc<str>>,
}

impl LineChange {
    pub fn by_author(self, author: UserId) -> Command {
        let Self { chat, text } = self;
        match text {
            Some(text) => Command::EditChat { chat, author, text },
            None => Command::DeleteChat { chat, author },
        }
    }
}

/// The sender's own name for a command: the same again gives the same answer and changes nothing.
pub fn nonce_of(frame: &ClientFrame) -> Result<Option<Arc<str>>, Refusal> {
    let nonce = match frame {
        ClientFrame::Control(frame) => frame.nonce.as_deref(),
        ClientFrame::Queue(frame) => frame.nonce.as_deref(),
        // A line keeps its own.
        _ => None,
    };
    allow_nonce(nonce)?;
    Ok(nonce.map(Into::into))
}

impl Asked {
    /// What `who`, who is in the stage, asks by `frame`.
    pub fn by(who: UserId, frame: ClientFrame, now: Instant) -> Result<Self, Refusal> {
        Ok(Self::Command(match frame {
            ClientFrame::Chat(frame) => return Ok(Self::Line(frame)),
            ClientFrame::EditChat(frame) => {
                return Ok(Self::Change(LineChange { chat: frame.seq, text: Some(frame.text.into()) }));
            }
            ClientFrame::DeleteChat(frame) => return Ok(Self::Change(LineChange { chat: frame.seq, text: None })),
            ClientFrame::Queue(frame) => return Self::of_queue(who, &frame, now),
            ClientFrame::Control(frame) => {
                let client::Control { action, position_us: position, entry, expect_rev, .. } = frame;
                Command::Control(Steer { action, position, entry, expect_rev })
            }
            ClientFrame::SkipVote(_) => Command::SkipVote,
            ClientFrame::ShuffleRest(_) => Command::ShuffleRest { seed: now.0.cast_unsigned() },
            ClientFrame::Ready(frame) => Command::Ready { rev: frame.timeline_rev },
            ClientFrame::Buffering(_) => Command::Buffering,
            ClientFrame::Stat(frame) => {
                let reach = Reach {
                    rtt: frame.rtt_p95_us.unwrap_or(frame.rtt_us),
                    output_latency: frame.output_latency_us.unwrap_or_default(),
                    offset: frame.offset_us.unwrap_or_default(),
                };
                Command::Stat { error: frame.error_us, reach }
            }
            ClientFrame::React(frame) => Command::React { emoji: frame.emoji.into() },
            ClientFrame::Typing(_) => Command::Typing,
            ClientFrame::Hello(_)
            | ClientFrame::Ping(_)
            | ClientFrame::Join(_)
            | ClientFrame::Leave(_)
            | ClientFrame::Device(_)
            | ClientFrame::Watch(_)
            | ClientFrame::Unwatch(_) => {
                return Err(Refusal::Invalid("that is not asked of a stage"));
            }
        }))
    }

    fn of_queue(who: UserId, frame: &client::Queue, now: Instant) -> Result<Self, Refusal> {
        let client::Queue { action, song, playlist, entry, position, repeat, shuffle, .. } = *frame;
        let entry = || entry.ok_or(Refusal::Invalid("`entry` is missing"));
        Ok(Self::Command(match action {
            QueueAction::Add => {
                let wanted = match (song, playlist) {
                    (Some(song), None) => Wanted::Song(song),
                    (None, Some(id)) => Wanted::Playlist { id, by: who },
                    _ => return Err(Refusal::Invalid("`add` needs one of `song` and `playlist`")),
                };
                return Ok(Self::Songs { wanted, purpose: Purpose::Queue { position } });
            }
            QueueAction::Suggest => {
                let song = song.ok_or(Refusal::Invalid("`suggest` needs `song`"))?;
                return Ok(Self::Songs { wanted: Wanted::Song(song), purpose: Purpose::Suggestion });
            }
            QueueAction::Accept => Command::Accept { entry: entry()? },
            QueueAction::Decline => Command::Decline { entry: entry()? },
            QueueAction::Remove => Command::Remove { entry: entry()? },
            QueueAction::Move => match (frame.entry, position) {
                (Some(entry), Some(position)) => Command::Move { entry, position },
                _ => return Err(Refusal::Invalid("`move` needs `entry` and `position`")),
            },
            QueueAction::Clear => Command::Clear,
            // Nobody gains by guessing the order, so the instant is chance enough.
            QueueAction::Shuffle => Command::Shuffle { seed: now.0.cast_unsigned() },
            QueueAction::Mode if repeat.is_none() && shuffle.is_none() => {
                return Err(Refusal::Invalid("`mode` needs `repeat` or `shuffle`"));
            }
            QueueAction::Mode => Command::SetMode { repeat, shuffle },
            QueueAction::Vote => Command::Vote { entry: entry()? },
        }))
    }
}
