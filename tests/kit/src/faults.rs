//! What a server must survive, an exercise each. What came of it stands beside what was promised: see
//! `docs/RELIABILITY.md` and `scripts/figures`.

pub mod backup;
pub mod clock;
pub mod crowd;
pub mod disk;
pub mod half_open;
pub mod power;

use std::fmt::{self, Display};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::socket::Socket;

/// One thing that was measured, and how it had to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    what: String,
    measured: f64,
    unit: &'static str,
    bound: Bound,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Bound {
    AtMost(f64),
    Exactly(f64),
    /// Said, and not judged.
    Free,
}

impl Figure {
    pub fn at_most(what: impl Into<String>, measured: f64, unit: &'static str, bound: f64) -> Self {
        Self { what: what.into(), measured, unit, bound: Bound::AtMost(bound) }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of a test")]
    pub fn exactly(what: impl Into<String>, measured: usize, wanted: usize) -> Self {
        Self { what: what.into(), measured: measured as f64, unit: "", bound: Bound::Exactly(wanted as f64) }
    }

    pub fn said(what: impl Into<String>, measured: f64, unit: &'static str) -> Self {
        Self { what: what.into(), measured, unit, bound: Bound::Free }
    }

    /// Whether it is as it had to be.
    pub fn met(&self) -> bool {
        match self.bound {
            Bound::AtMost(bound) => self.measured <= bound,
            #[expect(clippy::float_cmp, reason = "whole numbers")]
            Bound::Exactly(wanted) => self.measured == wanted,
            Bound::Free => true,
        }
    }
}

/// A row of a table: what, how much, what was promised.
impl Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = |value: f64| format!("{} {}", digits(value), self.unit).trim_end().to_owned();
        let wanted = match self.bound {
            Bound::AtMost(bound) => format!("≤ {}", unit(bound)),
            Bound::Exactly(wanted) => unit(wanted),
            Bound::Free => String::new(),
        };
        let missed = if self.met() { "" } else { " **missed**" };
        write!(f, "| {} | {}{missed} | {wanted} |", self.what, unit(self.measured))
    }
}

fn digits(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// Says a line under a nonce that is its text, and answers whether it was acknowledged.
async fn says(socket: &mut Socket, stage: i64, text: &str) -> Result<bool> {
    let answer = socket.request(json!({ "type": "chat", "stage": stage, "text": text, "nonce": text })).await?;
    Ok(answer["type"] == "ack")
}

/// Where a song stands at a moment of the server's time, by its timeline.
fn position_at(timeline: &Value, at_us: i64) -> Result<i64> {
    let of = |field: &str| timeline[field].as_i64().with_context(|| format!("a timeline without {field}"));
    let since = (at_us - of("at_us")?).max(0);
    Ok(of("position_us")? + if timeline["playing"] == true { since } else { 0 })
}

/// Runs a program of the system to its end; what it says is part of the error.
async fn run(program: &str, args: &[&str]) -> Result<()> {
    let output = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .await
        .with_context(|| format!("{program} can't be run; scripts/figures installs it"))?;
    let said = [output.stdout, output.stderr].concat();
    ensure!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&said));
    Ok(())
}

/// Runs a command of Octave's on a folder.
async fn octave(binary: &Path, data: &Path, args: &[&str]) -> Result<()> {
    run(text(binary)?, &[&["--data", text(data)?], args].concat()).await
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("{} is no text", path.display()))
}

/// Where a file system is to be seen; dropped, it is taken off.
#[derive(Debug)]
struct MountPoint(PathBuf);

impl MountPoint {
    /// A new folder for it.
    fn new(at: PathBuf) -> Result<Self> {
        std::fs::create_dir(&at)?;
        Ok(Self(at))
    }

    async fn mount(&self, args: &[&str]) -> Result<()> {
        run("mount", &[args, &[text(&self.0)?]].concat()).await
    }
}

impl Drop for MountPoint {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_says_whether_it_was_met() {
        let slow = Figure::at_most("back after", 1.25, "s", 1.0);
        assert_eq!(slow.to_string(), "| back after | 1.25 s **missed** | ≤ 1 s |");
        assert!(!slow.met() && !Figure::exactly("lost", 1, 0).met());
        assert_eq!(Figure::exactly("lost", 0, 0).to_string(), "| lost | 0 | 0 |");
        assert_eq!(Figure::said("lines", 70.0, "").to_string(), "| lines | 70 |  |");
    }

    #[test]
    fn a_song_that_plays_goes_on() {
        let mut timeline = json!({ "at_us": 100, "position_us": 5, "playing": true });
        assert_eq!(position_at(&timeline, 130).unwrap(), 35);
        timeline["playing"] = false.into();
        assert_eq!(position_at(&timeline, 130).unwrap(), 5);
    }
}
