//! Passwords: argon2id, off the runtime's threads, a bounded number at once and in line.
//!
//! A hash takes 19 MiB and some 30 ms of a processor. Unbounded, a burst of logins would take memory and stall every
//! stage; bounded, the rest is told to come back.

mod commonest;
mod mapped;

use std::sync::Arc;

use argon2::Params;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

use mapped::Mapped;

/// Least length of a password, in characters.
pub const MIN_CHARS: usize = 8;
/// Greatest length of a password, in bytes.
pub const MAX_BYTES: usize = 1024;

/// How many may wait for each that is worked on; at 30 ms each the last one waits half a second.
const QUEUE_PER_WORKER: usize = 16;

/// What a hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cost {
    /// m = 19 MiB, t = 2, p = 1: the first choice of OWASP's Password Storage Cheat Sheet.
    #[default]
    Full,
    /// As little as argon2 takes, for tests that make many accounts.
    Least,
}

impl Cost {
    fn params(self) -> Params {
        let params = match self {
            Self::Full => Params::new(19 * 1024, 2, 1, None),
            Self::Least => Params::new(Params::MIN_M_COST, 1, 1, None),
        };
        params.unwrap_or(Params::DEFAULT)
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("too many logins at this moment")]
    Busy,
    #[error("the hash could not be made")]
    Failed,
}

/// In which line one waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Anybody,
    /// For devices that are known for the account: a flood of guesses does not fill it.
    Known,
}

/// Hashes and verifies.
#[derive(Debug)]
pub struct Passwords {
    cost: Cost,
    workers: Arc<Semaphore>,
    line: Arc<Semaphore>,
    known: Arc<Semaphore>,
    /// The hash of nobody's password: a login with an unknown name costs the same as one with a known name.
    nobody: String,
}

/// Hashes at full cost, in this thread: for the command line.
pub fn hash_now(password: &str) -> Result<String, PasswordError> {
    hash_with(Cost::Full, password)
}

/// A password as it is compared, however it was typed: RFC 8265's `OpaqueString`, whose composed form (NFC) and one kind of
/// blank are the same on every keyboard.
fn opaque(password: &str) -> String {
    let blank = |c: char| if c.is_whitespace() && !c.is_ascii() { ' ' } else { c };
    password.chars().map(blank).nfc().collect()
}

/// Whether it is one of those that are tried first.
pub fn is_common(password: &str) -> bool {
    commonest::is_common(&opaque(password))
}

fn hash_with(cost: Cost, password: &str) -> Result<String, PasswordError> {
    let hash = Mapped(cost.params()).hash_password(opaque(password).as_bytes());
    hash.map(|h| h.to_string()).map_err(|_| PasswordError::Failed)
}

/// A hash that is no password's, written down rather than made: salt and result are zero bytes.
fn nobodys(cost: Cost) -> String {
    let params = cost.params();
    let (memory, passes, lanes) = (params.m_cost(), params.t_cost(), params.p_cost());
    let (salt, result) = ("A".repeat(22), "A".repeat(43)); // 16 and 32 bytes in base64
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${result}")
}

impl Passwords {
    /// With as many workers as there are processors.
    pub fn new(cost: Cost) -> Self {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let line = || Arc::new(Semaphore::new(workers * (QUEUE_PER_WORKER + 1)));
        Self { cost, workers: Arc::new(Semaphore::new(workers)), line: line(), known: line(), nobody: nobodys(cost) }
    }

    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        let cost = self.cost;
        self.work(Line::Anybody, move || hash_with(cost, &password)).await?
    }

    /// Whether this is the password of `hash`; without a hash the same work is done, and it is not.
    pub async fn verify(&self, line: Line, password: String, hash: Option<String>) -> Result<bool, PasswordError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let fits = self.work(line, move || {
            // The parameters are the hash's own, so old hashes stay good when the cost changes.
            let Ok(hash) = PasswordHash::new(&hash) else { return false };
            let fits = |password: &str| Mapped(Params::DEFAULT).verify_password(password.as_bytes(), &hash).is_ok();
            let same = opaque(&password);
            // Hashes from before are of what was typed.
            fits(&same) || (same != password && fits(&password))
        });
        Ok(fits.await? && known)
    }

    async fn work<T: Send + 'static>(
        &self,
        line: Line,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let line = match line {
            Line::Anybody => &self.line,
            Line::Known => &self.known,
        };
        let place = line.clone().try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let worker = self.workers.clone().acquire_owned().await.map_err(|_| PasswordError::Busy)?;
        // The permits go with the work: a client that hangs up does not make room for more of it.
        let done = tokio::task::spawn_blocking(move || {
            let out = job();
            drop((worker, place));
            out
        });
        done.await.map_err(|_| PasswordError::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_fits_and_nobody_has_one() {
        let passwords = Passwords::new(Cost::Least);
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");
        assert!(passwords.verify(Line::Anybody, "correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(Line::Anybody, "battery staple".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify(Line::Anybody, "correct horse".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_password_is_the_same_however_it_is_typed() {
        let passwords = Passwords::new(Cost::Least);
        let hash = passwords.hash("Schön\u{a0}ist es".into()).await.unwrap();
        for typed in ["Schön ist es", "Scho\u{308}n ist es", "Scho\u{308}n\u{3000}ist es"] {
            assert!(passwords.verify(Line::Anybody, typed.into(), Some(hash.clone())).await.unwrap(), "{typed:?}");
        }
        assert!(!passwords.verify(Line::Anybody, "schön ist es".into(), Some(hash)).await.unwrap(), "case counts");
        let old = Mapped(Cost::Least.params()).hash_password("Scho\u{308}n".as_bytes()).unwrap().to_string();
        assert!(
            passwords.verify(Line::Anybody, "Scho\u{308}n".into(), Some(old.clone())).await.unwrap(),
            "as it was typed before"
        );
        assert!(!passwords.verify(Line::Anybody, "Schon".into(), Some(old)).await.unwrap());
    }

    #[test]
    fn the_hash_of_nobody_costs_what_others_cost() {
        let made = hash_with(Cost::Full, "correct horse").unwrap();
        let nobodys = nobodys(Cost::Full);
        let cost = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            (hash.params.to_string(), hash.salt.map(|s| s.len()), hash.hash.map(|h| h.len()))
        };
        assert_eq!(cost(&nobodys), cost(&made));
    }

    #[test]
    fn the_full_cost_is_what_is_documented() {
        assert!(hash_now("correct horse").unwrap().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }

    #[tokio::test]
    async fn a_full_line_is_told_at_once() {
        let passwords = Passwords::new(Cost::Least);
        let _all = passwords.line.acquire_many(u32::try_from(passwords.line.available_permits()).unwrap()).await;
        assert_eq!(passwords.hash("x".into()).await, Err(PasswordError::Busy));
        assert_eq!(passwords.verify(Line::Anybody, "x".into(), None).await, Err(PasswordError::Busy));
        assert_eq!(passwords.verify(Line::Known, "x".into(), None).await, Ok(false), "their line is another");
    }
}
