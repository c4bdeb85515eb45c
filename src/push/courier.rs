//! Brings what concerns people to their devices, apart from whatever it is about: nobody waits for a push service.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use octave_protocol::model::NotificationKind;
use octave_protocol::{NotificationId, UserId};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::endpoint::{Endpoint, Reach};
use super::limits::{AT_ONCE, TRIED_AGAIN_AFTER, UNDER_WAY, WAITING};
use super::post::{Letter, Outcome, Post};
use super::seal::Device;
use super::vapid::Key;
use crate::base::clock::Clock;
use crate::store::push::Subscription;
use crate::store::{Db, notifications, push};

/// Whether a device is told of this kind: what somebody waits for, and would come for.
pub const fn is_pushed(kind: NotificationKind) -> bool {
    match kind {
        NotificationKind::Invite
        | NotificationKind::FriendRequest
        | NotificationKind::Mention
        | NotificationKind::Reply
        | NotificationKind::StageOpened => true,
        NotificationKind::FriendAccepted | NotificationKind::Comment | NotificationKind::AlbumAdded => false,
    }
}

/// Takes what is to be told; never waits.
#[derive(Debug, Clone)]
pub struct Pushes(mpsc::Sender<(UserId, NotificationId)>);

/// What is to be told.
#[derive(Debug)]
pub struct Due(mpsc::Receiver<(UserId, NotificationId)>);

impl Pushes {
    pub fn new() -> (Self, Due) {
        let (tell, due) = mpsc::channel(WAITING);
        (Self(tell), Due(due))
    }

    /// Tells this person's devices of a notification of theirs. Too many at once are not told; nor is anybody by a server
    /// that does not push.
    pub fn tell(&self, user: UserId, notification: NotificationId) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.0.try_send((user, notification)) {
            tracing::debug!("a device is not told: too much waits to be pushed");
        }
    }
}

/// How devices are told.
#[derive(Debug, Clone)]
pub struct How {
    pub reach: Reach,
    /// Where a push service's operator finds whoever runs this server.
    pub contact: String,
    pub tried_again_after: &'static [Duration],
}

impl How {
    pub fn new(reach: Reach, public_url: Option<&str>) -> Self {
        // Some services take nothing without one, and nothing else than https or mail.
        let contact = public_url.filter(|url| url.starts_with("https://")).unwrap_or("mailto:nobody@example.org");
        Self { reach, contact: contact.to_owned(), tried_again_after: &TRIED_AGAIN_AFTER }
    }
}

/// What is needed to tell anybody.
#[derive(Debug)]
struct Office {
    db: Db,
    clock: Clock,
    how: How,
    key: Key,
    post: Post,
    turns: Semaphore,
}

impl Due {
    /// Runs as long as the server. The key is made when somebody is told for the first time.
    pub async fn deliver(mut self, db: Db, clock: Clock, how: How) {
        if how.reach == Reach::Off {
            return;
        }
        let (mut office, mut under_way) = (None, JoinSet::new());
        while let Some((user, notification)) = self.0.recv().await {
            while under_way.try_join_next().is_some() {}
            let found = push::devices(&db, user, clock.now()).await;
            let found = found.inspect_err(|error| tracing::warn!(%error, "devices were not told")).unwrap_or_default();
            if found.is_empty() {
                continue;
            }
            if office.is_none() {
                office = Office::open(&db, clock, &how).await;
            }
            let Some(office) = &office else { continue };
            let Ok(Some(told)) = notifications::get(&db, user, notification).await else { continue };
            let words: Arc<[u8]> = serde_json::to_vec(&told).unwrap_or_default().into();
            for device in found {
                if under_way.len() >= UNDER_WAY {
                    under_way.join_next().await;
                }
                under_way.spawn(office.clone().tell(device, words.clone()));
            }
        }
    }
}

impl Office {
    async fn open(db: &Db, clock: Clock, how: &How) -> Option<Arc<Self>> {
        let key = Key::of(db, clock.now()).await;
        let key = key.inspect_err(|error| tracing::warn!(%error, "devices are not told")).ok()?;
        let post = Post::new(how.reach);
        let post = post.inspect_err(|error| tracing::warn!(%error, "devices are not told: no certificates")).ok()?;
        let turns = Semaphore::new(AT_ONCE);
        Some(Arc::new(Self { db: db.clone(), clock, how: how.clone(), key, post, turns }))
    }

    /// Tells one device, trying again a few times while its service does not take it.
    async fn tell(self: Arc<Self>, device: Subscription, words: Arc<[u8]>) {
        let Some(letter) = self.letter(&device, &words) else {
            tracing::warn!("a device is not told: its address or key is none, or there are too many words");
            return;
        };
        let host = letter.to.host();
        let mut pauses = self.how.tried_again_after.iter();
        loop {
            let outcome = match self.turns.acquire().await {
                Ok(_turn) => self.post.send(&letter).await,
                Err(_) => return,
            };
            match (outcome, pauses.next()) {
                (Outcome::Taken, _) => return,
                (Outcome::Gone, _) => return self.forget(&device).await,
                (Outcome::Refused(status), _) => return tracing::info!(%status, host, "a push service refuses"),
                (Outcome::NotNow, None) => return tracing::info!(host, "a push service does not answer"),
                (Outcome::NotNow, Some(pause)) => tokio::time::sleep(*pause).await,
            }
        }
    }

    fn letter(&self, device: &Subscription, words: &[u8]) -> Option<Letter> {
        let to = Endpoint::parse(&device.endpoint, self.how.reach).ok()?;
        let sealed: Bytes = Device::of(&device.p256dh, &device.auth)?.seal(words)?.into();
        let authorization = self.key.authorization(&to, &self.how.contact, self.clock.now())?;
        Some(Letter { to, authorization, sealed })
    }

    async fn forget(&self, device: &Subscription) {
        if let Err(error) = push::is_gone(&self.db, &device.endpoint).await {
            tracing::warn!(%error, "a device that is gone could not be forgotten");
        }
    }
}
