//! The mirror against one that was made from a fresh snapshot.

use std::fmt::Debug;

use super::Mirror;

pub(super) fn differences(mirror: &Mirror, fresh: &Mirror) -> Vec<String> {
    let mut found = Found(Vec::new());
    found.compare("position", &mirror.position(), &fresh.position());
    found.compare("stage.name", &mirror.stage.name, &fresh.stage.name);
    found.compare("stage.visibility", &mirror.stage.visibility, &fresh.stage.visibility);
    found.compare("stage.control", &mirror.stage.control, &fresh.stage.control);
    found.compare("timeline", &mirror.timeline, &fresh.timeline);
    found.compare("queue.rev", &mirror.queue.rev, &fresh.queue.rev);
    found.compare("queue.total", &mirror.queue.total, &fresh.queue.total);
    found.compare("queue.mode", &mirror.queue.mode, &fresh.queue.mode);
    if let (Some(ours), Some(theirs)) = (&mirror.queue.items, &fresh.queue.items) {
        found.compare("queue.items", ours, theirs);
    }
    found.compare("listeners", &mirror.listeners, &fresh.listeners);
    if mirror.people_complete && fresh.people_complete {
        found.compare("participants", &mirror.people, &fresh.people);
    }
    // A mirror may look back further than the snapshot: the last lines count.
    let common = mirror.chats.len().min(fresh.chats.len());
    let ours = mirror.chats.iter().skip(mirror.chats.len() - common);
    let theirs = fresh.chats.iter().skip(fresh.chats.len() - common);
    for (own, other) in ours.zip(theirs) {
        found.compare(&format!("chat {}", other.seq), own, other);
    }
    found.0
}

struct Found(Vec<String>);

impl Found {
    fn compare<T: PartialEq + Debug>(&mut self, what: &str, ours: &T, theirs: &T) {
        if ours != theirs {
            self.0.push(format!("{what}: the mirror has {ours:?}, a newcomer {theirs:?}"));
        }
    }
}
