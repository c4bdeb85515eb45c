//! A stream that gives up on a peer who takes nothing.
//!
//! Whoever asks for a song and does not read it holds a connection, a file and the kernel's buffers for as long as they
//! like. Sooner or later such a peer's window is full, a write waits, and this ends it. A slow peer is another matter. A
//! player that hears music at 64 kbit/s reads 8 KiB a second, but its kernel may open the window again for no less than
//! half of its buffer, which is 128 KiB on many: every 16 seconds; and one with a long way in hand stops reading for a
//! while. So everybody is waited for twice as long as that, and whoever has taken much for longer still. A browser whose song
//! is paused for minutes is cut off like any other; it asks for the rest with `Range` when it plays on.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use super::limits::{PATIENCE, PATIENCE_AT_MOST, TAKEN_AT_FIRST, TAKEN_FOR_A_SECOND, UNSENT_BYTES};

/// A TCP stream whose writes fail when the peer takes nothing for too long; the connection is reset then, so that neither
/// side nor the kernel keeps what is left of it.
#[derive(Debug)]
pub struct Patient {
    stream: TcpStream,
    taken: u64,
    /// Kept from one wait to the next.
    alarm: Option<Pin<Box<Sleep>>>,
    /// Whether the alarm is set for a wait that goes on.
    waits: bool,
}

/// How long a peer may take nothing that has taken so many bytes.
fn patience(taken: u64) -> Duration {
    let earned = Duration::from_secs(taken.saturating_sub(TAKEN_AT_FIRST) / TAKEN_FOR_A_SECOND);
    PATIENCE.saturating_add(earned).min(PATIENCE_AT_MOST)
}

impl Patient {
    pub fn new(stream: TcpStream) -> Self {
        // More than a little that the kernel keeps would hide for minutes whether a slow peer takes anything.
        if let Err(error) = unsent(&stream, UNSENT_BYTES) {
            tracing::debug!(%error, "what the kernel keeps unsent stays as it is");
        }
        Self { stream, taken: 0, alarm: None, waits: false }
    }

    /// The stream itself, for whoever has bounds of its own.
    pub fn into_inner(self) -> TcpStream {
        if let Err(error) = unsent(&self.stream, 0) {
            tracing::debug!(%error, "what the kernel keeps unsent stays as it is");
        }
        self.stream
    }

    fn take(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(done) => {
                self.taken += done.as_ref().map_or(0, |n| *n as u64);
                self.waits = false;
                Poll::Ready(done)
            }
            Poll::Pending => {
                ready!(self.wait(cx));
                tracing::debug!(taken = self.taken, "whoever asked takes nothing any more");
                drop(SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }

    /// Ready when it has been waited for long enough.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let patience = patience(self.taken);
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep(patience)));
        if !self.waits {
            self.waits = true;
            alarm.as_mut().reset(Instant::now() + patience);
        }
        alarm.as_mut().poll(cx)
    }
}

/// Bounds the bytes that the kernel keeps and has not sent; 0 leaves it to the kernel.
fn unsent(stream: &TcpStream, bytes: u32) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    SockRef::from(stream).set_tcp_notsent_lowat(bytes)?;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = (stream, bytes);
    Ok(())
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.take(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.take(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    // The kernel takes both at once.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
