//! The keys of the ledger: two people sign, each with a key of their own, and a third key keeps what is confidential.
//!
//! Standard followed: Ed25519 (RFC 8032), verified strictly; BLAKE3 in its keyed mode. Keys are given by the caller: nothing
//! here draws them, reads them from a file or prints them.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::ProtectError;

/// What every entry carries that was signed with the keys of the demonstration.
pub const DEMO_STAMP: &str = "Demonstration keys: not for publication";

/// Keeps signatures of ledger entries apart from any other use of the keys.
const DOMAIN: &[u8] = b"counted ledger entry, version 1\n";

/// The keys that approve a release: of two people, and of what is committed to and not shown.
pub struct LedgerKeys {
    first: SigningKey,
    second: SigningKey,
    commitment: [u8; 32],
}

impl fmt::Debug for LedgerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LedgerKeys")
    }
}

impl LedgerKeys {
    /// Keys from three secrets of 32 bytes.
    ///
    /// # Errors
    /// If two of them are the same: then one person could approve alone.
    pub fn new(first: [u8; 32], second: [u8; 32], commitment: [u8; 32]) -> Result<Self, ProtectError> {
        if first == second || first == commitment || second == commitment {
            return Err(ProtectError::Key {
                what: "the two signing keys and the commitment key must differ",
            });
        }
        Ok(Self {
            first: SigningKey::from_bytes(&first),
            second: SigningKey::from_bytes(&second),
            commitment,
        })
    }

    /// Keys from three lines of 64 hexadecimal digits.
    ///
    /// # Errors
    /// If one is not a key, or two of them are the same.
    pub fn from_hex(first: &str, second: &str, commitment: &str) -> Result<Self, ProtectError> {
        let key = |text: &str| {
            unhex(text)
                .and_then(|bytes| bytes.try_into().ok())
                .ok_or(ProtectError::Key {
                    what: "a key is 64 hexadecimal digits",
                })
        };
        Self::new(key(first)?, key(second)?, key(commitment)?)
    }

    /// The keys of the demonstration. They follow from these words, so everybody has them: whatever they sign says
    /// [`DEMO_STAMP`].
    #[must_use]
    pub fn demo() -> Self {
        let key = |which: &str| {
            blake3::derive_key(
                &format!("counted demonstration key {which}, not for publication"),
                b"",
            )
        };
        Self {
            first: SigningKey::from_bytes(&key("one")),
            second: SigningKey::from_bytes(&key("two")),
            commitment: key("three"),
        }
    }

    /// The public halves, for whoever checks the ledger.
    #[must_use]
    pub fn trusted(&self) -> TrustedKeys {
        TrustedKeys {
            first: self.first.verifying_key(),
            second: self.second.verifying_key(),
        }
    }

    /// A commitment to bytes that are not shown: whoever lacks the key cannot even check a guess.
    pub(super) fn commit(&self, what: &str, bytes: &[u8]) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.commitment);
        hasher.update(&(what.len() as u64).to_le_bytes());
        hasher.update(what.as_bytes());
        hasher.update(bytes);
        hasher.finalize().to_hex().to_string()
    }

    pub(super) fn sign(&self, hash: &str) -> [String; 2] {
        let message = message(hash);
        [&self.first, &self.second].map(|key| hex(&key.sign(&message).to_bytes()))
    }
}

/// The public keys of the two people who approve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKeys {
    first: VerifyingKey,
    second: VerifyingKey,
}

impl TrustedKeys {
    /// Public keys from their hexadecimal form, as [`Self::to_hex`] gives it.
    ///
    /// # Errors
    /// If one is not a public key, or both are the same.
    pub fn from_hex(first: &str, second: &str) -> Result<Self, ProtectError> {
        let key = |text: &str| {
            let wrong = ProtectError::Key {
                what: "a public key is 64 hexadecimal digits",
            };
            let bytes: [u8; 32] = unhex(text).and_then(|b| b.try_into().ok()).ok_or(wrong)?;
            VerifyingKey::from_bytes(&bytes).map_err(|_| ProtectError::Key {
                what: "not a public key of Ed25519",
            })
        };
        let (first, second) = (key(first)?, key(second)?);
        if first == second {
            return Err(ProtectError::Key {
                what: "the two public keys must differ",
            });
        }
        Ok(Self { first, second })
    }

    /// Both in hexadecimal.
    #[must_use]
    pub fn to_hex(&self) -> [String; 2] {
        [hex(self.first.as_bytes()), hex(self.second.as_bytes())]
    }

    /// Whether these are the keys of the demonstration.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        let demo = LedgerKeys::demo().trusted();
        [demo.first, demo.second]
            .iter()
            .any(|key| *key == self.first || *key == self.second)
    }

    /// Whether both signed a hash.
    pub(super) fn signed(&self, hash: &str, signatures: &[String; 2]) -> bool {
        let message = message(hash);
        [&self.first, &self.second]
            .into_iter()
            .zip(signatures)
            .all(|(key, text)| {
                let bytes: Option<[u8; 64]> = unhex(text).and_then(|b| b.try_into().ok());
                bytes.is_some_and(|b| key.verify_strict(&message, &Signature::from_bytes(&b)).is_ok())
            })
    }
}

fn message(hash: &str) -> Vec<u8> {
    [DOMAIN, hash.as_bytes()].concat()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect();
    let digits = digits.filter(|d| d.len() % 2 == 0)?;
    Some(
        digits
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit))
            .collect(),
    )
}
