//! What became of the last requests that carried a nonce, so that one that is sent twice is found without asking the store.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use octave_protocol::UserId;

use super::limits::NONCES;

#[derive(Debug)]
pub(super) struct Nonces<T> {
    known: HashMap<(UserId, Arc<str>), T>,
    order: VecDeque<(UserId, Arc<str>)>,
}

impl<T> Default for Nonces<T> {
    fn default() -> Self {
        Self { known: HashMap::new(), order: VecDeque::new() }
    }
}

impl<T: Copy> Nonces<T> {
    pub(super) fn get(&self, who: UserId, nonce: &Arc<str>) -> Option<T> {
        self.known.get(&(who, nonce.clone())).copied()
    }

    /// Forgets the oldest for it.
    pub(super) fn remember(&mut self, who: UserId, nonce: Arc<str>, what: T) {
        let key = (who, nonce);
        if self.known.insert(key.clone(), what).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > NONCES
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}
