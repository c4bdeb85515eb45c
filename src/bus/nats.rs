//! The bus over NATS: one subject per node and one for all, nothing stored.
//!
//! What is sent waits in a queue of ours for the client, which holds it back while it is not connected. Beyond that it is
//! lost, and whoever counts finds out. What is larger than a server takes in one message goes in [`parts`].

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{Client, ConnectError, ConnectOptions, Event, ServerAddr, Subscriber};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::parts::{self, Parts};
use super::{Bus, Carrier, NodeId, Packet, To, packet};

/// Packets that wait to leave.
const WAITING: usize = 16_384;
/// Packets that have come and wait for us; beyond, the client drops what comes.
const INBOX: usize = 65_536;
/// A packet of more bytes than this is sent in parts, where it is more than one part.
const SMALL: usize = 32 * 1024;
/// Bytes of a part at most: others may send between two of them.
const PART: usize = 256 * 1024;
/// A connection on which nothing comes back is given up after two of these.
const PING_EVERY: Duration = Duration::from_secs(1);
/// How long the first connection may take.
const CONNECTS_WITHIN: Duration = Duration::from_secs(5);
/// The longest pause between two attempts to be connected again.
const PAUSE_MAX: Duration = Duration::from_millis(500);

struct Nats {
    client: Client,
    /// What all subjects of this cluster begin with.
    prefix: Arc<str>,
    queue: mpsc::Sender<(To, Bytes)>,
    inbox: mpsc::Sender<Packet>,
    /// Who reads what comes for the node.
    reading: Mutex<Option<AbortHandle>>,
}

impl fmt::Debug for Nats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nats").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// Whether NATS is there; cheap to clone.
#[derive(Debug, Clone)]
pub struct Link(Client);

impl Link {
    pub fn is_up(&self) -> bool {
        self.0.connection_state() == State::Connected
    }
}

/// Connects to the cluster of that name, and answers with what comes for this node.
///
/// # Errors
/// When no server answers at this URL, or none that lets us in.
pub async fn connect(url: &str, cluster: &str) -> Result<(Bus, Link, mpsc::Receiver<Packet>), ConnectError> {
    let servers: Vec<ServerAddr> =
        url.split(',').map(str::parse).collect::<Result<_, _>>().map_err(|error: std::io::Error| {
            ConnectError::with_source(async_nats::ConnectErrorKind::ServerParse, error)
        })?;
    let client = ConnectOptions::new()
        .name("octave")
        .ping_interval(PING_EVERY)
        .connection_timeout(CONNECTS_WITHIN)
        .subscription_capacity(INBOX)
        .reconnect_delay_callback(|attempt| {
            PAUSE_MAX.min(Duration::from_millis(50) * u32::try_from(attempt).unwrap_or(u32::MAX))
        })
        .event_callback(|event| async move { tell(&event) })
        .connect(servers)
        .await?;
    let (queue, waiting) = mpsc::channel(WAITING);
    let (inbox, packets) = mpsc::channel(INBOX);
    let prefix: Arc<str> = format!("octave.{cluster}").into();
    tokio::spawn(pump(client.clone(), prefix.clone(), waiting));
    let link = Link(client.clone());
    let bus = Bus::over(Nats { client, prefix, queue, inbox, reading: Mutex::default() });
    Ok((bus, link, packets))
}

fn tell(event: &Event) {
    match event {
        Event::Connected => tracing::info!("NATS is connected"),
        Event::Disconnected => tracing::warn!("NATS is away: stages of other nodes can't be reached"),
        Event::SlowConsumer(_) => tracing::warn!("what came over NATS found no room"),
        other => tracing::debug!(event = %other, "NATS"),
    }
}

fn subject(prefix: &str, to: To) -> String {
    match to {
        To::Node(id) => format!("{prefix}.node.{id}"),
        To::All => format!("{prefix}.all"),
    }
}

/// Hands over what waits, in order.
async fn pump(client: Client, prefix: Arc<str>, mut waiting: mpsc::Receiver<(To, Bytes)>) {
    let mut large = 0;
    while let Some((to, packet)) = waiting.recv().await {
        let subject = subject(&prefix, to);
        if packet.len() <= SMALL {
            publish(&client, subject, packet).await;
            continue;
        }
        large += 1;
        let most = client.server_info().max_payload.min(PART);
        for part in parts::split(packet::sender(&packet), large, &packet, most) {
            publish(&client, subject.clone(), part).await;
        }
    }
}

async fn publish(client: &Client, subject: String, packet: Bytes) {
    if let Err(error) = client.publish(subject, packet).await {
        // Whoever counts finds out.
        tracing::warn!(%error, "a packet could not be sent over NATS");
    }
}

async fn read(me: NodeId, mut mine: Subscriber, mut of_all: Subscriber, inbox: mpsc::Sender<Packet>) {
    let (mut parts, mut parts_of_all) = (Parts::default(), Parts::default());
    loop {
        let whole = tokio::select! {
            Some(message) = mine.next() => parts.take(message.payload),
            Some(message) = of_all.next() => parts_of_all.take(message.payload),
            else => return,
        };
        let Some(packet) = whole.and_then(Packet::decode).filter(|packet| packet.from != me) else { continue };
        if inbox.send(packet).await.is_err() {
            return;
        }
    }
}

impl Carrier for Nats {
    fn carry(&self, to: To, packet: Bytes) -> bool {
        self.queue.try_send((to, packet)).is_ok()
    }

    fn become_node(&self, id: NodeId) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mine = self.client.subscribe(subject(&self.prefix, To::Node(id))).await;
            let of_all = self.client.subscribe(subject(&self.prefix, To::All)).await;
            let (Ok(mine), Ok(of_all)) = (mine, of_all) else {
                // Only a client that was closed refuses, and this one is not.
                return tracing::error!("NATS takes no subscription");
            };
            let reading = tokio::spawn(read(id, mine, of_all, self.inbox.clone())).abort_handle();
            let before = self.reading.lock().unwrap_or_else(PoisonError::into_inner).replace(reading);
            if let Some(before) = before {
                before.abort();
            }
        })
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        if let Some(reading) = self.reading.lock().unwrap_or_else(PoisonError::into_inner).take() {
            reading.abort();
        }
    }
}
