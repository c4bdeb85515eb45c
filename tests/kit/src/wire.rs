//! A wire between a server and what it stands on, that can be made to carry nothing, or one way alone.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What a wire carries. What it does not carry waits, as on a line that has lost its packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carries {
    All,
    Nothing,
    /// What those say who are connected through it, alone.
    There,
    /// What they are answered, alone.
    Back,
}

/// A wire to `to`: the port of this machine at which it begins, and what it carries.
pub async fn lay(to: String) -> std::io::Result<(u16, Arc<watch::Sender<Carries>>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let carries = Arc::new(watch::Sender::new(Carries::All));
    let told = carries.clone();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            // Who can't be put through hears that the connection is closed.
            let Ok(far) = TcpStream::connect(&to).await else { continue };
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            tokio::spawn(carry(near_in, far_out, told.subscribe(), Carries::There));
            tokio::spawn(carry(far_in, near_out, told.subscribe(), Carries::Back));
        }
    });
    Ok((port, carries))
}

async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut carries: watch::Receiver<Carries>,
    way: Carries,
) -> Option<()> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let count = from.read(&mut bytes).await.ok().filter(|count| *count > 0)?;
        carries.wait_for(|carries| *carries == Carries::All || *carries == way).await.ok()?;
        to.write_all(&bytes[..count]).await.ok()?;
    }
}
