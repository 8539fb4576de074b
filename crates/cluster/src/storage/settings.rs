//! The file that says where a bucket is, and with which keys.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusty_s3::{Credentials, UrlStyle};
use serde::Deserialize;
use url::{Host, Url};

use super::bucket::Bucket;
use crate::error::ClusterError;
use crate::trust::{certificates, owners_text};

/// The region that S3-compatible storage of one's own expects when none is said.
const REGION: &str = "us-east-1";

/// A bucket, and the place in it that belongs to one study.
#[derive(Clone)]
pub struct Storage {
    pub(super) bucket: Arc<Bucket>,
    /// As plans name it: `s3://BUCKET`.
    pub(super) root: Url,
    /// Below which everything that is lent lies.
    pub(super) prefix: String,
    /// As messages name it.
    pub(super) endpoint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    endpoint: String,
    bucket: String,
    prefix: String,
    region: Option<String>,
    access_key: String,
    secret_key: String,
    session_token: Option<String>,
    authority: Option<PathBuf>,
    #[serde(default)]
    insecure: bool,
}

impl Storage {
    /// Reads a file such as
    ///
    /// ```toml
    /// endpoint = "https://storage.example:9000"
    /// bucket = "counted"
    /// prefix = "my-study"        # what is lent lies below it, and is removed there
    /// access_key = "…"
    /// secret_key = "…"
    /// authority = "ca.pem"       # whose certificates are believed; beside this file
    /// # region = "eu-west-2"     # us-east-1 when left out
    /// # session_token = "…"      # for keys that hold for a while only
    /// # insecure = true          # without TLS, beyond this machine
    /// ```
    ///
    /// Errors: it cannot be read, others may read it too, it says too little or something unknown, or it would send rows
    /// of people over a network in clear.
    pub fn read(path: &Path) -> Result<Self, ClusterError> {
        let wrong = |why: String| ClusterError::StorageFile {
            path: path.to_owned(),
            why,
        };
        let text = owners_text(path).map_err(ClusterError::Given)?;
        let text = text.map_err(|why| wrong(why.to_owned()))?;
        let written: Written = toml::from_str(&text).map_err(|error| wrong(told(&error, &text)))?;
        let named = |text: &str| {
            let plain = |character: char| character.is_ascii_alphanumeric() || "-._/".contains(character);
            !text.is_empty() && text.chars().all(plain) && !text.contains("//") && !text.contains("..")
        };
        let prefix = written.prefix.trim_matches('/').to_owned();
        for (name, value) in [("bucket", &written.bucket), ("prefix", &prefix)] {
            if !named(value) {
                return Err(wrong(format!(
                    "`{name}` may hold letters, digits, `-`, `.`, `_` and, in a prefix, `/`; and must hold something"
                )));
            }
        }
        let nowhere = || wrong("`endpoint` is no address of a storage".to_owned());
        let endpoint = Url::parse(&written.endpoint).map_err(|_| nowhere())?;
        let bare = endpoint.username().is_empty() && endpoint.password().is_none();
        if !bare || endpoint.query().is_some() || endpoint.fragment().is_some() {
            // It is not shown: what it holds may be a key.
            return Err(wrong(
                "`endpoint` holds more than an address; keys go into `access_key` and `secret_key`"
                    .to_owned(),
            ));
        }
        if endpoint.scheme() == "http" && !written.insecure && !at_home(&endpoint) {
            return Err(ClusterError::StorageOpen(endpoint.to_string()));
        }
        let authority = written.authority.map(|name| {
            let beside = path.parent().unwrap_or(Path::new("")).join(name);
            certificates(&beside).map(|(_, believed)| believed)
        });
        let shown = endpoint.to_string();
        let place = rusty_s3::Bucket::new(
            endpoint,
            UrlStyle::Path,
            written.bucket.clone(),
            written.region.unwrap_or_else(|| REGION.to_owned()),
        );
        let place = place.map_err(|_| nowhere())?;
        let keys = match written.session_token {
            None => Credentials::new(written.access_key, written.secret_key),
            Some(token) => Credentials::new_with_token(written.access_key, written.secret_key, token),
        };
        let root = Url::parse(&format!("s3://{}", written.bucket));
        Ok(Self {
            bucket: Arc::new(Bucket::new(place, keys, authority.transpose()?)?),
            root: root.map_err(|_| wrong("`bucket` is no name of a bucket".to_owned()))?,
            prefix: format!("{prefix}/counted-lent/"),
            endpoint: shown,
        })
    }
}

/// What is wrong in the file. Only names of our own fields are repeated: the library's text quotes values, which are keys, and
/// names that may be such a value in the wrong place.
fn told(error: &toml::de::Error, text: &str) -> String {
    let said = error.message();
    if said.starts_with("missing field") {
        return said.to_owned();
    }
    let line = error.span().map_or(1, |span| {
        let before = text.bytes().take(span.start);
        1 + before.filter(|byte| *byte == b'\n').count()
    });
    match said.rsplit_once(", expected one of ") {
        Some((unknown, known)) if unknown.starts_with("unknown field") => {
            format!("line {line} says something that is not known; there may be {known}")
        }
        _ => format!("line {line} cannot be read"),
    }
}

/// Whether a storage runs on this very machine.
fn at_home(endpoint: &Url) -> bool {
    match endpoint.host() {
        Some(Host::Ipv4(number)) => number.is_loopback(),
        Some(Host::Ipv6(number)) => number.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const GOOD: &str = "endpoint = 'http://127.0.0.1:9000'\nbucket = 'counted'\nprefix = '/a/study/'\n\
                        access_key = 'the key'\nsecret_key = 'sesame'\n";

    #[cfg(unix)]
    fn read(text: &str, mode: u32) -> Result<Storage, ClusterError> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("storage.toml");
        fs_err::write(&path, text).unwrap();
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        Storage::read(&path)
    }

    #[cfg(unix)]
    #[test]
    fn a_file_says_where_and_with_which_keys() {
        let storage = read(GOOD, 0o600).unwrap();
        assert_eq!(storage.root.as_str(), "s3://counted");
        assert_eq!(storage.prefix, "a/study/counted-lent/");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_wrong_is_said_without_the_keys() {
        for (text, mode, words) in [
            (GOOD.to_owned(), 0o640, "chmod 600"),
            (
                GOOD.replace("bucket = 'counted'\n", ""),
                0o600,
                "missing field `bucket`",
            ),
            (
                format!("{GOOD}sesame = 1\n"),
                0o600,
                "line 6 says something that is not known; there may be `endpoint`, ",
            ),
            (GOOD.replace("bucket =", "bücket ="), 0o600, "line 2 "),
            (
                GOOD.replace("http://", "http://a:sesame@"),
                0o600,
                "`endpoint` holds more than an address",
            ),
            (
                GOOD.replace("http://127.0.0.1", "http://sesame@10.0.0.9"),
                0o600,
                "`endpoint` holds more than an address",
            ),
            (
                GOOD.replace(":9000", ":9000/?key=sesame"),
                0o600,
                "keys go into `access_key` and `secret_key`",
            ),
            (
                GOOD.replace(":9000", ":9000/#sesame"),
                0o600,
                "keys go into `access_key` and `secret_key`",
            ),
            (
                GOOD.replace("'sesame'", "'sesame"),
                0o600,
                "line 5 cannot be read",
            ),
            (GOOD.replace("'sesame'", "17"), 0o600, "line 5 cannot be read"),
            (GOOD.replace("/a/study/", "/../x"), 0o600, "`prefix` may hold"),
            (GOOD.replace("'counted'", "''"), 0o600, "`bucket` may hold"),
            (
                GOOD.replace("http://", "ftp://"),
                0o600,
                "no address of a storage",
            ),
        ] {
            let error = read(&text, mode).map(|_| ()).unwrap_err();
            assert!(error.is_call() && !error.is_refusal(), "{error}");
            let said = error.to_string();
            assert!(said.contains(words) && !said.contains("sesame"), "{said}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_sent_over_a_network_in_clear_unasked() {
        let far = GOOD.replace("127.0.0.1", "10.0.0.9");
        let error = read(&far, 0o600).map(|_| ()).unwrap_err();
        assert!(
            error.is_refusal() && error.to_string().contains("insecure = true"),
            "{error}"
        );
        assert!(read(&format!("{far}insecure = true\n"), 0o600).is_ok());
        assert!(read(&far.replace("http:", "https:"), 0o600).is_ok());
        assert!(read(&GOOD.replace("127.0.0.1", "localhost"), 0o600).is_ok());
    }
}
