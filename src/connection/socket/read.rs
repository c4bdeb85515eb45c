//! Reading, through a scratch buffer that all sockets of a worker thread share.

use std::cell::RefCell;
use std::io::{self, ErrorKind, Read};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use octave_protocol::{ClientFrame, Instant};
use socket2::SockRef;
use tokio::io::{Interest, ReadBuf};

use super::effects::Effects;
use super::{Core, Duplex, End, Socket};
use crate::connection::limits::READ_CHUNK_BYTES;
use crate::stage::StageHandle;
use crate::wire::reader::{Flow, Incoming};
use crate::wire::{Outbox, frame};

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_CHUNK_BYTES]);
}

impl Socket {
    /// Takes all that has come. Ready when the stream has ended.
    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        SCRATCH.with_borrow_mut(|scratch| {
            loop {
                let length = match &mut self.owned {
                    None => ready!(poll_read_shared(&self.effects.outbox, cx, scratch)),
                    Some(stream) => ready!(poll_read_owned(stream.as_mut(), cx, scratch)),
                };
                match length {
                    Ok(0) | Err(_) => return Poll::Ready(()),
                    Ok(length) => self.take(&mut scratch[..length]),
                }
            }
        })
    }

    /// Understands bytes of the client's and does what they ask.
    pub(super) fn take(&mut self, bytes: &mut [u8]) {
        if self.end != End::NotYet {
            return;
        }
        let Self { core, effects, reader, end, .. } = self;
        let now = effects.connections.clock.now();
        let understood = reader.feed(bytes, &mut |incoming| show(core, effects, end, now, incoming));
        if let Err(violation) = understood {
            effects.outbox.close(violation.code, violation.reason);
            self.end = End::Deaf;
        }
    }
}

fn show(
    core: &mut Core<StageHandle>,
    effects: &mut Effects,
    end: &mut End,
    now: Instant,
    incoming: Incoming<'_>,
) -> Flow {
    match incoming {
        Incoming::Text(text) => {
            effects.connections.metrics.frames.inc();
            core.frame(now, ClientFrame::parse(text), &mut |action| effects.act(action));
            effects.correct(core);
        }
        Incoming::Ping(payload) => {
            if core.control_frame(now, &mut |action| effects.act(action)) {
                effects.outbox.send_urgent(&frame::pong(payload));
            }
        }
        Incoming::Pong => {
            core.control_frame(now, &mut |action| effects.act(action));
        }
        Incoming::Close(code) => {
            effects.outbox.finish(&frame::close_echo(code));
            *end = End::PeerClosed;
            return ControlFlow::Break(());
        }
    }
    ControlFlow::Continue(())
}

fn poll_read_shared(outbox: &Outbox, cx: &mut Context<'_>, scratch: &mut [u8]) -> Poll<io::Result<usize>> {
    let Some(socket) = outbox.socket() else { return Poll::Ready(Ok(0)) };
    loop {
        ready!(socket.poll_read_ready(cx))?;
        let mut drained = None;
        let read = socket.try_io(Interest::READABLE, || match (&*SockRef::from(socket)).read(scratch) {
            // There was no more, which spares the call that would say so.
            Ok(length) if 0 < length && length < scratch.len() => {
                drained = Some(length);
                Err(ErrorKind::WouldBlock.into())
            }
            done => done,
        });
        match read {
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                if let Some(length) = drained {
                    return Poll::Ready(Ok(length));
                }
            }
            done => return Poll::Ready(done),
        }
    }
}

fn poll_read_owned(stream: Pin<&mut dyn Duplex>, cx: &mut Context<'_>, scratch: &mut [u8]) -> Poll<io::Result<usize>> {
    let mut buffer = ReadBuf::new(scratch);
    ready!(stream.poll_read(cx, &mut buffer))?;
    Poll::Ready(Ok(buffer.filled().len()))
}
