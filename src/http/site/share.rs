//! What a link to a page looks like where it is shared: the Open Graph protocol (<https://ogp.me>).
//!
//! The client's page has a place for it. A public stage shows its name and cover; all else is the product's, since
//! whoever looks at a link is nobody yet.

use std::borrow::Cow;
use std::fmt::Write;

use axum::http::HeaderMap;
use octave_protocol::StageId;
use octave_protocol::model;

use crate::http::kit::forwarded::Client;
use crate::http::kit::state::AppState;
use crate::http::kit::{origin, stages};

/// Where it goes in the page.
pub(crate) const PLACE: &str = "<!--octave:meta-->";

const PRODUCT: &str = "Octave";
const ABOUT: &str = "A listening room: everyone in a stage hears the same moment of the same song.";

/// A page as a link to it shows it.
pub(crate) struct Card {
    title: Cow<'static, str>,
    about: Cow<'static, str>,
    /// Where this server is reached, if that is known: only whole addresses can be shared.
    origin: Option<String>,
    /// Paths.
    page: String,
    image: Option<String>,
}

impl Card {
    /// The card of the page at `path`.
    pub(crate) async fn of(state: &AppState, path: &str, headers: &HeaderMap, client: Option<&Client>) -> Self {
        let (title, about, image) = match stage_at(state, path).await {
            Some(stage) => (stage.name.clone().into(), describe(&stage).into(), stage.cover_url),
            None => (PRODUCT.into(), ABOUT.into(), None),
        };
        let origin = origin::of_request(headers, &state.settings, client);
        Self { title, about, origin, page: format!("/{path}"), image }
    }

    pub(crate) fn html(&self) -> String {
        let mut out = String::new();
        let mut put = |name: &str, value: &str| {
            // Writing to memory does not fail.
            let _ = writeln!(out, "<meta property=\"og:{name}\" content=\"{}\" />", escaped(value));
        };
        put("type", "website");
        put("site_name", PRODUCT);
        put("title", &self.title);
        put("description", &self.about);
        if let Some(origin) = &self.origin {
            put("url", &format!("{origin}{}", self.page));
            if let Some(image) = &self.image {
                put("image", &format!("{origin}{image}"));
            }
        }
        out
    }
}

/// The stage whose page this is, if everybody may know of it. A database that does not answer costs the card alone.
async fn stage_at(state: &AppState, path: &str) -> Option<model::Stage> {
    let id: i64 = path.strip_prefix("s/")?.trim_end_matches('/').parse().ok()?;
    let stage = stages::find(state, None, StageId(id)).await.ok()?;
    Some(stages::shape(state, stage))
}

fn describe(stage: &model::Stage) -> String {
    let mut out = format!("A stage of {}’s", stage.host.username);
    if let Some(song) = &stage.now_playing {
        let _ = write!(out, ", playing “{}” by {}", song.title, song.artist);
    }
    out + ". Come in and hear the same moment of the same song."
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use axum::http::header::HOST;
    use serde_json::json;

    use crate::http::kit::forwarded::{Client, Proto};
    use crate::http::kit::state::{Settings, Transport};
    use crate::http::kit::testing::Api;

    async fn page(api: &Api, path: &str, host: &str) -> String {
        page_for(api, path, host, None).await
    }

    /// As somebody sees it who asks through a proxy.
    async fn page_for(api: &Api, path: &str, host: &str, client: Option<Client>) -> String {
        let mut request = Request::get(path).header(HOST, host).body(Body::empty()).unwrap();
        if let Some(client) = client {
            request.extensions_mut().insert(client);
        }
        let reply = api.guest().raw(request).await;
        assert_eq!(reply.status, 200, "{path}");
        let text = String::from_utf8(reply.bytes).unwrap();
        assert!(!text.contains(super::PLACE) && !text.contains("octave:"), "{text}");
        text
    }

    #[tokio::test]
    async fn a_link_to_a_public_stage_shows_its_name_and_any_other_the_product() {
        let api = Api::new().await;
        let ana = api.user("ana").await;
        let open = json!({"name": "Bed & \"Breakfast\" <b>"});
        let open = ana.post("/stages", open).await.ok(201)["id"].clone();
        let hidden = json!({"name": "Secret", "visibility": "invite"});
        let hidden = ana.post("/stages", hidden).await.ok(201)["id"].clone();
        let shown = page(&api, &format!("/s/{open}"), "music.home:8080").await;
        assert!(shown.contains("og:title\" content=\"Bed &amp; &quot;Breakfast&quot; &lt;b&gt;\""), "{shown}");
        assert!(shown.contains("content=\"A stage of ana’s. Come in"), "{shown}");
        assert!(shown.contains(&format!("og:url\" content=\"http://music.home:8080/s/{open}\"")), "{shown}");
        for path in [format!("/s/{hidden}"), "/".into(), "/index.html".into(), "/s/999".into(), "/s/x".into()] {
            let shown = page(&api, &path, "music.home:8080").await;
            assert!(shown.contains("og:title\" content=\"Octave\"") && !shown.contains("Secret"), "{path}: {shown}");
        }
        let forged = page(&api, &format!("/s/{open}"), "x\" onload=\"y").await;
        assert!(!forged.contains("onload") && !forged.contains("og:url"), "{forged}");
    }

    #[tokio::test]
    async fn addresses_are_those_that_the_operator_names() {
        let settings = Settings { public_url: Some("https://music.example.org".into()), ..Settings::default() };
        let api = Api::with(settings).await;
        let shown = page(&api, "/library", "10.0.0.7:8080").await;
        assert!(shown.contains("og:url\" content=\"https://music.example.org/library\""), "{shown}");
    }

    #[tokio::test]
    async fn addresses_behind_a_proxy_are_those_that_the_browser_knows() {
        let api = Api::new().await;
        let client = |proto, host: Option<&str>| {
            Some(Client { address: [203, 0, 113, 9].into(), proto, host: host.map(str::to_owned) })
        };
        let inner = "127.0.0.1:8080";
        for (client, address) in [
            (client(Some(Proto::Https), Some("music.example.org")), "https://music.example.org/library"),
            (client(Some(Proto::Https), None), "https://127.0.0.1:8080/library"),
            (client(None, None), "http://127.0.0.1:8080/library"),
        ] {
            let shown = page_for(&api, "/library", inner, client).await;
            assert!(shown.contains(&format!("og:url\" content=\"{address}\"")), "{shown}");
        }
        let over_tls = Api::with(Settings { transport: Transport::Tls, ..Settings::default() }).await;
        let plain = client(Some(Proto::Http), Some("music.home"));
        let shown = page_for(&over_tls, "/", inner, plain).await;
        assert!(shown.contains("content=\"http://music.home/\""), "{shown}");
        let forged = page_for(&api, "/", inner, client(None, Some("x\" onload=\"y"))).await;
        assert!(!forged.contains("onload"), "{forged}");
    }

    #[tokio::test]
    async fn the_page_is_sent_anew_when_what_it_shows_has_changed() {
        let api = Api::new().await;
        let ana = api.user("ana").await;
        let id = ana.post("/stages", json!({"name": "Kitchen"})).await.ok(201)["id"].clone();
        let ask = async |etag: &str| {
            let request = Request::get(format!("/s/{id}")).header("if-none-match", etag).body(Body::empty()).unwrap();
            api.guest().raw(request).await
        };
        let first = ask("").await.header("etag").to_owned();
        assert_eq!(ask(&first).await.status, 304);
        ana.patch(&format!("/stages/{id}"), json!({"name": "Garden"})).await.ok(200);
        assert_eq!(ask(&first).await.status, 200);
    }
}
