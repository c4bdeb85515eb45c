//! People who talk while nodes come to harm, and what is made of all that they have heard.
//!
//! Each says numbered lines under nonces, and comes back, with where they were, to the next node that lets them in when the
//! connection ends; what was not acknowledged is said again under the same nonce. What they hear is checked for gaps by
//! their socket. At the end the logs of all are laid side by side: one number is one event, to whomever it was shown.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use octave_testkit::PATIENCE;
use octave_testkit::api::{Account, Api};
use octave_testkit::socket::{Position, Socket};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Lines of one person that are under way.
const IN_FLIGHT: usize = 4;
/// Between two tries to be let in again: clients wait a little, and not all as long.
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) struct Crowd {
    talking: JoinSet<Result<Log>>,
    stop: watch::Sender<bool>,
    pub(crate) acknowledged: watch::Receiver<usize>,
}

/// What one person has said and heard.
#[derive(Default)]
struct Log {
    name: String,
    /// The number of each line, once it is acknowledged, and when that was.
    said: Vec<Option<(i64, Instant)>>,
    /// What was shown under which number.
    heard: BTreeMap<i64, String>,
    returns: Vec<Return>,
}

/// Somebody is back in the stage.
#[derive(Debug, Clone, Copy)]
struct Return {
    left: Instant,
    back: Instant,
    resumed: bool,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) acknowledged: usize,
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    /// Numbers under which two people were shown different things.
    pub(crate) contradictions: usize,
    /// From each person's last sign of the old connection until they were back, the longest last.
    pub(crate) back_after: Vec<Duration>,
    pub(crate) resumed: usize,
    /// When lines were acknowledged, in order.
    pub(crate) acks: Vec<Instant>,
}

impl Report {
    /// The longest time in the five seconds after `blow` in which nothing was acknowledged to anybody.
    pub(crate) fn silence_at(&self, blow: Instant) -> Duration {
        let around =
            self.acks.iter().filter(|at| **at + Duration::from_secs(1) > blow && **at < blow + Duration::from_secs(5));
        let times: Vec<Instant> = around.copied().collect();
        times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
    }

    /// How long after `blow` the first line that came after it was acknowledged by who was not spared: after the longest
    /// silence of all.
    pub(crate) fn silence(&self, blow: Instant) -> Duration {
        let after = self.acks.iter().filter(|at| **at + Duration::from_secs(1) > blow);
        let times: Vec<Instant> = after.copied().collect();
        times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
    }
}

impl Crowd {
    /// Of these people, each at a node of their own, one after the other.
    pub(crate) fn talks(people: Vec<Account>, addrs: &[SocketAddr], stage: i64) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (count, acknowledged) = watch::channel(0);
        let count = Arc::new(count);
        let mut talking = JoinSet::new();
        for (n, account) in people.into_iter().enumerate() {
            let mut addrs = addrs.to_vec();
            let first = n % addrs.len();
            addrs.rotate_left(first);
            let person = Person { account, addrs, at: 0, stage, stopped: stopped.clone(), count: count.clone() };
            talking.spawn(person.talk());
        }
        Self { talking, stop, acknowledged }
    }

    /// Waits until so many more lines are acknowledged.
    pub(crate) async fn says(&mut self, more: usize) {
        let wanted = *self.acknowledged.borrow() + more;
        let enough = self.acknowledged.wait_for(|count| *count >= wanted);
        tokio::time::timeout(PATIENCE * 2, enough).await.expect("nothing is acknowledged any more").unwrap();
    }

    /// Lets everybody end what they began, and compares.
    pub(crate) async fn ends(mut self, api: &Api, stage: i64) -> Report {
        self.stop.send(true).unwrap();
        let mut logs = Vec::new();
        while let Some(log) = self.talking.join_next().await {
            logs.push(log.unwrap().unwrap());
        }
        compare(&logs, &history(api, stage).await)
    }
}

struct Person {
    account: Account,
    /// Where nodes listen, or did.
    addrs: Vec<SocketAddr>,
    at: usize,
    stage: i64,
    stopped: watch::Receiver<bool>,
    count: Arc<watch::Sender<usize>>,
}

impl Person {
    async fn talk(mut self) -> Result<Log> {
        let mut log = Log { name: self.account.username.clone(), ..Log::default() };
        let mut position = None;
        let mut left: Option<Instant> = None;
        loop {
            let (mut socket, resumed) = self.enter(position).await?;
            if let Some(left) = left {
                log.returns.push(Return { left, back: Instant::now(), resumed });
            }
            let ended = self.say_on(&mut socket, &mut log).await;
            Self::note(&mut socket, &mut log)?;
            position = socket.position(self.stage).or(position);
            match ended {
                Ok(()) => return Ok(log),
                // A gap in what is heard is the one thing that must not be.
                Err(error) if error.to_string().contains("after seq") => return Err(error),
                Err(_) => left = Some(Instant::now()),
            }
            self.at += 1;
        }
    }

    /// Comes in at the next node that lets them.
    async fn enter(&mut self, position: Option<Position>) -> Result<(Socket, bool)> {
        let until = Instant::now() + PATIENCE;
        loop {
            let addr = self.addrs[self.at % self.addrs.len()];
            match self.enter_at(addr, position).await {
                Ok(entered) => return Ok(entered),
                Err(error) if Instant::now() > until => return Err(error),
                Err(_) => self.at += 1,
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn enter_at(&self, addr: SocketAddr, position: Option<Position>) -> Result<(Socket, bool)> {
        let all = async {
            let (mut socket, _) = Socket::connect(addr, &self.account.token).await?;
            let joined = socket.join(self.stage, position).await?;
            Ok((socket, joined["resumed"] == true))
        };
        // A node that stands still answers nothing.
        tokio::time::timeout(Duration::from_secs(3), all).await.context("no answer")?
    }

    /// Says line after line until the connection ends, or all is to end.
    async fn say_on(&mut self, socket: &mut Socket, log: &mut Log) -> Result<()> {
        let open: Vec<usize> = (0..log.said.len()).filter(|n| log.said[*n].is_none()).collect();
        self.say(socket, log, &open).await?;
        while !*self.stopped.borrow() {
            let new: Vec<usize> = (log.said.len()..log.said.len() + IN_FLIGHT).collect();
            log.said.resize(log.said.len() + IN_FLIGHT, None);
            self.say(socket, log, &new).await?;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    async fn say(&mut self, socket: &mut Socket, log: &mut Log, which: &[usize]) -> Result<()> {
        let mut asked = Vec::new();
        for n in which {
            let text = format!("{} {n}", log.name);
            let line = json!({ "type": "chat", "stage": self.stage, "text": text, "nonce": n.to_string() });
            asked.push((*n, socket.post(line).await?));
        }
        for (n, id) in asked {
            // A server that stands still closes nothing: whoever hears nothing for long goes elsewhere.
            let answer = tokio::time::timeout(Duration::from_secs(4), socket.answer(id)).await.context("silence")??;
            ensure!(answer["type"] == "ack", "refused: {answer}");
            log.said[n] = Some((answer["seq"].as_i64().context("an ack without seq")?, Instant::now()));
            self.count.send_modify(|count| *count += 1);
        }
        Self::note(socket, log)
    }

    /// Writes down what was heard.
    fn note(socket: &mut Socket, log: &mut Log) -> Result<()> {
        for frame in socket.unheard() {
            let Some(seq) = frame["seq"].as_i64().filter(|_| frame.get("re").is_none()) else { continue };
            let what = what(frame);
            let before = log.heard.insert(seq, what.clone());
            ensure!(before.is_none(), "{} heard {seq} twice: {what}", log.name);
        }
        socket.forget();
        Ok(())
    }
}

fn what(frame: &Value) -> String {
    format!("{} {} {}", frame["type"], frame["text"], frame["rev"])
}

/// All lines of a stage: what was said, with its number.
async fn history(api: &Api, stage: i64) -> HashMap<String, Vec<i64>> {
    let (mut all, mut after) = (HashMap::<String, Vec<i64>>::new(), 0);
    loop {
        let path = format!("/api/v1/stages/{stage}/chats?after={after}&limit=200");
        let page = api.get(&path).await.unwrap().expect(200).unwrap();
        let lines = page["items"].as_array().unwrap();
        for line in lines {
            after = line["seq"].as_i64().unwrap();
            all.entry(line["text"].as_str().unwrap().to_owned()).or_default().push(after);
        }
        if lines.is_empty() {
            return all;
        }
    }
}

fn compare(logs: &[Log], history: &HashMap<String, Vec<i64>>) -> Report {
    let mut report = Report {
        acknowledged: 0,
        lost: 0,
        doubled: history.values().filter(|places| places.len() > 1).count(),
        contradictions: 0,
        back_after: Vec::new(),
        resumed: 0,
        acks: Vec::new(),
    };
    let mut shown: HashMap<i64, &str> = HashMap::new();
    for log in logs {
        for (n, said) in log.said.iter().enumerate() {
            let Some((seq, at)) = said else { continue };
            report.acknowledged += 1;
            report.acks.push(*at);
            let places = history.get(&format!("{} {n}", log.name));
            report.lost += usize::from(places.is_none_or(|places| !places.contains(seq)));
        }
        for (seq, what) in &log.heard {
            let first = *shown.entry(*seq).or_insert(what);
            report.contradictions += usize::from(first != what);
        }
        for Return { left, back, resumed } in &log.returns {
            report.back_after.push(*back - *left);
            report.resumed += usize::from(*resumed);
        }
    }
    report.back_after.sort_unstable();
    report.acks.sort_unstable();
    report
}

#[test]
fn loss_doubling_and_contradiction_are_seen() {
    let now = Instant::now();
    let log = |name: &str, said: &[Option<i64>], heard: &[(i64, &str)]| Log {
        name: name.into(),
        said: said.iter().map(|seq| seq.map(|seq| (seq, now))).collect(),
        heard: heard.iter().map(|(seq, what)| (*seq, (*what).to_owned())).collect(),
        returns: Vec::new(),
    };
    let logs =
        [log("a", &[Some(1), Some(3), None], &[(1, "x"), (2, "y")]), log("b", &[Some(2)], &[(1, "x"), (2, "z")])];
    let history = [("a 0", vec![1]), ("b 0", vec![2, 5])].map(|(text, places)| (text.to_owned(), places)).into();
    let report = compare(&logs, &history);
    assert_eq!((report.acknowledged, report.lost, report.doubled, report.contradictions), (3, 1, 1, 1));
}
