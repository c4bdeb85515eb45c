//! How often one may try to log in, register, and speak up.
//!
//! A try takes a token from three buckets, and gives them back when the password was right: of the account from this
//! address, of the address, of the account. The first is small, so that guessing at one account ends soon; the last is
//! large and reached only by many addresses, so that nobody locks an owner out from elsewhere. Unknown names are
//! counted like known ones.

use std::net::IpAddr;

use dashmap::DashMap;
use octave_protocol::{Duration, Instant, UserId};
use sha2::{Digest, Sha256};

use crate::base::rate::{Bucket, Rate};

const ACCOUNT_AT_ADDRESS: Rate = Rate { burst: 10, every: Duration::from_secs(10) };
const ADDRESS: Rate = Rate { burst: 100, every: Duration::from_secs(1) };
const ACCOUNT: Rate = Rate { burst: 200, every: Duration::from_secs(5) };
const REGISTRATION: Rate = Rate { burst: 100, every: Duration::from_secs(2) };
const COMMENT: Rate = Rate { burst: 20, every: Duration::from_secs(3) };
const EXPORT: Rate = Rate { burst: 5, every: Duration::from_secs(600) };

/// Full buckets are forgotten when there are so many.
const MANY: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    AccountAtAddress([u8; 32], IpAddr),
    Address(IpAddr),
    Account([u8; 32]),
    Registration(IpAddr),
    Comment(UserId),
    Export(UserId),
}

impl Key {
    fn rate(&self) -> Rate {
        match self {
            Self::AccountAtAddress(..) => ACCOUNT_AT_ADDRESS,
            Self::Address(_) => ADDRESS,
            Self::Account(_) => ACCOUNT,
            Self::Registration(_) => REGISTRATION,
            Self::Comment(_) => COMMENT,
            Self::Export(_) => EXPORT,
        }
    }
}

/// The buckets of those who have tried of late.
#[derive(Debug, Default)]
pub struct Throttle {
    buckets: DashMap<Key, Bucket>,
}

/// A try that was let in.
#[derive(Debug)]
pub struct Attempt([Key; 3]);

impl Throttle {
    /// A try to log in; else how long to wait.
    pub fn login(&self, login_key: &str, address: IpAddr, now: Instant) -> Result<Attempt, Duration> {
        let account: [u8; 32] = Sha256::digest(login_key).into();
        let address = network(address);
        let keys = [Key::AccountAtAddress(account, address), Key::Address(address), Key::Account(account)];
        for (taken, key) in keys.iter().enumerate() {
            if let Err(wait) = self.take(key, now) {
                keys[..taken].iter().for_each(|key| self.give_back(key));
                return Err(wait);
            }
        }
        Ok(Attempt(keys))
    }

    /// The password was right.
    pub fn succeeded(&self, attempt: &Attempt) {
        attempt.0.iter().for_each(|key| self.give_back(key));
    }

    /// A try to register; else how long to wait.
    pub fn registration(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        self.take(&Key::Registration(network(address)), now)
    }

    /// A comment of somebody's; else how long to wait.
    pub fn comment(&self, by: UserId, now: Instant) -> Result<(), Duration> {
        self.take(&Key::Comment(by), now)
    }

    /// An export of all that is somebody's; else how long to wait.
    pub fn export(&self, by: UserId, now: Instant) -> Result<(), Duration> {
        self.take(&Key::Export(by), now)
    }

    fn take(&self, key: &Key, now: Instant) -> Result<(), Duration> {
        if self.buckets.len() > MANY {
            self.buckets.retain(|_, bucket| !bucket.is_full(now));
        }
        self.buckets.entry(key.clone()).or_default().take(key.rate(), now)
    }

    fn give_back(&self, key: &Key) {
        if let Some(mut bucket) = self.buckets.get_mut(key) {
            bucket.give_back(key.rate());
        }
    }
}

/// IPv6 hosts own a /64 and can change within it at will.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Instant = Instant(1_000_000_000);

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn guessing_ends_soon_and_the_owner_gets_in_from_elsewhere() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            throttle.login("ana", address(1), START).unwrap();
        }
        assert_eq!(throttle.login("ana", address(1), START).unwrap_err(), Duration::from_secs(10));
        throttle.login("ben", address(1), START).unwrap();
        throttle.login("ana", address(2), START).unwrap();
        throttle.login("ana", address(1), Instant(START.0 + 10_000_000)).unwrap();
        throttle.login("ana", address(1), Instant(START.0 + 10_000_000)).unwrap_err();
    }

    #[test]
    fn who_knows_the_password_is_never_slowed() {
        let throttle = Throttle::default();
        for _ in 0..1000 {
            let attempt = throttle.login("ana", address(1), START).unwrap();
            throttle.succeeded(&attempt);
        }
    }

    #[test]
    fn an_address_that_tries_many_names_is_stopped_without_cost_to_them() {
        let throttle = Throttle::default();
        let tried = (0..1000).take_while(|n| throttle.login(&format!("user{n}"), address(1), START).is_ok()).count();
        assert_eq!(tried, 100);
        for _ in 0..10 {
            throttle.login("user100", address(2), START).unwrap();
        }
    }

    #[test]
    fn neighbours_in_an_ipv6_network_are_one() {
        let (a, b): (IpAddr, IpAddr) = ("2001:db8::1".parse().unwrap(), "2001:db8::ffff".parse().unwrap());
        assert_eq!(network(a), network(b));
        assert_ne!(network(a), network("2001:db8:0:1::1".parse().unwrap()));
    }
}
