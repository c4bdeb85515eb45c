//! Telling my device while no page is open there.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::{ApiJson, CurrentUser};
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::push::{Device, Endpoint, Key, KeyError, Reach};
use crate::store::push::{self, Subscription};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show, subscribe, unsubscribe))
}

/// Whether and how this login's device is told.
#[derive(Debug, Serialize, ToSchema)]
struct Push {
    /// What the browser subscribes with (`applicationServerKey`), in base64url. Null on a server that does not push.
    public_key: Option<String>,
    subscribed: bool,
}

/// Whether this login's device is told of what concerns me while no page is open, and what to subscribe with.
#[utoipa::path(get, path = "/me/push", tag = "notifications",
    responses((status = 200, body = Push, description = "As it is")), security(("bearer" = []), ("cookie" = [])))]
async fn show(State(state): State<AppState>, me: CurrentUser) -> Result<Json<Push>, Problem> {
    let public_key = match state.settings.push {
        Reach::Off => None,
        Reach::Public | Reach::Anywhere => Some(key(&state).await?.public()),
    };
    Ok(Json(Push { public_key, subscribed: push::is_subscribed(&state.db, me.session).await? }))
}

async fn key(state: &AppState) -> Result<Key, Problem> {
    Key::of(&state.db, state.clock.now()).await.map_err(|error| match error {
        KeyError::Store(error) => error.into(),
        KeyError::Key => {
            tracing::error!(%error, "no device can be told");
            Problem::internal()
        }
    })
}

/// A push subscription as browsers make it.
#[derive(Debug, Deserialize, ToSchema)]
struct PushSubscription {
    /// The push service's address of the device: https, at most 2,048 bytes.
    #[schema(example = "https://push.example.org/send/abc")]
    endpoint: String,
    /// The device's public key, in base64url.
    #[schema(example = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")]
    p256dh: String,
    /// What only the device and this server know, in base64url.
    #[schema(example = "BTBZMqHH6r4Tts7J_aSIgg")]
    auth: String,
}

/// Tell this login's device from here on: of invitations, requests to be friends, mentions, answers, and stages that those
/// whom I follow open, as far as my notification settings want them. It ends with the login. My latest 20 devices are told.
/// Idempotent.
#[utoipa::path(put, path = "/me/push", tag = "notifications", request_body = PushSubscription,
    responses((status = 204, description = "Told from here on")), security(("bearer" = []), ("cookie" = [])))]
async fn subscribe(
    State(state): State<AppState>,
    me: CurrentUser,
    ApiJson(PushSubscription { endpoint, p256dh, auth }): ApiJson<PushSubscription>,
) -> Result<StatusCode, Problem> {
    Endpoint::parse(&endpoint, state.settings.push)
        .map_err(|error| Problem::invalid_field("endpoint", error.to_string()))?;
    let (p256dh, auth) = (bytes("p256dh", &p256dh)?, bytes("auth", &auth)?);
    if Device::of(&p256dh, &auth).is_none() {
        return Err(Problem::invalid_field("p256dh", "must be a point on P-256, with an `auth` of 16 bytes"));
    }
    let to = Subscription { endpoint, p256dh, auth };
    push::subscribe(&state.db, me.id(), me.session, &to, state.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Browsers write it without padding, others with.
fn bytes(field: &'static str, text: &str) -> Result<Vec<u8>, Problem> {
    let text = text.trim_end_matches('=');
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| Problem::invalid_field(field, "must be base64url"))
}

/// This login's device is told no more. Idempotent.
#[utoipa::path(delete, path = "/me/push", tag = "notifications",
    responses((status = 204, description = "Told no more")), security(("bearer" = []), ("cookie" = [])))]
async fn unsubscribe(State(state): State<AppState>, me: CurrentUser) -> Result<StatusCode, Problem> {
    push::unsubscribe(&state.db, me.session).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::http::kit::state::Settings;
    use crate::http::kit::testing::{Api, fields};
    use crate::push::Reach;

    const KEY: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

    fn subscription(changed: &[(&str, &str)]) -> Value {
        let mut body = json!({
            "endpoint": "https://push.example.org/x", "p256dh": KEY, "auth": "BTBZMqHH6r4Tts7J_aSIgg",
        });
        for (field, value) in changed {
            body[field] = json!(value);
        }
        body
    }

    #[tokio::test]
    async fn a_login_subscribes_with_the_servers_key_and_leaves() {
        let api = Api::new().await;
        let ana = api.user("ana").await;
        let before = ana.get("/me/push").await.ok(200);
        assert_eq!(before["subscribed"], false);
        assert_eq!(before["public_key"].as_str().unwrap().len(), 87, "a point in base64url");
        ana.send("PUT", "/me/push", Some(subscription(&[]))).await.ok(204);
        let after = ana.get("/me/push").await.ok(200);
        assert_eq!((&after["subscribed"], &after["public_key"]), (&json!(true), &before["public_key"]));
        ana.delete("/me/push").await.ok(204);
        assert_eq!(ana.get("/me/push").await.ok(200)["subscribed"], false);
    }

    #[tokio::test]
    async fn addresses_within_and_keys_that_are_none_are_refused() {
        let api = Api::new().await;
        let ana = api.user("ana").await;
        let long = format!("https://push.example.org/{}", "x".repeat(2_048));
        for (field, value) in [
            ("endpoint", "http://push.example.org/x"),
            ("endpoint", "https://127.0.0.1/x"),
            ("endpoint", "https://localhost/x"),
            ("endpoint", &long),
            ("p256dh", "BCVxsr7N"),
            ("p256dh", "!"),
            ("auth", "!"),
        ] {
            let refused = ana.send("PUT", "/me/push", Some(subscription(&[(field, value)]))).await;
            assert_eq!(fields(&refused.problem(422, "invalid_field")), [field], "{value}");
        }
    }

    #[tokio::test]
    async fn a_server_that_does_not_push_has_no_key() {
        let api = Api::with(Settings { push: Reach::Off, ..Settings::default() }).await;
        assert_eq!(api.user("ana").await.get("/me/push").await.ok(200)["public_key"], Value::Null);
    }
}
