//! A line of messages from an owner to an edge, counted: the sender keeps the last ones, the reader finds what is missing.

use std::collections::VecDeque;

use bytes::Bytes;
use tokio::time::{Duration, Instant};

/// Bytes of messages that are kept to be sent again.
const KEPT_BYTES: usize = 1024 * 1024;
/// How long after it was asked for something may be asked for again.
const ASKED_EVERY: Duration = Duration::from_millis(200);

/// The sender's end.
#[derive(Debug)]
pub(in crate::stage) struct Line {
    /// The number of the next message; the first is 1.
    next: u64,
    kept: VecDeque<Bytes>,
    bytes: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self { next: 1, kept: VecDeque::new(), bytes: 0 }
    }
}

impl Line {
    pub(in crate::stage) fn next(&self) -> u64 {
        self.next
    }

    /// Keeps the message that has got the [next](Self::next) number.
    pub(in crate::stage) fn push(&mut self, message: Bytes) {
        self.next += 1;
        self.bytes += message.len();
        self.kept.push_back(message);
        while self.bytes > KEPT_BYTES && self.kept.len() > 1 {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        if let Some(oldest) = self.kept.pop_front() {
            self.bytes -= oldest.len();
        }
    }

    /// All from a number on, unless one of them is kept no more.
    pub(in crate::stage) fn from(&self, n: u64) -> Option<impl Iterator<Item = &Bytes>> {
        let behind = usize::try_from(self.next.checked_sub(n)?).ok()?;
        let skip = self.kept.len().checked_sub(behind)?;
        Some(self.kept.iter().skip(skip))
    }
}

/// What a reader makes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::stage) enum Taken {
    /// It is the next one.
    Next,
    /// It was taken before.
    Before,
    /// Something is missing in front of it: it will come once more, behind that.
    Early,
}

/// The reader's end.
#[derive(Debug)]
pub(in crate::stage) struct Reader {
    expects: u64,
    asked: Option<Instant>,
}

impl Default for Reader {
    fn default() -> Self {
        Self { expects: 1, asked: None }
    }
}

impl Reader {
    pub(in crate::stage) fn take(&mut self, n: u64) -> Taken {
        match n.cmp(&self.expects) {
            std::cmp::Ordering::Less => Taken::Before,
            std::cmp::Ordering::Greater => Taken::Early,
            std::cmp::Ordering::Equal => {
                self.expects += 1;
                self.asked = None;
                Taken::Next
            }
        }
    }

    /// From which number on to ask, when the sender is known to have sent all below `next`; not too often.
    pub(in crate::stage) fn missing(&mut self, next: u64, now: Instant) -> Option<u64> {
        let waits = self.asked.is_some_and(|asked| now < asked + ASKED_EVERY);
        if next <= self.expects || waits {
            return None;
        }
        self.asked = Some(now);
        Some(self.expects)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(n: u64) -> Bytes {
        n.to_be_bytes().to_vec().into()
    }

    fn number(message: &Bytes) -> u64 {
        u64::from_be_bytes(message[..8].try_into().unwrap())
    }

    #[test]
    fn what_is_kept_no_more_is_not_sent_in_parts() {
        let mut line = Line::default();
        for n in 1..=5_u8 {
            line.push(vec![n; KEPT_BYTES / 3].into());
        }
        assert!(line.from(2).is_none());
        assert_eq!(line.from(3).unwrap().map(|m| m[0]).collect::<Vec<_>>(), [3, 4, 5]);
        assert_eq!(line.from(6).unwrap().count(), 0);
        assert!(line.from(7).is_none(), "never sent");
    }

    proptest! {
        /// Whatever is lost, and whenever what comes late comes: the reader takes all, in order, each once.
        #[test]
        fn all_arrives_in_order_whatever_is_lost(
            lost in proptest::collection::vec(any::<bool>(), 1..80),
            lost_again in proptest::collection::vec(any::<bool>(), 1..40),
        ) {
            let (mut line, mut reader) = (Line::default(), Reader::default());
            let (mut taken, mut now) = (Vec::new(), Instant::now());
            let mut again = lost_again.iter().copied();
            let mut hear = |reader: &mut Reader, message: &Bytes| {
                let n = number(message);
                if reader.take(n) == Taken::Next {
                    taken.push(n);
                }
            };
            for lost in &lost {
                let next = message(line.next());
                line.push(next.clone());
                if !lost {
                    hear(&mut reader, &next);
                }
                now += Duration::from_millis(50);
                if let Some(from) = reader.missing(line.next(), now) {
                    for message in line.from(from).unwrap() {
                        if !again.next().unwrap_or(false) {
                            hear(&mut reader, message);
                        }
                    }
                }
            }
            // Beats go on.
            for _ in 0..100 {
                now += Duration::from_millis(250);
                let Some(from) = reader.missing(line.next(), now) else { continue };
                for message in line.from(from).unwrap() {
                    if !again.next().unwrap_or(false) {
                        hear(&mut reader, message);
                    }
                }
            }
            prop_assert_eq!(taken, (1..line.next()).collect::<Vec<_>>());
        }
    }
}
