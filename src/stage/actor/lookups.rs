//! Questions to the store that a request raises. Answers come back in the order of the questions, as inputs of later
//! turns, and are decided on what is true then.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, StreamExt};
use octave_protocol::client::{RequestId, Resume};
use octave_protocol::model::Song;
use octave_protocol::{Seq, UserId};

use super::durable::PendingCommand;
use super::{Actor, Asker};
use crate::base::budget;
use crate::stage::core::{Admission, Immediate, LineChange, Purpose, Refusal};
use crate::stage::handle::{ConnId, Member, Request};
use crate::stage::limits::{LOOKUPS, LOOKUPS_OF_ONE, PLAYLIST_LOOKUPS, QUEUE_ENTRIES};
use crate::stage::storage::{Door, Fault, Wanted};

#[derive(Default)]
pub(super) struct Lookups {
    open: FuturesOrdered<BoxFuture<'static, Found>>,
    /// Whose requests are under way, in order: what they ask next has to come behind.
    askers: VecDeque<Asking>,
    /// The lines whose authors are looked up, in order, and whether they were deleted meanwhile.
    lines: VecDeque<(Seq, bool)>,
    /// How many playlists are under way; each may be as long as a queue.
    playlists: usize,
    /// What is asked now is asked by a request that has kept its place: the answer comes before all that is kept behind it.
    in_place: bool,
}

/// A request of a connection that is under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking {
    pub(super) conn: ConnId,
    pub(super) re: Option<RequestId>,
    /// Who wants to come in, if that is what is asked.
    pub(super) comer: Option<UserId>,
}

impl Asking {
    fn joins(member: &Member, re: RequestId) -> Self {
        Self { conn: member.conn, re: Some(re), comer: Some(member.user.id) }
    }

    fn by(conn: ConnId, asker: &Asker) -> Self {
        let re = if let Asker::Socket { re, .. } = asker { Some(*re) } else { None };
        Self { conn, re, comer: None }
    }
}

/// An answer of the store's, with the request that raised the question.
#[derive(Debug)]
pub(super) enum Found {
    /// What was said before this epoch can be told now, or not.
    Past {
        member: Member,
        re: RequestId,
        resume: Option<Resume>,
        invite: Option<String>,
        outcome: Result<(), Fault>,
    },
    Admission {
        member: Member,
        re: RequestId,
        resume: Option<Resume>,
        outcome: Result<Admission, Fault>,
    },
    Songs {
        conn: ConnId,
        adding: Adding,
        outcome: Result<Vec<Arc<Song>>, Fault>,
    },
    Author {
        conn: ConnId,
        asker: Asker,
        change: LineChange,
        outcome: Result<Option<UserId>, Fault>,
    },
    /// Nothing was asked: the request only kept its place behind one of the same connection.
    Request(Request),
    /// Whom the host has blocked by now.
    Blocks {
        host: UserId,
        asker: Asker,
        outcome: Result<HashSet<UserId>, Fault>,
    },
    Answers(Result<(), Fault>),
}

/// Songs that somebody wants to add or suggests, before they are found.
#[derive(Debug)]
pub(super) struct Adding {
    pub(super) asker: Asker,
    pub(super) nonce: Option<Arc<str>>,
    pub(super) wanted: Wanted,
    pub(super) purpose: Purpose,
}

impl Lookups {
    /// Pending when nothing is asked.
    pub(super) async fn next(&mut self) -> Option<Found> {
        if self.open.is_empty() { std::future::pending().await } else { self.open.next().await }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether one more of this connection's can't be kept.
    pub(super) fn are_full_for(&self, conn: ConnId) -> bool {
        let theirs = || self.askers.iter().filter(|asking| asking.conn == conn).count();
        self.open.len() >= LOOKUPS || (!self.askers.is_empty() && theirs() >= LOOKUPS_OF_ONE)
    }

    pub(super) fn has_request_of(&self, conn: ConnId) -> bool {
        self.askers.iter().any(|asking| asking.conn == conn)
    }

    /// Keeps a request behind those before it.
    pub(super) fn keep_place(&mut self, conn: ConnId, request: Request) {
        let asking = Asking::by(conn, &Asker::of(&request));
        self.push(asking, std::future::ready(Found::Request(request)));
    }

    /// Lets go of all that is under way; whoever asked is to be told.
    pub(super) fn give_up(&mut self) -> Vec<Asking> {
        std::mem::take(self).askers.into()
    }

    /// What is asked of a line that was deleted comes to nothing.
    pub(super) fn line_deleted(&mut self, chat: Seq) {
        for (line, deleted) in &mut self.lines {
            *deleted |= *line == chat;
        }
    }

    fn push(&mut self, asking: Asking, question: impl Future<Output = Found> + Send + 'static) {
        if self.in_place {
            self.askers.push_front(asking);
            self.open.push_front(Box::pin(budget::spend(question)));
        } else {
            self.askers.push_back(asking);
            self.open.push_back(Box::pin(budget::spend(question)));
        }
    }

    /// A question of the stage's own.
    fn ask(&mut self, question: impl Future<Output = Found> + Send + 'static) {
        self.open.push_back(Box::pin(question));
    }

    fn ask_for_author_of(&mut self, chat: Seq) {
        if self.in_place { self.lines.push_front((chat, false)) } else { self.lines.push_back((chat, false)) }
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
        let about = self.stage.about();
        let door = Door { stage: self.id, host: about.host.id, user: member.user.id, invite, at: self.now() };
        let store = self.world.store.clone();
        self.lookups.push(Asking::joins(&member, re), async move {
            let outcome = store.admission(door).await;
            Found::Admission { member, re, resume, outcome }
        });
    }

    /// However many come back together, it is read once.
    pub(super) fn look_up_past(
        &mut self,
        member: Member,
        re: RequestId,
        resume: Option<Resume>,
        invite: Option<String>,
    ) {
        let read = self.past.read(self.now(), self.id, self.world.store.clone());
        self.lookups.push(Asking::joins(&member, re), async move {
            let outcome = read.await;
            Found::Past { member, re, resume, invite, outcome }
        });
    }

    pub(super) fn look_up_songs(&mut self, conn: ConnId, adding: Adding) {
        let is_long = matches!(adding.wanted, Wanted::Playlist { .. });
        if self.lookups.are_full_for(conn) || (is_long && self.lookups.playlists >= PLAYLIST_LOOKUPS) {
            return self.busy(adding.asker);
        }
        self.lookups.playlists += usize::from(is_long);
        let store = self.world.store.clone();
        self.lookups.push(Asking::by(conn, &adding.asker), async move {
            let outcome = store.songs(adding.wanted, QUEUE_ENTRIES + 1).await;
            Found::Songs { conn, adding, outcome }
        });
    }

    pub(super) fn look_up_author(&mut self, conn: ConnId, asker: Asker, change: LineChange) {
        if self.lookups.are_full_for(conn) {
            return self.busy(asker);
        }
        let (store, stage) = (self.world.store.clone(), self.id);
        self.lookups.ask_for_author_of(change.chat);
        self.lookups.push(Asking::by(conn, &asker), async move {
            let outcome = store.author(stage, change.chat).await;
            Found::Author { conn, asker, change, outcome }
        });
    }

    pub(super) fn look_up_blocks(&mut self, asker: Asker) {
        let (store, host) = (self.world.store.clone(), self.stage.about().host.id);
        self.lookups.ask(async move {
            let outcome = store.blocked(host).await;
            Found::Blocks { host, asker, outcome }
        });
    }

    /// Asks whether storage answers again.
    pub(super) fn look_for_storage(&mut self) {
        let store = self.world.store.clone();
        self.lookups.ask(async move { Found::Answers(store.ping().await) });
    }

    pub(super) fn found(&mut self, found: Found) {
        if !matches!(found, Found::Answers(_) | Found::Blocks { .. }) {
            self.lookups.askers.pop_front();
        }
        match found {
            Found::Request(request) => {
                self.lookups.in_place = true;
                self.take_up(request);
                self.lookups.in_place = false;
            }
            Found::Past { member, re, resume, invite, outcome } => {
                // Who can't be told what they have missed gets a snapshot, as a newcomer does.
                let resume = resume.filter(|_| outcome.is_ok());
                self.lookups.in_place = true;
                self.join(member, re, resume, invite);
                self.lookups.in_place = false;
            }
            Found::Admission { member, re, resume, outcome } => match outcome {
                Ok(admission) => self.enter(member, re, resume, admission),
                Err(fault) => self.refuse_for_fault(Asker::Socket { conn: member.conn, re }, &fault),
            },
            Found::Songs { conn, adding: Adding { asker, nonce, wanted, purpose }, outcome } => {
                self.lookups.playlists -= usize::from(matches!(wanted, Wanted::Playlist { .. }));
                match (self.asks_at(conn), outcome) {
                    (Some(who), Ok(songs)) => {
                        let command = purpose.of(self.corrected(songs));
                        self.submit(PendingCommand { who, asker, command, nonce });
                    }
                    (None, Ok(_)) => self.refuse(asker, Refusal::NotJoined),
                    (_, Err(fault)) => self.refuse_for_fault(asker, &fault),
                }
            }
            Found::Author { conn, asker, change, outcome } => {
                let deleted = self.lookups.lines.pop_front().is_some_and(|(_, deleted)| deleted);
                match (self.asks_at(conn), outcome) {
                    (Some(who), Ok(Some(author))) if !deleted => self.change_line_of(author, who, asker, change),
                    (None, Ok(Some(_))) if !deleted => self.refuse(asker, Refusal::NotJoined),
                    (_, Ok(_)) => self.refuse(asker, Refusal::Missing("no such line")),
                    (_, Err(fault)) => self.refuse_for_fault(asker, &fault),
                }
            }
            // The stage was handed over meanwhile, and the new host's blocks are asked for by that.
            Found::Blocks { host, asker, .. } if host != self.stage.about().host.id => self.answer_ok(asker),
            Found::Blocks { asker, outcome, .. } => match outcome {
                Ok(users) => {
                    self.apply(&Immediate::Shuns { users }, self.now());
                    self.next_job.shuts_out = true;
                    self.answer_ok(asker);
                }
                Err(fault) => self.refuse_for_fault(asker, &fault),
            },
            Found::Answers(outcome) => self.storage_looked_for(outcome.is_ok()),
        }
        self.forget_corrections();
    }
}
