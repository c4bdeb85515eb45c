//! Following a folder: what comes into it becomes songs once nobody writes to it any more.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{Event, EventKind, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// A file that has been quiet for so long is whole.
const QUIET: Duration = Duration::from_secs(2);

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
    missed: std::sync::Arc<tokio::sync::Notify>,
    waiting: HashMap<PathBuf, Instant>,
    _watcher: notify::RecommendedWatcher,
}

impl Watch {
    pub fn new(dir: &Path) -> notify::Result<Self> {
        let (send, notices) = mpsc::channel(MOST);
        let missed = std::sync::Arc::new(tokio::sync::Notify::new());
        let overflow = missed.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let Ok(event) = event else { return overflow.notify_one() };
            if event.need_rescan() {
                overflow.notify_one();
            }
            if matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_)) {
                for path in event.paths {
                    if send.try_send(path).is_err() {
                        overflow.notify_one();
                    }
                }
            }
        })?;
        watcher.watch(dir, RecursiveMode::Recursive)?;
        Ok(Self { notices, missed, waiting: HashMap::new(), _watcher: watcher })
    }

    /// The next path that has been quiet for a while; none when the folder can't be followed any longer.
    pub async fn next(&mut self) -> Option<Changed> {
        loop {
            let first = self.waiting.iter().min_by_key(|(_, due)| **due).map(|(path, due)| (path.clone(), *due));
            tokio::select! {
                () = self.missed.notified() => {
                    self.waiting.clear();
                    tokio::time::sleep(QUIET).await;
                    return Some(Changed::Anything);
                }
                notice = self.notices.recv() => {
                    self.waiting.insert(notice?, Instant::now() + QUIET);
                }
                () = tokio::time::sleep_until(first.as_ref().map_or_else(Instant::now, |(_, due)| *due)), if first.is_some() => {
                    let (path, _) = first?;
                    self.waiting.remove(&path);
                    return Some(Changed::Path(path));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
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
}
