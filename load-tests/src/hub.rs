//! A hub that can be started: Octave, or one of the peers.

use std::net::SocketAddr;

use anyhow::Result;
use serde::Deserialize;

use crate::dialect::Dialect;
use crate::dialect::nats::Nats;
use crate::dialect::octave::Octave;
use crate::dialect::plain::Plain;
use crate::dialect::socketio::SocketIo;
use crate::octave;
use crate::server::Server;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    Plain,
    SocketIo,
    Nats,
}

#[derive(Debug, Clone)]
pub enum How {
    Octave { program: String, data_in: Option<String>, postgres: Option<String> },
    Peer { framing: Framing, command: Vec<String> },
}

#[derive(Debug, Clone)]
pub struct Hub {
    pub name: String,
    pub how: How,
}

/// A hub that runs.
#[derive(Debug)]
pub struct Venue {
    pub server: Server,
    framing: Option<Framing>,
    /// Octave's sessions; empty for peers, which know nobody.
    pub tokens: Vec<String>,
    /// Where rooms are opened, if not where their members come: at another node.
    rooms_at: Option<SocketAddr>,
}

impl Hub {
    pub fn is_octave(&self) -> bool {
        matches!(self.how, How::Octave { .. })
    }

    /// Starts the hub; in Octave, registers `people`.
    pub fn start(&self, people: usize) -> Result<Venue> {
        self.start_on(people, false)
    }

    pub fn start_on(&self, people: usize, on_postgres: bool) -> Result<Venue> {
        match &self.how {
            How::Octave { program, data_in, postgres } => {
                let database = postgres.as_deref().filter(|_| on_postgres);
                let server = Server::octave(program, data_in.as_deref(), database)?;
                let tokens = octave::register(server.addr, people)?;
                Ok(Venue { server, framing: None, tokens, rooms_at: None })
            }
            How::Peer { framing, command } => {
                let (server, framing) = (Server::peer(command)?, Some(*framing));
                Ok(Venue { server, framing, tokens: Vec::new(), rooms_at: None })
            }
        }
    }
}

impl Venue {
    /// A node of a cluster at which members are; rooms run at the node that listens at `rooms_at`.
    pub fn node(server: Server, tokens: Vec<String>, rooms_at: SocketAddr) -> Self {
        Self { server, framing: None, tokens, rooms_at: Some(rooms_at) }
    }

    /// Opens `rooms` rooms that nobody is in.
    pub fn open(&self, rooms: usize) -> Result<Box<dyn Dialect>> {
        let addr = self.server.addr;
        Ok(match self.framing {
            Some(Framing::Plain) => Box::new(Plain { addr }),
            Some(Framing::SocketIo) => Box::new(SocketIo { addr }),
            Some(Framing::Nats) => Box::new(Nats { addr }),
            None => {
                let stages = octave::open_stages(self.rooms_at.unwrap_or(addr), &self.tokens[0], rooms)?;
                if let Some(at) = self.rooms_at {
                    octave::begin(at, &self.tokens[0], &stages)?;
                }
                Box::new(Octave { addr, tokens: self.tokens.clone(), stages })
            }
        })
    }

    pub fn is_octave(&self) -> bool {
        self.framing.is_none()
    }
}
