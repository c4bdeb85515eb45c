//! Whose token this is, asked of the database in batches.
//!
//! A question costs its way to the database and back far more than the look-up itself, and after a network's hiccup
//! thousands of clients come back at once. What gathers while one question is answered goes into the next, as in a group
//! commit: a lone request waits for nothing, and nothing is remembered, so a login that has ended has ended.

use std::collections::HashMap;

use tokio::sync::{mpsc, oneshot};

use crate::clock::Clock;
use crate::store::sessions::{self, Login, TOGETHER, TokenHash};
use crate::store::{Db, Result};

/// Questions that may wait; askers beyond wait for room.
const WAITING: usize = 1_024;

/// The way to the look-ups; cheap to clone. They end with the last of it.
#[derive(Debug, Clone)]
pub struct Logins {
    questions: mpsc::Sender<Question>,
}

#[derive(Debug)]
struct Question {
    token: TokenHash,
    answer: oneshot::Sender<Result<Option<Login>>>,
}

impl Logins {
    /// Starts the task that asks.
    pub fn start(db: Db, clock: Clock) -> Self {
        let (questions, queue) = mpsc::channel(WAITING);
        tokio::spawn(answer(db, clock, queue));
        Self { questions }
    }

    /// The login of a token, unless it has expired.
    pub async fn find(&self, token: TokenHash) -> Result<Option<Login>> {
        let (answer, answered) = oneshot::channel();
        // Only a runtime that is going down drops a question; nobody is let in then.
        if self.questions.send(Question { token, answer }).await.is_err() {
            return Ok(None);
        }
        answered.await.unwrap_or(Ok(None))
    }
}

async fn answer(db: Db, clock: Clock, mut queue: mpsc::Receiver<Question>) {
    let mut together = Vec::with_capacity(TOGETHER);
    while queue.recv_many(&mut together, TOGETHER).await > 0 {
        // Whoever is about to ask gets to ask.
        tokio::task::yield_now().await;
        while together.len() < TOGETHER
            && let Ok(question) = queue.try_recv()
        {
            together.push(question);
        }
        let tokens: Vec<TokenHash> = together.iter().map(|q| q.token).collect();
        let found = match tokens.as_slice() {
            [_] => None,
            // If it fails, each question is asked alone, to fail or succeed for itself.
            many => sessions::find_together(&db, many, clock.now()).await.ok(),
        };
        let found: Option<HashMap<TokenHash, Login>> = found.map(|logins| logins.into_iter().collect());
        for Question { token, answer } in together.drain(..) {
            let login = match &found {
                Some(found) => Ok(found.get(&token).cloned()),
                None => sessions::find(&db, &token, clock.now()).await,
            };
            // Who asked may have gone.
            drop(answer.send(login));
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use octave_protocol::{Duration, UserId};

    use super::*;
    use crate::store::sessions::NewSession;
    use crate::store::testing::both;
    use crate::store::users::{self, NewAccount};

    #[tokio::test]
    async fn a_crowd_is_answered_as_each_alone_would_be() {
        both(|db| async move {
            let clock = Clock::start();
            let account = NewAccount { username: "ana", email: "a@example.org", password_hash: "", is_admin: false };
            let user: UserId = users::create(&db, account, clock.now()).await.unwrap().id;
            for (number, life) in [(1, 60), (2, 60), (3, -1)] {
                let expires = clock.now() + Duration::from_secs(life);
                let token = &[number; 32];
                let new = NewSession { user, token, user_agent: "", address: "", expires };
                sessions::create(&db, new, clock.now()).await.unwrap();
            }
            let logins = Logins::start(db.clone(), clock);
            let asked: Vec<u8> = (0..200).map(|n| n % 5).collect();
            let answers = join_all(asked.iter().map(|n| logins.find([*n; 32]))).await;
            for (number, answer) in asked.iter().zip(answers) {
                let is_good = matches!(number, 1 | 2);
                assert_eq!(answer.unwrap().is_some(), is_good, "token {number}");
            }
        })
        .await;
    }
}
