//! A listener: joins a stage, follows it, chats if asked, and at the end checks its mirror against a newcomer's.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail, ensure};
use octave_protocol::client::{Chat, Join, Leave};
use octave_protocol::{ClientFrame, ServerFrame, StageId};

use octave_client::Socket;
use octave_client::mirror::Mirror;

/// How long the last coalesced news may take.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct Listener {
    pub addr: SocketAddr,
    pub token: String,
    pub stage: StageId,
    pub stretch: Duration,
    /// A line every so often.
    pub chat_every: Option<Duration>,
    pub quiet: bool,
}

/// What was heard.
#[derive(Debug, Default)]
pub struct Heard {
    pub lines: u64,
    pub events: u64,
    pub acked: u64,
}

impl Listener {
    pub fn run(&self) -> Result<Heard> {
        let (mut socket, mut mirror) = self.enter()?;
        let mut heard = Heard::default();
        let until = Instant::now() + self.stretch;
        let mut next_line = self.chat_every.map(|every| Instant::now() + every);
        let mut said = 0;
        while Instant::now() < until {
            if let (Some(due), Some(every)) = (next_line, self.chat_every)
                && Instant::now() >= due
            {
                said += 1;
                let text = format!("line {said} of a listener");
                let nonce = Some(format!("{}-{said}", std::process::id()));
                socket.send(&ClientFrame::Chat(Chat {
                    id: 10 + said,
                    stage: self.stage,
                    text,
                    nonce,
                    reply_to: None,
                }))?;
                next_line = Some(due + every);
            }
            let wake = next_line.map_or(until, |due| due.min(until));
            if let Some(frame) = socket.next(wake.saturating_duration_since(Instant::now()))? {
                self.take_in(&mut mirror, &mut heard, frame)?;
            }
        }
        self.check(&mut socket, &mut mirror, &mut heard)?;
        socket.send(&ClientFrame::Leave(Leave { id: 2, stage: self.stage }))?;
        Ok(heard)
    }

    fn enter(&self) -> Result<(Socket, Mirror)> {
        let mut socket = Socket::connect(self.addr, &self.token)?;
        socket.send(&ClientFrame::Join(Join {
            id: 1,
            stage: self.stage,
            resume: None,
            invite: None,
            remote: false,
        }))?;
        loop {
            match socket.next(PATIENCE)? {
                Some(ServerFrame::Joined { epoch, seq, snapshot, .. }) => {
                    return Ok((socket, Mirror::new(epoch, seq, *snapshot)));
                }
                Some(ServerFrame::Error { code, detail, .. }) => bail!("{code:?}: {detail}"),
                Some(_) => {}
                None => bail!("no answer to the join"),
            }
        }
    }

    fn take_in(&self, mirror: &mut Mirror, heard: &mut Heard, frame: ServerFrame) -> Result<()> {
        heard.events += 1;
        match &frame {
            ServerFrame::Chat { line, .. } => {
                heard.lines += 1;
                self.tell(|| format!("{} {}: {}", line.seq, line.from.username, line.text));
            }
            ServerFrame::Timeline { timeline, .. } => self.tell(|| {
                let title = timeline.song.as_ref().map_or("nothing", |s| s.title.as_str());
                let how = if timeline.playing { "plays" } else { "is paused" };
                format!("{title} {how}, {} µs at {}", timeline.position_us.as_micros(), timeline.at_us.0)
            }),
            ServerFrame::Ack { .. } => heard.acked += 1,
            ServerFrame::Error { code, detail, .. } => bail!("{code:?}: {detail}"),
            _ => {}
        }
        mirror.apply(frame).map_err(|fault| anyhow!("{fault:?}"))
    }

    fn tell(&self, what: impl FnOnce() -> String) {
        if !self.quiet {
            println!("{}", what());
        }
    }

    /// A newcomer must see what this listener was told.
    fn check(&self, socket: &mut Socket, mirror: &mut Mirror, heard: &mut Heard) -> Result<()> {
        let (mut newcomer, mut fresh) = self.enter()?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            while let Some(frame) = socket.next(Duration::from_millis(20))? {
                self.take_in(mirror, heard, frame)?;
            }
            while let Some(frame) = newcomer.next(Duration::from_millis(20))? {
                fresh.apply(frame).map_err(|fault| anyhow!("{fault:?}"))?;
            }
            let found = mirror.differences(&fresh);
            if found.is_empty() {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "the stage is not what its events told: {}", found.join("; "));
        }
    }
}
