//! A wire between a server and its database that can be made to carry nothing.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A wire to `to`: the port of this machine at which it begins, and whether it is silent.
pub async fn lay(to: String) -> std::io::Result<(u16, Arc<watch::Sender<bool>>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let silent = Arc::new(watch::Sender::new(false));
    let heard = silent.clone();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            // Who can't be put through hears that the connection is closed.
            let Ok(far) = TcpStream::connect(&to).await else { continue };
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            tokio::spawn(carry(near_in, far_out, heard.subscribe()));
            tokio::spawn(carry(far_in, near_out, heard.subscribe()));
        }
    });
    Ok((port, silent))
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut silent: watch::Receiver<bool>) -> Option<()> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let count = from.read(&mut bytes).await.ok().filter(|count| *count > 0)?;
        silent.wait_for(|silent| !silent).await.ok()?;
        to.write_all(&bytes[..count]).await.ok()?;
    }
}
