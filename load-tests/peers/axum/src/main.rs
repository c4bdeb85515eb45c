//! What one writes first: axum's WebSocket and a `tokio::sync::broadcast` per room, everything at its defaults.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::sync::broadcast::{self, error::RecvError};

type Rooms = Arc<Mutex<HashMap<String, broadcast::Sender<Message>>>>;

#[tokio::main]
async fn main() {
    let port = std::env::args().nth(1).expect("a port");
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.expect("a free port");
    let app = Router::new().route("/room/{name}", get(enter)).with_state(Rooms::default());
    axum::serve(listener, app).await.expect("serving");
}

async fn enter(upgrade: WebSocketUpgrade, Path(name): Path<String>, State(rooms): State<Rooms>) -> impl IntoResponse {
    let room = {
        let mut rooms = rooms.lock().expect("never poisoned");
        rooms.entry(name).or_insert_with(|| broadcast::channel(1024).0).clone()
    };
    upgrade.on_upgrade(move |socket| stay(socket, room))
}

async fn stay(mut socket: WebSocket, room: broadcast::Sender<Message>) {
    let mut lines = room.subscribe();
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Ok(line) => if socket.send(line).await.is_err() { return },
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
            said = socket.recv() => match said {
                Some(Ok(line @ (Message::Text(_) | Message::Binary(_)))) => { let _ = room.send(line); }
                Some(Ok(_)) => {}
                _ => return,
            },
        }
    }
}
