//! Whose token this is, asked of the database in batches, and remembered for some seconds.
//!
//! A question costs its way to the database and back far more than the look-up itself, and after a network's hiccup
//! thousands of clients come back at once. What gathers while one question is answered goes into the next, as in a group
//! commit: a lone request waits for nothing. A page that opens asks ten things with one token, so the answer is kept for a
//! moment; whoever changes an account or ends a login calls [`Logins::forget`], and it holds from then on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use octave_protocol::UserId;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::base::budget;
use crate::base::clock::Clock;
use crate::store::sessions::{self, Login, TOGETHER, TokenHash};
use crate::store::{Db, Result, StoreError};

/// Questions that may wait; askers beyond wait for room.
const WAITING: usize = 1_024;

/// How long an answer holds that nobody has called off: what the command line changes beside a running server.
const REMEMBERED: Duration = Duration::from_secs(5);

/// Logins remembered at a time, of some 300 bytes each.
const REMEMBERED_MOST: usize = 10_000;

/// The way to the look-ups; cheap to clone. They end with the last of it.
#[derive(Debug, Clone)]
pub struct Logins {
    questions: mpsc::Sender<Question>,
    memory: Arc<Mutex<Memory>>,
}

/// What was answered a moment ago.
#[derive(Debug, Default)]
struct Memory {
    answers: HashMap<TokenHash, (Instant, Login)>,
    /// Rises when something is forgotten, so that an answer from before is not kept.
    forgotten: u64,
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
        Self { questions, memory: Arc::default() }
    }

    /// The login of a token, unless it has expired.
    pub async fn find(&self, token: TokenHash) -> Result<Option<Login>> {
        if let Some(login) = self.memory().recall(&token, Instant::now()) {
            return Ok(Some(login));
        }
        let forgotten = self.memory().forgotten;
        let found = self.ask(token).await?;
        if let Some(login) = &found {
            self.memory().keep(token, login, forgotten, Instant::now());
        }
        Ok(found)
    }

    /// Somebody's account or logins have changed.
    pub fn forget(&self, user: UserId) {
        let mut memory = self.memory();
        memory.forgotten += 1;
        memory.answers.retain(|_, (_, login)| login.account.id != user);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // Each change under the lock is whole.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask(&self, token: TokenHash) -> Result<Option<Login>> {
        let (answer, answered) = oneshot::channel();
        // Only a runtime that is going down drops a question; nobody is let in then.
        if self.questions.send(Question { token, answer }).await.is_err() {
            return Ok(None);
        }
        answered.await.unwrap_or(Ok(None))
    }
}

impl Memory {
    fn recall(&self, token: &TokenHash, now: Instant) -> Option<Login> {
        self.answers.get(token).filter(|(until, _)| now < *until).map(|(_, login)| login.clone())
    }

    /// Keeps an answer, unless something was forgotten since it was asked for.
    fn keep(&mut self, token: TokenHash, login: &Login, forgotten: u64, now: Instant) {
        if self.forgotten != forgotten {
            return;
        }
        if self.answers.len() >= REMEMBERED_MOST {
            self.answers.retain(|_, (until, _)| now < *until);
        }
        if self.answers.len() < REMEMBERED_MOST {
            self.answers.insert(token, (now + REMEMBERED, login.clone()));
        }
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
        let asked = budget::spend(async {
            match tokens.as_slice() {
                [one] => {
                    let found = sessions::find(&db, one, clock.now()).await?;
                    Ok(found.map(|login| (*one, login)).into_iter().collect())
                }
                many => sessions::find_together(&db, many, clock.now()).await,
            }
        })
        .await;
        match asked {
            Ok(logins) => {
                let found: HashMap<TokenHash, Login> = logins.into_iter().collect();
                for Question { token, answer } in together.drain(..) {
                    // Who asked may have gone.
                    drop(answer.send(Ok(found.get(&token).cloned())));
                }
            }
            // Whoever has waited behind a database that does not answer would wait as long once more.
            Err(StoreError::Unavailable(error)) => {
                tracing::debug!(%error, "nobody can be let in: the database does not answer");
                while let Ok(question) = queue.try_recv() {
                    together.push(question);
                }
                for Question { answer, .. } in together.drain(..) {
                    drop(answer.send(Err(StoreError::silent())));
                }
            }
            // One of them is to blame: each is asked alone, to fail or succeed for itself.
            Err(_) => {
                for Question { token, answer } in together.drain(..) {
                    drop(answer.send(sessions::find(&db, &token, clock.now()).await));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use octave_protocol::Duration;

    use super::*;
    use crate::store::sessions::NewSession;
    use crate::store::testing::both;
    use crate::store::users::{self, NewAccount};

    async fn ana(db: &Db, clock: Clock) -> UserId {
        let account = NewAccount { username: "ana", email: "a@example.org", password_hash: "", is_admin: false };
        users::create(db, account, clock.now()).await.unwrap().id
    }

    #[tokio::test]
    async fn a_crowd_is_answered_as_each_alone_would_be() {
        both(|db| async move {
            let clock = Clock::start();
            let user = ana(&db, clock).await;
            for (number, life) in [(1, 60), (2, 60), (3, -1)] {
                let expires = clock.now() + Duration::from_secs(life);
                let token = &[number; 32];
                let new = NewSession { user, token, user_agent: "", address: "", expires, password_hash: "" };
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

    #[tokio::test]
    async fn a_login_that_was_called_off_is_not_remembered_nor_one_that_was_read_before() {
        both(|db| async move {
            let clock = Clock::start();
            let user = ana(&db, clock).await;
            let token = &[7; 32];
            let expires = clock.now() + Duration::from_secs(60);
            let new = NewSession { user, token, user_agent: "", address: "", expires, password_hash: "" };
            sessions::create(&db, new, clock.now()).await.unwrap();
            let logins = Logins::start(db.clone(), clock);
            let login = logins.find(*token).await.unwrap().unwrap();

            sessions::revoke_others(&db, user, None).await.unwrap();
            assert!(logins.find(*token).await.unwrap().is_some(), "remembered");
            let before = logins.memory().forgotten;
            logins.forget(user);
            assert!(logins.find(*token).await.unwrap().is_none());
            let now = Instant::now();
            logins.memory().keep(*token, &login, before, now);
            assert!(logins.find(*token).await.unwrap().is_none());
            logins.memory().keep(*token, &login, before + 1, now);
            assert!(logins.memory().recall(token, now).is_some());
            assert!(logins.memory().recall(token, now + REMEMBERED).is_none(), "but not for long");
        })
        .await;
    }
}
