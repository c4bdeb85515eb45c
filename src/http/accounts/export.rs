//! All that is mine, as one archive: JSON for each kind of thing, and the files.

mod archive;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::kit::extract::CurrentUser;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::{AppState, Limits};

/// Pieces of the archive that wait for a slow reader.
const PIECES: usize = 4;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(export))
}

/// All that is mine: a ZIP archive with a JSON file for each kind of thing, and the sound files, covers and the avatar. It
/// is made while it is read. A few times an hour.
#[utoipa::path(get, path = "/me/export", tag = "me",
    responses((status = 200, content_type = "application/zip", description = "The archive")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-problems" = json!(["rate_limited"]))))]
async fn export(State(state): State<AppState>, me: CurrentUser) -> Result<Response, Problem> {
    if state.settings.limits == Limits::On {
        state.throttle.export(me.id(), state.clock.now()).map_err(Problem::rate_limited)?;
    }
    let (pieces, read) = mpsc::channel(PIECES);
    let name = format!("attachment; filename=\"octave-{}.zip\"", me.id());
    let runtime = Handle::current();
    // Files are read and written in turn, in a thread of its own.
    tokio::task::spawn_blocking(move || archive::write(&state, &me.account, &runtime, pieces));
    let body = stream::unfold(read, async |mut read| read.recv().await.map(|piece| (piece, read)));
    let headers = [(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(body)).into_response())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use octave_protocol::UserId;
    use serde_json::{Value, json};

    use crate::http::kit::testing::Api;
    use crate::store::songs::{self, tests::song};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_archive_holds_what_is_mine() {
        let api = Api::new().await;
        let (ana, ben) = (api.user("ana").await, api.user("ben").await);
        let new = songs::NewSong { title: "So/What".into(), ..song(UserId(ana.id), "", "Miles") };
        let id = songs::insert(&api.state.db, &new).await.unwrap();
        let name = crate::library::media::AudioName::parse(&new.file_hash, new.mime).unwrap();
        let path = api.state.media.audio_path(&name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, b"sound").unwrap();
        ana.put(&format!("/songs/{id}/like")).await.ok(204);
        for n in 0..3 {
            ana.post("/playlists", json!({ "name": format!("list {n}") })).await.ok(201);
        }
        let reply = ana.get("/me/export").await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/zip"));
        let mut archive = zip::ZipArchive::new(Cursor::new(reply.bytes)).unwrap();
        let mut read = |name: &str| {
            let mut bytes = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        let mut json = |name: &str| serde_json::from_slice::<Value>(&read(name)).unwrap();
        assert_eq!(json("profile.json")[0]["email"], "ana@example.org");
        assert_eq!(json("likes.json")[0]["song"], json!(id));
        assert_eq!(json("playlists.json").as_array().unwrap().len(), 3);
        assert_eq!((json("chats.json"), json("comments.json")), (json!([]), json!([])));
        assert_eq!(read(&format!("audio/{id} Miles - So_What.flac")), b"sound");

        let theirs = ben.get("/me/export").await;
        let archive = zip::ZipArchive::new(Cursor::new(theirs.bytes)).unwrap();
        assert!(archive.file_names().all(|name| !name.starts_with("audio/")));
        api.guest().get("/me/export").await.problem(401, "unauthenticated");
        for _ in 0..4 {
            ben.get("/me/export").await;
        }
        ben.get("/me/export").await.problem(429, "rate_limited");
    }
}
