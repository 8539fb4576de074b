//! A bucket: signed requests, and what a storage answers to them.
//!
//! Requests are signed in their address (AWS Signature Version 4, query string), which every S3-compatible storage takes
//! and which lets a file be sent without being read twice.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use http::header::{CONTENT_LENGTH, RANGE};
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};
use rusty_s3::actions::{ListObjectsV2, ListObjectsV2Response};
use rusty_s3::{Credentials, S3Action};
use tokio_util::io::ReaderStream;
use url::Url;

use crate::error::ClusterError;

/// How long a signed address holds: storages write addresses into their logs. It is looked at when a request begins.
const HOLDS: Duration = Duration::from_secs(300);

/// How long a storage may take to begin an answer, over all attempts, and whoever reads to be given the next piece of it.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// How long it may take in one attempt: a connection may have died of which this end was not told.
const ONE_ATTEMPT: Duration = Duration::from_secs(30);

/// Attempts at what a storage does not answer, or answers with a fault of its own.
const ATTEMPTS: u32 = 4;

/// Before the second attempt; twice as long before each further one.
const PAUSE: Duration = Duration::from_millis(200);

/// The most that a page of a listing may hold, in bytes: 1,000 names of 1,024 letters, and what is said of each.
const LARGEST_PAGE: usize = 4 << 20;

/// Files are sent in pieces of so many bytes.
const PIECE: usize = 256 << 10;

/// Bytes a second below which a storage that is sent a file counts as silent.
const SLOWEST: u64 = 1 << 20;

type Sent = UnsyncBoxBody<Bytes, std::io::Error>;
pub(super) type Body = Incoming;

/// Why a storage did not do what it was asked. No text of the storage, and no signed address.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("the storage does not answer")]
    Silent,
    #[error("the storage refused the keys, or what they may do")]
    Refused,
    #[error("the storage has no such bucket, or no longer what was lent to it")]
    Missing,
    #[error("the storage answered with the fault {0}")]
    Fault(StatusCode),
    #[error("a table of the study is not there")]
    Gone,
    #[error("the storage's answer cannot be read")]
    Unreadable,
    #[error("{0}")]
    File(#[from] std::io::Error),
}

impl Trouble {
    /// Whether it may go well another time.
    fn passes(&self) -> bool {
        match self {
            Self::Silent => true,
            Self::Fault(status) => status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS,
            _ => false,
        }
    }
}

/// A thing in a bucket.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) bytes: u64,
}

/// A bucket, with the keys to it.
pub(crate) struct Bucket {
    place: rusty_s3::Bucket,
    keys: Credentials,
    client: Client<HttpsConnector<HttpConnector>, Sent>,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Bucket(…)")
    }
}

impl Bucket {
    /// With the authorities that are believed; none where nothing is asked with TLS.
    pub(super) fn new(
        place: rusty_s3::Bucket,
        keys: Credentials,
        authority: Option<RootCertStore>,
    ) -> Result<Self, ClusterError> {
        let provider = rustls::crypto::ring::default_provider();
        let tls = ClientConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()
            .map_err(|_| ClusterError::Certificate {
                what: "the authority of the storage",
            })?
            .with_root_certificates(authority.unwrap_or_else(RootCertStore::empty))
            .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self {
            place,
            keys,
            client: Client::builder(TokioExecutor::new()).build(connector),
        })
    }

    /// What lies below a prefix, in the order of its names.
    pub(super) async fn names(&self, prefix: &str) -> Result<Vec<Named>, Trouble> {
        let (mut names, mut next) = (Vec::new(), None::<String>);
        loop {
            let mut asked = self.place.list_objects_v2(Some(&self.keys));
            asked.with_prefix(prefix);
            if let Some(next) = next {
                asked.with_continuation_token(next);
            }
            let answer = self.ask(&Method::GET, &asked.sign(HOLDS), None).await?;
            let page = Limited::new(answer.into_body(), LARGEST_PAGE).collect();
            let page = within(PATIENCE, page)
                .await?
                .map_err(|_| Trouble::Unreadable)?
                .to_bytes();
            let page = std::str::from_utf8(&page).map_err(|_| Trouble::Unreadable)?;
            let page: ListObjectsV2Response =
                ListObjectsV2::parse_response(page).map_err(|_| Trouble::Unreadable)?;
            names.extend(page.contents.into_iter().map(|content| Named {
                name: content.key,
                bytes: content.size.unwrap_or_default(),
            }));
            next = page.next_continuation_token;
            if next.is_none() {
                return Ok(names);
            }
        }
    }

    /// Begins to read a thing, or a range of its bytes as HTTP writes it (`bytes=0-99`).
    pub(super) async fn get(&self, name: &str, range: Option<&str>) -> Result<Response<Body>, Trouble> {
        let address = self.place.get_object(Some(&self.keys), name).sign(HOLDS);
        self.ask(&Method::GET, &address, range).await
    }

    /// What is said of a thing, without its bytes.
    pub(super) async fn head(&self, name: &str) -> Result<Response<Body>, Trouble> {
        let address = self.place.head_object(Some(&self.keys), name).sign(HOLDS);
        self.ask(&Method::HEAD, &address, None).await
    }

    /// Removes a thing; that it is not there is no trouble.
    pub(super) async fn remove(&self, name: &str) -> Result<(), Trouble> {
        let address = self.place.delete_object(Some(&self.keys), name).sign(HOLDS);
        match self.ask(&Method::DELETE, &address, None).await {
            Ok(_) | Err(Trouble::Missing) => Ok(()),
            Err(trouble) => Err(trouble),
        }
    }

    /// Puts a file down.
    pub(super) async fn put(&self, name: &str, file: &Path) -> Result<(), Trouble> {
        let sending = Duration::from_secs(fs_err::metadata(file)?.len() / SLOWEST);
        within(
            // Long enough to send all of it twice.
            PATIENCE + 2 * sending,
            self.attempts_to_put(name, file, ONE_ATTEMPT + sending),
        )
        .await
        .flatten()
    }

    async fn attempts_to_put(&self, name: &str, file: &Path, patience: Duration) -> Result<(), Trouble> {
        let mut attempt = 1;
        loop {
            let address = self.place.put_object(Some(&self.keys), name).sign(HOLDS);
            let open = fs_err::File::open(file)?;
            let length = open.metadata()?.len();
            let open = tokio::fs::File::from_std(open.into_file());
            let pieces = ReaderStream::with_capacity(open, PIECE);
            let body = StreamBody::new(pieces.map_ok(Frame::data)).boxed_unsync();
            let request = request(&Method::PUT, &address)
                .header(CONTENT_LENGTH, length)
                .body(body);
            let sent = self.client.request(request.map_err(|_| Trouble::Unreadable)?);
            let sent = within(patience, sent).await;
            match answered(sent.and_then(|sent| sent.map_err(|_| Trouble::Silent))) {
                Ok(_) => return Ok(()),
                Err(trouble) => rest(&mut attempt, trouble).await?,
            }
        }
    }

    /// Asks, and again where that may help. Only what can be asked twice is asked so.
    async fn ask(
        &self,
        method: &Method,
        address: &Url,
        range: Option<&str>,
    ) -> Result<Response<Body>, Trouble> {
        within(PATIENCE, self.attempts_to_ask(method, address, range))
            .await
            .flatten()
    }

    async fn attempts_to_ask(
        &self,
        method: &Method,
        address: &Url,
        range: Option<&str>,
    ) -> Result<Response<Body>, Trouble> {
        let mut attempt = 1;
        loop {
            let mut request = request(method, address);
            if let Some(range) = range {
                request = request.header(RANGE, range);
            }
            let nothing = Empty::new().map_err(|never| match never {}).boxed_unsync();
            let request = request.body(nothing).map_err(|_| Trouble::Unreadable)?;
            let sent = within(ONE_ATTEMPT, self.client.request(request)).await;
            match answered(sent.and_then(|sent| sent.map_err(|_| Trouble::Silent))) {
                Ok(answer) => return Ok(answer),
                Err(trouble) => rest(&mut attempt, trouble).await?,
            }
        }
    }
}

fn request(method: &Method, address: &Url) -> http::request::Builder {
    Request::builder().method(method).uri(address.as_str())
}

/// Waits before another attempt, unless none would help.
async fn rest(attempt: &mut u32, trouble: Trouble) -> Result<(), Trouble> {
    if *attempt == ATTEMPTS || !trouble.passes() {
        return Err(trouble);
    }
    tokio::time::sleep(PAUSE * (1 << (*attempt - 1))).await;
    *attempt += 1;
    Ok(())
}

pub(super) async fn within<T>(patience: Duration, work: impl Future<Output = T>) -> Result<T, Trouble> {
    tokio::time::timeout(patience, work)
        .await
        .map_err(|_| Trouble::Silent)
}

fn answered(sent: Result<Response<Body>, Trouble>) -> Result<Response<Body>, Trouble> {
    let answer = sent?;
    match answer.status() {
        status if status.is_success() => Ok(answer),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Trouble::Refused),
        StatusCode::NOT_FOUND => Err(Trouble::Missing),
        status => Err(Trouble::Fault(status)),
    }
}

/// The pieces of an answer's body.
pub(super) fn pieces(body: Body) -> impl futures::Stream<Item = Result<Bytes, Trouble>> + Send {
    futures::stream::unfold(Some(body), |body| async {
        let mut body = body?;
        loop {
            match within(PATIENCE, body.frame()).await {
                Ok(None) => return None,
                Ok(Some(Ok(frame))) => {
                    if let Ok(piece) = frame.into_data() {
                        return Some((Ok(piece), Some(body)));
                    }
                }
                Ok(Some(Err(_))) | Err(_) => return Some((Err(Trouble::Silent), None)),
            }
        }
    })
    .boxed()
}
