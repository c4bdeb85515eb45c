//! What a server costs, as the kernel counts it.

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// Linux reports process times in hundredths of a second on every machine that matters.
const TICK: Duration = Duration::from_millis(10);

/// User and system time of a process, all threads that ever ran included. Resolution 10 ms.
pub fn cpu(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("the server has gone")?;
    // The name may hold spaces; fields are counted after its closing parenthesis.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_ascii_whitespace().collect();
    let ticks = |at: usize| -> Result<u32> { Ok(fields.get(at).context("/proc/PID/stat is too short")?.parse()?) };
    Ok(TICK * (ticks(11)? + ticks(12)?))
}

/// Resident bytes.
pub fn resident(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("the server has gone")?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).context("no VmRSS")?;
    let kib: u64 = line.split_ascii_whitespace().nth(1).context("no VmRSS")?.parse()?;
    Ok(kib * 1024)
}

/// Ties a process with all its threads to one core. `taskset` does it, so that no unsafe code is needed here.
pub fn pin(pid: u32, core: usize) -> Result<()> {
    let output = Command::new("taskset").args(["-a", "-p", "-c", &core.to_string(), &pid.to_string()]).output()?;
    ensure!(output.status.success(), "taskset: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// What the members' sockets that were accepted at `addr` use for congestion control, as `ss` tells.
pub fn congestion(addr: SocketAddr) -> Result<String> {
    let port = format!(":{}", addr.port());
    let output = Command::new("ss").args(["-tinHO", "state", "established", "sport", "=", &port]).output();
    let Ok(output) = output else { return Ok("unknown without ss".into()) };
    Ok(congestion_in(&String::from_utf8_lossy(&output.stdout)))
}

/// Two queues, two addresses, then the name. Members come from 127.0.0.2 and up, requests over HTTP from 127.0.0.1.
fn congestion_in(sockets: &str) -> String {
    let name = |line: &'_ str| -> Option<String> {
        let mut fields = line.split_ascii_whitespace().skip(3);
        let peer = fields.next()?;
        fields.next().filter(|_| !peer.starts_with("127.0.0.1:")).map(str::to_owned)
    };
    let names: BTreeSet<String> = sockets.lines().filter_map(name).collect();
    names.into_iter().collect::<Vec<_>>().join(" and ")
}

/// Where the repository around stands, for reports; empty outside of one.
pub fn revision() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok().filter(|o| o.status.success());
        output.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned())
    };
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|files| !files.is_empty());
    let with_changes = if changed { " with changes" } else { "" };
    git(&["rev-parse", "--short", "HEAD"]).map_or_else(String::new, |head| format!("{head}{with_changes}"))
}

/// Share of all cores' time since boot that was not idle, as (busy, total) ticks: two readings tell how quiet it was.
pub fn busy() -> Result<(u64, u64)> {
    let stat = fs::read_to_string("/proc/stat")?;
    let first = stat.lines().next().context("/proc/stat is empty")?;
    let ticks: Vec<u64> = first.split_ascii_whitespace().skip(1).filter_map(|n| n.parse().ok()).collect();
    let total: u64 = ticks.iter().take(8).sum();
    let idle = ticks.get(3).copied().unwrap_or(0) + ticks.get(4).copied().unwrap_or(0);
    Ok((total - idle, total))
}

/// The machine in one line, for reports.
pub fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|l| l.strip_prefix("model name")?.split(": ").nth(1)).unwrap_or("unknown CPU");
    let cores = info.lines().filter(|l| l.starts_with("processor")).count();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{cores} × {model}, Linux {}", kernel.trim())
}

/// Lets a process that was tied to one core run on all of them again.
pub fn unpin(pid: u32) -> Result<()> {
    let last = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) - 1;
    let output = Command::new("taskset").args(["-a", "-p", "-c", &format!("0-{last}"), &pid.to_string()]).output()?;
    ensure!(output.status.success(), "taskset: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::congestion_in;

    #[test]
    fn each_congestion_control_is_named_once() {
        let sockets = "0 0 127.0.0.1:80 127.0.0.2:5 reno wscale:10,10 rto:204\n\
                       0 0 127.0.0.1:80 127.0.0.2:6 bbr wscale:10,10 rto:204\n\
                       0 0 127.0.0.1:80 127.0.0.1:7 cubic wscale:10,10 rto:204\n\
                       0 0 127.0.0.1:80 127.0.0.3:5 reno wscale:10,10\n";
        assert_eq!(congestion_in(sockets), "bbr and reno");
    }
}
