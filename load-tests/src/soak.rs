//! An evening that does not end: thousands of members who come, go, fall silent and return, stages that open and end, songs
//! that are uploaded, heard and deleted. Fails when memory keeps growing, when a descriptor or a task is left behind, or
//! when anybody misses a line.

mod crowd;
mod dice;
mod house;
mod page;
mod past;
mod samples;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::net::Swarm;
use crate::server::Server;
use crate::{octave, probe};
use crowd::{Counts, Crowd};
use house::House;
use samples::{Sample, Sampler};

/// How much memory may grow by, fitted over the part after the warm-up.
pub const MAX_SLOPE: f64 = 1024.0 * 1024.0;
/// The time that [`MAX_SLOPE`] is for.
pub const SLOPE_OVER: Duration = Duration::from_mins(10);
/// A slope over less says nothing.
const SHORTEST_FIT: Duration = Duration::from_mins(2);

/// What pools open when they are first asked by several at once, in descriptors and in tasks.
const SLACK: u64 = 8;
/// How long what was left may take to be forgotten: half-open connections are noticed within 20 s, kept ones end after that.
const FORGOTTEN_WITHIN: Duration = Duration::from_secs(90);

#[derive(Debug, Clone)]
pub struct Soak<'a> {
    pub server: &'a str,
    pub data_in: Option<&'a str>,
    pub postgres: Option<&'a str>,
    pub pace: Pace,
    /// Measured from the first member on; the slope is fitted behind it.
    pub warm_up: Duration,
    pub length: Duration,
    pub every: Duration,
}

/// How lively it is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    pub people: usize,
    pub members: usize,
    pub stages: usize,
    /// How long a member stays on average.
    pub stay: Duration,
    pub lines_per_s: f64,
    /// Songs that are uploaded, and as many that are deleted.
    pub uploads_per_min: f64,
    pub downloads_per_min: f64,
    /// Stages that end, each followed by a new one.
    pub ends_per_min: f64,
}

/// What an hour was like.
#[derive(Debug)]
pub struct Found {
    pub soak_length: Duration,
    pub warm_up: Duration,
    pub samples: Vec<Sample>,
    pub base: Sample,
    pub end: Sample,
    pub counts: Counts,
    pub chores: house::Chores,
    /// Growth within [`SLOPE_OVER`], in bytes, where there was time enough to tell.
    pub slope: Option<f64>,
    /// The server's share of one core.
    pub busy: f64,
}

impl Soak<'_> {
    pub fn run(&self) -> Result<Found> {
        let server = Server::octave(self.server, self.data_in, self.postgres)?;
        probe::unpin(server.pid())?;
        let tokens = octave::register(server.addr, self.pace.people)?;
        let base = self.rehearse(&server, &tokens)?;
        let (began, spent) = (Instant::now(), server.cpu()?);
        let sampler = Sampler::start(server.addr, server.pid(), self.every);
        let (counts, chores) = self.evening(&server, &tokens, self.length)?;
        let busy = server.cpu()?.saturating_sub(spent).as_secs_f64() / began.elapsed().as_secs_f64();
        let samples = sampler.stop()?;
        let end = settled(&server, Some(base))?;
        let late: Vec<_> = samples.iter().filter(|s| s.at > self.warm_up && s.at <= self.length).copied().collect();
        let slope = self.tells_a_slope().then(|| samples::slope(&late, SLOPE_OVER));
        Ok(Found { soak_length: self.length, warm_up: self.warm_up, samples, base, end, counts, chores, slope, busy })
    }

    fn tells_a_slope(&self) -> bool {
        self.length.saturating_sub(self.warm_up) >= SHORTEST_FIT
    }

    /// A past, and a little of everything, so that what a server makes once is there before anything is counted.
    fn rehearse(&self, server: &Server, tokens: &[String]) -> Result<Sample> {
        if self.tells_a_slope() {
            past::fill(server.addr, &tokens[0])?;
        }
        let few = Pace {
            members: self.pace.members.min(60),
            stages: 2,
            stay: Duration::from_secs(1),
            lines_per_s: 20.0,
            uploads_per_min: 60.0,
            downloads_per_min: 120.0,
            ends_per_min: 60.0,
            ..self.pace
        };
        Soak { pace: few, ..self.clone() }.evening(server, tokens, Duration::from_secs(5))?;
        settled(server, None)
    }

    /// Lets everybody come, keeps the house, and sees everybody out.
    fn evening(&self, server: &Server, tokens: &[String], length: Duration) -> Result<(Counts, house::Chores)> {
        let house = House::open(server.addr, tokens, self.pace)?;
        let stages = house.stages();
        let until = Instant::now() + length;
        thread::scope(|scope| {
            let keeping = scope.spawn(|| house.keep(until));
            let mut swarm = Swarm::new()?;
            let mut crowd = Crowd::new(server.addr, tokens, &stages, self.pace);
            let stayed = crowd.stay(&mut swarm, until, || keeping.is_finished()).and_then(|()| crowd.go(&mut swarm));
            let chores = keeping.join().map_err(|_| anyhow::anyhow!("whoever keeps the house panicked"))??;
            stayed?;
            Ok((crowd.counts, chores))
        })
    }
}

/// The figures when nobody is there: the first ones no worse than `base`, or those that stand still.
fn settled(server: &Server, base: Option<Sample>) -> Result<Sample> {
    let began = Instant::now();
    let mut last: Option<Sample> = None;
    loop {
        thread::sleep(Duration::from_secs(2));
        let now = samples::take(server.addr, server.pid(), began.elapsed())?;
        let still =
            last.is_some_and(|l| (l.descriptors, l.tasks, l.sockets) == (now.descriptors, now.tasks, now.sockets));
        let good = base.map_or(still && now.sockets == 0, |base| left_behind(base, now).is_empty());
        if good || began.elapsed() > FORGOTTEN_WITHIN {
            return Ok(now);
        }
        last = Some(now);
    }
}

/// What is there at the end and was not at the beginning.
fn left_behind(base: Sample, end: Sample) -> Vec<String> {
    let kinds = [
        ("descriptors", base.descriptors, end.descriptors, SLACK),
        ("tasks", base.tasks, end.tasks, SLACK),
        ("sockets", 0, end.sockets, 0),
        ("stages in memory", base.stages, end.stages, 0),
    ];
    let over = kinds.into_iter().filter(|(_, base, end, slack)| *end > base + slack);
    over.map(|(what, base, end, _)| format!("{end} {what}, {base} before anybody came")).collect()
}

impl Found {
    /// What is not as it should be.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = left_behind(self.base, self.end);
        if let Some(slope) = self.slope.filter(|slope| *slope > MAX_SLOPE) {
            faults.push(format!("memory grows by {:.2} MiB in 10 minutes", slope / MAX_SLOPE));
        }
        faults.extend(self.counts.faults());
        faults.extend(self.chores.faults());
        faults
    }

    /// Writes the table and the curve of memory into `folder`.
    pub fn write(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        std::fs::write(folder.join("soak.svg"), page::curve(self))?;
        std::fs::write(folder.join("soak.csv"), page::csv(self))?;
        Ok(std::fs::write(folder.join("soak.md"), self.table())?)
    }

    pub fn table(&self) -> String {
        page::table(self)
    }
}
