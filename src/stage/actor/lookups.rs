//! Questions to the store that a request raises. Answers come back in the order of the questions, as inputs of later
//! turns, and are decided on what is true then.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, StreamExt};
use octave_protocol::client::{RequestId, Resume};
use octave_protocol::model::Song;
use octave_protocol::{ErrorCode, Seq, UserId};

use super::{Actor, Asker};
use crate::stage::core::{Admission, Command, Event};
use crate::stage::handle::{ConnId, Member};
use crate::stage::limits::{BUSY_RETRY, LOOKUPS, QUEUE_ENTRIES};
use crate::stage::storage::{Door, Fault, Wanted};

#[derive(Default)]
pub(super) struct Lookups {
    open: FuturesOrdered<BoxFuture<'static, Found>>,
    /// Whose requests are under way, in order: what they ask next has to come behind.
    askers: VecDeque<ConnId>,
}

/// An answer of the store's, with the request that raised the question.
#[derive(Debug)]
pub(super) enum Found {
    Admission {
        member: Member,
        re: RequestId,
        resume: Option<Resume>,
        outcome: Result<Admission, Fault>,
    },
    Songs {
        conn: ConnId,
        re: RequestId,
        position: Option<u32>,
        outcome: Result<Vec<Arc<Song>>, Fault>,
    },
    Author {
        conn: ConnId,
        re: RequestId,
        chat: Seq,
        text: Option<Arc<str>>,
        outcome: Result<Option<UserId>, Fault>,
    },
    /// Nothing was asked: the request only kept its place behind one of the same connection.
    Request {
        conn: ConnId,
        re: RequestId,
        command: Command,
    },
    /// Whom the host has blocked by now.
    Blocks {
        host: UserId,
        asker: Asker,
        outcome: Result<HashSet<UserId>, Fault>,
    },
    Answers(Result<(), Fault>),
}

impl Lookups {
    /// Pending when nothing is asked.
    pub(super) async fn next(&mut self) -> Option<Found> {
        if self.open.is_empty() { std::future::pending().await } else { self.open.next().await }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.open.len() >= LOOKUPS
    }

    pub(super) fn has_request_of(&self, conn: ConnId) -> bool {
        self.askers.contains(&conn)
    }

    /// Keeps a request behind those before it.
    pub(super) fn keep_place(&mut self, conn: ConnId, re: RequestId, command: Command) {
        self.askers.push_back(conn);
        self.push(std::future::ready(Found::Request { conn, re, command }));
    }

    fn push(&mut self, question: impl Future<Output = Found> + Send + 'static) {
        self.open.push_back(Box::pin(question));
    }
}

impl fmt::Debug for Lookups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookups").field("open", &self.open.len()).finish_non_exhaustive()
    }
}

impl Actor {
    pub(super) fn look_up_admission(
        &mut self,
        member: Member,
        re: RequestId,
        resume: Option<Resume>,
        invite: Option<String>,
    ) {
        let about = self.room.about();
        let door = Door { stage: self.id, host: about.host.id, user: member.user.id, invite, at: self.now() };
        let store = self.world.store.clone();
        self.lookups.push(async move {
            let outcome = store.admission(door).await;
            Found::Admission { member, re, resume, outcome }
        });
    }

    pub(super) fn look_up_songs(&mut self, conn: ConnId, re: RequestId, wanted: Wanted, position: Option<u32>) {
        if self.lookups.is_full() {
            return self.busy(Asker::Socket { conn, re });
        }
        let store = self.world.store.clone();
        self.lookups.askers.push_back(conn);
        self.lookups.push(async move {
            let outcome = store.songs(wanted, QUEUE_ENTRIES + 1).await;
            Found::Songs { conn, re, position, outcome }
        });
    }

    pub(super) fn look_up_author(&mut self, conn: ConnId, re: RequestId, chat: Seq, text: Option<Arc<str>>) {
        if let Some(author) = self.chats.author(chat) {
            return self.edit(conn, re, chat, author, text);
        }
        if self.lookups.is_full() {
            return self.busy(Asker::Socket { conn, re });
        }
        let (store, stage) = (self.world.store.clone(), self.id);
        self.lookups.push(async move {
            let outcome = store.author(stage, chat).await;
            Found::Author { conn, re, chat, text, outcome }
        });
    }

    pub(super) fn look_up_blocks(&mut self, asker: Asker) {
        let (store, host) = (self.world.store.clone(), self.room.about().host.id);
        self.lookups.push(async move {
            let outcome = store.blocked(host).await;
            Found::Blocks { host, asker, outcome }
        });
    }

    /// Asks whether storage answers again.
    pub(super) fn look_for_storage(&mut self) {
        let store = self.world.store.clone();
        self.lookups.push(async move { Found::Answers(store.ping().await) });
    }

    pub(super) fn found(&mut self, found: Found) {
        if let Found::Songs { .. } | Found::Request { .. } = found {
            self.lookups.askers.pop_front();
        }
        match found {
            Found::Request { conn, re, command } => self.wish_now(conn, re, command),
            Found::Admission { member, re, resume, outcome } => match outcome {
                Ok(admission) => self.enter(member, re, resume, admission),
                Err(fault) => self.refuse_for_fault(Asker::Socket { conn: member.conn, re }, &fault),
            },
            Found::Songs { conn, re, position, outcome } => match outcome {
                Ok(songs) => self.wish_now(conn, re, Command::Add { songs: self.corrected(songs), position }),
                Err(fault) => self.refuse_for_fault(Asker::Socket { conn, re }, &fault),
            },
            Found::Author { conn, re, chat, text, outcome } => match outcome {
                Ok(Some(author)) => self.edit(conn, re, chat, author, text),
                Ok(None) => {
                    self.refuse_with(Asker::Socket { conn, re }, ErrorCode::NotFound, "no such line", None);
                }
                Err(fault) => self.refuse_for_fault(Asker::Socket { conn, re }, &fault),
            },
            // The stage was handed over meanwhile, and the new host's blocks are asked for by that.
            Found::Blocks { host, asker, .. } if host != self.room.about().host.id => self.answer_ok(asker),
            Found::Blocks { asker, outcome, .. } => match outcome {
                Ok(users) => {
                    self.happen(&[Event::Shuns { users }], self.now());
                    self.batch.shuts_out = true;
                    self.answer_ok(asker);
                }
                Err(fault) => self.refuse_for_fault(asker, &fault),
            },
            Found::Answers(outcome) => self.storage_looked_for(outcome.is_ok()),
        }
        self.forget_corrections();
    }

    pub(super) fn busy(&mut self, asker: Asker) {
        self.refuse_with(asker, ErrorCode::Busy, "the stage is too busy", Some(BUSY_RETRY));
    }
}
