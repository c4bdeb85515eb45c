//! TLS by rustls, with certificates that may be renewed while the server runs.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use anyhow::{Context, Result};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::TlsFiles;
use crate::server::limits::TLS_RELOAD_EVERY;

/// The certificate in use.
pub(super) struct Tls {
    files: TlsFiles,
    current: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    pub(super) fn load(files: &TlsFiles) -> Result<Arc<Self>> {
        let current = RwLock::new(read(files)?);
        Ok(Arc::new(Self { files: files.clone(), current }))
    }

    /// For the next handshake.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone().into()
    }

    /// Reads the files again whenever they have changed. Files that don't fit together (one is written before the
    /// other) leave the old certificate in use.
    pub(super) async fn watch(self: Arc<Self>) {
        let mut seen = self.changed();
        let mut every = tokio::time::interval(TLS_RELOAD_EVERY);
        loop {
            every.tick().await;
            let now = self.changed();
            if now == seen {
                continue;
            }
            match read(&self.files) {
                Ok(config) => {
                    *self.current.write().unwrap_or_else(PoisonError::into_inner) = config;
                    seen = now;
                    tracing::info!("the TLS certificate was renewed");
                }
                Err(error) => tracing::warn!("the changed TLS files are not used yet: {error:#}"),
            }
        }
    }

    fn changed(&self) -> [Option<SystemTime>; 2] {
        let modified = |path: &Path| std::fs::metadata(path).and_then(|m| m.modified()).ok();
        [modified(&self.files.cert), modified(&self.files.key)]
    }
}

fn read(files: &TlsFiles) -> Result<Arc<ServerConfig>> {
    let (cert, key) = (files.cert.display(), files.key.display());
    let chain = CertificateDer::pem_file_iter(&files.cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("--tls-cert {cert} can't be read"))?;
    let private = PrivateKeyDer::from_pem_file(&files.key).with_context(|| format!("--tls-key {key} can't be read"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .with_context(|| format!("--tls-cert {cert} and --tls-key {key} can't be used"))?;
    // WebSockets are spoken over HTTP/1.1 here.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_pair(dir: &Path) -> TlsFiles {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let files = TlsFiles { cert: dir.join("cert.pem"), key: dir.join("key.pem") };
        std::fs::write(&files.cert, made.cert.pem()).unwrap();
        std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
        files
    }

    #[tokio::test(start_paused = true)]
    async fn a_renewed_certificate_is_taken_up_and_a_broken_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let files = write_pair(dir.path());
        let tls = Tls::load(&files).unwrap();
        let in_use = || tls.current.read().unwrap().clone();
        let first = in_use();
        let watching = tokio::spawn(tls.clone().watch());
        tokio::task::yield_now().await;

        std::fs::write(&files.key, "no key").unwrap();
        tokio::time::sleep(TLS_RELOAD_EVERY * 2).await;
        assert!(Arc::ptr_eq(&in_use(), &first));

        write_pair(dir.path());
        tokio::time::sleep(TLS_RELOAD_EVERY * 2).await;
        assert!(!Arc::ptr_eq(&in_use(), &first));
        watching.abort();
    }

    #[test]
    fn files_that_are_no_certificate_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let files = write_pair(dir.path());
        std::fs::write(&files.cert, "").unwrap();
        let error = Tls::load(&files).err().unwrap().to_string();
        assert!(error.contains("cert.pem"), "{error}");
    }
}
