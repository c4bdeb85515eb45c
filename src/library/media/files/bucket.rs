//! An S3-compatible bucket: what is done there with a file, each thing tried again when it may pass.
//!
//! A file lies under the path that it would have in a folder, so that either can be copied to the other. Requests are signed
//! in their address, for a minute: one that was held up arrives too late to do anything.

mod http;

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, CONTENT_RANGE, HeaderMap, LAST_MODIFIED};
use hyper::{Method, Response};
use rusty_s3::actions::{ListObjectsV2, S3Action};
use rusty_s3::{Credentials, UrlStyle};

use super::super::{FileName, Part};
use super::figures::Figures;
use super::refusal::Refusal;
use http::{Ask, Http, piece, whole};

/// How long a signed address holds.
const SIGNED_FOR: Duration = Duration::from_mins(1);
/// Pauses before it is tried once more.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];

/// Where a bucket is, and the key to it.
#[derive(Clone)]
pub struct BucketAt {
    pub endpoint: String,
    pub region: String,
    pub name: String,
    /// What stands before each file's path; empty, or ends with `/`.
    pub prefix: String,
    pub key: String,
    pub secret: String,
    /// Whether the bucket's name stands in the path or before the host.
    pub style: Style,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Path,
    Host,
}

/// Without the secret.
impl std::fmt::Debug for BucketAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BucketAt").field("endpoint", &self.endpoint).field("name", &self.name).finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(super) struct Bucket {
    signs: rusty_s3::Bucket,
    credentials: Credentials,
    prefix: String,
    host: String,
    figures: Figures,
    http: Http,
}

/// What is known of a file in the bucket.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    pub(super) size: u64,
    /// When it was put there; unknown to servers that don't say.
    pub(super) kept: Option<SystemTime>,
}

/// A page of a list.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Paths without the prefix.
    pub(super) paths: Vec<String>,
    pub(super) next: Option<String>,
}

impl Bucket {
    pub(super) fn new(at: &BucketAt, figures: Figures) -> io::Result<Self> {
        let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidInput, what);
        let endpoint = at.endpoint.parse().map_err(|e| wrong(format!("--s3-endpoint: {e}")))?;
        let style = match at.style {
            Style::Path => UrlStyle::Path,
            Style::Host => UrlStyle::VirtualHost,
        };
        let bucket = rusty_s3::Bucket::new(endpoint, style, at.name.clone(), at.region.clone())
            .map_err(|e| wrong(format!("--s3-endpoint, or the bucket's name in --files: {e}")))?;
        let host = bucket.base_url().host_str().unwrap_or_default().to_owned();
        let credentials = Credentials::new(at.key.clone(), at.secret.clone());
        Ok(Self {
            signs: bucket,
            credentials,
            prefix: at.prefix.clone(),
            host,
            figures,
            http: Http::new(&at.endpoint)?,
        })
    }

    /// Whether the bucket is there and may be listed.
    pub(super) async fn probe(&self) -> Result<(), Refusal> {
        let mut list = self.signs.list_objects_v2(Some(&self.credentials));
        list.with_prefix(self.prefix.as_str());
        list.with_max_keys(1);
        let ask = self.ask(&list, Method::GET, "a look into it");
        self.short(&ask).await.map(drop)
    }

    /// Begins to fetch a file, or its bytes from one to another. Tried once: whoever fetches goes on where it broke off.
    pub(super) async fn get(&self, file: &FileName, range: Option<(u64, u64)>) -> Result<Coming<'_>, Refusal> {
        let key = self.key(file);
        let ask = self.ask(&self.signs.get_object(Some(&self.credentials), &key), Method::GET, "GET");
        let answer = self.http.ask(&ask, range).await?;
        let size =
            size_of(&answer, range).ok_or_else(|| Refusal::nonsense("GET", "does not say how long the file is"))?;
        Ok(Coming { ask, size, body: answer.into_body() })
    }

    /// None if it is not there.
    pub(super) async fn about(&self, file: &FileName) -> Result<Option<About>, Refusal> {
        let mut patience = Patience::new();
        loop {
            match self.head(file).await {
                Ok(about) => return Ok(Some(about)),
                Err(refusal) if refusal.is_missing() => return Ok(None),
                Err(refusal) => patience.with(refusal).await?,
            }
        }
    }

    async fn head(&self, file: &FileName) -> Result<About, Refusal> {
        let key = self.key(file);
        let ask = self.ask(&self.signs.head_object(Some(&self.credentials), &key), Method::HEAD, "HEAD");
        let answer = self.http.ask(&ask, None).await?;
        let size = number(answer.headers(), CONTENT_LENGTH.as_str());
        let size = size.ok_or_else(|| Refusal::nonsense("HEAD", "does not say how long the file is"))?;
        let kept = answer.headers().get(LAST_MODIFIED).and_then(|at| at.to_str().ok());
        Ok(About { size, kept: kept.and_then(|at| httpdate::parse_http_date(at).ok()) })
    }

    /// Puts a file there. The same again changes nothing.
    pub(super) async fn put(&self, file: &FileName, from: &Path) -> Result<(), Refusal> {
        let (key, mut patience) = (self.key(file), Patience::new());
        loop {
            let opened = tokio::fs::File::open(from).await.map_err(|e| Refusal::here(&e))?;
            let size = opened.metadata().await.map_err(|e| Refusal::here(&e))?.len();
            let ask = self.ask(&self.signs.put_object(Some(&self.credentials), &key), Method::PUT, "PUT");
            match self.http.send_file(&ask, opened, size).await {
                Err(refusal) => patience.with(refusal).await?,
                done => return done,
            }
        }
    }

    /// One that is gone already is no error.
    pub(super) async fn delete(&self, file: &FileName) -> Result<(), Refusal> {
        let (key, mut patience) = (self.key(file), Patience::new());
        loop {
            let ask = self.ask(&self.signs.delete_object(Some(&self.credentials), &key), Method::DELETE, "DELETE");
            match self.http.ask(&ask, None).await {
                Err(refusal) if !refusal.is_missing() => patience.with(refusal).await?,
                _ => return Ok(()),
            }
        }
    }

    /// Copies a file within the bucket; its new path.
    pub(super) async fn copy(&self, file: &FileName, folder: &str) -> Result<String, Refusal> {
        let (from, to) = (self.key(file), format!("{}{folder}/{file}", self.prefix));
        let source = format!("/{}/{from}", self.signs.name());
        let mut patience = Patience::new();
        loop {
            let mut action = self.signs.put_object(Some(&self.credentials), &to);
            action.headers_mut().insert("x-amz-copy-source", source.as_str());
            let mut ask = self.ask(&action, Method::PUT, "a copy");
            ask.headers.push(("x-amz-copy-source", source.clone()));
            match self.short(&ask).await {
                Err(refusal) => patience.with(refusal).await?,
                Ok(_) => return Ok(to),
            }
        }
    }

    /// What lies under a part's folder, a thousand at once.
    pub(super) async fn list(&self, part: Part, next: Option<&str>) -> Result<Page, Refusal> {
        let under = format!("{}{}/", self.prefix, part.folder());
        let mut patience = Patience::new();
        let text = loop {
            let mut list = self.signs.list_objects_v2(Some(&self.credentials));
            list.with_prefix(under.as_str());
            if let Some(next) = next {
                list.with_continuation_token(next);
            }
            let ask = self.ask(&list, Method::GET, "a list");
            match self.short(&ask).await {
                Err(refusal) => patience.with(refusal).await?,
                Ok(text) => break text,
            }
        };
        let listed = std::str::from_utf8(&text).ok().and_then(|text| ListObjectsV2::parse_response(text).ok());
        let listed = listed.ok_or_else(|| Refusal::nonsense("a list", "is none"))?;
        let path = |key: String| key.strip_prefix(&self.prefix).map(str::to_owned);
        let paths = listed.contents.into_iter().filter_map(|object| path(object.key)).collect();
        Ok(Page { paths, next: listed.next_continuation_token })
    }

    /// Asks for a short answer, and reads it.
    async fn short(&self, ask: &Ask<'_>) -> Result<Vec<u8>, Refusal> {
        whole(ask, self.http.ask(ask, None).await?).await
    }

    fn key(&self, file: &FileName) -> String {
        format!("{}{}", self.prefix, file.path())
    }

    fn ask<'a, 's>(&'s self, action: &impl S3Action<'a>, method: Method, doing: &'static str) -> Ask<'s> {
        let (url, host, figures) = (action.sign(SIGNED_FOR).into(), &*self.host, &self.figures);
        Ask { method, url, doing, host, headers: Vec::new(), figures }
    }
}

/// Tries what may pass again, a few times.
pub(super) struct Patience(std::slice::Iter<'static, Duration>);

impl Patience {
    pub(super) fn new() -> Self {
        Self(PAUSES.iter())
    }

    /// Waits for a while, unless that would help nobody.
    pub(super) async fn with(&mut self, refusal: Refusal) -> Result<(), Refusal> {
        match self.0.next().filter(|_| refusal.may_pass()) {
            Some(pause) => {
                tracing::debug!(%refusal, "tried again");
                tokio::time::sleep(*pause).await;
                Ok(())
            }
            None => Err(refusal),
        }
    }
}

/// A file on its way here.
pub(super) struct Coming<'a> {
    ask: Ask<'a>,
    /// Of the whole file, in bytes.
    pub(super) size: u64,
    body: Incoming,
}

impl Coming<'_> {
    pub(super) async fn piece(&mut self) -> Result<Option<Bytes>, Refusal> {
        let piece = piece(&self.ask, &mut self.body).await?;
        self.ask.figures.received.inc_by(piece.as_ref().map_or(0, Bytes::len) as u64);
        Ok(piece)
    }
}

/// How long the whole file is. A range must be answered with that range: else all of it would be taken for a part.
fn size_of(answer: &Response<Incoming>, range: Option<(u64, u64)>) -> Option<u64> {
    let Some((from, _)) = range else { return number(answer.headers(), CONTENT_LENGTH.as_str()) };
    let said = answer.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    let (span, size) = said.strip_prefix("bytes ")?.split_once('/')?;
    let begins: u64 = span.split_once('-')?.0.parse().ok()?;
    size.parse().ok().filter(|_| begins == from)
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}
