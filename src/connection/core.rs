//! What a socket may do and what it is told, without I/O and without a clock.
//!
//! Every input comes with the time; every consequence is an [`Action`] handed to the caller's sink, in order. While a
//! login or a stage is looked up, what the client sends meanwhile is kept and decided afterwards in its order; pings
//! alone are answered at once.

mod frames;
mod pace;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::VecDeque;

use octave_protocol::client::{self, ClientFrame, RequestId};
use octave_protocol::{AlbumId, BadFrame, CloseCode, Duration, ErrorCode, Instant, SongId, StageId};

use crate::connection::limits::{
    HEARTBEAT, HELLO_WITHIN, MAX_DEFERRED_FRAMES, MAX_STAGES, PONG_WITHIN, RETRY_WHEN_BUSY,
};
pub use frames::not_joined;
use frames::{about, oversized};
use pace::{Pace, Verdict};

/// What the shell has to do. `H` is its way to a stage.
#[derive(Debug, Clone, PartialEq)]
pub enum Action<H> {
    /// Look up who this is, then call [`Core::authenticated`].
    Authenticate {
        token: String,
    },
    /// Find the stage and hand it the request, then call [`Core::joined`].
    Join {
        frame: client::Join,
    },
    /// Hand the stage a frame, as it came.
    Ask {
        to: H,
        frame: ClientFrame,
    },
    /// The client is in this stage no more; tell it, with the request as the reason. If the stage has no room for that,
    /// call [`Core::stays`].
    Leave {
        to: H,
        re: RequestId,
    },
    /// The stage has been asked for a seat that nobody will take: tell it.
    Abandon {
        to: H,
    },
    /// Tell the client what is said of a song or an album, or no more.
    Watch {
        re: RequestId,
        about: About,
    },
    Unwatch {
        re: RequestId,
        about: About,
    },
    /// Answer a ping that was read at `t1`.
    Pong {
        re: RequestId,
        t0: serde_json::Value,
        t1: Instant,
    },
    Refuse(Refusal),
    /// Ask for a sign of life.
    Heartbeat,
    Close {
        code: CloseCode,
        reason: &'static str,
    },
}

/// What comments may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Song(SongId),
    Album(AlbumId),
}

/// The answer to one request that was not passed on.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub re: Option<RequestId>,
    pub code: ErrorCode,
    pub detail: Cow<'static, str>,
    pub retry_after: Option<Duration>,
}

/// Why a login was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginFailed {
    BadToken,
    TooManySockets,
    Unavailable,
}

/// One socket.
#[derive(Debug)]
pub struct Core<H> {
    phase: Phase,
    life: Life,
    pace: Option<Pace>,
    seats: Vec<(StageId, H)>,
    /// What is looked up, and what came meanwhile. Boxed, since it is rare.
    lookup: Option<Box<Lookup>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Not yet authenticated.
    Stranger {
        until: Instant,
    },
    Open,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Heard {
        at: Instant,
    },
    /// Silent so long that it was asked.
    Asked {
        at: Instant,
    },
}

#[derive(Debug, Default)]
struct Lookup {
    /// With the time at which each came.
    deferred: VecDeque<(Instant, ClientFrame)>,
}

/// What is counted.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// With the request's id, if it has one.
    Text(Option<RequestId>),
    Control,
}

/// Whether frames are counted against the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pacing {
    Limited,
    Unlimited,
}

impl<H: Clone> Core<H> {
    /// A socket whose client is not known yet.
    pub fn new(now: Instant, pacing: Pacing) -> Self {
        Self {
            phase: Phase::Stranger { until: now + HELLO_WITHIN },
            life: Life::Heard { at: now },
            pace: (pacing == Pacing::Limited).then(Pace::default),
            seats: Vec::new(),
            lookup: None,
        }
    }

    /// The client is known: from the handshake, or by the token it was asked for.
    pub fn authenticated(&mut self, login: Result<(), LoginFailed>, sink: &mut impl FnMut(Action<H>)) {
        if self.phase == Phase::Closed {
            return;
        }
        match login {
            Ok(()) => {
                self.phase = Phase::Open;
                self.go_on(sink);
            }
            Err(LoginFailed::BadToken) => self.close(CloseCode::NotAuthenticated, "this token opens nothing", sink),
            Err(LoginFailed::TooManySockets) => {
                self.close(CloseCode::Policy, "too many connections of this user", sink);
            }
            Err(LoginFailed::Unavailable) => self.close(CloseCode::TryLater, "logins can't be checked now", sink),
        }
    }

    /// A text frame came.
    pub fn frame(&mut self, now: Instant, frame: Result<ClientFrame, BadFrame>, sink: &mut impl FnMut(Action<H>)) {
        let re = match &frame {
            Ok(frame) => frame.id(),
            Err(bad) => bad.re,
        };
        if !self.admit(now, Kind::Text(re), sink) {
            return;
        }
        if let Some(refusal) = frame.as_ref().ok().and_then(oversized) {
            return sink(Action::Refuse(refusal));
        }
        match frame {
            Ok(ClientFrame::Ping(ping)) if self.phase == Phase::Open => {
                sink(Action::Pong { re: ping.id, t0: ping.t0, t1: now });
            }
            Ok(frame) if self.lookup.is_some() => self.defer(now, frame, re, sink),
            Ok(frame) => self.decide(now, frame, sink),
            Err(_) if matches!(self.phase, Phase::Stranger { .. }) => self.close_stranger(sink),
            Err(bad) => {
                let BadFrame { re, code, detail } = bad;
                sink(Action::Refuse(Refusal { re, code, detail: detail.into(), retry_after: None }));
            }
        }
    }

    /// A control frame came: a sign of life, and counted, since pings can be a flood too.
    pub fn control_frame(&mut self, now: Instant, sink: &mut impl FnMut(Action<H>)) -> bool {
        self.admit(now, Kind::Control, sink)
    }

    /// The stage of a [`Action::Join`] was found and has the request, or not.
    pub fn joined(&mut self, stage: StageId, found: Result<H, Refusal>, sink: &mut impl FnMut(Action<H>)) {
        match found {
            Ok(seat) if self.phase == Phase::Open => match self.seats.iter_mut().find(|(id, _)| *id == stage) {
                Some(known) => known.1 = seat,
                None => self.seats.push((stage, seat)),
            },
            // Closed meanwhile: the stage has the request, and would keep the way to this client for ever.
            Ok(seat) => sink(Action::Abandon { to: seat }),
            Err(refusal) => sink(Action::Refuse(refusal)),
        }
        self.go_on(sink);
    }

    /// The stage could not be told that the client leaves it: it has not.
    pub fn stays(&mut self, stage: StageId, seat: H) {
        if self.phase == Phase::Open && self.seat(stage).is_none() {
            self.seats.push((stage, seat));
        }
    }

    /// The stage has stopped: the seat is lost.
    pub fn lost(&mut self, stage: StageId) {
        self.seats.retain(|(id, _)| *id != stage);
    }

    /// The seats of a socket that has ended.
    pub fn end(&mut self) -> Vec<(StageId, H)> {
        self.phase = Phase::Closed;
        self.lookup = None;
        std::mem::take(&mut self.seats)
    }

    /// When [`tick`](Self::tick) has something to do.
    pub fn due(&self) -> Option<Instant> {
        let life = match self.life {
            Life::Heard { at } => at + HEARTBEAT,
            Life::Asked { at } => at + PONG_WITHIN,
        };
        match self.phase {
            Phase::Stranger { until } => Some(until.min(life)),
            Phase::Open => Some(life),
            Phase::Closed => None,
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Instant, sink: &mut impl FnMut(Action<H>)) {
        match (self.phase, self.life) {
            (Phase::Closed, _) => {}
            (Phase::Stranger { until }, _) if now >= until => self.close_stranger(sink),
            (_, Life::Heard { at }) if now >= at + HEARTBEAT => {
                self.life = Life::Asked { at: now };
                sink(Action::Heartbeat);
            }
            (_, Life::Asked { at }) if now >= at + PONG_WITHIN => {
                self.close(CloseCode::GoingAway, "no sign of life", sink);
            }
            _ => {}
        }
    }

    /// Counts a frame. A text beyond the limit is told when to come again.
    fn admit(&mut self, now: Instant, kind: Kind, sink: &mut impl FnMut(Action<H>)) -> bool {
        if self.phase == Phase::Closed {
            return false;
        }
        self.life = Life::Heard { at: now };
        match self.pace.as_mut().map_or(Verdict::Pass, |pace| pace.count(now)) {
            Verdict::Pass => return true,
            Verdict::Flood => self.close(CloseCode::Policy, "too many frames", sink),
            Verdict::Excess { retry_after } => {
                if let Kind::Text(re) = kind {
                    sink(Action::Refuse(Refusal {
                        re,
                        code: ErrorCode::RateLimited,
                        detail: "too many frames".into(),
                        retry_after: Some(retry_after),
                    }));
                }
            }
        }
        false
    }

    fn defer(&mut self, now: Instant, frame: ClientFrame, re: Option<RequestId>, sink: &mut impl FnMut(Action<H>)) {
        match &mut self.lookup {
            Some(lookup) if lookup.deferred.len() < MAX_DEFERRED_FRAMES => lookup.deferred.push_back((now, frame)),
            _ => sink(Action::Refuse(Refusal {
                re,
                code: ErrorCode::Busy,
                detail: "too many requests wait for an earlier one".into(),
                retry_after: Some(RETRY_WHEN_BUSY),
            })),
        }
    }

    /// Decides what came during a lookup, up to the next one.
    fn go_on(&mut self, sink: &mut impl FnMut(Action<H>)) {
        let mut deferred = self.lookup.take().map(|lookup| lookup.deferred).unwrap_or_default();
        while let Some((came, frame)) = deferred.pop_front() {
            self.decide(came, frame, sink);
            if let Some(lookup) = &mut self.lookup {
                lookup.deferred = deferred;
                return;
            }
        }
    }

    fn decide(&mut self, now: Instant, frame: ClientFrame, sink: &mut impl FnMut(Action<H>)) {
        match (self.phase, frame) {
            (Phase::Closed, _) => {}
            (Phase::Stranger { .. }, ClientFrame::Hello(hello)) => {
                self.lookup = Some(Box::default());
                sink(Action::Authenticate { token: hello.token });
            }
            (Phase::Stranger { .. }, _) => self.close_stranger(sink),
            (Phase::Open, ClientFrame::Hello(_)) => sink(Action::Refuse(Refusal {
                re: None,
                code: ErrorCode::InvalidField,
                detail: "this connection is authenticated already".into(),
                retry_after: None,
            })),
            (Phase::Open, ClientFrame::Ping(ping)) => sink(Action::Pong { re: ping.id, t0: ping.t0, t1: now }),
            (Phase::Open, ClientFrame::Join(frame)) => self.join(frame, sink),
            (Phase::Open, ClientFrame::Watch(client::Watch { id, song, album })) => {
                sink(about(id, song, album).map_or_else(Action::Refuse, |about| Action::Watch { re: id, about }));
            }
            (Phase::Open, ClientFrame::Unwatch(client::Unwatch { id, song, album })) => {
                sink(about(id, song, album).map_or_else(Action::Refuse, |about| Action::Unwatch { re: id, about }));
            }
            (Phase::Open, ClientFrame::Leave(frame)) => match self.seat(frame.stage) {
                Some(to) => {
                    self.lost(frame.stage);
                    sink(Action::Leave { to, re: frame.id });
                }
                None => sink(Action::Refuse(not_joined(Some(frame.id)))),
            },
            (Phase::Open, frame) => match frame.stage().and_then(|stage| self.seat(stage)) {
                Some(to) => sink(Action::Ask { to, frame }),
                None => sink(Action::Refuse(not_joined(frame.id()))),
            },
        }
    }

    fn join(&mut self, frame: client::Join, sink: &mut impl FnMut(Action<H>)) {
        if self.seats.len() >= MAX_STAGES && self.seat(frame.stage).is_none() {
            return sink(Action::Refuse(Refusal {
                re: Some(frame.id),
                code: ErrorCode::LimitReached,
                detail: format!("a connection can be in {MAX_STAGES} stages").into(),
                retry_after: None,
            }));
        }
        self.lookup = Some(Box::default());
        sink(Action::Join { frame });
    }

    fn seat(&self, stage: StageId) -> Option<H> {
        self.seats.iter().find(|(id, _)| *id == stage).map(|(_, seat)| seat.clone())
    }

    fn close_stranger(&mut self, sink: &mut impl FnMut(Action<H>)) {
        self.close(CloseCode::NotAuthenticated, "the first frame must be hello, within 10 s", sink);
    }

    fn close(&mut self, code: CloseCode, reason: &'static str, sink: &mut impl FnMut(Action<H>)) {
        self.phase = Phase::Closed;
        self.lookup = None;
        sink(Action::Close { code, reason });
    }
}
