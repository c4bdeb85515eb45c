use axum::body::Body;
use serde_json::json;

use super::*;
use crate::http::kit::allowance::Points;
use crate::http::kit::forwarded::Proxies;
use crate::http::kit::state::Settings;
use crate::http::kit::testing::{Api, Client as Asker, Reply};

/// So little that a test is soon at its end. It takes seconds until a point has come back.
const LITTLE: Points = Points { user: 2, address: 6 };

async fn server(points: Points, settings: Settings) -> Api {
    let api = Api::with(Settings { limits: Limits::Off, ..Settings::default() }).await;
    api.again(Settings { points, ..settings })
}

/// How often something succeeds before it is refused.
async fn until_refused(ask: impl AsyncFn() -> Reply) -> usize {
    for done in 0..1_000 {
        let reply = ask().await;
        if reply.status == 429 {
            assert!((1..=10).contains(&reply.header("retry-after").parse::<u32>().unwrap()), "{reply:?}");
            assert_eq!(reply.header("x-content-type-options"), "nosniff");
            reply.problem(429, "rate_limited");
            return done;
        }
        assert!(reply.status < 300, "{reply:?}");
    }
    panic!("no end");
}

async fn from(asker: &Asker, address: &str, path: &str) -> Reply {
    let mut request = Request::get(format!("/api/v1{path}")).body(Body::empty()).unwrap();
    let address = address.parse().unwrap();
    request.extensions_mut().insert(Client { address, proto: None, host: None });
    asker.raw(request).await
}

#[tokio::test]
async fn a_user_asks_as_much_as_they_may_from_wherever_they_are() {
    let api = server(Points { address: 50, ..LITTLE }, Settings::default()).await;
    let (ana, ben) = (api.user("ana").await, api.user("ben").await);
    // The address, which they share, has more.
    let playlists = until_refused(async || ana.post("/playlists", json!({"name": "Mine"})).await).await;
    assert_eq!(playlists, 1, "of 20 points each, with {}", LITTLE.user * 10);
    assert_eq!(until_refused(async || ben.get("/search?q=song").await).await, 2);
}

#[tokio::test]
async fn an_address_asks_as_much_as_it_may_whoever_it_is() {
    let api = server(LITTLE, Settings::default()).await;
    let guest = api.guest();
    assert_eq!(until_refused(async || from(&guest, "2001:db8::1", "/songs?q=a").await).await, 6);
    from(&guest, "2001:db8::ffff", "/songs?q=a").await.problem(429, "rate_limited");
    from(&guest, "2001:db8:0:1::1", "/songs?q=a").await.ok(200);
    from(&guest, "192.0.2.1", "/songs?q=a").await.ok(200);
}

#[tokio::test]
async fn who_asks_for_others_or_is_not_limited_asks_on() {
    let proxies = Proxies::new(vec!["192.0.2.0/24".parse().unwrap()]);
    let unlimited = Settings { limits: Limits::Off, ..Settings::default() };
    for settings in [Settings { proxies, ..Settings::default() }, unlimited] {
        let api = server(LITTLE, settings).await;
        for _ in 0..100 {
            from(&api.guest(), "192.0.2.9", "/songs?q=a").await.ok(200);
        }
    }
}

#[tokio::test]
async fn a_household_that_uses_it_is_not_held_up() {
    let api = Api::new().await;
    for name in ["ana", "ben", "cem", "dan", "eva"] {
        let person = api.user(name).await;
        // A page opens, somebody types a search, and looks through a list with its covers.
        for _ in 0..200 {
            person.get("/genres").await.ok(200);
        }
        for typed in ["r", "ro", "roc", "rock", "rock ", "rock a", "rock an"] {
            person.get(&format!("/search?q={}", typed.replace(' ', "%20"))).await.ok(200);
        }
        for _ in 0..10 {
            person.post("/playlists", json!({"name": "Mine"})).await.ok(201);
        }
    }
}
