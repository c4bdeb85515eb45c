//! The answer to a join: a snapshot of the stage.
//!
//! Its parts are encoded when they have changed and not per join, so that a thousand who come back together cost little
//! more than a thousand writes.

use bytes::BytesMut;
use octave_protocol::client::RequestId;
use octave_protocol::model::You;
use octave_protocol::{Epoch, Seq, StageId, UserId};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value as raw};

use super::Chats;
use crate::stage::core::{Durable, Event, Immediate, QueueEvent, Stage};
use crate::stage::limits::SNAPSHOT_PARTICIPANTS;
use crate::wire::frame;

/// A part of the snapshot that changes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::stage) enum Part {
    Stage,
    Timeline,
    Queue,
    Suggestions,
    Participants,
    Chats,
}

/// The encoded parts that are still true.
#[derive(Debug, Default)]
pub(in crate::stage) struct Snapshots {
    parts: [Option<Box<RawValue>>; 6],
}

/// Where and to whom a snapshot is given.
#[derive(Debug, Clone, Copy)]
pub(in crate::stage) struct Standing {
    pub re: RequestId,
    pub user: UserId,
    pub epoch: Epoch,
    pub seq: Seq,
    pub resumed: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "joined")]
struct Joined<'a> {
    re: RequestId,
    stage: StageId,
    epoch: Epoch,
    seq: Seq,
    resumed: bool,
    snapshot: Snapshot<'a>,
}

/// The same fields as `model::Snapshot`.
#[derive(Serialize)]
struct Snapshot<'a> {
    stage: Option<&'a RawValue>,
    timeline: Option<&'a RawValue>,
    queue: Option<&'a RawValue>,
    suggestions: Option<&'a RawValue>,
    participants: Option<&'a RawValue>,
    listeners: u32,
    chats: Option<&'a RawValue>,
    you: You,
}

impl Snapshots {
    /// A line was said.
    pub(in crate::stage) fn outdate_chats(&mut self) {
        self.forget(&[Part::Chats]);
    }

    /// Forgets what an event has made untrue.
    pub(in crate::stage) fn outdate(&mut self, event: Event<'_>) {
        self.forget(match event {
            Event::Durable(event) => outdated_by_durable(event),
            Event::Immediate(event) => outdated_by_immediate(event),
        });
    }

    fn forget(&mut self, parts: &[Part]) {
        for part in parts {
            self.parts[*part as usize] = None;
        }
    }

    /// The `joined` frame for one member.
    pub(in crate::stage) fn joined(&mut self, stage: &Stage, chats: &Chats, to: Standing) -> BytesMut {
        self.encode(stage, chats);
        let part = |part: Part| self.parts[part as usize].as_deref();
        let joined = Joined {
            re: to.re,
            stage: stage.about().id,
            epoch: to.epoch,
            seq: to.seq,
            resumed: to.resumed,
            snapshot: Snapshot {
                stage: part(Part::Stage),
                timeline: part(Part::Timeline),
                queue: part(Part::Queue),
                suggestions: part(Part::Suggestions),
                participants: part(Part::Participants),
                listeners: stage.listeners(),
                chats: part(Part::Chats),
                you: stage.you(to.user),
            },
        };
        let mut out = BytesMut::with_capacity(4_096);
        frame::put_json(&mut out, &joined);
        out
    }

    fn encode(&mut self, stage: &Stage, chats: &Chats) {
        let mut fill = |part: Part, encode: &dyn Fn() -> serde_json::Result<Box<RawValue>>| {
            let slot = &mut self.parts[part as usize];
            if slot.is_none() {
                // The model's types have string keys only, so encoding them can't fail.
                *slot = encode().ok();
            }
        };
        fill(Part::Stage, &|| raw(&stage.describe()));
        fill(Part::Timeline, &|| raw(&stage.statement()));
        fill(Part::Queue, &|| raw(&stage.queue_window()));
        fill(Part::Suggestions, &|| raw(&stage.suggestions()));
        fill(Part::Participants, &|| raw(&stage.participants(SNAPSHOT_PARTICIPANTS)));
        fill(Part::Chats, &|| raw(chats.last()));
    }
}

const fn outdated_by_durable(event: &Durable) -> &'static [Part] {
    match event {
        Durable::Queue(QueueEvent::Corrected { .. }) => &[Part::Timeline, Part::Stage, Part::Queue, Part::Suggestions],
        Durable::Suggested { .. } | Durable::Settled { .. } => &[Part::Suggestions],
        Durable::Queue(_) => &[Part::Queue, Part::Timeline],
        Durable::ChatEdited { .. } | Durable::ChatDeleted { .. } => &[Part::Chats],
        Durable::Updated { .. } | Durable::RoleSet { .. } | Durable::Muted { .. } | Durable::Unmuted { .. } => {
            &[Part::Stage, Part::Participants]
        }
        Durable::Kicked { .. } | Durable::Banned { .. } | Durable::ShutOut { .. } => {
            &[Part::Stage, Part::Participants, Part::Suggestions]
        }
        Durable::Unbanned { .. } | Durable::Ended { .. } => &[],
    }
}

const fn outdated_by_immediate(event: &Immediate) -> &'static [Part] {
    match event {
        Immediate::Timeline { .. } => &[Part::Timeline, Part::Stage, Part::Queue],
        Immediate::Joined { .. } | Immediate::Left { .. } => &[Part::Participants, Part::Stage],
        Immediate::Measured { .. } | Immediate::Remotes { .. } => &[Part::Participants],
        Immediate::Shuns { .. }
        | Immediate::SkipVoted { .. }
        | Immediate::Loading { .. }
        | Immediate::Reacted { .. }
        | Immediate::Typed { .. } => &[],
    }
}
