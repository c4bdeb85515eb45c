//! The HTTP side: JSON in and out, one connection per request.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

use crate::PATIENCE;

/// Somebody who speaks HTTP to a server, signed in or not.
#[derive(Debug, Clone)]
pub struct Api {
    addr: SocketAddr,
    token: Option<String>,
    from: Option<IpAddr>,
    headers: Vec<(&'static str, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    /// The body as JSON; `null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body of an answer that had to be `status`.
    pub fn expect(self, status: u16) -> Result<Value> {
        if self.status != status {
            bail!("expected {status}, got {}: {}", self.status, String::from_utf8_lossy(&self.body));
        }
        Ok(self.json())
    }
}

impl Api {
    pub fn new(addr: SocketAddr) -> Self {
        Self { addr, token: None, from: None, headers: Vec::new() }
    }

    #[must_use]
    pub fn signed_in(addr: SocketAddr, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::new(addr) }
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The same, asking from an address of this machine (on Linux all of 127.0.0.0/8 are).
    #[must_use]
    pub fn from(mut self, address: impl Into<IpAddr>) -> Self {
        self.from = Some(address.into());
        self
    }

    /// The same, with one more header in every request.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Opens an account with a fixed password, and stays signed in as it.
    pub async fn register(addr: SocketAddr, username: &str) -> Result<Account> {
        let body = json!({ "username": username, "email": format!("{username}@example.org"), "password": PASSWORD });
        let reply = Self::new(addr).post("/api/v1/auth/register", &body).await?.expect(201)?;
        let token = reply["token"].as_str().context("no token")?.to_owned();
        let id = reply["user"]["id"].as_i64().context("no user id")?;
        Ok(Account { id, username: username.to_owned(), api: Self::signed_in(addr, &token), token })
    }

    /// Comes in by a link, as a guest without an account.
    pub async fn enter(addr: SocketAddr, code: &str, name: &str) -> Result<Account> {
        let door = format!("/api/v1/guest-links/{code}/enter");
        let reply = Self::new(addr).post(&door, &json!({ "name": name })).await?.expect(201)?;
        let token = reply["token"].as_str().context("no token")?.to_owned();
        let id = reply["user"]["id"].as_i64().context("no user id")?;
        let username = reply["user"]["username"].as_str().context("no name")?.to_owned();
        Ok(Account { id, username, api: Self::signed_in(addr, &token), token })
    }

    pub async fn get(&self, path: &str) -> Result<Reply> {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<Reply> {
        self.send(Method::POST, path, Some("application/json"), body.to_string().into()).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Result<Reply> {
        self.send(Method::PUT, path, Some("application/json"), body.to_string().into()).await
    }

    /// Sends bytes, such as a picture.
    pub async fn put_bytes(&self, path: &str, body: impl Into<Bytes>) -> Result<Reply> {
        self.send(Method::PUT, path, None, body.into()).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Result<Reply> {
        self.send(Method::PATCH, path, Some("application/json"), body.to_string().into()).await
    }

    pub async fn delete(&self, path: &str) -> Result<Reply> {
        self.send(Method::DELETE, path, None, Bytes::new()).await
    }

    pub async fn delete_with(&self, path: &str, body: &Value) -> Result<Reply> {
        self.send(Method::DELETE, path, Some("application/json"), body.to_string().into()).await
    }

    /// Opens a stage and answers its id.
    pub async fn open_stage(&self, options: &Value) -> Result<i64> {
        let stage = self.post("/api/v1/stages", options).await?.expect(201)?;
        stage["id"].as_i64().context("no stage id")
    }

    /// Uploads one audio file and answers the song.
    pub async fn upload(&self, name: &str, audio: &[u8]) -> Result<Value> {
        let (kind, body) = song_form(name, audio);
        self.send(Method::POST, "/api/v1/songs", Some(&kind), body).await?.expect(201)
    }

    /// Sends anything; its body is of this kind.
    pub async fn send(&self, method: Method, path: &str, kind: Option<&str>, body: Bytes) -> Result<Reply> {
        let what = format!("{method} {path}");
        tokio::time::timeout(PATIENCE, self.exchange(method, path, kind, body))
            .await
            .with_context(|| format!("{what}: no answer"))?
            .context(what)
    }

    async fn exchange(&self, method: Method, path: &str, kind: Option<&str>, body: Bytes) -> Result<Reply> {
        let stream = crate::connect(self.addr, self.from).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path).header(HOST, self.addr.to_string());
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(kind) = kind {
            request = request.header(CONTENT_TYPE, kind);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let (head, body) = sender.send_request(request.body(Full::new(body))?).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Reply { status: head.status.as_u16(), headers: head.headers, body })
    }
}

/// The form by which a song is uploaded: its kind, and what it holds.
pub fn song_form(name: &str, audio: &[u8]) -> (String, Bytes) {
    const BOUNDARY: &str = "octave-boundary-9f2c";
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n{name}\r\n\
         --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}.wav\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(audio);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body.into())
}

/// The password of every account that is made here.
pub const PASSWORD: &str = "correct horse battery";

/// Somebody with an account, signed in.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: i64,
    pub username: String,
    pub token: String,
    pub api: Api,
}
