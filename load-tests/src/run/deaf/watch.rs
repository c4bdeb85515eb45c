//! What was said to deaf members and what they had taken of it tells what the server kept for them, and for how long.

use std::time::{Duration, Instant};

/// What was seen since some members were deaf.
#[derive(Debug)]
pub(super) struct Watch {
    began: Instant,
    seats: usize,
    /// Bytes that somebody who hears had heard before.
    before: u64,
    looks: Vec<Look>,
}

#[derive(Debug, Clone, Copy)]
struct Look {
    at: Duration,
    /// Bytes that were said to each member by then.
    said: u64,
    /// Members that the server had let go of by then.
    gone: usize,
}

/// The worst of all deaf members.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub(super) most_kept: u64,
    pub(super) longest_s: f64,
}

impl Watch {
    pub(super) fn new(seats: usize, heard: u64) -> Self {
        Self { began: Instant::now(), seats, before: heard, looks: Vec::new() }
    }

    pub(super) fn look(&mut self, seats: usize, heard: u64) {
        self.note(self.began.elapsed(), heard - self.before, self.seats.saturating_sub(seats));
    }

    fn note(&mut self, at: Duration, said: u64, gone: usize) {
        self.looks.push(Look { at, said, gone });
    }

    pub(super) fn gone(&self) -> usize {
        self.looks.last().map_or(0, |l| l.gone)
    }

    /// `taken`: bytes that each deaf member found in its kernel. Who found less was full earlier, and went earlier. For whom
    /// the server has not let go of at all, it has kept all that was said.
    pub(super) fn judge(&self, mut taken: Vec<u64>) -> Found {
        taken.sort_unstable();
        let last = self.looks.last().map_or((0, Duration::ZERO), |l| (l.said, l.at));
        let mut found = Found { most_kept: 0, longest_s: 0.0 };
        for (number, taken) in taken.into_iter().enumerate() {
            let (kept, waited) = match self.looks.iter().find(|l| l.gone > number) {
                Some(gone) => {
                    let full = self.looks.iter().find(|l| l.said > taken).map_or(gone.at, |l| l.at);
                    (gone.said.saturating_sub(taken), gone.at.saturating_sub(full))
                }
                None => last,
            };
            found.most_kept = found.most_kept.max(kept);
            found.longest_s = found.longest_s.max(waited.as_secs_f64());
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten bytes are said each second; one member is let go of after 6 s, another after 8.
    fn watch() -> Watch {
        let mut watch = Watch::new(2, 0);
        for second in 1..=9 {
            let gone = usize::from(second >= 6) + usize::from(second >= 8);
            watch.note(Duration::from_secs(second), second * 10, gone);
        }
        watch
    }

    #[test]
    fn what_was_said_and_not_taken_was_kept() {
        let found = watch().judge(vec![25, 15]);
        // The first: 15 of 60, full at the second second. The other one: 25 of 80, full at the third.
        assert_eq!(found, Found { most_kept: 55, longest_s: 5.0 });
    }

    #[test]
    fn for_whom_is_never_let_go_of_everything_is_kept() {
        let found = watch().judge(vec![15, 25, 90]);
        assert_eq!(found, Found { most_kept: 90, longest_s: 9.0 });
    }
}
