//! A packet's bytes: a version, who sends it, what it is about, the length of its head, the head as JSON, and a body that
//! is passed on as it is. What a newer node adds to a head is left out by an older one, and a packet of a topic or a version
//! that it does not know is dropped: so nodes can be replaced one after the other.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::NodeId;

const VERSION: u8 = 1;

/// Version, topic, sender, length of the head.
const FIXED: usize = 1 + 1 + 8 + 4;

/// Who takes a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A stage's owner, from an edge.
    ToStage,
    /// An edge, from the stage's owner.
    ToEdge,
    /// Who is where, and what is told to people.
    People,
    /// The nodes themselves.
    Nodes,
}

impl Topic {
    const ALL: [Self; 4] = [Self::ToStage, Self::ToEdge, Self::People, Self::Nodes];

    fn of(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte)).copied()
    }
}

/// What has come.
#[derive(Debug, Clone)]
pub struct Packet {
    pub from: NodeId,
    pub topic: Topic,
    head: Bytes,
    pub body: Bytes,
}

impl Packet {
    /// None if it is none that this version understands.
    pub fn decode(mut bytes: Bytes) -> Option<Self> {
        if bytes.len() < FIXED || bytes.get_u8() != VERSION {
            return None;
        }
        let topic = Topic::of(bytes.get_u8())?;
        let from = NodeId(bytes.get_i64());
        let length = usize::try_from(bytes.get_u32()).ok()?;
        if bytes.len() < length {
            return None;
        }
        let head = bytes.split_to(length);
        Some(Self { from, topic, head, body: bytes })
    }

    /// The head, unless it is one of a newer version.
    pub fn head<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.head).ok()
    }
}

pub(super) fn encode<T: Serialize>(from: NodeId, topic: Topic, head: &T, body: &[u8]) -> Bytes {
    // Heads are structs with string keys, so encoding them can't fail; an empty head is no head.
    let head = serde_json::to_vec(head).unwrap_or_default();
    let mut out = BytesMut::with_capacity(FIXED + head.len() + body.len());
    out.put_u8(VERSION);
    out.put_u8(topic as u8);
    out.put_i64(from.0);
    out.put_u32(u32::try_from(head.len()).unwrap_or(u32::MAX));
    out.put_slice(&head);
    out.put_slice(body);
    out.freeze()
}

/// Who sends what [`encode`] has made.
pub(super) fn sender(packet: &Bytes) -> NodeId {
    let number = packet.get(2..10).and_then(|bytes| bytes.try_into().ok());
    NodeId(number.map_or(0, i64::from_be_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_arrives_as_it_was() {
        for topic in Topic::ALL {
            let sent = encode(NodeId(7), topic, &("head", 3), b"body");
            assert_eq!(sender(&sent), NodeId(7));
            let packet = Packet::decode(sent).unwrap();
            assert_eq!((packet.from, packet.topic, &*packet.body), (NodeId(7), topic, &b"body"[..]));
            assert_eq!(packet.head::<(String, i32)>().unwrap(), ("head".to_owned(), 3));
            assert!(packet.head::<i32>().is_none());
        }
    }

    #[test]
    fn what_is_cut_short_or_of_another_version_is_dropped() {
        let whole = encode(NodeId(7), Topic::People, &"head", b"");
        for length in 0..whole.len() {
            assert!(Packet::decode(whole.slice(..length)).is_none(), "{length}");
        }
        for (byte, value) in [(0, 2), (1, 9)] {
            let mut other = whole.to_vec();
            other[byte] = value;
            assert!(Packet::decode(other.into()).is_none());
        }
    }
}
