//! Whose turn it is: heavy work is done a few jobs at a time, and nobody has two of the places. So whoever brings fifty files
//! waits for their own, and another one for no more than those who are at work.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use octave_protocol::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Debug)]
pub(super) struct Turns {
    places: Arc<Semaphore>,
    /// The lines of those who wait or work, before the places.
    lines: Mutex<HashMap<UserId, Weak<Semaphore>>>,
}

/// A place, until it is dropped: first the place is free, then the line moves on.
#[derive(Debug)]
pub(super) struct Turn {
    _place: OwnedSemaphorePermit,
    _head_of_line: Option<OwnedSemaphorePermit>,
}

impl Turns {
    pub(super) fn new(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), lines: Mutex::default() }
    }

    /// The next turn of whoever it is for; what is for nobody in particular stands in no line of its own. `None` when the
    /// process ends.
    pub(super) async fn next(&self, of: Option<UserId>) -> Option<Turn> {
        let head = match of {
            Some(user) => Some(self.line(user).acquire_owned().await.ok()?),
            None => None,
        };
        Some(Turn { _place: self.places.clone().acquire_owned().await.ok()?, _head_of_line: head })
    }

    fn line(&self, user: UserId) -> Arc<Semaphore> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(&user).and_then(Weak::upgrade) {
            return line;
        }
        lines.retain(|_, line| line.strong_count() > 0);
        let line = Arc::new(Semaphore::new(1));
        lines.insert(user, Arc::downgrade(&line));
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_brings_many_waits_for_their_own() {
        let [ana, ben, cleo] = [1, 2, 3].map(UserId);
        let turns = Arc::new(Turns::new(1));
        let order = Arc::new(Mutex::new(Vec::new()));
        let first = turns.next(Some(ana)).await.unwrap();
        let mut jobs = tokio::task::JoinSet::new();
        for user in [Some(ana), Some(ana), Some(ana), Some(ben), Some(cleo), None] {
            let (turns, order) = (turns.clone(), order.clone());
            jobs.spawn(async move {
                let _turn = turns.next(user).await.unwrap();
                order.lock().unwrap().push(user);
                tokio::task::yield_now().await;
            });
            tokio::task::yield_now().await;
        }
        drop(first);
        jobs.join_all().await;
        assert_eq!(*order.lock().unwrap(), [Some(ben), Some(cleo), None, Some(ana), Some(ana), Some(ana)]);
        turns.next(Some(UserId(4))).await.unwrap();
        assert_eq!(turns.lines.lock().unwrap().len(), 1, "nobody is remembered who brings nothing");
    }
}
