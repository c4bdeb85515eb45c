//! One event loop for many WebSocket connections.
//!
//! Readiness is edge-triggered, bytes are read into one scratch buffer that all connections share, and frames are
//! handed over where they lie; a connection keeps bytes of its own only while a frame is incomplete. So an idle
//! connection costs its socket and about a hundred bytes, and the client keeps up with servers that it measures.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use socket2::{Domain, Protocol, Socket, Type};

use octave_client::frame::{self, Frames, Opcode};

/// A connection's place in the swarm; taken again after it has closed.
pub type Slot = usize;

/// Bytes read at once. Larger than a snapshot, so that a frame is rarely cut.
const SCRATCH: usize = 512 * 1024;

/// Source addresses 127.0.0.2 and up: each has its own range of ports.
const SOURCES: u8 = 16;

/// What happens on the connections.
pub trait Handler {
    /// The handshake is done.
    fn opened(&mut self, io: &mut Io, slot: Slot);
    /// A text or binary message.
    fn message(&mut self, io: &mut Io, slot: Slot, payload: &[u8]);
    /// The server closed with this code (1006: without one).
    fn closed(&mut self, io: &mut Io, slot: Slot, code: u16);
}

#[derive(Debug)]
enum Phase {
    Connecting { request: Vec<u8> },
    Upgrading,
    Open,
}

#[derive(Debug)]
struct Conn {
    stream: TcpStream,
    phase: Phase,
    /// The beginning of a frame whose end has not come.
    rest: Vec<u8>,
    unsent: Vec<u8>,
}

/// The write ends, for handlers.
#[derive(Debug, Default)]
pub struct Io {
    conns: Vec<Option<Conn>>,
    free: Vec<Slot>,
    closing: Vec<Slot>,
    open: usize,
}

impl Io {
    pub fn send(&mut self, slot: Slot, frames: &Frames) {
        let Some(conn) = self.conns.get_mut(slot).and_then(Option::as_mut) else { return };
        if !conn.write(frames.as_bytes()) {
            self.closing.push(slot);
        }
    }

    /// Ends the connection without waiting for the server.
    pub fn drop_connection(&mut self, slot: Slot) {
        self.closing.push(slot);
    }

    /// How many connections have done their handshake and not closed.
    pub fn open(&self) -> usize {
        self.open
    }
}

impl Conn {
    /// False when the connection is broken.
    fn write(&mut self, mut bytes: &[u8]) -> bool {
        if self.unsent.is_empty() {
            loop {
                match self.stream.write(bytes) {
                    Ok(n) if n == bytes.len() => return true,
                    Ok(n) => bytes = &bytes[n..],
                    Err(e) if e.kind() == ErrorKind::WouldBlock => break,
                    Err(e) if e.kind() == ErrorKind::Interrupted => {}
                    Err(_) => return false,
                }
            }
        }
        self.unsent.extend_from_slice(bytes);
        true
    }

    fn flush(&mut self) -> bool {
        let waiting = std::mem::take(&mut self.unsent);
        waiting.is_empty() || self.write(&waiting)
    }
}

#[derive(Debug)]
pub struct Swarm {
    poll: Poll,
    events: Events,
    scratch: Vec<u8>,
    io: Io,
    opened_ever: usize,
    reply: Frames,
}

impl Swarm {
    pub fn new() -> Result<Self> {
        Ok(Self {
            poll: Poll::new()?,
            events: Events::with_capacity(4096),
            scratch: vec![0; SCRATCH],
            io: Io::default(),
            opened_ever: 0,
            reply: Frames::default(),
        })
    }

    pub fn io(&mut self) -> &mut Io {
        &mut self.io
    }

    /// Begins a connection that sends `request` (the HTTP upgrade) as soon as it stands.
    pub fn connect(&mut self, to: SocketAddr, request: String) -> Result<Slot> {
        self.connect_taking(to, request, None)
    }

    /// The same; `window` bounds the bytes that the kernel takes for this side and nobody has read (it doubles the figure).
    pub fn connect_taking(&mut self, to: SocketAddr, request: String, window: Option<usize>) -> Result<Slot> {
        let source = Ipv4Addr::new(127, 0, 0, 2 + (self.opened_ever % usize::from(SOURCES)) as u8);
        self.opened_ever += 1;
        let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        socket.set_reuse_address(true)?;
        socket.set_tcp_nodelay(true)?;
        if let Some(bytes) = window {
            socket.set_recv_buffer_size(bytes)?;
        }
        socket.bind(&SocketAddrV4::new(source, 0).into()).with_context(|| format!("binding to {source}"))?;
        match socket.connect(&to.into()) {
            Ok(()) => {}
            Err(e) if e.raw_os_error() == Some(EINPROGRESS) || e.kind() == ErrorKind::WouldBlock => {}
            Err(e) => return Err(e).with_context(|| format!("connecting from {source} to {to}")),
        }
        let mut stream = TcpStream::from_std(socket.into());
        let slot = self.io.free.pop().unwrap_or_else(|| {
            self.io.conns.push(None);
            self.io.conns.len() - 1
        });
        self.poll.registry().register(&mut stream, Token(slot), Interest::READABLE | Interest::WRITABLE)?;
        let phase = Phase::Connecting { request: request.into_bytes() };
        self.io.conns[slot] = Some(Conn { stream, phase, rest: Vec::new(), unsent: Vec::new() });
        Ok(slot)
    }

    /// From now on nobody reads what the server sends to this connection.
    pub fn stop_reading(&mut self, slot: Slot) -> Result<()> {
        if let Some(conn) = self.io.conns.get_mut(slot).and_then(Option::as_mut) {
            self.poll.registry().deregister(&mut conn.stream)?;
        }
        Ok(())
    }

    /// What has gathered since [`stop_reading`](Self::stop_reading) is read with the next turns.
    pub fn read_again(&mut self, slot: Slot) -> Result<()> {
        if let Some(conn) = self.io.conns.get_mut(slot).and_then(Option::as_mut) {
            self.poll.registry().register(&mut conn.stream, Token(slot), Interest::READABLE | Interest::WRITABLE)?;
        }
        Ok(())
    }

    /// Handles what is ready, waiting at most `patience` for it.
    pub fn turn(&mut self, handler: &mut impl Handler, patience: Duration) -> Result<()> {
        match self.poll.poll(&mut self.events, Some(patience)) {
            Ok(()) => {}
            Err(e) if e.kind() == ErrorKind::Interrupted => return Ok(()),
            Err(e) => return Err(e.into()),
        }
        let events = std::mem::replace(&mut self.events, Events::with_capacity(1));
        for event in &events {
            let Token(slot) = event.token();
            if event.is_writable() && !self.writable(slot) {
                self.close(handler, slot, 1006);
                continue;
            }
            if event.is_readable() || event.is_read_closed() {
                self.readable(handler, slot)?;
            }
        }
        self.events = events;
        while let Some(slot) = self.io.closing.pop() {
            self.close(handler, slot, 1006);
        }
        Ok(())
    }

    /// False when the connection is broken.
    fn writable(&mut self, slot: Slot) -> bool {
        let Some(conn) = self.io.conns[slot].as_mut() else { return true };
        if let Phase::Connecting { request } = &mut conn.phase {
            if conn.stream.peer_addr().is_err() {
                return matches!(conn.stream.take_error(), Ok(None));
            }
            let request = std::mem::take(request);
            conn.phase = Phase::Upgrading;
            return conn.write(&request);
        }
        conn.flush()
    }

    fn readable(&mut self, handler: &mut impl Handler, slot: Slot) -> Result<()> {
        let mut scratch = std::mem::take(&mut self.scratch);
        let ended = loop {
            let Some(conn) = self.io.conns[slot].as_mut() else { break None };
            let kept = conn.rest.len();
            if scratch.len() < kept + SCRATCH / 2 {
                scratch.resize(kept + SCRATCH, 0);
            }
            let got = match conn.stream.read(&mut scratch[kept..]) {
                Ok(0) => break Some(1006),
                Ok(n) => n,
                Err(e) if e.kind() == ErrorKind::WouldBlock => break None,
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(_) => break Some(1006),
            };
            scratch[..kept].copy_from_slice(&conn.rest);
            conn.rest.clear();
            let filled = kept + got == scratch.len();
            if let Some(code) = self.consume(handler, slot, &scratch[..kept + got])? {
                break Some(code);
            }
            // A short read emptied the socket; the next byte raises a new edge.
            if !filled {
                break None;
            }
        };
        self.scratch = scratch;
        if let Some(code) = ended {
            self.close(handler, slot, code);
        }
        Ok(())
    }

    /// Hands over all whole frames of `bytes`; the close code when one of them is a close.
    fn consume(&mut self, handler: &mut impl Handler, slot: Slot, mut bytes: &[u8]) -> Result<Option<u16>> {
        let upgrading = matches!(&self.io.conns[slot], Some(conn) if matches!(conn.phase, Phase::Upgrading));
        if upgrading {
            let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else {
                self.keep(slot, bytes);
                return Ok(None);
            };
            if !bytes.starts_with(b"HTTP/1.1 101") {
                bail!("the upgrade was refused: {}", String::from_utf8_lossy(&bytes[..bytes.len().min(600)]));
            }
            bytes = &bytes[end + 4..];
            if let Some(conn) = self.io.conns[slot].as_mut() {
                conn.phase = Phase::Open;
                self.io.open += 1;
            }
            handler.opened(&mut self.io, slot);
        }
        while let Some(found) = frame::parse(bytes)? {
            let payload = &bytes[found.start..found.end];
            match found.opcode {
                Opcode::Text | Opcode::Binary => handler.message(&mut self.io, slot, payload),
                Opcode::Ping => {
                    self.reply.clear();
                    self.reply.pong(payload);
                    self.io.send(slot, &self.reply);
                }
                Opcode::Pong => {}
                Opcode::Close => {
                    return Ok(Some(payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code))));
                }
            }
            bytes = &bytes[found.end..];
        }
        self.keep(slot, bytes);
        Ok(None)
    }

    fn keep(&mut self, slot: Slot, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if let Some(conn) = self.io.conns[slot].as_mut() {
            conn.rest.extend_from_slice(bytes);
        }
    }

    fn close(&mut self, handler: &mut impl Handler, slot: Slot, code: u16) {
        if let Some(conn) = self.io.conns[slot].take() {
            if matches!(conn.phase, Phase::Open) {
                self.io.open -= 1;
            }
            handler.closed(&mut self.io, slot, code);
            self.io.free.push(slot);
        }
    }
}

/// Linux's number for a connect that goes on in the background.
const EINPROGRESS: i32 = 115;
