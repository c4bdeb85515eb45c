//! A push service of the test's own, which says what came and opens it as a browser would, by code that is not the server's.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use octave_protocol::model::{Notification, NotificationKind};
use octave_protocol::{Instant, UserId};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey as Verifier};
use serde_json::Value;
use sha2::Sha256;
use tokio::sync::mpsc;

use super::*;
use crate::base::clock::Clock;
use crate::presence::SessionId;
use crate::store::notifications::{self, Note};
use crate::store::push::{self, Subscription};
use crate::store::sessions;
use crate::store::{Db, testing};

/// A browser's half of a subscription; its private key opens one message.
struct Browser {
    private: EphemeralPrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

impl Browser {
    fn new() -> Self {
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let public = private.compute_public_key().unwrap().as_ref().to_vec();
        Self { private, public, auth: [9; 16] }
    }

    /// Step by step as RFC 8291, section 3.4, and RFC 8188, section 2, have it.
    fn open(self, body: &[u8]) -> Vec<u8> {
        let (salt, rest) = body.split_at(16);
        assert_eq!((&rest[..4], rest[4]), (&4_096_u32.to_be_bytes()[..], 65));
        let (server, sealed) = rest[5..].split_at(65);
        let peer = UnparsedPublicKey::new(&ECDH_P256, server);
        let secret = agree_ephemeral(self.private, &peer, <[u8]>::to_vec).unwrap();
        let shared = hmac(&self.auth, &[&secret]);
        let material = hmac(&shared, &[b"WebPush: info\0", &self.public, server, &[1]]);
        let key = hmac(salt, &[&material]);
        let content = &hmac(&key, &[b"Content-Encoding: aes128gcm\0\x01"])[..16];
        let nonce = &hmac(&key, &[b"Content-Encoding: nonce\0\x01"])[..12];
        let key = ring::aead::UnboundKey::new(&ring::aead::AES_128_GCM, content).unwrap();
        let nonce = ring::aead::Nonce::try_assume_unique_for_key(nonce).unwrap();
        let mut sealed = sealed.to_vec();
        let open = ring::aead::LessSafeKey::new(key)
            .open_in_place(nonce, ring::aead::Aad::empty(), &mut sealed)
            .expect("it is sealed for this device");
        let (last, words) = open.split_last().unwrap();
        assert_eq!(*last, 2, "the last record");
        words.to_vec()
    }
}

/// What came to the push service, and under which name.
type Came = (String, HeaderMap, Bytes);

#[derive(Clone)]
struct Service {
    came: mpsc::UnboundedSender<Came>,
    /// What it answers, in order; then 201.
    answers: Arc<Mutex<VecDeque<u16>>>,
}

async fn hear(State(service): State<Service>, Path(name): Path<String>, headers: HeaderMap, body: Bytes) -> StatusCode {
    service.came.send((name, headers, body)).unwrap();
    let answer = service.answers.lock().unwrap().pop_front().unwrap_or(201);
    StatusCode::from_u16(answer).unwrap()
}

/// A server with ana and ben, whose device is told, and a push service.
struct Scene {
    db: Db,
    ana: UserId,
    ben: UserId,
    url: String,
    came: mpsc::UnboundedReceiver<Came>,
    pushes: Pushes,
    logins: u8,
    _dir: tempfile::TempDir,
}

impl Scene {
    async fn new(answers: &[u16]) -> Self {
        let (dir, db) = testing::sqlite().await;
        let [ana, ben] = testing::people(&db).await;
        let (tell, came) = mpsc::unbounded_channel();
        let service = Service { came: tell, answers: Arc::new(Mutex::new(answers.iter().copied().collect())) };
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        let app = Router::new().route("/send/{name}", post(hear)).with_state(service);
        tokio::spawn(async move { axum::serve(socket, app).await.unwrap() });
        let (pushes, due) = Pushes::new();
        let how = How {
            tried_again_after: &[Duration::ZERO, Duration::ZERO],
            ..How::new(Reach::Anywhere, Some("https://music.example.org"))
        };
        tokio::spawn(due.deliver(db.clone(), Clock::starting_at(Instant(1_000_000_000)), how));
        Self { db, ana, ben, url, came, pushes, logins: 0, _dir: dir }
    }

    /// A device of ben's.
    async fn device(&mut self, name: &str) -> (Browser, SessionId) {
        self.logins += 1;
        let login = testing::login(&self.db, self.ben, self.logins, i64::MAX).await;
        let browser = Browser::new();
        let to = Subscription {
            endpoint: format!("{}/send/{name}", self.url),
            p256dh: browser.public.clone(),
            auth: browser.auth.to_vec(),
        };
        push::subscribe(&self.db, self.ben, login, &to, Instant(i64::from(self.logins))).await.unwrap();
        (browser, login)
    }

    /// Ana mentions ben.
    async fn mentions(&self) {
        let note = Note { about: "Attic".into(), ..Note::new(NotificationKind::Mention, self.ana) };
        for (user, id) in notifications::add(&self.db, &[self.ben], &note, Instant(5)).await.unwrap() {
            self.pushes.tell(user, id);
        }
    }

    async fn hears(&mut self) -> Came {
        self.came.recv().await.expect("the service is there")
    }
}

#[tokio::test]
async fn a_device_reads_what_its_push_service_can_not_and_knows_who_asked_it_to() {
    let mut scene = Scene::new(&[]).await;
    let (browser, _) = scene.device("ben").await;
    scene.mentions().await;
    let (name, headers, body) = scene.hears().await;
    assert_eq!(
        (name.as_str(), headers["content-encoding"].as_bytes(), headers["ttl"].as_bytes()),
        ("ben", &b"aes128gcm"[..], &b"43200"[..])
    );
    assert!(!body.windows(5).any(|some| some == b"Attic"));
    let told: Notification = serde_json::from_slice(&browser.open(&body)).unwrap();
    assert_eq!((told.text.as_str(), told.about.as_str()), ("ana mentioned you in Attic", "Attic"));

    let authorization = headers["authorization"].to_str().unwrap();
    let (token, key) = authorization.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    let (said, signature) = token.rsplit_once('.').unwrap();
    let verifier = Verifier::new(&ECDSA_P256_SHA256_FIXED, BASE64.decode(key).unwrap());
    verifier.verify(said.as_bytes(), &BASE64.decode(signature).unwrap()).expect("signed by the key that it names");
    let claims: Value = serde_json::from_slice(&BASE64.decode(said.split_once('.').unwrap().1).unwrap()).unwrap();
    assert_eq!(
        (claims["aud"].as_str(), claims["sub"].as_str()),
        (Some(&*scene.url), Some("https://music.example.org"))
    );
    let good_for = claims["exp"].as_i64().unwrap() - 1_000;
    assert!((limits::SIGNED_FOR_SECONDS..24 * 3_600).contains(&good_for), "{good_for}");
    assert_eq!(Key::of(&scene.db, Instant(9)).await.unwrap().public(), key, "the key that subscriptions are made with");
}

#[tokio::test]
async fn a_device_that_is_gone_is_forgotten_and_the_others_are_told() {
    for gone in [404, 410] {
        let mut scene = Scene::new(&[gone]).await;
        scene.device("old").await;
        scene.mentions().await;
        assert_eq!(scene.hears().await.0, "old");
        scene.device("new").await;
        // What is forgotten is forgotten once the answer was read: soon.
        while push::devices(&scene.db, scene.ben, Instant(9)).await.unwrap().len() > 1 {
            tokio::task::yield_now().await;
        }
        scene.mentions().await;
        assert_eq!(scene.hears().await.0, "new");
    }
}

#[tokio::test]
async fn a_service_that_fails_is_asked_again_and_not_for_ever() {
    let mut scene = Scene::new(&[503, 429, 500, 201]).await;
    scene.device("ben").await;
    scene.mentions().await;
    let (_, first, sealed) = scene.hears().await;
    for _ in 0..2 {
        let (_, headers, body) = scene.hears().await;
        assert_eq!((&headers["authorization"], &body), (&first["authorization"], &sealed), "the same message");
    }
    // It has been tried three times; what comes next is the next message.
    scene.mentions().await;
    assert_ne!(scene.hears().await.2, sealed);
    let left = push::devices(&scene.db, scene.ben, Instant(9)).await.unwrap();
    assert_eq!(left.len(), 1, "a service that fails says nothing of the device");
}

#[tokio::test]
async fn a_refusal_is_not_asked_again() {
    let mut scene = Scene::new(&[403]).await;
    scene.device("ben").await;
    scene.mentions().await;
    let first = scene.hears().await.2;
    scene.mentions().await;
    assert_ne!(scene.hears().await.2, first);
}

#[tokio::test]
async fn a_login_that_has_ended_is_told_nothing() {
    let mut scene = Scene::new(&[]).await;
    let (_, phone) = scene.device("phone").await;
    scene.device("desk").await;
    assert!(sessions::revoke(&scene.db, scene.ben, phone).await.unwrap());
    scene.mentions().await;
    assert_eq!(scene.hears().await.0, "desk");
    scene.mentions().await;
    assert_eq!(scene.hears().await.0, "desk");
}

#[tokio::test]
async fn without_a_reach_nobody_waits_and_nobody_is_told() {
    let (_dir, db) = testing::sqlite().await;
    let (pushes, due) = Pushes::new();
    due.deliver(db, Clock::start(), How::new(Reach::Off, None)).await;
    for n in 0..=i64::try_from(limits::WAITING).unwrap() {
        pushes.tell(UserId(1), octave_protocol::NotificationId(n));
    }
}
