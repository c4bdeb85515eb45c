//! A bucket of one's own: a real S3 server over a folder, which checks signatures, counts what it is asked, and can be told
//! to fail.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// The one bucket that is there.
pub const BUCKET: &str = "songs";
pub const KEY: &str = "an-access-key";
pub const SECRET: &str = "a secret that nobody else knows";

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    #[default]
    Fine,
    /// Answers everything with this status and this reason.
    Refuses(u16, &'static str),
    /// Answers late.
    Slow(Duration),
    /// Takes connections and answers nothing.
    Silent,
    /// The next so many files that are fetched break off in the middle.
    BreaksOff(u32),
}

/// A server; dropped, it is gone.
#[derive(Debug)]
pub struct S3 {
    addr: SocketAddr,
    root: tempfile::TempDir,
    shared: Arc<Shared>,
    task: AbortHandle,
}

#[derive(Debug, Default)]
struct Shared {
    mood: Mutex<Mood>,
    asked: Mutex<Vec<String>>,
}

type Body = UnsyncBoxBody<Bytes, io::Error>;

impl S3 {
    pub async fn start() -> Result<Self> {
        let root = tempfile::tempdir()?;
        std::fs::create_dir(root.path().join(BUCKET))?;
        let files = FileSystem::new(root.path()).map_err(|e| anyhow!("{e:?}"))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let (service, shared) = (service.build(), Arc::<Shared>::default());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let addr = listener.local_addr()?;
        let task = tokio::spawn(serve(listener, service, shared.clone())).abort_handle();
        Ok(Self { addr, root, shared, task })
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// How a server of Octave is told of it.
    pub fn args(&self, prefix: &str) -> Vec<String> {
        let files = format!("s3://{BUCKET}/{prefix}");
        let args = ["--files", &files, "--s3-endpoint", &self.endpoint(), "--s3-key", KEY, "--s3-secret", SECRET];
        args.map(str::to_owned).to_vec()
    }

    pub fn set(&self, mood: Mood) {
        *lock(&self.shared.mood) = mood;
    }

    /// What it was asked since this was asked last: `GET /songs/audio/…` with the range, if there was one.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.shared.asked))
    }

    /// Where an object lies on this machine's disk.
    pub fn path(&self, object: &str) -> PathBuf {
        self.root.path().join(BUCKET).join(object)
    }

    /// All objects.
    pub fn objects(&self) -> Result<Vec<String>> {
        let bucket = self.root.path().join(BUCKET);
        let mut found = Vec::new();
        walk(&bucket, &mut |path| {
            found.extend(path.strip_prefix(&bucket).ok().and_then(Path::to_str).map(str::to_owned));
        })
        .context("the bucket can't be listed")?;
        found.sort();
        Ok(found)
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn walk(folder: &Path, each: &mut impl FnMut(&Path)) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { walk(&path, each)? } else { each(&path) }
    }
    Ok(())
}

async fn serve(listener: TcpListener, service: S3Service, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (service, shared) = (service.clone(), shared.clone());
        let answer = service_fn(move |request| answer(service.clone(), shared.clone(), request));
        let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
        tokio::spawn(connection);
    }
}

async fn answer(
    service: S3Service,
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let range = request.headers().get("range").and_then(|r| r.to_str().ok());
    let said = format!("{} {} {}", request.method(), request.uri().path(), range.unwrap_or_default());
    lock(&shared.asked).push(said.trim_end().to_owned());
    let is_file = request.method() == Method::GET && request.uri().path().trim_matches('/') != BUCKET;
    let mood = *lock(&shared.mood);
    let breaks = match mood {
        Mood::Refuses(status, code) => return Ok(refusal(status, code)),
        Mood::Silent => std::future::pending().await,
        Mood::Slow(pause) => {
            tokio::time::sleep(pause).await;
            false
        }
        Mood::BreaksOff(times) if is_file && times > 0 => {
            *lock(&shared.mood) = Mood::BreaksOff(times - 1);
            true
        }
        Mood::BreaksOff(_) | Mood::Fine => false,
    };
    let answer = match service.call(request.map(s3s::Body::from)).await {
        Ok(answer) => answer.map(|body| body.map_err(io::Error::other).boxed_unsync()),
        Err(error) => {
            eprintln!("S3: {error:?}");
            refusal(500, "InternalError")
        }
    };
    if breaks { Ok(half(answer).await) } else { Ok(answer) }
}

fn refusal(status: u16, code: &str) -> Response<Body> {
    let text = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message></Error>");
    let body = Full::new(Bytes::from(text)).map_err(|never| match never {}).boxed_unsync();
    let mut answer = Response::new(body);
    *answer.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    answer
}

/// The first half of an answer, and then its end.
async fn half(answer: Response<Body>) -> Response<Body> {
    let (head, body) = answer.into_parts();
    let all = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let half = all.slice(..all.len() / 2);
    let pieces = [Ok(Frame::data(half)), Err(io::Error::other("as it was told"))];
    Response::from_parts(head, StreamBody::new(stream::iter(pieces)).boxed_unsync())
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
