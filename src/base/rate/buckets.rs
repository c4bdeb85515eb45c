//! The buckets of many, in bounded memory.
//!
//! There are two generations. Who is heard of stands in the young one; when that is full it becomes the old one, and the
//! old one is forgotten. So whoever comes at least once in a generation is remembered, a flood of others costs a bounded
//! number of entries, and nothing has to be looked through to find what may go.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use octave_protocol::{Duration, Instant};

use super::{Bucket, Rate};

/// Entries of one generation. With an address as the key, both take some 4 MiB.
const GENERATION: usize = 50_000;

/// A bucket for each key, all of one rate.
#[derive(Debug)]
pub struct Buckets<K> {
    rate: Rate,
    most: usize,
    generations: Mutex<Generations<K>>,
}

#[derive(Debug)]
struct Generations<K> {
    young: HashMap<K, Bucket>,
    old: HashMap<K, Bucket>,
}

impl<K: Hash + Eq> Buckets<K> {
    pub fn new(rate: Rate) -> Self {
        Self::remembering(rate, GENERATION)
    }

    fn remembering(rate: Rate, most: usize) -> Self {
        let generations = Generations { young: HashMap::new(), old: HashMap::new() };
        Self { rate, most, generations: Mutex::new(generations) }
    }

    /// Takes one of what `key` has left; or says how long to wait for it.
    pub fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        self.take_many(key, 1, now)
    }

    /// Takes `count` at once; or none, and says how long to wait for them.
    pub fn take_many(&self, key: K, count: i64, now: Instant) -> Result<(), Duration> {
        self.with(key, |bucket, rate| bucket.take_many(rate, count, now))
    }

    /// Puts one back that was taken.
    pub fn give_back(&self, key: K) {
        self.with(key, Bucket::give_back);
    }

    fn with<T>(&self, key: K, act: impl FnOnce(&mut Bucket, Rate) -> T) -> T {
        // Each change under the lock is whole.
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let Generations { young, old } = &mut *generations;
        if let Some(bucket) = young.get_mut(&key) {
            return act(bucket, self.rate);
        }
        let mut bucket = old.remove(&key).unwrap_or_default();
        if young.len() >= self.most {
            *old = std::mem::take(young);
        }
        let done = act(&mut bucket, self.rate);
        young.insert(key, bucket);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Instant = Instant(1_000_000_000);
    const RATE: Rate = Rate { burst: 3, every: Duration::from_secs(1) };

    impl<K> Buckets<K> {
        fn remembered(&self) -> usize {
            let generations = self.generations.lock().unwrap();
            generations.young.len() + generations.old.len()
        }
    }

    #[test]
    fn each_has_a_bucket_and_more_than_is_left_is_not_taken_in_part() {
        let buckets = Buckets::new(RATE);
        buckets.take_many("ana", 2, START).unwrap();
        assert_eq!(buckets.take_many("ana", 2, START), Err(Duration::from_secs(1)));
        buckets.take("ana", START).unwrap();
        buckets.take("ana", START).unwrap_err();
        buckets.take_many("ben", 3, START).unwrap();
        buckets.give_back("ana");
        buckets.take("ana", START).unwrap();
    }

    #[test]
    fn a_million_keys_take_bounded_room_and_who_keeps_coming_is_remembered() {
        let buckets = Buckets::remembering(RATE, 1_000);
        for _ in 0..3 {
            buckets.take(u32::MAX, START).unwrap();
        }
        for key in 0..1_000_000 {
            buckets.take(key, START).unwrap();
            if key % 900 == 0 {
                buckets.take(u32::MAX, START).unwrap_err();
            }
        }
        assert!(buckets.remembered() <= 2_000, "{}", buckets.remembered());
    }
}
