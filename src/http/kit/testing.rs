//! A small vocabulary for tests over HTTP: `ana.post("/stages", json!({…})).await.ok(201)`. Every exchange is held
//! against the OpenAPI document.

mod contract;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::accounts::login_cache::Logins;
use crate::accounts::password::{Cost, Passwords};
use crate::base::clock::Clock;
use crate::http::kit::allowance::Allowance;
use crate::http::kit::state::{AppState, Limits, Settings};
use crate::http::router;
use crate::library::media::Media;
use crate::presence::People;
use crate::push::Pushes;
use crate::stage::{ChatLimits, Metrics, Registry};
use crate::store::stage_journal::SqlStages;
use crate::store::{Db, testing};

/// A server without a socket, over a database of its own.
pub struct Api {
    pub state: AppState,
    router: Router,
    dir: tempfile::TempDir,
}

impl Api {
    pub async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub async fn with(settings: Settings) -> Self {
        let (dir, db) = testing::sqlite().await;
        Self::over(db, dir, settings)
    }

    /// Over a database that the test has made, with its files in `dir`.
    pub fn over(db: Db, dir: tempfile::TempDir, settings: Settings) -> Self {
        let chats = match settings.limits {
            Limits::On => ChatLimits::On,
            Limits::Off => ChatLimits::Off,
        };
        let state = AppState {
            logins: Logins::start(db.clone(), Clock::start()),
            registry: Registry::start(Arc::new(SqlStages::new(db.clone())), Clock::start(), chats, Metrics::default())
                .0,
            db,
            people: Arc::new(People::default()),
            media: Arc::new(Media::open(dir.path()).unwrap()),
            passwords: Arc::new(Passwords::new(Cost::Least)),
            throttle: Arc::default(),
            allowance: Arc::new(Allowance::new(settings.points)),
            news: Arc::default(),
            pushes: Pushes::new().0,
            clock: Clock::start(),
            settings: Arc::new(settings),
        };
        Self { router: router(state.clone()), state, dir }
    }

    /// The same server, after its operator has decided otherwise.
    #[must_use]
    pub fn again(self, settings: Settings) -> Self {
        let allowance = Arc::new(Allowance::new(settings.points));
        let state = AppState { allowance, settings: Arc::new(settings), ..self.state };
        Self { router: router(state.clone()), state, dir: self.dir }
    }

    pub fn guest(&self) -> Client {
        self.bearing(None)
    }

    pub fn with_token(&self, token: &str) -> Client {
        self.bearing(Some(token.to_owned()))
    }

    fn bearing(&self, token: Option<String>) -> Client {
        Client { router: self.router.clone(), token, id: 0 }
    }

    /// A new account, logged in. The password is `password of NAME`.
    pub async fn user(&self, name: &str) -> Client {
        let form = json!({
            "username": name, "email": format!("{name}@example.org"), "password": format!("password of {name}"),
        });
        let body = self.guest().post("/auth/register", form).await.ok(201);
        let token = body["token"].as_str().unwrap().to_owned();
        Client { router: self.router.clone(), token: Some(token), id: body["user"]["id"].as_i64().unwrap() }
    }
}

/// Somebody who asks.
#[derive(Clone)]
pub struct Client {
    router: Router,
    pub token: Option<String>,
    pub id: i64,
}

impl Client {
    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send("POST", path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send("PATCH", path, Some(body)).await
    }

    pub async fn put(&self, path: &str) -> Reply {
        self.send("PUT", path, None).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, None).await
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = match body {
            None => Body::empty(),
            Some(json) => {
                request = request.header(CONTENT_TYPE, "application/json");
                Body::from(json.to_string())
            }
        };
        self.raw(request.body(body).unwrap()).await
    }

    /// Sends bytes, such as a picture.
    pub async fn bytes(&self, method: &str, path: &str, body: Vec<u8>) -> Reply {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        self.raw(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a request as it is, without a token.
    pub async fn raw(&self, request: Request<Body>) -> Reply {
        let said = format!("{} {}", request.method(), request.uri());
        let (head, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let sent = contract::Sent {
            method: head.method.to_string(),
            path: head.uri.path_and_query().map_or_else(String::new, ToString::to_string),
            headers: head.headers.clone(),
            body: body.to_vec(),
        };
        let request = Request::from_parts(head, Body::from(body));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let reply = Reply { said, status: parts.status.as_u16(), headers: parts.headers, bytes: bytes.to_vec(), body };
        contract::judge(&sent, &reply);
        reply
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    said: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub body: Value,
}

impl Reply {
    /// The body of a reply that must have this status.
    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.said, self.body);
        self.body
    }

    /// The body of a problem that must have this status and code.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}: {self:?}", self.said);
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}: {}", self.said, self.body);
        assert_eq!(self.body["status"], status);
        self.body
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// The fields that a problem names.
pub fn fields(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().map_or(Vec::new(), |all| all.iter().map(|e| e["field"].as_str().unwrap()).collect())
}
