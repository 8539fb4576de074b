//! A bucket as the query engine reads one. It cannot write through it: only what is lent lies there.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use http::header::{CONTENT_LENGTH, CONTENT_RANGE};
use http::{HeaderMap, HeaderName};
use object_store::path::Path;
use object_store::{
    Attributes, CopyOptions, Error, GetOptions, GetRange, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use super::bucket::{Bucket, Named, Trouble, pieces};

const STORE: &str = "S3";

/// A trouble as the engine passes it on: in its words, which a scheduler would not pass on of a type.
fn told(trouble: Trouble) -> Error {
    Error::Generic {
        store: STORE,
        source: trouble.to_string().into(),
    }
}

/// What the engine is told of a thing. Under a name there are always the same bytes, so that no time need be told.
fn meta(location: Path, bytes: u64) -> ObjectMeta {
    ObjectMeta {
        location,
        last_modified: Default::default(),
        size: bytes,
        e_tag: None,
        version: None,
    }
}

fn listed(names: Vec<Named>) -> Result<Vec<ObjectMeta>> {
    let metas = names
        .into_iter()
        .map(|named| Ok(meta(Path::parse(named.name)?, named.bytes)));
    metas.collect()
}

/// A folder's name as the bucket has it: other folders may begin with the same letters.
fn folder(prefix: Option<&Path>) -> String {
    prefix.map_or_else(String::new, |prefix| format!("{prefix}/"))
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| told(Trouble::Unreadable))
}

fn header(headers: &HeaderMap, name: HeaderName) -> Result<&str> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.ok_or_else(|| told(Trouble::Unreadable))
}

/// Which bytes an answer holds, and of how many: `bytes 0-99/1234`, or all of them.
fn held(headers: &HeaderMap, part: bool) -> Result<(Range<u64>, u64)> {
    if !part {
        let bytes = number(header(headers, CONTENT_LENGTH)?)?;
        return Ok((0..bytes, bytes));
    }
    let said = header(headers, CONTENT_RANGE)?;
    let numbers = said.strip_prefix("bytes ").and_then(|rest| {
        let (range, bytes) = rest.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        Some((first, last, bytes))
    });
    let (first, last, bytes) = numbers.ok_or_else(|| told(Trouble::Unreadable))?;
    let last: u64 = number(last)?;
    Ok((number(first)?..last.saturating_add(1), number(bytes)?))
}

/// A range of bytes as HTTP writes it.
fn written(range: &GetRange) -> Result<String> {
    range.is_valid().map_err(|error| Error::Generic {
        store: STORE,
        source: Box::new(error),
    })?;
    Ok(match range {
        GetRange::Bounded(range) => format!("bytes={}-{}", range.start, range.end.saturating_sub(1)),
        GetRange::Offset(first) => format!("bytes={first}-"),
        GetRange::Suffix(bytes) => format!("bytes=-{bytes}"),
    })
}

fn read_only<T>(operation: &str) -> Result<T> {
    Err(Error::NotImplemented {
        operation: operation.to_owned(),
        implementer: STORE.to_owned(),
    })
}

/// A bucket that the engine may read, shared by all who read it.
#[derive(Debug, Clone)]
pub(super) struct Shelf(pub(super) Arc<Bucket>);

impl fmt::Display for Shelf {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(STORE)
    }
}

#[async_trait]
impl ObjectStore for Shelf {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let name = location.as_ref();
        if options.head {
            let answer = self.0.head(name).await.map_err(told)?;
            let (range, bytes) = held(answer.headers(), false)?;
            // A part without bytes is none, and would be left out of a plan without a word.
            if bytes == 0 {
                return Err(told(Trouble::Missing));
            }
            return Ok(GetResult {
                payload: GetResultPayload::Stream(stream::empty().boxed()),
                meta: meta(location.clone(), bytes),
                range,
                attributes: Attributes::default(),
            });
        }
        let range = options.range.as_ref().map(written).transpose()?;
        let answer = self.0.get(name, range.as_deref()).await.map_err(told)?;
        let (range, bytes) = held(answer.headers(), range.is_some())?;
        Ok(GetResult {
            payload: GetResultPayload::Stream(pieces(answer.into_body()).map_err(told).boxed()),
            meta: meta(location.clone(), bytes),
            range,
            attributes: Attributes::default(),
        })
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let (bucket, folder) = (Arc::clone(&self.0), folder(prefix));
        let all = async move {
            let names = bucket.names(&folder).await.map_err(told)?;
            Ok::<_, Error>(stream::iter(listed(names)?).map(Ok))
        };
        stream::once(all).try_flatten().boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let folder = folder(prefix);
        let names = self.0.names(&folder).await.map_err(told)?;
        let (mut common_prefixes, mut objects) = (Vec::<Path>::new(), Vec::new());
        for named in names {
            let below = named.name.strip_prefix(&folder).unwrap_or(&named.name);
            match below.split_once('/') {
                None => objects.push(meta(Path::parse(&named.name)?, named.bytes)),
                Some((inner, _)) => {
                    let inner = Path::parse(format!("{folder}{inner}"))?;
                    if common_prefixes.last() != Some(&inner) {
                        common_prefixes.push(inner);
                    }
                }
            }
        }
        Ok(ListResult {
            common_prefixes,
            objects,
        })
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        read_only("put")
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        read_only("put in parts")
    }

    fn delete_stream(&self, _: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        stream::once(async { read_only("delete") }).boxed()
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        read_only("copy")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use http::HeaderValue;

    use super::*;

    #[test]
    fn ranges_are_asked_for_and_answered_as_http_writes_them() {
        assert_eq!(written(&GetRange::Bounded(10..20)).unwrap(), "bytes=10-19");
        assert_eq!(written(&GetRange::Offset(7)).unwrap(), "bytes=7-");
        assert_eq!(written(&GetRange::Suffix(8)).unwrap(), "bytes=-8");
        assert!(written(&GetRange::Bounded(5..5)).is_err());
        let answer = |name: HeaderName, value: &'static str, part| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            held(&headers, part).ok()
        };
        assert_eq!(
            answer(CONTENT_RANGE, "bytes 10-19/100", true),
            Some((10..20, 100))
        );
        assert_eq!(answer(CONTENT_LENGTH, "100", false), Some((0..100, 100)));
        // A storage that sends the whole for a part of it would be read wrongly.
        assert_eq!(answer(CONTENT_LENGTH, "100", true), None);
        for wrong in ["bytes */100", "bytes 10/100", "rows 1-2/3", "bytes 1-2/x"] {
            assert_eq!(answer(CONTENT_RANGE, wrong, true), None, "{wrong}");
        }
    }
}
