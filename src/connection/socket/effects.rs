//! Carries out what the core decided.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use octave_protocol::client::{ClientFrame, Device, Join, Stat};
use octave_protocol::model::User;
use octave_protocol::{ErrorCode, Guest, ServerFrame, StageId};

use super::super::accept::caps::Permit;
use super::super::core::{About, Action, Core, LoginFailed, Refusal, not_joined};
use super::super::{AuthError, Connections, Identity};
use crate::connection::hearing::{Heard, Hearing};
use crate::connection::limits::{HEARTBEAT, MAX_WATCHED, RETRY_WHEN_BUSY};
use crate::presence::{Presence, Subject, Watching};
use crate::stage::handle::{ConnId, Undelivered};
use crate::stage::registry::NoStage;
use crate::stage::{Member, Request, StageHandle};
use crate::wire::{Outbox, frame};

/// What was looked up.
pub(super) enum Found {
    Login(Result<Identity, AuthError>),
    Stage(StageId, Result<StageHandle, Refusal>),
}

type Lookup = Pin<Box<dyn Future<Output = Found> + Send>>;

/// All that a socket holds of the world around it.
pub(super) struct Effects {
    pub(super) connections: Arc<Connections>,
    pub(super) outbox: Arc<Outbox>,
    /// A stage that has turned out to have stopped.
    lost: Option<StageId>,
    /// Stages that could not be told that the client leaves them.
    stays: Vec<StageHandle>,
    conn: ConnId,
    user: Option<Arc<User>>,
    guest: Option<Guest>,
    presence: Option<Presence>,
    /// Boxed, since few look at comments.
    watching: Option<Box<Watching>>,
    hearing: Hearing,
    permit: Permit,
    lookup: Option<Lookup>,
}

/// Tries to find a stage that stops at the very moment it is found.
const JOIN_ATTEMPTS: usize = 3;

impl Effects {
    pub(super) fn new(connections: Arc<Connections>, outbox: Arc<Outbox>, permit: Permit) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let conn = connections.registry.conn_id(NEXT.fetch_add(1, Ordering::Relaxed));
        connections.metrics.sockets.inc();
        Self {
            connections,
            outbox,
            lost: None,
            stays: Vec::new(),
            conn,
            user: None,
            guest: None,
            presence: None,
            watching: None,
            hearing: Hearing::default(),
            permit,
            lookup: None,
        }
    }

    /// Remembers who this is. The greeting follows `before`, in the same write.
    pub(super) fn recognise(&mut self, login: Result<Identity, AuthError>, before: Vec<u8>) -> Result<(), LoginFailed> {
        let mut greeting = BytesMut::from(Bytes::from(before));
        let Identity { user, guest, session } = login.map_err(|e| match e {
            AuthError::BadToken => LoginFailed::BadToken,
            AuthError::Unavailable => LoginFailed::Unavailable,
        })?;
        if !self.permit.claim(user.id, self.connections.people.sockets_elsewhere(user.id)) {
            self.outbox.send(&greeting.freeze());
            return Err(LoginFailed::TooManySockets);
        }
        // Greeted before anyone else can reach the connection: `welcome` is its first frame.
        let welcome = ServerFrame::Welcome {
            user: (*user).clone(),
            server_time_us: self.connections.clock.now(),
            heartbeat_us: HEARTBEAT,
            node: self.connections.node.clone(),
        };
        frame::put_json(&mut greeting, &welcome);
        self.outbox.send(&greeting.freeze());
        self.presence = Some(self.connections.people.arrive(user.id, session, self.outbox.clone()));
        (self.user, self.guest) = (Some(user), guest);
        Ok(())
    }

    pub(super) fn act(&mut self, action: Action<StageHandle>) {
        match action {
            Action::Authenticate { token } => {
                let login = (self.connections.authenticate)(token);
                self.lookup = Some(Box::pin(async { Found::Login(login.await) }));
            }
            Action::Join { frame } => self.join(frame),
            Action::Ask { to, frame } => {
                let re = frame.id();
                if let ClientFrame::Stat(stat) = &frame {
                    self.hears(stat);
                }
                self.deliver(&to, Request::Frame { conn: self.conn, frame }, re);
            }
            Action::Leave { to, re } => {
                self.hearing.left(to.id());
                if !self.deliver(&to, Request::Leave { conn: self.conn, re }, Some(re)) {
                    self.stays.push(to);
                }
            }
            Action::Abandon { to } => self.go(to),
            Action::Watch { re, about } => self.watch(re, subject(about)),
            Action::Unwatch { re, about } => {
                if let Some(watching) = &mut self.watching {
                    watching.remove(subject(about));
                }
                self.send(&ServerFrame::Ok { re, queue_rev: None });
            }
            Action::Pong { re, t0, t1 } => {
                let frame = ServerFrame::Pong { re, t0, t1_us: t1, t2_us: self.connections.clock.now() };
                self.outbox.send_urgent(&frame::json(&frame));
            }
            Action::Refuse(refusal) => self.refuse(refusal),
            Action::Heartbeat => {
                self.outbox.send_urgent(&frame::ping());
            }
            Action::Close { code, reason } => {
                // A join that is still looked up must not reach its stage any more.
                self.lookup = None;
                self.outbox.close(code, reason);
            }
        }
    }

    /// Ready with what was found; pending while it is looked up and when nothing is.
    pub(super) fn poll_lookup(&mut self, cx: &mut Context<'_>) -> Poll<Found> {
        let Some(lookup) = &mut self.lookup else { return Poll::Pending };
        let found = lookup.as_mut().poll(cx);
        if found.is_ready() {
            self.lookup = None;
        }
        found
    }

    /// Ends all that others hold of this socket but the outbox.
    pub(super) fn depart(&mut self, seats: Vec<(StageId, StageHandle)>) {
        self.presence = None;
        self.watching = None;
        self.lookup = None;
        for (_, stage) in seats {
            self.go(stage);
        }
    }

    fn go(&self, stage: StageHandle) {
        let conn = self.conn;
        if let Err(Undelivered::Full(_)) = stage.send(Request::Gone { conn }) {
            // The stage would keep the seat for ever, so this one message is worth a task that waits.
            tokio::spawn(async move { stage.send_when_free(Request::Gone { conn }).await });
        }
    }

    /// Tells the core which seats are not as it thinks.
    pub(super) fn correct(&mut self, core: &mut Core<StageHandle>) {
        if let Some(stage) = self.lost.take() {
            core.lost(stage);
        }
        for stage in self.stays.drain(..) {
            core.stays(stage.id(), stage);
        }
    }

    fn join(&mut self, frame: Join) {
        let Some(user) = self.user.clone() else { return };
        if self.guest.is_some_and(|guest| guest.stage != frame.stage) {
            let refusal = refused(frame.id, ErrorCode::Forbidden, "a guest stays in the stage that they came to");
            self.lookup = Some(Box::pin(async move { Found::Stage(frame.stage, Err(refusal)) }));
            return;
        }
        let member = Member { conn: self.conn, user, guest: self.guest, way: self.outbox.clone().into() };
        let connections = self.connections.clone();
        self.lookup = Some(Box::pin(async move { Found::Stage(frame.stage, join(&connections, member, frame).await) }));
    }

    /// Whether the stage had room for it, if it is still there.
    fn deliver(&mut self, to: &StageHandle, request: Request, re: Option<i64>) -> bool {
        match to.send(request) {
            Ok(()) => {}
            Err(Undelivered::Full(_)) => {
                if let Some(re) = re {
                    self.refuse(busy(re));
                }
                return false;
            }
            Err(Undelivered::Stopped(_)) => {
                self.lost = Some(to.id());
                if let Some(re) = re {
                    self.refuse(not_joined(Some(re)));
                }
            }
        }
        true
    }

    /// The player tells whether it sounds.
    fn hears(&mut self, stat: &Stat) {
        let (Some(user), Some(live)) = (&self.user, self.connections.registry.live(stat.stage)) else { return };
        let song = live.now_playing.as_deref().filter(|_| live.playing);
        let at = self.connections.clock.now();
        let Some(heard) = self.hearing.told(stat.stage, song, stat.error_us.is_some(), at) else { return };
        if let Some(song) = song {
            let (song, length) = (song.id, song.duration_us);
            let heard = Heard { user: user.id, song, stage: stat.stage, heard, length, at };
            if self.connections.heard.try_send(heard).is_err() {
                tracing::debug!(user = %user.id, "what was heard found no room to be written down");
            }
        }
    }

    fn watch(&mut self, re: i64, subject: Subject) {
        if self.guest.is_some() {
            return self.refuse(refused(re, ErrorCode::Forbidden, "a guest is told of their stage alone"));
        }
        let new = || Box::new(Watching::new(self.connections.people.watched().clone(), self.outbox.clone()));
        if self.watching.get_or_insert_with(new).add(subject, MAX_WATCHED) {
            self.send(&ServerFrame::Ok { re, queue_rev: None });
        } else {
            self.refuse(refused(
                re,
                ErrorCode::LimitReached,
                "as much as may be is watched: `unwatch` something first",
            ));
        }
    }

    fn refuse(&self, refusal: Refusal) {
        let Refusal { re, code, detail, retry_after } = refusal;
        self.send(&ServerFrame::Error { re, code, detail: detail.into_owned(), retry_after_us: retry_after });
    }

    fn send(&self, frame: &ServerFrame) {
        self.outbox.send(&frame::json(frame));
    }
}

impl Drop for Effects {
    fn drop(&mut self) {
        self.connections.metrics.sockets.dec();
    }
}

async fn join(connections: &Connections, member: Member, frame: Join) -> Result<StageHandle, Refusal> {
    let re = frame.id;
    for _ in 0..JOIN_ATTEMPTS {
        let stage = match connections.registry.find(frame.stage).await {
            Ok(stage) => stage,
            Err(NoStage::NotFound) if connections.registry.has_ended(frame.stage, member.user.id).await => {
                return Err(refused(re, ErrorCode::StageEnded, "the stage has ended"));
            }
            Err(NoStage::NotFound) => return Err(refused(re, ErrorCode::StageNotFound, "no such stage")),
            Err(why @ (NoStage::Unavailable | NoStage::Full)) => {
                let full = why == NoStage::Full;
                let code = if full { ErrorCode::StorageFull } else { ErrorCode::StorageUnavailable };
                let refusal = refused(re, code, "the stage can't be opened at the moment");
                return Err(Refusal { retry_after: Some(RETRY_WHEN_BUSY), ..refusal });
            }
        };
        let Join { resume, invite, remote, stage: id, .. } = frame.clone();
        match stage.send(Request::Join { member: member.clone(), re, resume, invite }) {
            Ok(()) => {
                if remote {
                    let frame = ClientFrame::Device(Device { stage: id, remote });
                    stage.send_when_free(Request::Frame { conn: member.conn, frame }).await;
                }
                return Ok(stage);
            }
            Err(Undelivered::Full(_)) => return Err(busy(re)),
            Err(Undelivered::Stopped(_)) => {}
        }
    }
    Err(busy(re))
}

const fn subject(about: About) -> Subject {
    match about {
        About::Song(id) => Subject::Song(id),
        About::Album(id) => Subject::Album(id),
    }
}

fn refused(re: i64, code: ErrorCode, detail: &'static str) -> Refusal {
    Refusal { re: Some(re), code, detail: detail.into(), retry_after: None }
}

fn busy(re: i64) -> Refusal {
    Refusal { retry_after: Some(RETRY_WHEN_BUSY), ..refused(re, ErrorCode::Busy, "the stage is too busy") }
}
