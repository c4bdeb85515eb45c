//! Who may do what, and what comes of it.

use std::sync::Arc;

use octave_protocol::model::{Permission, QueueMode, Repeat, Role, Song, User};
use octave_protocol::text::shows_nothing;
use octave_protocol::{Duration, EntryId, Instant, MAX_CHAT_CHARS, Seq, UserId};

use super::{
    Attachment, Command, Decided, Durable, Entry, Immediate, Line, QueueEvent, Refusal, Stage, StageChange, Stat,
};
use crate::stage::limits::{
    BARRIER_PATIENCE_MAX, CROSSFADE_MAX, EMOJI_BYTES, MAX_WAITING_MOST, NONCE_BYTES, QUEUE_ENTRIES, SLOW_MODE_MAX,
    STAGE_TAGS,
};

pub(super) type Decision = Result<Decided, Refusal>;

/// A change that changes nothing.
pub(super) const NOTHING: Decided = Decided::Durable(Vec::new());

impl Stage {
    /// What `command`, given by `who`, brings about, maybe nothing.
    pub fn decide(&self, who: UserId, command: Command, now: Instant) -> Decision {
        Ok(self.in_order(self.without_speaker(self.decide_as_asked(who, command, now)?)))
    }

    fn decide_as_asked(&self, who: UserId, command: Command, now: Instant) -> Decision {
        match command {
            Command::Join { user, admission } => self.join(user, admission),
            Command::Leave => self.with(who, Immediate::Left { user: who }),
            Command::EditChat { chat, author, text } => self.edit_line(who, chat, author, text, now),
            Command::DeleteChat { chat, author } => {
                self.allow_on_line(who, author)?;
                Ok(Durable::ChatDeleted { chat, by: who, at: now }.into())
            }
            Command::Control(steer) => self.steer(who, steer, now).map(Decided::Immediate),
            Command::Add { songs, position } => {
                let person = self.people.get(who).ok_or(Refusal::NotJoined)?;
                self.add(&person.user, songs, position, now)
            }
            Command::Bring { user, songs, position } => {
                self.add(&user, songs, position.filter(|_| !self.is_arranged()), now)
            }
            Command::Remove { entry } => self.remove(who, entry),
            Command::Move { entry, position } => self.relocate(who, entry, position),
            Command::Correct { songs } => Ok(self.correct(songs)),
            Command::Clear => self.clear(who),
            Command::Shuffle { seed } => self.shuffle(who, seed, self.place_of_current()),
            Command::ShuffleRest { seed } => self.shuffle_rest(who, seed),
            Command::SetMode { repeat, shuffle } => self.set_mode(who, repeat, shuffle),
            Command::Vote { entry } => self.vote(who, entry),
            Command::Suggest { songs } => self.suggest(who, songs, now),
            Command::Accept { entry } => self.accept(who, entry, now),
            Command::Decline { entry } => self.decline(who, entry),
            Command::Withdraw { guest } => Ok(self.withdraw(guest)),
            Command::SkipVote => self.skip_vote(who),
            Command::Remotes { seats } => self.with(who, Immediate::Remotes { user: who, seats }),
            Command::Ready { rev } => self.of_sound(who, Immediate::Loading { user: who, ready: Some(rev) }),
            Command::Buffering => self.of_sound(who, Immediate::Loading { user: who, ready: None }),
            Command::Stat { error, reach } => {
                self.of_sound(who, Immediate::Measured { user: who, stat: Stat { error, reach, at: now } })
            }
            Command::React { emoji } if emoji.is_empty() || emoji.len() > EMOJI_BYTES => {
                Err(Refusal::Invalid("`emoji` is not an emoji"))
            }
            Command::React { emoji } => {
                self.allow_speech(who, now)?;
                self.with(who, Immediate::Reacted { user: who, emoji })
            }
            Command::Typing => {
                self.allow_speech(who, now)?;
                self.with(who, Immediate::Typed { user: who })
            }
            Command::Update(change) => self.update(who, change),
            Command::SetRole { user, role } => self.assign(who, user, role),
            Command::Kick { user } => self.kick(who, user),
            Command::Ban { user, banned } => self.ban(who, user, banned),
            Command::Mute { user, until } => self.mute(who, user, until, now),
            Command::Unmute { user } => self.unmute(who, user),
            Command::SendGuestsHome => self.send_guests_home(who),
            Command::Arrange => Ok(NOTHING),
            Command::Succeed => Ok(self.successor().map_or(NOTHING, |user| self.hand_over_to(user.clone(), None))),
            Command::ShutOut => Ok(self.shut_out()),
            Command::Close => Ok(Durable::Ended { by: who }.into()),
            Command::End => self.allow(who, Permission::Manage, Durable::Ended { by: who }),
        }
    }

    fn edit_line(&self, who: UserId, chat: Seq, author: UserId, text: Arc<str>, now: Instant) -> Decision {
        self.allow_on_line(who, author)?;
        self.allow_speech(who, now)?;
        Ok(Durable::ChatEdited { chat, text: chat_text(text)?, by: who, at: now }.into())
    }

    fn clear(&self, who: UserId) -> Decision {
        let keep = self.timeline.entry().filter(|id| self.queue.get(*id).is_some());
        self.allow(who, Permission::QueueEdit, QueueEvent::Cleared { keep, by: who })
    }

    fn shuffle_rest(&self, who: UserId, seed: u64) -> Decision {
        self.permit(who, Permission::QueueEdit)?;
        let place = self.place_of_current().ok_or(Refusal::Missing("nothing is current"))?;
        self.shuffle(who, seed, Some(place))
    }

    fn set_mode(&self, who: UserId, repeat: Option<Repeat>, shuffle: Option<bool>) -> Decision {
        if shuffle == Some(true) {
            self.permit(who, Permission::QueueEdit)?;
            self.by_hand()?;
        }
        let mode = self.queue.mode;
        let mode = QueueMode { repeat: repeat.unwrap_or(mode.repeat), shuffle: shuffle.unwrap_or(mode.shuffle) };
        self.allow(who, Permission::QueueEdit, QueueEvent::ModeSet { mode, by: who })
    }

    pub(super) fn validate(&self, change: &StageChange) -> Result<(), Refusal> {
        let StageChange { genres, playlist, start, .. } = change;
        if start.quorum_percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
            return Err(Refusal::Invalid("`quorum_percent` is 1 to 100"));
        }
        if start.patience.is_some_and(|patience| !(Duration::ZERO..=BARRIER_PATIENCE_MAX).contains(&patience)) {
            return Err(Refusal::Invalid("`patience_us` is 0 to 10 seconds"));
        }
        if change.slow_mode.is_some_and(|pause| !(Duration::ZERO..=SLOW_MODE_MAX).contains(&pause)) {
            return Err(Refusal::Invalid("`slow_mode_s` is 0 to 6 hours"));
        }
        if change.sound.crossfade.is_some_and(|fade| !(Duration::ZERO..=CROSSFADE_MAX).contains(&fade)) {
            return Err(Refusal::Invalid("`crossfade_us` is 0 to 12 seconds"));
        }
        if change.turns.max_waiting.flatten().is_some_and(|most| !(1..=MAX_WAITING_MOST).contains(&most)) {
            return Err(Refusal::Invalid("`max_waiting` is 1 to 1,000"));
        }
        if change.sound.percent.is_some_and(|percent| percent > 100) {
            return Err(Refusal::Invalid("`percent` is 0 to 100"));
        }
        let attached = &self.about.playlists;
        let one_more = matches!(playlist, Some(Attachment::Attach(id)) if !attached.contains(id));
        let many = genres.as_ref().is_some_and(|g| g.len() > STAGE_TAGS) || (one_more && attached.len() >= STAGE_TAGS);
        if many { Err(Refusal::Invalid("at most 50 genres and 50 playlists")) } else { Ok(()) }
    }

    /// A line of chat that `who` says, if they may.
    pub fn line(
        &self,
        who: UserId,
        text: Arc<str>,
        nonce: Option<Arc<str>>,
        reply_to: Option<Seq>,
        now: Instant,
    ) -> Result<Line, Refusal> {
        let person = self.people.get(who).ok_or(Refusal::NotJoined)?;
        self.allow_speech(who, now)?;
        allow_nonce(nonce.as_deref())?;
        if reply_to.is_some_and(|seq| seq.0 <= 0) {
            return Err(Refusal::Invalid("`reply_to` is the seq of a line"));
        }
        Ok(Line { from: person.user.clone(), text: chat_text(text)?, nonce, reply_to, at: now })
    }

    /// Where the current song stands, or stood, in the queue.
    fn place_of_current(&self) -> Option<i64> {
        self.timeline.track().and(self.timeline.cursor)
    }

    /// Shuffles what stands behind `place`: what has played stays where it is. Everything, if there is none.
    fn shuffle(&self, who: UserId, seed: u64, place: Option<i64>) -> Decision {
        let from = place.map_or(0, |place| self.queue.entries_up_to(place));
        let around = self.timeline.cursor;
        self.permit(who, Permission::QueueEdit)?;
        self.by_hand()?;
        Ok(QueueEvent::Shuffled { from, seed, around, by: who }.into())
    }

    fn allow_on_line(&self, who: UserId, author: UserId) -> Result<(), Refusal> {
        let allowed = who == author || self.may(who, Permission::Moderate);
        if allowed { Ok(()) } else { Err(Refusal::Forbidden) }
    }

    fn add(&self, by: &Arc<User>, songs: Vec<Arc<Song>>, position: Option<u32>, now: Instant) -> Decision {
        self.permit(by.id, Permission::QueueAdd)?;
        if songs.is_empty() {
            return Err(Refusal::Missing("nothing to add"));
        }
        if songs.len() + self.queue.len() > QUEUE_ENTRIES {
            return Err(Refusal::QueueFull);
        }
        self.allow_waiting(by.id, songs.len())?;
        if position.is_some() {
            self.by_hand()?;
        }
        let index = position.map_or(self.queue.len(), as_index);
        if index > self.queue.len() {
            return Err(Refusal::Invalid("`position` is outside the queue"));
        }
        let ords = self.queue.room_at(index, songs.len(), self.timeline.cursor);
        let entries = songs
            .into_iter()
            .zip(self.queue.next_id.0..)
            .map(|(song, id)| Arc::new(Entry { id: EntryId(id), song, added_by: by.clone(), added: now }));
        Ok(QueueEvent::Added { index, entries: entries.collect(), ords, by: by.id }.into())
    }

    /// Only what this stage speaks of, and tells otherwise. Costs a pass over the queue.
    fn correct(&self, songs: Vec<Arc<Song>>) -> Decided {
        let playing = self.timeline.track().map(|track| &track.song);
        let stale = self.queue.told_otherwise(&songs);
        let wanted = |song: &Arc<Song>| {
            stale.contains(&song.id)
                || self.suggests_otherwise(song)
                || playing.is_some_and(|playing| playing.id == song.id && playing != song)
        };
        let songs: Vec<_> = songs.into_iter().filter(wanted).collect();
        if songs.is_empty() { NOTHING } else { QueueEvent::Corrected { songs }.into() }
    }

    /// Who may not edit the queue may still take back what they added themselves.
    fn remove(&self, who: UserId, entry: EntryId) -> Decision {
        let found = self.queue.get(entry).ok_or(Refusal::Missing("no such entry in the queue"))?;
        if found.added_by.id != who || self.keeps_out(who) {
            self.permit(who, Permission::QueueEdit)?;
        }
        Ok(QueueEvent::Removed { entry, by: who }.into())
    }

    fn relocate(&self, who: UserId, entry: EntryId, position: u32) -> Decision {
        self.permit(who, Permission::QueueEdit)?;
        self.by_hand()?;
        let from = self.queue.index_of(entry).ok_or(Refusal::Missing("no such entry in the queue"))?;
        let index = as_index(position);
        if index >= self.queue.len() {
            return Err(Refusal::Invalid("`position` is outside the queue"));
        }
        if index == from {
            return Ok(NOTHING);
        }
        // Neighbours are looked up in the queue that still holds the entry.
        let gap = if index > from { index + 1 } else { index };
        let ords = self.queue.room_at(gap, 1, self.timeline.cursor);
        Ok(QueueEvent::Moved { entry, index, ords, by: who }.into())
    }

    fn vote(&self, who: UserId, entry: EntryId) -> Decision {
        if !self.people.contains(who) {
            return Err(Refusal::NotJoined);
        }
        self.permit(who, Permission::Vote)?;
        if self.queue.get(entry).is_none() {
            return Err(Refusal::Missing("no such entry in the queue"));
        }
        let news = !self.queue.has_voted(entry, who);
        Ok(if news { QueueEvent::Voted { entry, by: who }.into() } else { NOTHING })
    }

    fn skip_vote(&self, who: UserId) -> Decision {
        if !self.people.contains(who) {
            return Err(Refusal::NotJoined);
        }
        self.permit(who, Permission::Vote)?;
        let entry = self.timeline.entry().ok_or(Refusal::Missing("nothing plays"))?;
        let news = !self.skip_votes.contains(&who);
        Ok(Decided::Immediate(news.then_some(Immediate::SkipVoted { user: who, entry }).into_iter().collect()))
    }

    /// The host gives roles; who makes somebody else host becomes a moderator.
    fn assign(&self, who: UserId, user: Arc<User>, role: Role) -> Decision {
        self.permit(who, Permission::Manage)?;
        if user.id == self.about.host.id {
            return if role == Role::Host { Ok(NOTHING) } else { Err(Refusal::Invalid("name another host instead")) };
        }
        if self.is_banned(user.id) {
            return Err(Refusal::Invalid("that user is banned"));
        }
        if user.guest {
            return Err(Refusal::Invalid("a guest has no role: they make an account first"));
        }
        if self.role(user.id) == role {
            return Ok(NOTHING);
        }
        Ok(match role {
            Role::Host => self.hand_over_to(user, Some(who)),
            role => Durable::RoleSet { user, role, by: Some(who) }.into(),
        })
    }

    fn hand_over_to(&self, user: Arc<User>, by: Option<UserId>) -> Decided {
        let former = self.about.host.clone();
        Decided::Durable(vec![
            Durable::RoleSet { user, role: Role::Host, by },
            Durable::RoleSet { user: former, role: Role::Moderator, by },
        ])
    }

    fn allow_speech(&self, who: UserId, now: Instant) -> Result<(), Refusal> {
        if self.is_muted(who, now) {
            return Err(Refusal::Muted);
        }
        if self.is_let(who, Permission::Chat) { Ok(()) } else { Err(self.forbidden(who)) }
    }

    fn mute(&self, who: UserId, user: Arc<User>, until: Option<Instant>, now: Instant) -> Decision {
        self.allow_removal(who, user.id)?;
        if until.is_some_and(|until| until <= now) {
            return Err(Refusal::Invalid("`until_us` is over"));
        }
        let news = self.muted.get(&user.id).is_none_or(|mute| mute.until_us != until);
        Ok(if news { Durable::Muted { user, until, by: who }.into() } else { NOTHING })
    }

    fn unmute(&self, who: UserId, user: UserId) -> Decision {
        self.allow_removal(who, user)?;
        Ok(if self.muted.contains_key(&user) { Durable::Unmuted { user, by: who }.into() } else { NOTHING })
    }

    fn shut_out(&self) -> Decided {
        Decided::Durable(self.shunned_present().into_iter().map(|user| Durable::ShutOut { user }).collect())
    }

    /// Who moderates removes those of a lower role.
    fn allow_removal(&self, who: UserId, user: UserId) -> Result<(), Refusal> {
        self.permit(who, Permission::Moderate)?;
        if self.role(user).rank() >= self.role(who).rank() { Err(Refusal::Forbidden) } else { Ok(()) }
    }

    /// Nothing happens to who has just left.
    fn kick(&self, who: UserId, user: Arc<User>) -> Decision {
        self.allow_removal(who, user.id)?;
        let here = self.people.contains(user.id);
        Ok(if here { Durable::Kicked { user, by: who }.into() } else { NOTHING })
    }

    fn ban(&self, who: UserId, user: Arc<User>, banned: bool) -> Decision {
        self.allow_removal(who, user.id)?;
        Ok(match (banned, self.is_banned(user.id)) {
            (true, false) => Durable::Banned { user, by: who }.into(),
            (false, true) => Durable::Unbanned { user: user.id, by: who }.into(),
            (true, true) | (false, false) => NOTHING,
        })
    }

    pub(super) fn permit(&self, who: UserId, permission: Permission) -> Result<(), Refusal> {
        if self.may(who, permission) { Ok(()) } else { Err(self.forbidden(who)) }
    }

    fn allow(&self, who: UserId, permission: Permission, event: impl Into<Decided>) -> Decision {
        self.permit(who, permission)?;
        Ok(event.into())
    }

    fn with(&self, who: UserId, event: Immediate) -> Decision {
        if self.people.contains(who) { Ok(event.into()) } else { Err(Refusal::NotJoined) }
    }
}

fn chat_text(text: Arc<str>) -> Result<Arc<str>, Refusal> {
    if shows_nothing(&text) {
        return Err(Refusal::Invalid("`text` is empty"));
    }
    // A character has at least one byte, so short texts need no counting.
    if text.len() > MAX_CHAT_CHARS && text.chars().count() > MAX_CHAT_CHARS {
        return Err(Refusal::TooLong);
    }
    Ok(text)
}

fn as_index(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// A sender's own name for a request.
pub(super) fn allow_nonce(nonce: Option<&str>) -> Result<(), Refusal> {
    let fits = nonce.is_none_or(|nonce| (1..=NONCE_BYTES).contains(&nonce.len()));
    if fits { Ok(()) } else { Err(Refusal::Invalid("`nonce` has 1 to 64 bytes")) }
}
