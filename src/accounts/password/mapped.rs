//! Argon2id in memory that goes back to the system.
//!
//! The crate asks the allocator for 19 MiB per hash. The first time that is a mapping of its own; when it is freed, glibc
//! takes memory of that size for common and serves the next one from the arena of whichever thread hashes, where it stays:
//! fifty registrations on as many threads left 390 MiB resident. What is larger than 32 MiB (`DEFAULT_MMAP_THRESHOLD_MAX`,
//! mallopt(3)) it always maps by itself, and unmaps when freed. So more is asked for than is touched.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{CustomizedPasswordHasher, Error, PasswordHasher, Result};
use argon2::{Algorithm, Argon2, Block, Params, Version};

const ALWAYS_MAPPED: usize = 33 * 1024 * 1024;

/// Hashes with these parameters, verifies with those of the hash.
pub(super) struct Mapped(pub Params);

fn memory(params: &Params) -> Vec<Block> {
    let count = params.block_count();
    let mut blocks = Vec::with_capacity(count.max(ALWAYS_MAPPED / Block::SIZE));
    blocks.resize(count, Block::new());
    blocks
}

fn hash(algorithm: Algorithm, version: Version, params: Params, password: &[u8], salt: &[u8]) -> Result<PasswordHash> {
    let mut bytes = [0; Output::MAX_LENGTH];
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let output = bytes.get_mut(..length).ok_or(Error::OutputSize)?;
    let blocks = memory(&params);
    let written = ParamsString::try_from(&params)?;
    Argon2::new(algorithm, version, params).hash_password_into_with_memory(password, salt, output, blocks)?;
    Ok(PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: written,
        salt: Some(Salt::new(salt)?),
        hash: Some(Output::new(output)?),
    })
}

impl PasswordHasher<PasswordHash> for Mapped {
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> Result<PasswordHash> {
        hash(Algorithm::Argon2id, Version::V0x13, self.0.clone(), password, salt)
    }
}

impl CustomizedPasswordHasher<PasswordHash> for Mapped {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        hash(algorithm, version, params, password, salt)
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordVerifier as _;

    use super::*;

    #[test]
    fn a_hash_is_the_same_as_argon2s_own() {
        let params = Params::new(64, 3, 2, Some(24)).unwrap();
        let ours = Mapped(params.clone()).hash_password_with_salt(b"correct horse", b"sixteen bytes sa").unwrap();
        let theirs = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let theirs = theirs.hash_password_with_salt(b"correct horse", b"sixteen bytes sa").unwrap();
        assert_eq!(ours.to_string(), theirs.to_string());
        assert!(Mapped(Params::DEFAULT).verify_password(b"correct horse", &theirs).is_ok());
        assert!(Mapped(Params::DEFAULT).verify_password(b"battery staple", &theirs).is_err());
    }

    /// Anonymous memory of this process that is resident.
    #[cfg(target_os = "linux")]
    fn resident() -> usize {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn sixteen_threads_leave_no_memory_behind() {
        let before = resident();
        let gate = std::sync::Barrier::new(17);
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for _ in 0..3 {
                        Mapped(Params::DEFAULT).hash_password(b"correct horse").unwrap();
                    }
                    gate.wait(); // all are alive yet, and so are their arenas
                    gate.wait();
                });
            }
            gate.wait();
            let left = resident().saturating_sub(before);
            gate.wait();
            assert!(left < 16 * 1024 * 1024, "{left} bytes are left of what was freed");
        });
    }
}
