//! One blocking WebSocket connection that speaks Octave's frames in full: for listening and for looking afterwards.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use octave_protocol::{ClientFrame, ServerFrame};

use crate::frame::{self, Frames, Opcode};

/// What a handshake says of who asks and in what language.
pub fn headers(token: &str) -> String {
    format!("authorization: Bearer {token}\r\nsec-websocket-protocol: {}\r\n", octave_protocol::SUBPROTOCOL)
}

#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    bytes: Vec<u8>,
    frames: Frames,
}

impl Socket {
    /// Connects, authenticates and reads the welcome.
    pub fn connect(addr: SocketAddr, token: &str) -> Result<Self> {
        let mut stream = TcpStream::connect_timeout(&addr, Duration::from_secs(5))?;
        stream.set_nodelay(true)?;
        stream.write_all(frame::upgrade(addr, "/ws", &headers(token)).as_bytes())?;
        let mut socket = Self { stream, bytes: Vec::new(), frames: Frames::default() };
        let deadline = Instant::now() + Duration::from_secs(10);
        let end = loop {
            if let Some(end) = memchr::memmem::find(&socket.bytes, b"\r\n\r\n") {
                break end;
            }
            ensure!(socket.fill(deadline)?, "no answer to the upgrade");
        };
        ensure!(
            socket.bytes.starts_with(b"HTTP/1.1 101"),
            "the upgrade was refused: {}",
            String::from_utf8_lossy(&socket.bytes)
        );
        socket.bytes.drain(..end + 4);
        match socket.next(Duration::from_secs(10))? {
            Some(ServerFrame::Welcome { .. }) => Ok(socket),
            other => bail!("the first frame was {other:?}, not a welcome"),
        }
    }

    pub fn send(&mut self, frame: &ClientFrame) -> Result<()> {
        self.frames.clear();
        self.frames.text(&serde_json::to_vec(frame)?);
        Ok(self.stream.write_all(self.frames.as_bytes())?)
    }

    /// The next frame; `None` when there was none within `patience`. Fails when the server closed.
    pub fn next(&mut self, patience: Duration) -> Result<Option<ServerFrame>> {
        let deadline = Instant::now() + patience;
        loop {
            while let Some(found) = frame::parse(&self.bytes)? {
                let payload: Vec<u8> = self.bytes.drain(..found.end).skip(found.start).collect();
                match found.opcode {
                    Opcode::Text | Opcode::Binary => {
                        let frame = serde_json::from_slice(&payload)
                            .with_context(|| format!("not of the protocol: {}", String::from_utf8_lossy(&payload)))?;
                        return Ok(Some(frame));
                    }
                    Opcode::Ping => {
                        self.frames.clear();
                        self.frames.pong(&payload);
                        self.stream.write_all(self.frames.as_bytes())?;
                    }
                    Opcode::Pong => {}
                    Opcode::Close => {
                        bail!("closed by the server with {:?}", payload.first_chunk().map(|c| u16::from_be_bytes(*c)))
                    }
                }
            }
            if !self.fill(deadline)? {
                return Ok(None);
            }
        }
    }

    /// Reads some bytes; false when `deadline` passed without any.
    fn fill(&mut self, deadline: Instant) -> Result<bool> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        self.stream.set_read_timeout(Some(left))?;
        let mut some = [0; 16 * 1024];
        match self.stream.read(&mut some) {
            Ok(0) => bail!("the server hung up"),
            Ok(n) => {
                self.bytes.extend_from_slice(&some[..n]);
                Ok(true)
            }
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(false),
            Err(e) if e.kind() == ErrorKind::Interrupted => Ok(true),
            Err(e) => Err(e.into()),
        }
    }
}
