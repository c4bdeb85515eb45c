//! By which push services know this server: a signature on whom it asks, until when, and who answers for it (RFC 8292).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use octave_protocol::Instant;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING as ES256, EcdsaKeyPair, KeyPair};
use serde_json::json;

use super::endpoint::Endpoint;
use super::limits::SIGNED_FOR_SECONDS;
use crate::store::{self, Db, StoreError};

/// The server's key pair: made once and kept in the database, since subscriptions are bound to it.
#[derive(Debug)]
pub struct Key(EcdsaKeyPair);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the key for push services can't be made or read")]
    Key,
}

impl Key {
    /// The one that is kept, or a new one.
    pub async fn of(db: &Db, now: Instant) -> Result<Self, KeyError> {
        let kept = if let Some(kept) = store::push::key(db).await? {
            kept
        } else {
            let made = EcdsaKeyPair::generate_pkcs8(&ES256, &SystemRandom::new()).map_err(|_| KeyError::Key)?;
            store::push::keep_key(db, made.as_ref(), now).await?
        };
        EcdsaKeyPair::from_pkcs8(&ES256, &kept, &SystemRandom::new()).map(Self).map_err(|_| KeyError::Key)
    }

    /// What browsers subscribe with.
    pub fn public(&self) -> String {
        BASE64.encode(self.0.public_key())
    }

    /// The `Authorization` of a request; `contact` is where the push service's operator finds ours. None if chance fails.
    pub(super) fn authorization(&self, endpoint: &Endpoint, contact: &str, now: Instant) -> Option<String> {
        let expires = now.0 / 1_000_000 + SIGNED_FOR_SECONDS;
        let claims = json!({ "aud": endpoint.origin(), "exp": expires, "sub": contact });
        let said = format!("{}.{}", BASE64.encode(r#"{"typ":"JWT","alg":"ES256"}"#), BASE64.encode(claims.to_string()));
        let signature = self.0.sign(&SystemRandom::new(), said.as_bytes()).ok()?;
        Some(format!("vapid t={said}.{}, k={}", BASE64.encode(signature), self.public()))
    }
}
