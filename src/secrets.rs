//! Sealing: secrets are stored encrypted under the master key and bound to their row, so that a dump or a row copied
//! elsewhere is worthless.
//!
//! A seal is `v1.` and base64 of nonce and ciphertext (XChaCha20-Poly1305; the place, such as `numbers/num_.../access_token`,
//! is associated data).

use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use entity::private::Sealed;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
const VERSION: &str = "v1.";
const API_KEY_PREFIX: &str = "sbk_";

#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("the master key must be base64 of exactly 32 bytes; make one with: openssl rand -base64 32")]
    BadKey,
    #[error("a stored secret does not open: it was sealed under another master key, or its row was changed")]
    DoesNotOpen,
    #[error("the master key at {path} cannot be read or made: {source}")]
    KeyFile { path: String, source: std::io::Error },
}

/// Seals and opens secrets under one master key.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    fingerprint_key: [u8; KEY_BYTES],
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// From base64 of 32 bytes.
    pub fn from_base64(key: &str) -> Result<Self, SealError> {
        let bytes = BASE64.decode(key.trim()).map_err(|_| SealError::BadKey)?;
        let bytes: [u8; KEY_BYTES] = bytes.try_into().map_err(|_| SealError::BadKey)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&bytes).expect("HMAC takes keys of any length");
        mac.update(b"switchboard fingerprint");
        Ok(Self {
            cipher: XChaCha20Poly1305::new(&Key::from(bytes)),
            fingerprint_key: mac.finalize().into_bytes().into(),
        })
    }

    /// From the setting, or from `file`, which is made with a fresh key where it does not exist.
    pub fn from_settings(settings: &crate::config::Secrets) -> Result<Self, SealError> {
        if let Some(key) = &settings.master_key {
            return Self::from_base64(key.expose_secret());
        }
        let path = &settings.master_key_file;
        let key = match std::fs::read_to_string(path) {
            Ok(key) => key,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                make_key_file(path).map_err(|source| SealError::KeyFile { path: path.display().to_string(), source })?
            }
            Err(source) => return Err(SealError::KeyFile { path: path.display().to_string(), source }),
        };
        Self::from_base64(&key)
    }

    /// Seals `secret` for `place`; it opens nowhere else.
    pub fn seal(&self, place: &str, secret: &SecretString) -> Sealed {
        let nonce = XNonce::generate();
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: place.as_bytes() };
        let ciphertext = self.cipher.encrypt(&nonce, payload).expect("a secret fits into memory");
        let mut bytes = nonce.to_vec();
        bytes.extend(ciphertext);
        Sealed(format!("{VERSION}{}", BASE64.encode(bytes)))
    }

    pub fn open(&self, place: &str, sealed: &Sealed) -> Result<SecretString, SealError> {
        let encoded = sealed.as_str().strip_prefix(VERSION).ok_or(SealError::DoesNotOpen)?;
        let bytes = BASE64.decode(encoded).map_err(|_| SealError::DoesNotOpen)?;
        let (nonce, ciphertext) = bytes.split_at_checked(NONCE_BYTES).ok_or(SealError::DoesNotOpen)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| SealError::DoesNotOpen)?;
        let payload = Payload { msg: ciphertext, aad: place.as_bytes() };
        let plain = self.cipher.decrypt(&nonce, payload).map_err(|_| SealError::DoesNotOpen)?;
        String::from_utf8(plain).map(SecretString::from).map_err(|_| SealError::DoesNotOpen)
    }

    /// The same for the same secret under the same master key; tells nothing without it.
    pub fn fingerprint(&self, secret: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.fingerprint_key).expect("HMAC takes keys of any length");
        mac.update(secret.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

/// Where a number's secret stands: the associated data of its seal.
pub fn number_place(number: &entity::NumberId, column: &str) -> String {
    format!("numbers/{number}/{column}")
}

/// Where an agent's own model key stands. It is the same for every version, so restoring one needs no new seal.
pub fn agent_place(agent: &entity::AgentId) -> String {
    format!("agents/{agent}/api_key")
}

/// Where the key stands that a workspace's suppressions are hashed under.
pub fn suppression_place(workspace: &entity::WorkspaceId) -> String {
    format!("workspaces/{workspace}/suppression_key")
}

/// Where stands by what a contact was known who is being forgotten.
pub fn erasure_place(contact: &entity::ContactId) -> String {
    format!("erasures/{contact}/known_by")
}

/// Tells nothing of `text` without the key; the same for the same text under the same key.
pub fn keyed_hash(key: &SecretString, text: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// A fresh random secret of `bytes` bytes, in URL-safe base64.
pub fn random_token(bytes: usize) -> String {
    let mut token = Vec::with_capacity(bytes + KEY_BYTES);
    while token.len() < bytes {
        token.extend_from_slice(&Key::generate());
    }
    token.truncate(bytes);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(token)
}

/// A fresh API key.
pub fn random_api_key() -> SecretString {
    SecretString::from(format!("{API_KEY_PREFIX}{}", random_token(KEY_BYTES)))
}

/// How an API key is stored. Keys are random and long, so a plain hash cannot be searched.
pub fn api_key_hash(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}

fn make_key_file(path: &Path) -> std::io::Result<String> {
    let key = random_master_key();
    match write_private(path, &key) {
        Ok(()) => Ok(key),
        // Another process was quicker: its key is the one.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => std::fs::read_to_string(path),
        Err(error) => Err(error),
    }
}

/// A fresh master key, as it is written in settings and files.
pub fn random_master_key() -> String {
    BASE64.encode(Key::generate())
}

/// Writes a secret to a new file that only its owner reads. The file appears whole or not at all.
pub fn write_private(path: &Path, secret: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension(format!("draft-{}", random_token(6)));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    writeln!(file, "{secret}")?;
    file.sync_all()?;
    // A link, unlike a rename, refuses to replace what is there.
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::from_base64(&BASE64.encode([byte; KEY_BYTES])).expect("32 bytes")
    }

    #[test]
    fn a_seal_opens_at_its_own_place_under_its_own_key_only() {
        let secret = SecretString::from("EAAG token");
        let sealed = sealer(1).seal("numbers/a/access_token", &secret);
        assert!(!sealed.as_str().contains("EAAG"));
        assert_eq!(sealer(1).open("numbers/a/access_token", &sealed).expect("opens").expose_secret(), "EAAG token");
        assert!(sealer(1).open("numbers/b/access_token", &sealed).is_err());
        assert!(sealer(2).open("numbers/a/access_token", &sealed).is_err());
        assert!(sealer(1).open("numbers/a/access_token", &Sealed::from("v1.AAAA")).is_err());
    }

    #[test]
    fn a_master_key_file_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().expect("tempdir");
        let settings =
            crate::config::Secrets { master_key: None, master_key_file: folder.path().join("deep/master.key") };
        let sealed = Sealer::from_settings(&settings).expect("made").seal("p", &SecretString::from("s"));
        assert!(Sealer::from_settings(&settings).expect("read").open("p", &sealed).is_ok());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&settings.master_key_file).expect("exists").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
