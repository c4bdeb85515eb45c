//! Who asked, and what they are told.

use octave_protocol::client::RequestId;
use octave_protocol::model::Stage;
use octave_protocol::{Duration, ErrorCode, Rev, ServerFrame};
use tokio::sync::oneshot;

use super::Actor;
use crate::stage::core::Refusal;
use crate::stage::handle::{ConnId, Refused, Request};
use crate::stage::limits::BUSY_RETRY;

/// Who asked, and so where the answer goes.
#[derive(Debug)]
pub(super) enum Asker {
    Socket {
        conn: ConnId,
        re: RequestId,
    },
    /// Wants the stage as it is after the change.
    Stage(oneshot::Sender<Result<Stage, Refused>>),
    Done(oneshot::Sender<Result<(), Refused>>),
    /// Is told nothing: the stage itself, or a client that does not want to know.
    Nobody,
}

impl Asker {
    /// Who sent a frame with this id.
    pub(super) fn at(conn: ConnId, re: Option<RequestId>) -> Self {
        re.map_or(Self::Nobody, |re| Self::Socket { conn, re })
    }

    /// Who wants an answer to this request.
    pub(super) fn of(request: &Request) -> Self {
        match request {
            Request::Join { member, re, .. } => Self::Socket { conn: member.conn, re: *re },
            Request::Leave { conn, re } => Self::Socket { conn: *conn, re: *re },
            Request::Gone { .. } | Request::Carry { .. } => Self::Nobody,
            Request::Frame { conn, frame } => Self::at(*conn, frame.id()),
        }
    }

    pub(super) fn is_at(&self, conn: ConnId) -> bool {
        matches!(self, Self::Socket { conn: theirs, .. } if *theirs == conn)
    }
}

impl Actor {
    pub(super) fn answer_ok(&mut self, asker: Asker) {
        match asker {
            Asker::Socket { conn, re } => self.feed.answer(conn, &ServerFrame::Ok { re, queue_rev: None }),
            // Whoever asked may have gone.
            Asker::Stage(reply) => drop(reply.send(Ok(self.stage.describe()))),
            Asker::Done(reply) => drop(reply.send(Ok(()))),
            Asker::Nobody => {}
        }
    }

    pub(super) fn answer_queue(&mut self, asker: Asker) {
        self.answer_rev(asker, self.stage.queue().rev());
    }

    pub(super) fn answer_rev(&mut self, asker: Asker, rev: Rev) {
        match asker {
            Asker::Socket { conn, re } => self.feed.answer(conn, &ServerFrame::Ok { re, queue_rev: Some(rev) }),
            other => self.answer_ok(other),
        }
    }

    pub(super) fn refuse(&mut self, asker: Asker, refusal: Refusal) {
        self.refuse_with(asker, refusal.code(), &refusal.to_string(), None);
    }

    pub(super) fn refuse_with(
        &mut self,
        asker: Asker,
        code: ErrorCode,
        detail: &str,
        retry_after_us: Option<Duration>,
    ) {
        let detail = detail.to_owned();
        match asker {
            Asker::Socket { conn, re } => {
                self.feed.answer(conn, &ServerFrame::Error { re: Some(re), code, detail, retry_after_us });
            }
            Asker::Stage(reply) => drop(reply.send(Err(Refused { code, detail }))),
            Asker::Done(reply) => drop(reply.send(Err(Refused { code, detail }))),
            Asker::Nobody => {}
        }
    }

    pub(super) fn busy(&mut self, asker: Asker) {
        self.refuse_with(asker, ErrorCode::Busy, "the stage is too busy", Some(BUSY_RETRY));
    }
}
