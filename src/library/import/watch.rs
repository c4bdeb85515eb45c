//! Following a folder: what comes into it becomes songs once nobody writes to it any more.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::{Event, EventKind, RecursiveMode, Watcher as _};
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

/// A file that has been quiet for so long is whole.
const QUIET: Duration = Duration::from_secs(2);

/// A folder that is never quiet is read through after so long nevertheless.
const PATIENCE: Duration = Duration::from_mins(1);

/// Changes that wait to be looked at; when there are more, the folder is read through.
const MOST: usize = 10_000;

/// What became quiet.
#[derive(Debug, PartialEq, Eq)]
pub enum Changed {
    Path(PathBuf),
    /// Too much for single notices: anything may have changed.
    Anything,
}

/// A folder that is followed as long as this lives.
pub struct Watch {
    notices: mpsc::Receiver<PathBuf>,
    missed: Arc<Notify>,
    waiting: HashMap<PathBuf, Instant>,
    rescan: Option<Rescan>,
    _watcher: Option<notify::RecommendedWatcher>,
}

/// The folder is to be read through once it is quiet, and after a while in any case.
#[derive(Clone, Copy)]
struct Rescan {
    quiet: Instant,
    latest: Instant,
}

impl Watch {
    pub fn new(dir: &Path) -> notify::Result<Self> {
        let (watch, ear) = Self::listening();
        let mut watcher = notify::recommended_watcher(move |event| ear.hear(event))?;
        watcher.watch(dir, RecursiveMode::Recursive)?;
        Ok(Self { _watcher: Some(watcher), ..watch })
    }

    fn listening() -> (Self, Ear) {
        let (send, notices) = mpsc::channel(MOST);
        let missed = Arc::new(Notify::new());
        let ear = Ear { send, missed: missed.clone() };
        (Self { notices, missed, waiting: HashMap::new(), rescan: None, _watcher: None }, ear)
    }

    /// The next path that has been quiet for a while; none when the folder can't be followed any longer.
    pub async fn next(&mut self) -> Option<Changed> {
        loop {
            let first = self.waiting.iter().min_by_key(|(_, due)| **due).map(|(path, due)| (path.clone(), *due));
            let rescan = self.rescan.map(|rescan| rescan.quiet.min(rescan.latest));
            let due = rescan.or(first.as_ref().map(|(_, due)| *due));
            tokio::select! {
                () = self.missed.notified() => self.missed_some(),
                notice = self.notices.recv() => self.noticed(notice?),
                () = tokio::time::sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    if self.rescan.take().is_some() {
                        return Some(Changed::Anything);
                    }
                    let (path, _) = first?;
                    self.waiting.remove(&path);
                    return Some(Changed::Path(path));
                }
            }
        }
    }

    fn noticed(&mut self, path: PathBuf) {
        let quiet = Instant::now() + QUIET;
        match &mut self.rescan {
            Some(rescan) => rescan.quiet = quiet,
            None if self.waiting.len() >= MOST => self.missed_some(),
            None => drop(self.waiting.insert(path, quiet)),
        }
    }

    /// What waits is found by reading through.
    fn missed_some(&mut self) {
        let now = Instant::now();
        self.waiting.clear();
        let latest = self.rescan.map_or(now + PATIENCE, |rescan| rescan.latest);
        self.rescan = Some(Rescan { quiet: now + QUIET, latest });
    }
}

/// Hears what the system tells of a folder.
struct Ear {
    send: mpsc::Sender<PathBuf>,
    missed: Arc<Notify>,
}

impl Ear {
    fn hear(&self, event: notify::Result<Event>) {
        let Ok(event) = event else { return self.missed.notify_one() };
        if event.need_rescan() {
            self.missed.notify_one();
        }
        if matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_)) {
            for path in event.paths {
                if self.send.try_send(path).is_err() {
                    self.missed.notify_one();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, Flag};

    use super::*;

    #[tokio::test]
    async fn a_file_is_told_once_when_it_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let mut watch = Watch::new(dir.path()).unwrap();
        let path = dir.path().join("a.mp3");
        for _ in 0..3 {
            std::fs::write(&path, "part").unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        let begun = Instant::now();
        assert_eq!(watch.next().await, Some(Changed::Path(path.clone())));
        assert!(begun.elapsed() > Duration::from_secs(1));
        let more = tokio::time::timeout(Duration::from_secs(3), watch.next()).await;
        assert!(more.is_err(), "{more:?}");
    }

    fn created(path: &str) -> Event {
        Event::new(EventKind::Create(CreateKind::File)).add_path(path.into())
    }

    #[tokio::test(start_paused = true)]
    async fn after_missed_notices_all_is_read_through_once() {
        let missed: [fn(&Ear); 3] = [
            |ear| ear.hear(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan))),
            |ear| ear.hear(Err(notify::Error::generic("gone"))),
            |ear| (0..=MOST).for_each(|n| ear.hear(Ok(created(&n.to_string())))),
        ];
        for miss in missed {
            let (mut watch, ear) = Watch::listening();
            ear.hear(Ok(created("before")));
            miss(&ear);
            assert_eq!(watch.next().await, Some(Changed::Anything));
            ear.hear(Ok(created("after")));
            assert_eq!(watch.next().await, Some(Changed::Path("after".into())));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn all_is_read_through_when_nobody_writes_and_at_last_in_any_case() {
        let (mut watch, ear) = Watch::listening();
        let begun = Instant::now();
        ear.hear(Err(notify::Error::generic("gone")));
        for _ in 0..5 {
            assert!(tokio::time::timeout(QUIET / 2, watch.next()).await.is_err());
            ear.hear(Ok(created("part")));
        }
        assert_eq!(watch.next().await, Some(Changed::Anything));
        assert!((QUIET * 3..QUIET * 4).contains(&begun.elapsed()), "{:?}", begun.elapsed());

        let begun = Instant::now();
        ear.hear(Err(notify::Error::generic("gone")));
        let told = loop {
            ear.hear(Ok(created("log")));
            if let Ok(told) = tokio::time::timeout(QUIET / 2, watch.next()).await {
                break told;
            }
        };
        assert_eq!((told, begun.elapsed()), (Some(Changed::Anything), PATIENCE));
    }
}
