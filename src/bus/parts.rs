//! Packets that are larger than NATS takes, in parts.
//!
//! Parts of one packet follow one another, and arrive in their order or not at all. Where one is missing the packet is lost,
//! as a small one would be. A part begins with another version than a packet does, so a node that knows of none drops it.

use std::collections::HashMap;

use bytes::{Buf, BufMut, Bytes, BytesMut};

use super::NodeId;

const VERSION: u8 = 2;
/// Version, sender, which packet of theirs, which part, of how many.
const FIXED: usize = 1 + 8 + 8 + 4 + 4;
/// Bytes of a packet that is put together; nothing that is sent comes near.
const WHOLE_MAX: usize = 64 * 1024 * 1024;
/// Packets that may be half here: one for each node that sends.
const OPEN_MAX: usize = 1_024;

/// The packet in parts of at most so many bytes each; `id` tells it from the sender's others.
pub(super) fn split(from: NodeId, id: u64, packet: &Bytes, most: usize) -> impl Iterator<Item = Bytes> {
    let share = most.saturating_sub(FIXED).max(1);
    let of = u32::try_from(packet.len().div_ceil(share)).unwrap_or(u32::MAX);
    packet.chunks(share).zip(0_u32..).map(move |(bytes, n)| {
        let mut part = BytesMut::with_capacity(FIXED + bytes.len());
        part.put_u8(VERSION);
        part.put_i64(from.0);
        part.put_u64(id);
        part.put_u32(n);
        part.put_u32(of);
        part.put_slice(bytes);
        part.freeze()
    })
}

/// Puts together what comes on one subject.
#[derive(Debug, Default)]
pub(super) struct Parts(HashMap<NodeId, Open>);

#[derive(Debug)]
struct Open {
    id: u64,
    next: u32,
    bytes: BytesMut,
}

impl Parts {
    /// A whole packet, if this is one or the last part of one.
    pub(super) fn take(&mut self, mut bytes: Bytes) -> Option<Bytes> {
        if bytes.len() < FIXED || bytes[0] != VERSION {
            return Some(bytes);
        }
        bytes.advance(1);
        let (from, id, n, of) = (NodeId(bytes.get_i64()), bytes.get_u64(), bytes.get_u32(), bytes.get_u32());
        if n == 0 {
            if self.0.len() >= OPEN_MAX {
                self.0.clear();
            }
            self.0.insert(from, Open { id, next: 0, bytes: BytesMut::new() });
        }
        let open = self.0.get_mut(&from)?;
        if open.id != id || open.next != n || open.bytes.len() + bytes.len() > WHOLE_MAX {
            self.0.remove(&from);
            return None;
        }
        open.next += 1;
        open.bytes.extend_from_slice(&bytes);
        if open.next < of {
            return None;
        }
        self.0.remove(&from).map(|open| open.bytes.freeze())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: NodeId = NodeId(1);
    const BEN: NodeId = NodeId(2);

    fn packet(size: usize, byte: u8) -> Bytes {
        vec![byte; size].into()
    }

    fn parts(from: NodeId, id: u64, packet: &Bytes) -> Vec<Bytes> {
        split(from, id, packet, 100).collect()
    }

    #[test]
    fn what_is_split_is_put_together_again_whoever_else_sends_meanwhile() {
        let (ours, theirs) = (packet(1_000, 1), packet(740, 3));
        let (one, other) = (parts(ANA, 1, &ours), parts(BEN, 1, &theirs));
        assert!(one.iter().chain(&other).all(|part| part.len() <= 100));
        let mut gathered = Parts::default();
        let mut whole = Vec::new();
        for n in 0..one.len() {
            whole.extend([&one, &other].into_iter().filter_map(|all| gathered.take(all.get(n)?.clone())));
            // A small packet between them is none of theirs.
            assert_eq!(gathered.take(packet(40, 1)), Some(packet(40, 1)));
        }
        whole.sort();
        assert_eq!(whole, [ours, theirs]);
        assert!(gathered.0.is_empty());
    }

    #[test]
    fn where_a_part_is_missing_all_of_it_is_lost_and_the_next_one_arrives() {
        let (first, second) = (packet(1_000, 1), packet(500, 2));
        for lost in 0..parts(ANA, 1, &first).len() {
            let mut gathered = Parts::default();
            let mut sent = parts(ANA, 1, &first);
            sent.remove(lost);
            sent.extend(parts(ANA, 2, &second));
            let whole: Vec<Bytes> = sent.into_iter().filter_map(|part| gathered.take(part)).collect();
            assert_eq!(whole, std::slice::from_ref(&second), "without part {lost}");
        }
    }
}
