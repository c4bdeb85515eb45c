//! The WebSocket side: JSON frames as a foreign client sees them, with every sequenced event checked on arrival.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::PATIENCE;
use crate::judge::Judge;

/// Where a stage's events stand: `(epoch, seq)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub epoch: i64,
    pub seq: i64,
}

/// From an epoch into the next, after a restart: numbers up to `until` may have gaps between them.
#[derive(Debug, Clone, Copy)]
struct Bridge {
    epoch: i64,
    until: i64,
}

/// One connection.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// Read but not yet asked for.
    heard: VecDeque<Value>,
    positions: HashMap<i64, Position>,
    /// Where each stage's events should go on from, if the server agrees.
    resuming: HashMap<i64, Position>,
    bridges: HashMap<i64, Bridge>,
    last_id: i64,
    close_code: Option<u16>,
    judge: Judge,
}

impl Socket {
    /// Connects with a token in the header and reads the `welcome`.
    pub async fn connect(addr: SocketAddr, token: &str) -> Result<(Self, Value)> {
        let mut socket = Self::dial(addr, &[("Authorization", &format!("Bearer {token}"))]).await?;
        let welcome = socket.next().await?;
        ensure!(welcome["type"] == "welcome", "the first frame is {welcome}");
        Ok((socket, welcome))
    }

    /// Connects and says nothing yet.
    pub async fn dial(addr: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Self> {
        Self::dial_from(addr, None, headers).await
    }

    /// As [`Socket::dial`], from an address of this machine.
    pub async fn dial_from(addr: SocketAddr, from: Option<IpAddr>, headers: &[(&'static str, &str)]) -> Result<Self> {
        let mut request = format!("ws://{addr}/ws").into_client_request()?;
        request.headers_mut().insert("Sec-WebSocket-Protocol", octave_protocol::SUBPROTOCOL.parse()?);
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse()?);
        }
        let stream = crate::connect(addr, from).await?;
        stream.set_nodelay(true)?;
        let (stream, _) = tokio_tungstenite::client_async(request, stream).await?;
        Ok(Self {
            stream,
            heard: VecDeque::new(),
            positions: HashMap::new(),
            resuming: HashMap::new(),
            bridges: HashMap::new(),
            last_id: 0,
            close_code: None,
            judge: Judge::default(),
        })
    }

    /// Enters a stage, or returns to it, and answers the `joined` frame.
    pub async fn join(&mut self, stage: i64, resume: Option<Position>) -> Result<Value> {
        let mut request = json!({ "type": "join", "stage": stage });
        if let Some(Position { epoch, seq }) = resume {
            request["resume"] = json!({ "epoch": epoch, "seq": seq });
            self.resuming.insert(stage, Position { epoch, seq });
        }
        let joined = self.request(request).await?;
        ensure!(joined["type"] == "joined", "not joined: {joined}");
        Ok(joined)
    }

    /// The last event seen in a stage.
    pub fn position(&self, stage: i64) -> Option<Position> {
        self.positions.get(&stage).copied()
    }

    /// Sends a request under a new `id` and waits for its answer; what else arrives is kept for later.
    pub async fn request(&mut self, request: Value) -> Result<Value> {
        let id = self.post(request).await?;
        self.answer(id).await
    }

    /// Sends a request under a new `id` without waiting; answers the id.
    pub async fn post(&mut self, mut request: Value) -> Result<i64> {
        self.last_id += 1;
        request["id"] = self.last_id.into();
        self.send(&request).await?;
        Ok(self.last_id)
    }

    /// Waits for the answer to the request `id`.
    pub async fn answer(&mut self, id: i64) -> Result<Value> {
        self.find(|frame| frame["re"] == id).await.with_context(|| format!("no answer to request {id}"))
    }

    /// The next event of this type; others are kept.
    pub async fn event(&mut self, kind: &str) -> Result<Value> {
        self.find(|frame| frame["type"] == kind && frame.get("re").is_none())
            .await
            .with_context(|| format!("no {kind} event"))
    }

    /// The next frame that `wanted` accepts; others are kept, and do not make it be waited for without end.
    pub async fn find(&mut self, wanted: impl Fn(&Value) -> bool) -> Result<Value> {
        if let Some(at) = self.heard.iter().position(&wanted) {
            return self.heard.remove(at).context("just found");
        }
        let found = async {
            loop {
                let frame = self.read().await?;
                if wanted(&frame) {
                    return Ok(frame);
                }
                self.heard.push_back(frame);
            }
        };
        tokio::time::timeout(PATIENCE * 3, found).await.context("other things alone are said")?
    }

    /// The next frame, whatever it is.
    pub async fn next(&mut self) -> Result<Value> {
        match self.heard.pop_front() {
            Some(frame) => Ok(frame),
            None => self.read().await,
        }
    }

    /// Frames that were read and not asked for yet.
    pub fn unheard(&self) -> impl Iterator<Item = &Value> {
        self.heard.iter()
    }

    /// Lets go of what was read and not asked for.
    pub fn forget(&mut self) {
        self.heard.clear();
    }

    /// Waits until the server has handled everything sent before, and all that it had to say by then has been read.
    pub async fn settle(&mut self) -> Result<()> {
        self.request(json!({ "type": "ping" })).await.map(drop)
    }

    pub async fn send(&mut self, frame: &Value) -> Result<()> {
        self.judge.sent(frame);
        self.send_raw(Message::text(frame.to_string())).await
    }

    /// Sends all of it in one write.
    pub async fn send_together(&mut self, frames: &[Value]) -> Result<()> {
        for frame in frames {
            self.stream.feed(Message::text(frame.to_string())).await?;
        }
        Ok(self.stream.flush().await?)
    }

    /// Sends anything, well-formed or not.
    pub async fn send_raw(&mut self, message: Message) -> Result<()> {
        Ok(self.stream.send(message).await?)
    }

    /// Says goodbye.
    pub async fn close(mut self) -> Result<()> {
        self.stream.close(None).await?;
        while self.stream.next().await.is_some_and(|m| m.is_ok()) {}
        Ok(())
    }

    /// With what code the server has closed the connection, if it has.
    pub fn close_code(&self) -> Option<u16> {
        self.close_code
    }

    /// Reads on until the server closes the connection, and answers its code. What keeps it alive meanwhile does not count.
    pub async fn closed(&mut self) -> Result<u16> {
        let closed = async {
            loop {
                match self.message().await? {
                    Message::Close(Some(frame)) => return Ok(frame.code.into()),
                    Message::Close(None) => bail!("closed without a code"),
                    _ => {}
                }
            }
        };
        tokio::time::timeout(PATIENCE, closed).await.context("it stays open")?
    }

    /// With what code the connection was closed, also when that has not been read yet; none when it broke off.
    pub async fn goodbye(&mut self) -> Option<u16> {
        match self.close_code {
            Some(code) => Some(code),
            None => self.closed().await.ok(),
        }
    }

    /// Waits until the stream is over: the server has ended it after the close frames.
    pub async fn ended(&mut self) {
        while let Some(Ok(_)) = self.stream.next().await {}
    }

    async fn read(&mut self) -> Result<Value> {
        loop {
            match self.message().await? {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).with_context(|| format!("not JSON: {text}"))?;
                    self.judge.received(&frame)?;
                    self.note(&frame)?;
                    return Ok(frame);
                }
                Message::Close(frame) => bail!("the server closed the connection: {frame:?}"),
                Message::Binary(_) => bail!("a binary frame"),
                _ => {}
            }
        }
    }

    async fn message(&mut self) -> Result<Message> {
        let next = tokio::time::timeout(PATIENCE, self.stream.next()).await.context("the server says nothing")?;
        let message = next.context("the connection broke off")??;
        if let Message::Close(Some(frame)) = &message {
            self.close_code = Some(frame.code.into());
        }
        Ok(message)
    }

    /// Keeps the positions, and the promise: `seq` rises by exactly one.
    fn note(&mut self, frame: &Value) -> Result<()> {
        let (Some(stage), Some(seq)) = (frame["stage"].as_i64(), frame["seq"].as_i64()) else { return Ok(()) };
        match (frame["type"].as_str(), self.positions.get_mut(&stage)) {
            (Some("ack"), _) => {}
            (Some("joined"), _) => {
                let epoch = frame["epoch"].as_i64().context("joined without epoch")?;
                let resumed = frame["resumed"].as_bool().context("joined without resumed")?;
                let asked = self.resuming.remove(&stage).filter(|_| resumed);
                if let Some(asked) = asked
                    && asked.epoch != epoch
                {
                    self.bridges.insert(stage, Bridge { epoch, until: seq });
                }
                self.positions.insert(stage, asked.unwrap_or(Position { epoch, seq }));
            }
            (_, Some(position)) => {
                let follows = match self.bridges.get(&stage) {
                    Some(bridge) if seq <= bridge.until => seq > position.seq,
                    Some(bridge) => seq == bridge.until + 1,
                    None => seq == position.seq + 1,
                };
                ensure!(follows, "after seq {} came {frame}", position.seq);
                position.seq = seq;
                if let Some(bridge) = self.bridges.get(&stage).copied().filter(|bridge| seq >= bridge.until) {
                    position.epoch = bridge.epoch;
                    self.bridges.remove(&stage);
                }
            }
            (_, None) => bail!("an event of a stage that was not joined: {frame}"),
        }
        Ok(())
    }
}
