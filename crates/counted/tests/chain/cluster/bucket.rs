//! An S3-compatible storage on this machine, as far as a cluster needs one.
//!
//! It keeps things in memory, and answers only what is signed with its secret.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rusty_s3::Method;
use rusty_s3::signing::sign;
use url::Url;

const NAME: &str = "counted";
const REGION: &str = "us-east-1";
const KEY: &str = "the key";
pub(super) const SECRET: &str = "the secret of this storage";

/// What was asked of it, and what lies there.
#[derive(Default)]
struct Inside {
    things: BTreeMap<String, Vec<u8>>,
    asked: Vec<String>,
    fault: Option<Fault>,
}

/// What is wrong with a storage.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Fault {
    /// It loses the second part of each table at once.
    Loses,
    /// It answers nobody any more when it is first asked of a thing.
    FallsSilent,
    Silent,
}

/// A storage that answers until the test ends.
pub(super) struct Bucket {
    inside: Arc<Mutex<Inside>>,
    address: String,
}

impl Bucket {
    pub(super) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let inside = Arc::<Mutex<Inside>>::default();
        let (kept, place) = (Arc::clone(&inside), address.clone());
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, place) = (Arc::clone(&kept), place.clone());
                thread::spawn(move || while answer(&stream, &kept, &place).is_some() {});
            }
        });
        Self { inside, address }
    }

    /// The file that says where it is, for whoever knows a secret.
    pub(super) fn file(&self, secret: &str) -> String {
        format!(
            "endpoint = \"{}\"\nbucket = \"{NAME}\"\nprefix = \"a-study\"\naccess_key = \"{KEY}\"\nsecret_key = \"{secret}\"\n",
            self.address
        )
    }

    /// Names of what lies there.
    pub(super) fn names(&self) -> Vec<String> {
        self.inside.lock().unwrap().things.keys().cloned().collect()
    }

    /// What it was asked, one word and a name each.
    pub(super) fn asked(&self) -> Vec<String> {
        self.inside.lock().unwrap().asked.clone()
    }

    /// What is wrong with it from now on.
    pub(super) fn has(&self, fault: Fault) {
        self.inside.lock().unwrap().fault = Some(fault);
    }

    /// Puts something there.
    pub(super) fn keep(&self, name: &str) {
        let mut inside = self.inside.lock().unwrap();
        inside.things.insert(name.to_owned(), b"left".to_vec());
    }
}

/// Answers one question of a connection; none when there is no further one.
fn answer(stream: &TcpStream, inside: &Mutex<Inside>, place: &str) -> Option<()> {
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first).ok().filter(|bytes| *bytes > 0)?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut length, mut range) = (0, None);
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            None => break,
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().ok()?
            }
            Some((name, value)) if name.eq_ignore_ascii_case("range") => range = Some(value.to_owned()),
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    let address = Url::parse(&format!("{place}{target}")).ok()?;
    if is_silent(&mut inside.lock().unwrap(), &method) {
        thread::sleep(Duration::from_secs(3_600));
        return None;
    }
    let (status, said, answered) = if signed(&method, &address) {
        let mut inside = inside.lock().unwrap();
        asked(&mut inside, &method, &address, range.as_deref(), body)
    } else {
        ("403 Forbidden", String::new(), Vec::new())
    };
    let length = if method == "HEAD" {
        said.clone()
    } else {
        format!("Content-Length: {}\r\n{said}", answered.len())
    };
    let mut whole = format!("HTTP/1.1 {status}\r\n{length}\r\n").into_bytes();
    whole.extend(answered);
    let mut out = stream;
    out.write_all(&whole).ok()
}

/// Whether a question is left without an answer.
fn is_silent(inside: &mut Inside, method: &str) -> bool {
    if inside.fault == Some(Fault::FallsSilent) && method == "HEAD" {
        inside.fault = Some(Fault::Silent);
    }
    inside.fault == Some(Fault::Silent)
}

/// Status, further headers and body.
fn asked(
    inside: &mut Inside,
    method: &str,
    address: &Url,
    range: Option<&str>,
    body: Vec<u8>,
) -> (&'static str, String, Vec<u8>) {
    let nothing = |status| (status, String::new(), Vec::new());
    let name = address
        .path()
        .trim_start_matches(&format!("/{NAME}"))
        .trim_start_matches('/');
    inside.asked.push(format!("{method} {name}"));
    match method {
        "PUT" if inside.fault == Some(Fault::Loses) && name.ends_with("/000001.parquet") => nothing("200 OK"),
        "PUT" => {
            inside.things.insert(name.to_owned(), body);
            nothing("200 OK")
        }
        "DELETE" => {
            inside.things.remove(name);
            nothing("204 No Content")
        }
        "GET" if name.is_empty() => ("200 OK", String::new(), listing(inside, address).into_bytes()),
        _ => match (inside.things.get(name), range) {
            (None, _) => nothing("404 Not Found"),
            (Some(thing), _) if method == "HEAD" => (
                "200 OK",
                format!("Content-Length: {}\r\n", thing.len()),
                Vec::new(),
            ),
            (Some(thing), None) => ("200 OK", String::new(), thing.clone()),
            (Some(thing), Some(range)) => part(thing, range),
        },
    }
}

fn part(thing: &[u8], range: &str) -> (&'static str, String, Vec<u8>) {
    let (first, last) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
    let end = thing.len();
    let range = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) => first..end.min(last + 1),
        (Ok(first), Err(_)) => first..end,
        (Err(_), Ok(bytes)) => end - bytes.min(end)..end,
        _ => panic!("{range}"),
    };
    let said = format!("Content-Range: bytes {}-{}/{end}\r\n", range.start, range.end - 1);
    ("206 Partial Content", said, thing[range].to_vec())
}

/// Pages of two, so that whoever reads them must turn over.
fn listing(inside: &Inside, address: &Url) -> String {
    let query: BTreeMap<_, _> = address.query_pairs().into_owned().collect();
    let after = query.get("continuation-token").cloned().unwrap_or_default();
    let all: Vec<_> = inside
        .things
        .iter()
        .filter(|(name, _)| name.starts_with(&query["prefix"]) && **name > after)
        .collect();
    let page = &all[..all.len().min(2)];
    let mut text = String::from("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for (name, thing) in page {
        let _ = write!(
            text,
            "<Contents><Key>{name}</Key><Size>{}</Size></Contents>",
            thing.len()
        );
    }
    let more = all.len() > page.len();
    let _ = write!(text, "<IsTruncated>{more}</IsTruncated>");
    if let (true, Some((last, _))) = (more, page.last()) {
        let _ = write!(text, "<NextContinuationToken>{last}</NextContinuationToken>");
    }
    text + "</ListBucketResult>"
}

/// Whether an address is signed with the secret of this storage, for this method.
fn signed(method: &str, address: &Url) -> bool {
    let query: BTreeMap<_, _> = address.query_pairs().into_owned().collect();
    let (Some(day), Some(holds)) = (query.get("X-Amz-Date"), query.get("X-Amz-Expires")) else {
        return false;
    };
    let time: Timestamp = DateTime::strptime("%Y%m%dT%H%M%SZ", day)
        .unwrap()
        .to_zoned(TimeZone::UTC)
        .unwrap()
        .timestamp();
    let method = match method {
        "PUT" => Method::Put,
        "DELETE" => Method::Delete,
        "HEAD" => Method::Head,
        _ => Method::Get,
    };
    let mut bare = address.clone();
    bare.set_query(None);
    let own = query.iter().filter(|(name, _)| !name.starts_with("X-Amz-"));
    let own: Vec<(&str, &str)> = own.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let right = sign(
        &time,
        method,
        bare,
        KEY,
        SECRET,
        None,
        REGION,
        holds.parse().unwrap(),
        own.into_iter(),
        std::iter::empty::<(&str, &str)>(),
    );
    let signature = |address: &Url| {
        let mut query = address.query_pairs();
        query
            .find(|(name, _)| name == "X-Amz-Signature")
            .map(|(_, value)| value.into_owned())
    };
    signature(&right) == signature(address)
}
