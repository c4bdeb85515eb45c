//! Answers to one connection that wait for the batch.

use bytes::BytesMut;
use octave_protocol::ServerFrame;
use octave_protocol::client::RequestId;

use crate::wire::frame;

#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) bytes: BytesMut,
    /// Which request each of them answers, and where it ends.
    pub(super) ends: Vec<(Option<RequestId>, usize)>,
}

impl Answers {
    pub(super) fn push(&mut self, answer: &ServerFrame) {
        frame::put_json(&mut self.bytes, answer);
        self.ends.push((request_of(answer), self.bytes.len()));
    }
}

/// The request that a frame answers, of those that a stage answers.
pub(super) fn request_of(answer: &ServerFrame) -> Option<RequestId> {
    match answer {
        ServerFrame::Ok { re, .. } | ServerFrame::Ack { re, .. } | ServerFrame::Joined { re, .. } => Some(*re),
        ServerFrame::Error { re, .. } => *re,
        _ => None,
    }
}
