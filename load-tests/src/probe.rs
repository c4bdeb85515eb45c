//! What a server costs, as the kernel counts it.

use std::fs;
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
