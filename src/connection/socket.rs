//! The task of one socket: reads, lets the core decide, carries that out.
//!
//! Written as a state machine by hand, not as an async function: tens of thousands of these are idle, and each costs
//! what stands in [`Socket`] and nothing for the moments when it is busy. Whoever has something to say to the client
//! writes it through the [`Outbox`] without this task; it wakes for what the client sends, for a backlog, and for time.

mod effects;
mod read;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::{future::Future, io};

use octave_protocol::CloseCode;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::accept::caps::Permit;
use super::core::Core;
use super::{Connections, Identity};
use crate::stage::StageHandle;
use crate::wire::Outbox;
use crate::wire::outbox::Standing;
use crate::wire::reader::Reader;
use effects::Effects;

/// What an upgraded connection is made of.
pub(super) enum Stream {
    /// Plain TCP: everyone writes to it.
    Shared(TcpStream),
    /// Anything else (TLS): only the socket's task does.
    Owned(Pin<Box<dyn Duplex>>),
}

/// What stands at the border between HTTP and the first frame.
pub(super) struct Opening {
    /// The handshake's answer, if it has not left yet.
    pub(super) answer: Vec<u8>,
    /// Frames that came with the handshake.
    pub(super) early: Vec<u8>,
}

pub(super) trait Duplex: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> Duplex for T {}

/// The runtime's timers are no finer than this.
const TIMER_TICK: std::time::Duration = std::time::Duration::from_millis(1);

/// One socket until its end.
pub(super) struct Socket {
    core: Core<StageHandle>,
    effects: Effects,
    reader: Reader,
    /// The stream, when the outbox does not share it.
    owned: Option<Pin<Box<dyn Duplex>>>,
    timer: Pin<Box<Sleep>>,
    end: End,
}

/// How far the closing handshake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    NotYet,
    /// What the client sends can't be understood: it is only read to let our close frame through.
    Deaf,
    /// The client's close frame has come: when ours has left, all is over.
    PeerClosed,
}

impl Socket {
    /// Begins the connection: greets the user, or waits for `hello`.
    pub(super) fn open(
        connections: Arc<Connections>,
        stream: Stream,
        opening: Opening,
        identity: Option<Identity>,
        permit: Permit,
    ) -> Self {
        let (outbox, owned) = match stream {
            Stream::Shared(socket) => (Outbox::direct(socket), None),
            Stream::Owned(stream) => (Outbox::queued(), Some(stream)),
        };
        let now = connections.clock.now();
        let mut socket = Self {
            core: Core::new(now, connections.pacing),
            effects: Effects::new(connections, Arc::new(outbox), permit),
            reader: Reader::default(),
            owned,
            timer: Box::pin(sleep_until(Instant::now())),
            end: End::NotYet,
        };
        let Opening { answer, mut early } = opening;
        if let Some(identity) = identity {
            let login = socket.effects.recognise(Ok(identity), answer);
            socket.core.authenticated(login, &mut |action| socket.effects.act(action));
        } else if !answer.is_empty() {
            socket.effects.outbox.send(&answer.into());
        }
        if !early.is_empty() {
            socket.take(&mut early);
        }
        socket
    }

    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(stream) = &mut self.owned else { return self.effects.outbox.poll_drain_direct(cx) };
        ready!(self.effects.outbox.poll_drain(cx, |cx, slices| stream.as_mut().poll_write_vectored(cx, slices)))?;
        stream.as_mut().poll_flush(cx)
    }

    /// Waits for the login or the stage that is looked up, and goes on with what came meanwhile.
    fn poll_lookup(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(found) = self.effects.poll_lookup(cx) {
            match found {
                effects::Found::Login(identity) => {
                    let login = self.effects.recognise(identity, Vec::new());
                    self.core.authenticated(login, &mut |action| self.effects.act(action));
                }
                effects::Found::Stage(stage, seat) => {
                    self.core.joined(stage, seat, &mut |action| self.effects.act(action));
                }
            }
            self.effects.correct(&mut self.core);
        }
    }

    /// Does what is due and sets the timer to what is due next.
    fn poll_time(&mut self, cx: &mut Context<'_>) {
        loop {
            let of_core = self.core.due().map(|at| self.effects.connections.clock.deadline(at));
            let Some(due) = of_core.into_iter().chain(self.effects.outbox.due()).min() else { return };
            // What is due already is done at once: the runtime would round it up to its next millisecond, and a timer
            // that is set anew whenever it rings would ring a thousand times a second.
            if due > Instant::now() {
                // A timer that is early comes again; moving it with every frame would cost more.
                if due + TIMER_TICK < self.timer.deadline() || self.timer.is_elapsed() {
                    self.timer.as_mut().reset(due);
                }
                if self.timer.as_mut().poll(cx).is_pending() {
                    return;
                }
                continue;
            }
            self.effects.outbox.expire(Instant::now());
            let now = self.effects.connections.clock.now();
            self.core.tick(now, &mut |action| self.effects.act(action));
        }
    }

    /// Ends our side behind the close frame. A client that can't be understood can't answer it either, but ends its own
    /// side when it sees that nothing more comes.
    fn half_close(&mut self, cx: &mut Context<'_>) {
        // What fails here has ended already.
        match &mut self.owned {
            None => self.effects.outbox.half_close(),
            Some(stream) => drop(stream.as_mut().poll_shutdown(cx)),
        }
    }

    fn leave_all(&mut self) {
        let seats = self.core.end();
        self.effects.depart(seats);
    }
}

impl Future for Socket {
    type Output = ();

    /// What is sent from here, or by others, while this runs wakes the task again if it could not leave at once.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let drained = match this.poll_drain(cx) {
            Poll::Ready(Ok(())) => true,
            Poll::Ready(Err(_)) => return Poll::Ready(()),
            Poll::Pending => false,
        };
        match this.effects.outbox.standing() {
            Standing::Gone => return Poll::Ready(()),
            Standing::Closing if drained && this.end == End::PeerClosed => return Poll::Ready(()),
            Standing::Closing => {
                this.leave_all();
                if drained && this.end == End::Deaf {
                    this.half_close(cx);
                }
            }
            Standing::Open => {}
        }
        if this.poll_read(cx).is_ready() {
            return Poll::Ready(());
        }
        // The client's close frame may have been the answer to ours: nothing would wake this task until the linger ends.
        if this.end == End::PeerClosed && this.poll_drain(cx).is_ready() {
            return Poll::Ready(());
        }
        this.poll_lookup(cx);
        this.poll_time(cx);
        Poll::Pending
    }
}

impl Drop for Socket {
    /// Ends the stream even while a stage still holds the outbox, and every seat even if the task was aborted.
    fn drop(&mut self) {
        self.effects.outbox.close(CloseCode::GoingAway, "the server has ended this connection");
        self.effects.outbox.end();
        self.leave_all();
    }
}
