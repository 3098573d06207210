//! Passwords: hashed with Argon2id, on threads of their own and few at once, since each hash takes 19 MiB and a
//! fiftieth of a second of a processor by design.

use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use entity::private::PasswordHash;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// Hashes that are made at the same time.
const AT_ONCE: usize = 2;
/// Whoever would wait longer is told to come again.
const PATIENCE: Duration = Duration::from_secs(5);
/// Of a password that nobody has: what is tried for an unknown e-mail takes as long as for a known one.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3dpdGNoYm9hcmQtbm9ib2R5$YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU";

#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("too many passwords are looked at right now")]
    Busy,
    #[error("a password could not be hashed: {0}")]
    Hash(#[from] argon2::password_hash::Error),
    #[error("a password's thread did not end well: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

/// Where passwords are hashed.
#[derive(Debug)]
pub struct Passwords(Semaphore);

impl Default for Passwords {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl Passwords {
    pub async fn hash(&self, password: SecretString) -> Result<PasswordHash, PasswordError> {
        let hash = move || Argon2::default().hash_password(password.expose_secret().as_bytes());
        let hash: phc::PasswordHash = self.apart(hash).await??;
        Ok(PasswordHash(hash.to_string()))
    }

    /// Whether the password is the one that was hashed. Without a hash it never is, and it takes as long to say so.
    pub async fn fits(&self, password: SecretString, hash: Option<PasswordHash>) -> Result<bool, PasswordError> {
        let is_somebodys = hash.is_some();
        let fits = move || {
            let hash = hash.as_ref().map_or(NOBODYS, PasswordHash::as_str);
            let hash = phc::PasswordHash::new(hash)?;
            let verified = Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash);
            Ok::<_, argon2::password_hash::Error>(verified.is_ok())
        };
        Ok(self.apart(fits).await?? && is_somebodys)
    }

    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let place = tokio::time::timeout(PATIENCE, self.0.acquire()).await;
        let _place = place.map_err(|_| PasswordError::Busy)?.map_err(|_| PasswordError::Busy)?;
        Ok(tokio::task::spawn_blocking(work).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[tokio::test]
    async fn only_the_password_that_was_hashed_fits() {
        let passwords = Passwords::default();
        let hash = passwords.hash(secret("correct horse")).await.expect("hashes");
        assert!(hash.as_str().starts_with("$argon2id$") && !hash.as_str().contains("correct"));
        assert_ne!(passwords.hash(secret("correct horse")).await.expect("hashes"), hash, "each has a salt of its own");
        assert!(passwords.fits(secret("correct horse"), Some(hash.clone())).await.expect("looks"));
        assert!(!passwords.fits(secret("correct horsf"), Some(hash)).await.expect("looks"));
        assert!(!passwords.fits(secret("correct horse"), None).await.expect("looks"));
    }

    #[tokio::test]
    async fn what_is_tried_for_nobody_costs_as_much() {
        let hash = Passwords::default().hash(secret("correct horse")).await.expect("hashes");
        let cost = |hash: &str| hash.split('$').skip(1).take(3).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(cost(hash.as_str()), cost(NOBODYS));
        phc::PasswordHash::new(NOBODYS).expect("it can be read");
    }
}
