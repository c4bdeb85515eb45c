//! A foreign client of Octave, written against the contract alone. The acceptance tests speak through it.
//!
//! [`server`] runs the real program, [`api`] speaks HTTP to it, [`socket`] WebSocket. [`audio`] makes songs. [`kill`] is
//! the hardest of the exercises, [`faults`] has the others, [`figures`] the simplest of the measurements; a [`wire`] falls
//! silent, and so may a bucket.

pub mod api;
pub mod audio;
pub mod faults;
pub mod figures;
mod judge;
pub mod kill;
#[cfg(feature = "s3")]
pub mod s3;
pub mod server;
pub mod socket;
pub mod wire;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpSocket, TcpStream};

/// How long a client waits for what must come. Far above what a loaded machine needs: only a failure waits it out.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Connects, from an address of this machine if one is given.
pub(crate) async fn connect(to: SocketAddr, from: Option<IpAddr>) -> std::io::Result<TcpStream> {
    let Some(from) = from else { return TcpStream::connect(to).await };
    let socket = if from.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.bind((from, 0).into())?;
    socket.connect(to).await
}
