//! Which pictures were worked on last, and what became of them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::ImageName;
use super::super::name::Hash;

/// Albums that come at once are few; each is one picture, or a few.
const MOST: usize = 32;

/// The last few covers by the hash of the bytes that they were made of.
#[derive(Debug, Default)]
pub(in super::super) struct Remembered(Mutex<VecDeque<(Hash, ImageName)>>);

impl Remembered {
    pub(super) fn of(&self, source: &Hash) -> Option<ImageName> {
        self.all().iter().find(|(hash, _)| hash == source).map(|(_, name)| name.clone())
    }

    pub(super) fn put(&self, source: Hash, name: ImageName) {
        let mut all = self.all();
        all.retain(|(hash, _)| *hash != source);
        all.push_front((source, name));
        all.truncate(MOST);
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<(Hash, ImageName)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_few_are_known() {
        let remembered = Remembered::default();
        let hash = |n: usize| Hash::of(&[u8::try_from(n).unwrap(); 32]);
        let name = |n: usize| ImageName::new(&hash(n));
        for n in (0..=MOST).chain([1]) {
            remembered.put(hash(n), name(n));
        }
        assert_eq!((remembered.of(&hash(0)), remembered.of(&hash(1))), (None, Some(name(1))));
        remembered.put(hash(0), name(0));
        assert_eq!((remembered.of(&hash(2)), remembered.of(&hash(3))), (None, Some(name(3))));
    }
}
