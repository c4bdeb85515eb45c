//! How often one may try to log in, register, and speak up.
//!
//! A try at a password takes a token from three buckets, and gives them back when the password was right: of the account
//! from this address, of the address, of the account from anywhere. The first is small, so that guessing ends soon; the
//! last bounds what many addresses can do together, and would lock the owner out with them. So a device on which somebody
//! has logged in to the account before ([`known_device`](super::known_device)) has a bucket of its own, which nobody else
//! can empty. Unknown names are counted like known ones.

use std::net::IpAddr;
use std::sync::OnceLock;

use octave_protocol::{Duration, Instant, UserId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base::rate::{Buckets, Rate};
use crate::bus::{Bus, To, Topic};

const ACCOUNT_AT_ADDRESS: Rate = Rate { burst: 10, every: Duration::from_secs(10) };
const ADDRESS: Rate = Rate { burst: 100, every: Duration::from_secs(1) };
/// 40 at once and 1,440 a day: what is not among the commonest passwords is not found by that.
const ACCOUNT: Rate = Rate { burst: 40, every: Duration::from_secs(60) };
const DEVICE: Rate = Rate { burst: 10, every: Duration::from_secs(30) };
/// A hall of people who all register at once, and 720 accounts a day.
const REGISTRATION: Rate = Rate { burst: 50, every: Duration::from_secs(120) };
/// A party behind one address, and 1,440 guests a day.
const GUEST: Rate = Rate { burst: 60, every: Duration::from_secs(60) };
const COMMENT: Rate = Rate { burst: 20, every: Duration::from_secs(3) };
const EXPORT: Rate = Rate { burst: 5, every: Duration::from_secs(600) };

/// SHA-256 of what a password is tried on.
type Account = [u8; 32];

/// The buckets of those who have tried of late.
#[derive(Debug)]
pub struct Throttle {
    at_addresses: Buckets<(Account, IpAddr)>,
    addresses: Buckets<IpAddr>,
    accounts: Buckets<Account>,
    devices: Buckets<Device>,
    registrations: Buckets<IpAddr>,
    guests: Buckets<IpAddr>,
    comments: Buckets<UserId>,
    exports: Buckets<UserId>,
    /// Where it is told what was tried, if there are other nodes: it counts there, too.
    bus: OnceLock<Bus>,
}

/// Whose password is tried.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    Account(UserId),
    /// Nobody is called so.
    Nobody(&'a str),
}

/// What an account is known to be used from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Device {
    /// A browser that shows by a cookie that the account was logged in to from there.
    Known([u8; 16]),
    /// What is logged in now, by the login's id.
    LoggedIn(i64),
}

/// A try that was let in.
#[derive(Debug)]
pub struct Attempt(Taken);

/// Of which buckets something was taken.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Taken {
    Device(Device),
    Elsewhere(Account, IpAddr),
    Registration(IpAddr),
    Guest(IpAddr),
    Comment(UserId),
    Export(UserId),
}

/// What stays taken, as it stands among what nodes tell each other.
#[derive(Debug, Serialize)]
struct Guessed {
    guessed: Taken,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            at_addresses: Buckets::new(ACCOUNT_AT_ADDRESS),
            addresses: Buckets::new(ADDRESS),
            accounts: Buckets::new(ACCOUNT),
            devices: Buckets::new(DEVICE),
            registrations: Buckets::new(REGISTRATION),
            guests: Buckets::new(GUEST),
            comments: Buckets::new(COMMENT),
            exports: Buckets::new(EXPORT),
            bus: OnceLock::new(),
        }
    }
}

impl Whose<'_> {
    fn account(self) -> Account {
        // No name begins with a NUL.
        match self {
            Self::Account(id) => Sha256::digest(format!("\0{id}")).into(),
            Self::Nobody(name) => Sha256::digest(name).into(),
        }
    }
}

impl Throttle {
    /// A try at a password from somewhere; else how long to wait.
    pub fn login(&self, whose: Whose<'_>, address: IpAddr, now: Instant) -> Result<Attempt, Duration> {
        let (account, address) = (whose.account(), network(address));
        self.at_addresses.take((account, address), now)?;
        self.addresses.take(address, now).inspect_err(|_| self.at_addresses.give_back((account, address)))?;
        self.accounts.take(account, now).inspect_err(|_| {
            self.at_addresses.give_back((account, address));
            self.addresses.give_back(address);
        })?;
        Ok(Attempt(Taken::Elsewhere(account, address)))
    }

    /// A try from a device that is known for the account; else how long to wait.
    pub fn known(&self, device: Device, now: Instant) -> Result<Attempt, Duration> {
        self.devices.take(device, now)?;
        Ok(Attempt(Taken::Device(device)))
    }

    /// The password was right.
    pub fn succeeded(&self, attempt: &Attempt) {
        match attempt.0 {
            Taken::Device(device) => self.devices.give_back(device),
            Taken::Elsewhere(account, address) => {
                self.at_addresses.give_back((account, address));
                self.addresses.give_back(address);
                self.accounts.give_back(account);
            }
            // Those are no attempts at a password.
            Taken::Registration(_) | Taken::Guest(_) | Taken::Comment(_) | Taken::Export(_) => {}
        }
    }

    /// From here on there may be other nodes.
    pub fn connect(&self, bus: Bus) {
        // A process has one bus.
        drop(self.bus.set(bus));
    }

    /// The password was wrong: it counts at other nodes, too.
    pub fn failed(&self, attempt: &Attempt) {
        self.tell(attempt.0);
    }

    fn tell(&self, guessed: Taken) {
        if let Some(bus) = self.bus.get() {
            bus.send(To::All, Topic::Nodes, &Guessed { guessed }, b"");
        }
    }

    /// Something was tried at another node, which has asked by its own count; `what` is what it said.
    pub fn guessed(&self, what: &str, now: Instant) {
        // Of what a newer node counts nothing is known here.
        if let Ok(taken) = serde_json::from_str(what) {
            self.count(taken, now);
        }
    }

    fn count(&self, taken: Taken, now: Instant) {
        // Whose bucket is empty already can't be held back any more by that.
        let _ = match taken {
            Taken::Device(device) => self.devices.take(device, now),
            Taken::Elsewhere(account, address) => {
                let _ = self.at_addresses.take((account, address), now);
                let _ = self.addresses.take(address, now);
                self.accounts.take(account, now)
            }
            Taken::Registration(address) => self.registrations.take(address, now),
            Taken::Guest(address) => self.guests.take(address, now),
            Taken::Comment(by) => self.comments.take(by, now),
            Taken::Export(by) => self.exports.take(by, now),
        };
    }

    /// A try to register; else how long to wait.
    pub fn registration(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let address = network(address);
        self.registrations.take(address, now).inspect(|()| self.tell(Taken::Registration(address)))
    }

    /// A guest at a door; else how long to wait.
    pub fn guest(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let address = network(address);
        self.guests.take(address, now).inspect(|()| self.tell(Taken::Guest(address)))
    }

    /// A comment of somebody's; else how long to wait.
    pub fn comment(&self, by: UserId, now: Instant) -> Result<(), Duration> {
        self.comments.take(by, now).inspect(|()| self.tell(Taken::Comment(by)))
    }

    /// An export of all that is somebody's; else how long to wait.
    pub fn export(&self, by: UserId, now: Instant) -> Result<(), Duration> {
        self.exports.take(by, now).inspect(|()| self.tell(Taken::Export(by)))
    }
}

/// What counts as one address: IPv6 hosts own a /64 and can change within it at will.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::value::RawValue;

    use super::*;

    const START: Instant = Instant(1_000_000_000);
    const ANA: Whose<'static> = Whose::Account(UserId(1));
    const BEN: Whose<'static> = Whose::Account(UserId(2));

    #[test]
    fn what_was_guessed_at_another_node_counts_here() {
        let (here, there) = (Throttle::default(), Throttle::default());
        for _ in 0..5 {
            here.login(ANA, address(1), START).unwrap();
            let attempt = there.login(ANA, address(1), START).unwrap();
            here.guessed(&serde_json::to_string(&attempt.0).unwrap(), START);
        }
        here.login(ANA, address(1), START).unwrap_err();
        here.login(BEN, address(1), START).unwrap();
        here.guessed("something newer", START);
    }

    #[tokio::test]
    async fn what_is_done_at_one_node_counts_at_the_others() {
        let hub = crate::bus::hub::Hub::default();
        let (bus, _) = hub.join(crate::bus::NodeId(1)).await;
        let (_other, mut packets) = hub.join(crate::bus::NodeId(2)).await;
        let (here, there) = (Throttle::default(), Throttle::default());
        here.connect(bus);
        for _ in 0..50 {
            here.registration(address(1), START).unwrap();
        }
        for _ in 0..60 {
            here.guest(address(1), START).unwrap();
        }
        for _ in 0..20 {
            here.comment(UserId(1), START).unwrap();
        }
        for _ in 0..5 {
            here.export(UserId(1), START).unwrap();
        }
        while let Ok(packet) = packets.try_recv() {
            let said: HashMap<String, Box<RawValue>> = packet.head().unwrap();
            there.guessed(said["guessed"].get(), START);
        }
        there.registration(address(1), START).unwrap_err();
        there.guest(address(1), START).unwrap_err();
        there.comment(UserId(1), START).unwrap_err();
        there.export(UserId(1), START).unwrap_err();
        there.registration(address(2), START).unwrap();
        there.guest(address(2), START).unwrap();
    }

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn guessing_ends_soon_and_others_are_not_touched() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            throttle.login(ANA, address(1), START).unwrap();
        }
        assert_eq!(throttle.login(ANA, address(1), START).unwrap_err(), Duration::from_secs(10));
        throttle.login(BEN, address(1), START).unwrap();
        throttle.login(ANA, address(2), START).unwrap();
        throttle.login(ANA, address(1), Instant(START.0 + 10_000_000)).unwrap();
        throttle.login(ANA, address(1), Instant(START.0 + 10_000_000)).unwrap_err();
    }

    #[test]
    fn many_addresses_together_get_no_further_and_known_devices_have_their_turn() {
        let throttle = Throttle::default();
        let guesses = (0..200).filter(|n| throttle.login(ANA, address(n % 40), START).is_ok()).count();
        assert_eq!(guesses, 40);
        throttle.login(ANA, address(99), START).unwrap_err();
        for device in [Device::Known([7; 16]), Device::LoggedIn(7)] {
            for _ in 0..10 {
                throttle.known(device, START).unwrap();
            }
            assert_eq!(throttle.known(device, START).unwrap_err(), Duration::from_secs(30), "nor may it guess on");
        }
        throttle.known(Device::Known([8; 16]), START).unwrap();
        throttle.login(BEN, address(1), START).unwrap();
    }

    #[test]
    fn who_knows_the_password_is_never_slowed() {
        let throttle = Throttle::default();
        for _ in 0..1000 {
            let elsewhere = throttle.login(ANA, address(1), START).unwrap();
            throttle.succeeded(&elsewhere);
            let known = throttle.known(Device::LoggedIn(1), START).unwrap();
            throttle.succeeded(&known);
        }
    }

    #[test]
    fn an_address_that_tries_many_names_is_stopped_without_cost_to_them() {
        let throttle = Throttle::default();
        let nobody = |n: i32| format!("user{n}");
        let tries = |n: &i32| throttle.login(Whose::Nobody(&nobody(*n)), address(1), START).is_ok();
        assert_eq!((0..1000).take_while(tries).count(), 100);
        for _ in 0..10 {
            throttle.login(Whose::Nobody("user100"), address(2), START).unwrap();
        }
    }

    #[test]
    fn neighbours_in_an_ipv6_network_are_one() {
        let (a, b): (IpAddr, IpAddr) = ("2001:db8::1".parse().unwrap(), "2001:db8::ffff".parse().unwrap());
        assert_eq!(network(a), network(b));
        assert_ne!(network(a), network("2001:db8:0:1::1".parse().unwrap()));
    }
}
