//! What waits for a socket that would block: shared slices in three lanes.
//!
//! The rest of a frame that was begun must leave first, or the stream would be garbage. Then what is urgent (pongs),
//! then everything else in its order. Only here, on the slow path, are frame boundaries looked for.

use std::collections::VecDeque;
use std::io::IoSlice;

use bytes::{Buf, Bytes};
use tokio::time::Instant;

use super::frame;

/// Whom a run of frames may overtake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// Leaves before all that is not urgent.
    Urgent,
    InOrder,
}

#[derive(Debug)]
struct Waiting {
    run: Bytes,
    since: Instant,
}

/// Never kept empty: a connection without a backlog has none of this allocated.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    /// The rest of the one frame that has partly left.
    begun: Option<Waiting>,
    urgent: VecDeque<Waiting>,
    in_order: VecDeque<Waiting>,
    bytes: usize,
}

impl Backlog {
    /// Keeps `run`, of which the first `written` bytes have left; more than none only if nothing waited before.
    pub(super) fn keep(&mut self, run: &Bytes, written: usize, lane: Lane, since: Instant) {
        self.bytes += run.len() - written;
        let rest = self.begin(run.clone(), written, since);
        if !rest.is_empty() {
            self.lane(lane).push_back(Waiting { run: rest, since });
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Since when the oldest frame waits.
    pub(super) fn oldest(&self) -> Option<Instant> {
        let fronts = [self.begun.as_ref(), self.urgent.front(), self.in_order.front()];
        fronts.into_iter().flatten().map(|w| w.since).min()
    }

    /// Drops all but the rest of the frame that was begun.
    pub(super) fn abandon(&mut self) {
        self.urgent.clear();
        self.in_order.clear();
        self.bytes = self.begun.as_ref().map_or(0, |w| w.run.len());
    }

    /// Fills `slices` with what leaves next and returns how many.
    pub(super) fn next<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let lanes = self.begun.iter().chain(&self.urgent).chain(&self.in_order);
        slices.iter_mut().zip(lanes).map(|(slice, waiting)| *slice = IoSlice::new(&waiting.run)).count()
    }

    /// Forgets the first `written` bytes of what [`next`](Self::next) showed.
    pub(super) fn advance(&mut self, mut written: usize) {
        self.bytes -= written;
        if let Some(begun) = &mut self.begun {
            let of_it = written.min(begun.run.len());
            begun.run.advance(of_it);
            written -= of_it;
            if begun.run.is_empty() {
                self.begun = None;
            }
        }
        while written > 0 {
            let lane = if self.urgent.is_empty() { Lane::InOrder } else { Lane::Urgent };
            let Some(Waiting { run, since }) = self.lane(lane).pop_front() else { return };
            let of_it = written.min(run.len());
            written -= of_it;
            if of_it < run.len() {
                let rest = self.begin(run, of_it, since);
                if !rest.is_empty() {
                    self.lane(lane).push_front(Waiting { run: rest, since });
                }
            }
        }
    }

    /// The frames that wait, in the order in which they would leave.
    pub(super) fn into_runs(self) -> Vec<Bytes> {
        self.begun.into_iter().chain(self.urgent).chain(self.in_order).map(|w| w.run).collect()
    }

    fn lane(&mut self, lane: Lane) -> &mut VecDeque<Waiting> {
        match lane {
            Lane::Urgent => &mut self.urgent,
            Lane::InOrder => &mut self.in_order,
        }
    }

    /// Remembers the frame that the first `written` bytes of `run` end in, and returns the whole frames after it.
    fn begin(&mut self, mut run: Bytes, written: usize, since: Instant) -> Bytes {
        if written == 0 {
            return run;
        }
        let rest = run.split_off(frame::boundary(&run, written));
        run.advance(written);
        if !run.is_empty() {
            self.begun = Some(Waiting { run, since });
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use octave_protocol::CloseCode;
    use proptest::prelude::*;

    use super::*;

    fn run(texts: &[&str]) -> Bytes {
        let mut out = BytesMut::new();
        for text in texts {
            frame::put_json(&mut out, text);
        }
        out.freeze()
    }

    fn drain(backlog: &mut Backlog, step: usize) -> Vec<u8> {
        let mut out = Vec::new();
        while !backlog.is_empty() {
            let mut slices = [IoSlice::new(&[]); 4];
            let count = backlog.next(&mut slices);
            let left = slices[..count].iter().flat_map(|s| s.iter().copied()).take(step).collect::<Vec<_>>();
            backlog.advance(left.len());
            out.extend(left);
        }
        out
    }

    #[test]
    fn an_urgent_frame_overtakes_whole_frames_but_never_splits_one() {
        let (first, second) = (run(&["one"]), run(&["two"]));
        let both = run(&["one", "two"]);
        let pong = frame::close(CloseCode::Normal, "any frame");
        let mut backlog = Backlog::default();
        backlog.keep(&both, 3, Lane::InOrder, Instant::now());
        backlog.keep(&pong, 0, Lane::Urgent, Instant::now());
        assert_eq!(drain(&mut backlog, 1), [&first[3..], &pong, &second].concat());
    }

    #[test]
    fn what_is_abandoned_leaves_only_the_rest_of_the_frame_that_was_begun() {
        let both = run(&["one", "two"]);
        let mut backlog = Backlog::default();
        backlog.keep(&both, 3, Lane::InOrder, Instant::now());
        backlog.abandon();
        assert_eq!(drain(&mut backlog, 9), run(&["one"])[3..]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_reordered_however_the_socket_takes_it(
            runs in proptest::collection::vec(proptest::collection::vec("[a-z]{0,300}", 1..4), 1..8),
            taken in 0_usize..200,
            step in 1_usize..700,
        ) {
            let runs: Vec<Bytes> = runs
                .iter()
                .map(|texts| run(&texts.iter().map(String::as_str).collect::<Vec<_>>()))
                .collect();
            let taken = taken.min(runs[0].len() - 1);
            let mut backlog = Backlog::default();
            for (i, run) in runs.iter().enumerate() {
                backlog.keep(run, if i == 0 { taken } else { 0 }, Lane::InOrder, Instant::now());
            }
            prop_assert_eq!(drain(&mut backlog, step), &runs.concat()[taken..]);
        }
    }
}
