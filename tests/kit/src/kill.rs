//! A server that ends in the middle of a lively conversation, again and again: what was acknowledged must be there, once,
//! in order.
//!
//! Writers say numbered lines, several in flight, each with a nonce. A [`Blow`] ends the server in the middle, it is started
//! again, and every writer first repeats what was not acknowledged, under the same nonce. At the end the whole history is read
//! and compared with what each writer was told.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::api::{Account, Api};
use crate::faults::power::{self, Disk};
use crate::server::{Options, Server};
use crate::socket::Socket;

/// Lines that a writer has said and that are not acknowledged yet.
const IN_FLIGHT: usize = 8;

/// How hard to try.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub rounds: u32,
    pub writers: u32,
    /// Lines acknowledged in a round before the server is killed.
    pub lines_per_round: u64,
}

/// What ends the server.
#[derive(Debug)]
pub enum Blow {
    /// `kill -9`.
    Kill,
    /// SIGTERM, as a new version is brought out.
    Stop,
    /// The power of the disk that holds its data.
    PowerCut(Disk),
}

impl Blow {
    async fn strike(&self, server: Server) -> Result<Options> {
        match self {
            Self::Kill => server.kill().await,
            Self::Stop => server.stop().await,
            Self::PowerCut(disk) => {
                disk.cut().await?;
                let again = server.kill().await?;
                disk.comes_back().await?;
                power::whole(&again.binary, &again.data).await?;
                Ok(again)
            }
        }
    }
}

/// What came of it.
#[derive(Debug, Default, serde::Serialize)]
pub struct Report {
    pub blows: u32,
    /// Writers that were told to come back (close code 1012), of all that were sent away.
    pub told: usize,
    pub sent_away: usize,
    /// From each blow to the end of the process, in milliseconds, sorted.
    pub ended_ms: Vec<u64>,
    pub acknowledged: usize,
    /// Acknowledged and not in the history, or there under another number.
    pub lost: usize,
    /// In the history more than once.
    pub doubled: usize,
    /// Lines of one writer that stand in another order than they were said.
    pub disordered: usize,
    /// From each start of the process to the first line acknowledged after it, in milliseconds, sorted.
    pub first_ack_ms: Vec<u64>,
}

/// Runs the plan on a fresh server.
pub async fn run(options: Options, plan: Plan, blow: &Blow) -> Result<Report> {
    let mut report = Report::default();
    let mut server = Server::start(options.arg("--limits").arg("off")).await?;
    let mut writers = Vec::new();
    for n in 0..plan.writers {
        let account = Api::register(server.addr(), &format!("writer{n}")).await?;
        writers.push(Writer { account, lines: Vec::new() });
    }
    let host = writers.first().context("at least one writer")?.account.clone();
    let stage = host.api.open_stage(&json!({ "name": "Kill", "control": "everyone" })).await?;
    for _ in 0..plan.rounds {
        let again = interrupted(server, &mut writers, stage, (plan.lines_per_round, blow), &mut report).await?;
        report.blows += 1;
        let began = Instant::now();
        server = Server::start(again).await?;
        let mut first = Socket::connect(server.addr(), &host.token).await?.0;
        first.join(stage, None).await?;
        first.request(json!({ "type": "chat", "stage": stage, "text": "first" })).await?;
        report.first_ack_ms.push(u64::try_from(began.elapsed().as_millis())?);
    }
    for writer in &mut writers {
        let mut socket = writer.enter(&server, stage).await?;
        writer.repeat(&mut socket, stage).await?;
    }
    report.first_ack_ms.sort_unstable();
    report.ended_ms.sort_unstable();
    compare(&writers, &history(&host.api, stage).await?, &mut report);
    Ok(report)
}

/// Lets all writers talk until enough is acknowledged, then strikes the server under them.
async fn interrupted(
    server: Server,
    writers: &mut Vec<Writer>,
    stage: i64,
    (lines, blow): (u64, &Blow),
    report: &mut Report,
) -> Result<Options> {
    let progress = Arc::new(Progress { acknowledged: AtomicU64::new(0), enough: lines, reached: Notify::new() });
    let mut talking = JoinSet::new();
    for mut writer in writers.drain(..) {
        let mut socket = writer.enter(&server, stage).await?;
        let progress = progress.clone();
        talking.spawn(async move {
            // It ends when the connection breaks off: that is the point.
            let end = writer.talk(&mut socket, stage, &progress).await;
            // Who was about to speak reads the goodbye only now.
            let code = if end.is_err() { socket.goodbye().await } else { None };
            (writer, end, code)
        });
    }
    progress.reached.notified().await;
    let began = Instant::now();
    let again = blow.strike(server).await?;
    report.ended_ms.push(u64::try_from(began.elapsed().as_millis())?);
    while let Some(done) = talking.join_next().await {
        let (writer, end, code) = done?;
        ensure!(end.is_err(), "a writer ended before the server did");
        report.sent_away += 1;
        report.told += usize::from(code == Some(1012));
        writers.push(writer);
    }
    Ok(again)
}

struct Progress {
    acknowledged: AtomicU64,
    enough: u64,
    reached: Notify,
}

/// Somebody who talks, and remembers what was acknowledged.
struct Writer {
    account: Account,
    /// The `seq` of each line said so far, in order; none while it is not acknowledged.
    lines: Vec<Option<i64>>,
}

impl Writer {
    async fn enter(&self, server: &Server, stage: i64) -> Result<Socket> {
        let mut socket = Socket::connect(server.addr(), &self.account.token).await?.0;
        socket.join(stage, None).await?;
        Ok(socket)
    }

    async fn talk(&mut self, socket: &mut Socket, stage: i64, progress: &Progress) -> Result<()> {
        self.repeat(socket, stage).await?;
        loop {
            let new: Vec<usize> = (self.lines.len()..self.lines.len() + IN_FLIGHT).collect();
            self.lines.resize(self.lines.len() + IN_FLIGHT, None);
            self.say(socket, stage, &new, || {
                if progress.acknowledged.fetch_add(1, Ordering::Relaxed) + 1 == progress.enough {
                    progress.reached.notify_one();
                }
            })
            .await?;
        }
    }

    /// Says again, in order and under the same nonces, what was not acknowledged.
    async fn repeat(&mut self, socket: &mut Socket, stage: i64) -> Result<()> {
        let open: Vec<usize> = (0..self.lines.len()).filter(|n| self.lines[*n].is_none()).collect();
        self.say(socket, stage, &open, || {}).await
    }

    async fn say(&mut self, socket: &mut Socket, stage: i64, which: &[usize], on_ack: impl Fn()) -> Result<()> {
        let mut asked = Vec::new();
        for n in which {
            let line = json!({ "type": "chat", "stage": stage, "text": self.text(*n), "nonce": n.to_string() });
            asked.push((*n, socket.post(line).await?));
        }
        for (n, id) in asked {
            let ack = socket.answer(id).await?;
            ensure!(ack["type"] == "ack", "not acknowledged: {ack}");
            let seq = ack["seq"].as_i64().context("an ack without seq")?;
            self.lines[n] = Some(seq);
            on_ack();
        }
        socket.forget();
        Ok(())
    }

    fn text(&self, n: usize) -> String {
        format!("{} {n}", self.account.username)
    }
}

/// All lines of a stage: what was said, with its number, in order.
pub(crate) async fn history(api: &Api, stage: i64) -> Result<Vec<(String, i64)>> {
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let page = api.get(&format!("/api/v1/stages/{stage}/chats?after={after}&limit=200")).await?.expect(200)?;
        let lines = page["items"].as_array().context("no items")?;
        for line in lines {
            after = line["seq"].as_i64().context("a line without seq")?;
            all.push((line["text"].as_str().context("a line without text")?.to_owned(), after));
        }
        if lines.is_empty() {
            return Ok(all);
        }
    }
}

fn compare(writers: &[Writer], history: &[(String, i64)], report: &mut Report) {
    let mut places: HashMap<&str, Vec<i64>> = HashMap::new();
    for (text, seq) in history {
        places.entry(text).or_default().push(*seq);
    }
    for writer in writers {
        let mut last = 0;
        for (n, seq) in writer.lines.iter().enumerate() {
            let Some(seq) = *seq else { continue };
            report.acknowledged += 1;
            let found = places.get(writer.text(n).as_str()).map_or(&[][..], Vec::as_slice);
            report.lost += usize::from(!found.contains(&seq));
            report.doubled += usize::from(found.len() > 1);
            report.disordered += usize::from(seq < last);
            last = seq;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_doubling_and_disorder_are_seen() {
        let account = |name: &str| Account {
            id: 1,
            username: name.into(),
            token: String::new(),
            api: Api::new(([127, 0, 0, 1], 1).into()),
        };
        let writers = [Writer { account: account("a"), lines: vec![Some(1), Some(5), Some(4), None, Some(9)] }];
        let lines = [("a 0", 1), ("a 1", 5), ("a 2", 4), ("a 1", 6), ("a 3", 7)];
        let history: Vec<_> = lines.into_iter().map(|(text, seq)| (text.to_owned(), seq)).collect();
        let mut report = Report::default();
        compare(&writers, &history, &mut report);
        assert_eq!((report.acknowledged, report.lost, report.doubled, report.disordered), (4, 1, 1, 1));
    }
}
