//! Users about whom something has changed, gathered until somebody looks.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use octave_protocol::UserId;
use tokio::sync::Notify;

#[derive(Debug, Default)]
pub struct Changes {
    users: Mutex<HashSet<UserId>>,
    some: Notify,
}

impl Changes {
    pub fn note(&self, user: UserId) {
        let mut users = self.users();
        let first = users.is_empty();
        users.insert(user);
        drop(users);
        if first {
            self.some.notify_one();
        }
    }

    /// All since the last look, possibly nobody.
    pub fn take(&self) -> HashSet<UserId> {
        std::mem::take(&mut *self.users())
    }

    /// Waits until there is somebody. For one task.
    pub async fn some(&self) {
        while self.users().is_empty() {
            self.some.notified().await;
        }
    }

    fn users(&self) -> MutexGuard<'_, HashSet<UserId>> {
        // Each change under the lock is whole.
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn whoever_waits_gets_all_that_gathered() {
        let changes = Arc::new(Changes::default());
        let waiting = tokio::spawn({
            let changes = changes.clone();
            async move {
                changes.some().await;
                changes.take()
            }
        });
        tokio::task::yield_now().await;
        for user in [1, 2, 1] {
            changes.note(UserId(user));
        }
        assert_eq!(waiting.await.unwrap(), HashSet::from([UserId(1), UserId(2)]));
        assert!(changes.take().is_empty());
    }
}
