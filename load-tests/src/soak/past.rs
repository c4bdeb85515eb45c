//! What was said before anybody came: more than a database keeps of itself in memory, so that no cache is still filling
//! while memory is watched.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use octave_client::Socket;
use octave_protocol::client::{Chat, Join};
use octave_protocol::{ClientFrame, ServerFrame, StageId};
use serde_json::Value;

use crate::net::http::{self, Connection};
use crate::octave;

/// With all that is written beside a line, some 32 MB: twice the largest cache of the server's.
const LINES: i64 = 8_000;
const LINE_CHARS: usize = 3_800;
/// Lines on their way.
const IN_FLIGHT: i64 = 64;
/// Connections that read all of it, so that whatever reads the database for them has done so.
const READERS: usize = 8;
const PAGE: usize = 200;
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody talks to nobody for a while, and everything is read again; then the stage ends.
pub(super) fn fill(addr: SocketAddr, token: &str) -> Result<()> {
    let stage = octave::open_stages(addr, token, 1)?[0];
    talk(&mut Socket::connect(addr, token)?, StageId(stage))?;
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(|| read_all(addr, token, stage))).collect();
        readers.into_iter().try_for_each(|r| r.join().map_err(|_| anyhow::anyhow!("a reader panicked"))?)
    })?;
    http::json(addr, "DELETE", &format!("/api/v1/stages/{stage}"), Some(token), &Value::Null)?;
    Ok(())
}

fn talk(socket: &mut Socket, stage: StageId) -> Result<()> {
    socket.send(&ClientFrame::Join(Join { id: 0, stage, resume: None, invite: None, remote: false }))?;
    let text = "so many words ".repeat(LINE_CHARS / 14);
    let (mut said, mut stored) = (0, 0);
    while stored < LINES {
        while said < LINES.min(stored + IN_FLIGHT) {
            said += 1;
            socket.send(&ClientFrame::Chat(Chat {
                id: said,
                stage,
                text: text.clone(),
                nonce: Some(said.to_string()),
                reply_to: None,
            }))?;
        }
        match socket.next(PATIENCE)?.context("a line was not answered")? {
            ServerFrame::Ack { .. } => stored += 1,
            ServerFrame::Error { code, detail, .. } => bail!("{code:?}: {detail}"),
            _ => {}
        }
    }
    Ok(())
}

fn read_all(addr: SocketAddr, token: &str, stage: i64) -> Result<()> {
    let mut connection = Connection::open(addr)?;
    let mut after = 0;
    loop {
        let path = format!("/api/v1/stages/{stage}/chats?after={after}&limit={PAGE}");
        let page = http::expect_json("GET", &path, &connection.get(&path, token)?)?;
        let lines = page["items"].as_array().with_context(|| format!("{path}: no list"))?;
        let Some(last) = lines.last() else { break };
        after = last["seq"].as_u64().context("a line without a number")?;
    }
    ensure!(after > 0, "nothing was read");
    Ok(())
}
