//! Who may take part: a shared token, shown at every call, and TLS.
//!
//! The engine below lets us change how its clients connect, and not what each of their calls carries. What a connection
//! puts on every call by itself is the name of the program that calls, its `user-agent`; so the name says the version
//! and the build, and proves the token by a key that is derived from it: `counted/VERSION+BUILD KEY`. Whoever serves checks it
//! before anything else is read. The build is in it because what a stage depends on is the build of the program that asks: an
//! executor that was left running from an older one would answer by other code.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ballista_core::extension::EndpointOverrideFn;
use engine::IN_CLEAR;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{CertificateError, RootCertStore};
use tonic::transport::{ClientTlsConfig, Endpoint, Identity, Server, ServerTlsConfig};
use tonic::{Request, Status};

use crate::error::ClusterError;
use crate::listening::is_home;

/// The context in which a key is derived from a token; another use of the same token would give another key.
const CONTEXT: &str = "counted 2026 token of a cluster";

/// A shorter token could be guessed.
const SHORTEST_TOKEN: usize = 16;

/// How long a connection may take to be made: a machine that works at its limit answers late.
const CONNECT: Duration = Duration::from_secs(20);

/// The time between signs of life on an idle connection, and how long one may be awaited.
const ALIVE: Duration = Duration::from_secs(20);

/// The program and its version, as it names itself.
const PROGRAM: &str = concat!("counted/", env!("CARGO_PKG_VERSION"));

/// The digits of the build that a program says of itself.
const BUILD: usize = 16;

/// The secret that all processes of a cluster share, and the program that shows it. What is kept of the secret is a key that is
/// derived from it.
#[derive(Clone)]
pub struct Token {
    key: blake3::Hash,
    program: String,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Token(…)")
    }
}

impl Token {
    /// Reads a token from a file, of at least 16 characters; space around it is passed over.
    ///
    /// Errors: the file cannot be read, others may read it too, or what it holds could be guessed.
    pub fn read(path: &Path) -> Result<Self, ClusterError> {
        let wrong = |why| ClusterError::Token {
            path: path.to_owned(),
            why,
        };
        let text = owners_text(path).map_err(ClusterError::Given)?.map_err(wrong)?;
        if text.trim().len() < SHORTEST_TOKEN {
            return Err(wrong("it is shorter than 16 characters and could be guessed"));
        }
        Ok(Self::of(text.trim()))
    }

    fn of(text: &str) -> Self {
        Self {
            key: blake3::derive_key(CONTEXT, text.as_bytes()).into(),
            program: PROGRAM.to_owned(),
        }
    }

    /// The same token, shown by this build of the program: other builds are refused, and refuse it.
    #[must_use]
    pub fn of_build(self, build: &str) -> Self {
        let build = blake3::hash(build.as_bytes()).to_hex();
        Self {
            program: format!("{PROGRAM}+{}", &build.as_str()[..BUILD]),
            ..self
        }
    }

    /// A key for another use, from which nothing of the token can be told.
    pub(crate) fn key_for(&self, use_of_it: &str) -> [u8; 32] {
        blake3::derive_key(use_of_it, self.key.as_bytes())
    }

    /// The name under which this program calls.
    fn name(&self) -> String {
        format!("{} {}", self.program, self.key.to_hex())
    }

    /// Whether a call may be answered.
    #[allow(
        clippy::result_large_err,
        reason = "the form that a check of calls has in the library"
    )]
    pub(crate) fn check(&self, request: Request<()>) -> Result<Request<()>, Status> {
        let name = request.metadata().get("user-agent");
        let name = name.and_then(|name| name.to_str().ok()).unwrap_or_default();
        let mut words = name.split(' ');
        let (program, key) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let key = blake3::Hash::from_hex(key).map_err(|_| refused())?;
        // Hashes compare in constant time.
        if key != self.key {
            Err(refused())
        } else if program != self.program {
            Err(Status::failed_precondition("another version or build"))
        } else {
            Ok(request)
        }
    }
}

/// The text of a file that holds a secret; or why it cannot be believed to be one.
pub(crate) fn owners_text(path: &Path) -> std::io::Result<Result<String, &'static str>> {
    let text = fs_err::read_to_string(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs_err::metadata(path)?.permissions().mode() & 0o077 != 0 {
            return Ok(Err("others than its owner may read it; `chmod 600` it"));
        }
    }
    Ok(Ok(text))
}

fn refused() -> Status {
    Status::unauthenticated("the token is not this cluster's")
}

/// A certificate with its key, for whoever listens.
#[derive(Clone)]
pub struct Certificate(ServerTlsConfig);

impl Certificate {
    /// Reads a certificate (with the chain above it) and its key, both in PEM form.
    ///
    /// Errors: one of them cannot be read, is not what it should be, or is not the other's.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, ClusterError> {
        let wrong = |why| ClusterError::Pem {
            path: key.to_owned(),
            why,
        };
        let (shown, _) = certificates(certificate)?;
        let secret = fs_err::read(key).map_err(ClusterError::Given)?;
        PrivateKeyDer::from_pem_slice(&secret)
            .map_err(|_| wrong("it holds no key in PEM form that can be used without a passphrase"))?;
        let identity = Identity::from_pem(shown, secret);
        let read = Self(ServerTlsConfig::new().identity(identity));
        // The engine would find it out late, and take it for an end that somebody asked for.
        match read.server() {
            Ok(_) => Ok(read),
            Err(_) => Err(wrong(
                "it is not the key of the certificate; give the two that belong together",
            )),
        }
    }

    pub(crate) fn settings(&self) -> ServerTlsConfig {
        self.0.clone()
    }

    /// A server that shows it.
    ///
    /// Errors: the certificate and the key are no pair that a connection can be made with.
    pub(crate) fn server(&self) -> Result<Server, ClusterError> {
        let server = Server::builder().tls_config(self.settings());
        server.map_err(|_| ClusterError::Certificate {
            what: "the certificate or its key",
        })
    }
}

/// The authority whose certificates are believed, for whoever calls.
#[derive(Clone)]
pub struct Authority(ClientTlsConfig);

impl Authority {
    /// Reads the certificate of an authority, in PEM form.
    ///
    /// Errors: the file cannot be read, or holds no certificate.
    pub fn read(path: &Path) -> Result<Self, ClusterError> {
        let (text, _) = certificates(path)?;
        let certificate = tonic::transport::Certificate::from_pem(text);
        Ok(Self(ClientTlsConfig::new().ca_certificate(certificate)))
    }
}

/// The bytes of a file with certificates in PEM form, and what is believed by them.
///
/// Errors: the file cannot be read, or holds no certificate.
pub(crate) fn certificates(path: &Path) -> Result<(Vec<u8>, RootCertStore), ClusterError> {
    let wrong = || ClusterError::Pem {
        path: path.to_owned(),
        why: "it holds no certificate in PEM form (`-----BEGIN CERTIFICATE-----`); give the file that does",
    };
    let text = fs_err::read(path).map_err(ClusterError::Given)?;
    let read: Result<Vec<CertificateDer<'_>>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let mut believed = RootCertStore::empty();
    believed.add_parsable_certificates(read.map_err(|_| wrong())?);
    if believed.is_empty() {
        return Err(wrong());
    }
    Ok((text, believed))
}

/// Why a certificate that somebody showed is not believed, if that is what an error comes from.
pub(crate) fn doubt(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(rustls::Error::InvalidCertificate(why)) = error.downcast_ref::<rustls::Error>() {
            return Some(doubted(why));
        }
        // What an error of input and output was made of is not its source; that is the source of what it was made of.
        let carrier = error.downcast_ref::<std::io::Error>();
        next = match carrier.and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    None
}

fn doubted(why: &CertificateError) -> &'static str {
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired; make a new one for that machine"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it does not hold yet; look at the clocks of both machines"
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "it was not signed by the authority that was given; see that `--cluster-authority` (of an executor `--authority`) is the one that signed it"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it does not name the machine as it was called; call it by a name or number in its certificate, or make one with this name"
        }
        _ => "it is not one that a server may show; make it as the page about clusters says",
    }
}

/// How this program calls: under its name, and in TLS when there is an authority to believe. Without one it calls this machine
/// alone, unless that was given up in words: where executors are, the scheduler says, so each address is looked at.
///
/// The engine below writes some addresses as `http` whatever it is told; with an authority they become `https`, so that
/// no call ever leaves in clear.
pub(crate) fn calling(token: &Token, authority: Option<&Authority>, insecure: bool) -> EndpointOverrideFn {
    let (name, authority) = (token.name(), authority.cloned());
    Arc::new(
        move |endpoint: Endpoint| -> Result<Endpoint, Box<dyn Error + Send + Sync>> {
            let endpoint = match &authority {
                None if insecure || endpoint.uri().host().is_some_and(is_home) => endpoint,
                None => return Err(IN_CLEAR.into()),
                Some(Authority(tls)) => {
                    let host = endpoint.uri().authority().ok_or("an address without a host")?;
                    Endpoint::from_shared(format!("https://{host}"))?.tls_config(tls.clone())?
                }
            };
            Ok(endpoint
                .connect_timeout(CONNECT)
                .tcp_nodelay(true)
                .http2_keep_alive_interval(ALIVE)
                .keep_alive_timeout(ALIVE)
                .keep_alive_while_idle(true)
                .user_agent(name.clone())?)
        },
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// An authority that was made for these tests; its key is lost.
    const AUTHORITY: &str = "\
-----BEGIN CERTIFICATE-----
MIIBeDCCAR+gAwIBAgIUCiBzZ1zrykjik3F8oAyCTtHkzoswCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGYSB0ZXN0MCAXDTI2MTEyOTIwNDc1MloYDzIxMjYxMTA1MjA0
NzUyWjARMQ8wDQYDVQQDDAZhIHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQ6yHyzvNHFt0WIMUtyXAumaoTuhi1Vdze0V0xbVRyxSqSnZXqiCDaPGyumrBgE
ZVnMWtbiYzRGwDDsGMLyVjcIo1MwUTAdBgNVHQ4EFgQUbLB171Ld5tzRUvleYTdS
ALuVnIgwHwYDVR0jBBgwFoAUbLB171Ld5tzRUvleYTdSALuVnIgwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiByRK6IUNHpV/qFzl5n8RuofkS2yXy3
+dhJ0LUDNBvKFwIgMoc3b/rQLy9fJter6wRilbNqgktOEueU6SILH6FfveM=
-----END CERTIFICATE-----
";

    fn call(name: &str) -> Request<()> {
        let mut request = Request::new(());
        request.metadata_mut().insert("user-agent", name.parse().unwrap());
        request
    }

    #[test]
    fn only_the_token_of_the_cluster_and_its_version_are_answered() {
        let token = Token::of("a shared secret of some length");
        let answer = |name: &str| {
            token
                .check(call(name))
                .map(|_| ())
                .map_err(|status| status.code())
        };
        assert_eq!(answer(&format!("{} tonic/0.14", token.name())), Ok(()));
        let other = Token::of("a shared secret of some lengti");
        assert_eq!(answer(&other.name()), Err(tonic::Code::Unauthenticated));
        let older = token.name().replace(PROGRAM, "counted/0.0.1");
        assert_eq!(answer(&older), Err(tonic::Code::FailedPrecondition));
        let (one, other) = (token.clone().of_build("1 a"), token.clone().of_build("1 b"));
        assert!(one.check(call(&one.name())).is_ok());
        for (asked, by) in [(&one, &other), (&one, &token), (&token, &one)] {
            let refused = asked.check(call(&by.name())).map_err(|status| status.code());
            assert_eq!(refused.map(|_| ()), Err(tonic::Code::FailedPrecondition));
        }
        for name in ["", "tonic/0.14", PROGRAM, "counted/0.1.0  ", "counted/0.1.0 é"] {
            assert!(
                token
                    .check(call(name))
                    .is_err_and(|status| status.code() == tonic::Code::Unauthenticated),
                "{name}"
            );
        }
        assert!(token.check(Request::new(())).is_err());
    }

    #[test]
    fn nothing_is_called_beyond_this_machine_in_clear_unasked() {
        let ours = Token::of("a shared secret of some length");
        let called = |place: &'static str, insecure: bool| {
            let endpoint = calling(&ours, None, insecure)(Endpoint::from_static(place));
            endpoint.map(|_| ()).map_err(|error| error.to_string())
        };
        for place in ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1"] {
            assert_eq!(called(place, false), Ok(()), "{place}");
        }
        for place in [
            "http://192.0.2.2:1",
            "http://[2001:db8::2]:1",
            "http://machine-2:1",
        ] {
            assert_eq!(called(place, false), Err(IN_CLEAR.to_owned()), "{place}");
            assert_eq!(called(place, true), Ok(()), "{place}");
        }
    }

    #[test]
    fn a_token_says_nothing_of_itself() {
        let token = Token::of("a shared secret of some length");
        assert!(!format!("{token:?}").contains("secret"));
        assert!(!token.name().contains("secret"));
    }

    #[cfg(unix)]
    #[test]
    fn a_token_that_others_read_or_could_guess_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let read = |text: &str, mode: u32| {
            fs_err::write(&path, text).unwrap();
            fs_err::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            Token::read(&path)
                .map(|token| token.name())
                .map_err(|error| error.to_string())
        };
        let good = read("0123456789abcdef\n", 0o600).unwrap();
        assert_eq!(read("  0123456789abcdef", 0o400), Ok(good));
        assert!(read("0123456789abcdef", 0o640).unwrap_err().contains("chmod 600"));
        assert!(read("0123456789abcde\n", 0o600).unwrap_err().contains("guessed"));
    }

    #[test]
    fn a_file_that_is_missing_or_is_another_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs_err::write(&path, text).unwrap();
            path
        };
        let good = put("ca.pem", AUTHORITY);
        assert!(Authority::read(&good).is_ok());
        let damaged = put(
            "damaged",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        );
        let (cut, other) = (put("cut", &AUTHORITY[..200]), put("other", "no PEM\n"));
        let missing = folder.path().join("missing");
        let read = |path: &Path| Authority::read(path).map(|_| ()).unwrap_err();
        let pair = |key: &Path| Certificate::read(&good, key).map(|_| ()).unwrap_err();
        for (error, path, words) in [
            (read(&damaged), &damaged, "no certificate in PEM form"),
            (read(&cut), &cut, "no certificate in PEM form"),
            (read(&other), &other, "no certificate in PEM form"),
            (read(&missing), &missing, "that is there"),
            (pair(&other), &other, "no key in PEM form"),
            (pair(&good), &good, "no key in PEM form"),
            (pair(&missing), &missing, "that is there"),
            (Token::read(&missing).unwrap_err(), &missing, "that is there"),
        ] {
            assert!(error.is_call() && !error.is_refusal(), "{error}");
            let said = error.to_string();
            assert!(
                said.contains(words) && said.contains(path.to_str().unwrap()),
                "{said}"
            );
        }
    }

    #[test]
    fn a_certificate_is_found_behind_any_error_that_it_made() {
        use std::io::{Error as Io, ErrorKind};
        let of = |why| Io::new(ErrorKind::InvalidData, rustls::Error::InvalidCertificate(why));
        let says = |error: &Io, words: &str| doubt(error).is_some_and(|why| why.contains(words));
        assert!(says(&of(CertificateError::Expired), "expired"));
        assert!(says(&of(CertificateError::UnknownIssuer), "not signed"));
        assert!(says(&of(CertificateError::NotValidForName), "name"));
        let outer = Io::other(tonic::ConnectError(Box::new(Io::other(of(
            CertificateError::Expired,
        )))));
        assert!(says(&outer, "expired"));
        // One side alone speaks TLS, or nobody is there.
        assert_eq!(doubt(&Io::other(rustls::Error::DecryptError)), None);
        assert_eq!(doubt(&Io::from(ErrorKind::ConnectionRefused)), None);
    }
}
