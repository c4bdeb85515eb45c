//! The last lines, for snapshots, and the last nonces, so that a line sent twice is found without asking the store.

use std::collections::VecDeque;
use std::sync::Arc;

use octave_protocol::model::ChatLine;
use octave_protocol::{Instant, Seq, UserId};

use crate::stage::limits::SNAPSHOT_CHATS;
use crate::stage::nonces::Nonces;

#[derive(Debug)]
pub(in crate::stage) struct Chats {
    last: VecDeque<ChatLine>,
    placed: Nonces<(Seq, Instant)>,
}

impl Chats {
    pub(in crate::stage) fn new(last: Vec<ChatLine>) -> Self {
        Self { last: last.into(), placed: Nonces::default() }
    }

    pub(in crate::stage) fn last(&self) -> &VecDeque<ChatLine> {
        &self.last
    }

    /// Who wrote a line of the last ones; none if it is older, or deleted.
    pub(in crate::stage) fn author(&self, chat: Seq) -> Option<UserId> {
        self.last.iter().find(|l| l.seq == chat && !l.deleted).map(|l| l.from.id)
    }

    pub(in crate::stage) fn said(&mut self, line: ChatLine) {
        if let Some(nonce) = &line.nonce {
            self.remember(line.from.id, nonce.clone(), line.seq, line.at_us);
        }
        if self.last.len() >= SNAPSHOT_CHATS {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    pub(in crate::stage) fn place_of(&self, who: UserId, nonce: &Arc<str>) -> Option<(Seq, Instant)> {
        self.placed.get(who, nonce)
    }

    pub(in crate::stage) fn remember(&mut self, who: UserId, nonce: Arc<str>, seq: Seq, at: Instant) {
        self.placed.remember(who, nonce, (seq, at));
    }

    pub(in crate::stage) fn edited(&mut self, chat: Seq, text: &Arc<str>, at: Instant) {
        if let Some(line) = self.line(chat) {
            line.text = text.clone();
            line.edited_us = Some(at);
        }
    }

    pub(in crate::stage) fn deleted(&mut self, chat: Seq) {
        if let Some(line) = self.line(chat) {
            line.text = "".into();
            line.deleted = true;
        }
    }

    fn line(&mut self, chat: Seq) -> Option<&mut ChatLine> {
        self.last.iter_mut().find(|line| line.seq == chat && !line.deleted)
    }
}
