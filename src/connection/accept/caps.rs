//! How many sockets one address and one user may have open.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use octave_protocol::UserId;

use crate::connection::core::Pacing;
use crate::connection::limits::{MAX_SOCKETS_PER_ADDRESS, MAX_SOCKETS_PER_USER};

/// Counts open sockets.
#[derive(Debug)]
pub struct Caps {
    pacing: Pacing,
    most_per_address: u32,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    by_address: HashMap<IpAddr, u32>,
    by_user: HashMap<UserId, u32>,
}

/// One socket's place; given back when dropped.
#[derive(Debug)]
pub struct Permit {
    caps: Arc<Caps>,
    address: IpAddr,
    user: Option<UserId>,
}

impl Caps {
    /// For WebSocket connections.
    pub fn new(pacing: Pacing) -> Arc<Self> {
        Self::with_most_per_address(pacing, MAX_SOCKETS_PER_ADDRESS)
    }

    /// For connections of another kind, which have no user.
    pub fn with_most_per_address(pacing: Pacing, most_per_address: u32) -> Arc<Self> {
        Arc::new(Self { pacing, most_per_address, open: Mutex::default() })
    }

    /// A place for one more from this address, if there is one.
    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Permit> {
        let most = self.most(self.most_per_address);
        let taken = self.with(|open| take(&mut open.by_address, address, most));
        taken.then(|| Permit { caps: self.clone(), address, user: None })
    }

    fn most(&self, limit: u32) -> u32 {
        match self.pacing {
            Pacing::Limited => limit,
            Pacing::Unlimited => u32::MAX,
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut Open) -> T) -> T {
        change(&mut self.open.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Permit {
    /// Counts the socket as this user's too, who has so many at other nodes; false if the user has too many.
    pub(in crate::connection) fn claim(&mut self, user: UserId, elsewhere: u32) -> bool {
        let most = self.caps.most(MAX_SOCKETS_PER_USER).saturating_sub(elsewhere);
        let taken = self.caps.with(|open| take(&mut open.by_user, user, most));
        if taken {
            self.user = Some(user);
        }
        taken
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.caps.with(|open| {
            give_back(&mut open.by_address, &self.address);
            if let Some(user) = self.user {
                give_back(&mut open.by_user, &user);
            }
        });
    }
}

fn take<K: Hash + Eq>(counts: &mut HashMap<K, u32>, key: K, most: u32) -> bool {
    let count = counts.entry(key).or_default();
    let free = *count < most;
    *count += u32::from(free);
    free
}

fn give_back<K: Hash + Eq>(counts: &mut HashMap<K, u32>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn a_place_comes_back_with_its_socket() {
        let caps = Caps::new(Pacing::Limited);
        let mut permits: Vec<_> = (0..MAX_SOCKETS_PER_ADDRESS).filter_map(|_| caps.admit(HERE)).collect();
        assert!(caps.admit(HERE).is_none());
        permits.pop();
        assert!(caps.admit(HERE).is_some());
    }

    #[test]
    fn a_user_has_a_cap_of_their_own() {
        let caps = Caps::new(Pacing::Limited);
        let mut permits: Vec<_> = (0..=MAX_SOCKETS_PER_USER).filter_map(|_| caps.admit(HERE)).collect();
        let last = permits.len() - 1;
        assert!(permits[..last].iter_mut().all(|permit| permit.claim(UserId(1), 0)));
        assert!(!permits[last].claim(UserId(1), 0));
        assert!(!permits[last].claim(UserId(2), MAX_SOCKETS_PER_USER), "all of them are elsewhere");
        assert!(permits[last].claim(UserId(2), MAX_SOCKETS_PER_USER - 1));
        drop(permits);
        assert!(caps.with(|open| open.by_address.is_empty() && open.by_user.is_empty()));
    }

    #[test]
    fn without_limits_there_is_no_cap() {
        let caps = Caps::new(Pacing::Unlimited);
        let permits: Vec<_> = (0..=MAX_SOCKETS_PER_ADDRESS).filter_map(|_| caps.admit(HERE)).collect();
        assert_eq!(permits.len(), MAX_SOCKETS_PER_ADDRESS as usize + 1);
    }
}
