//! How fast the program is there, and how little it needs while nothing happens.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::server::{Options, Server};

/// From the start of the process to the first healthy answer, over an existing database, sorted.
pub async fn starts(options: Options, times: u32) -> Result<Vec<Duration>> {
    let mut again = Server::start(options).await?.stop().await?;
    let mut all = Vec::new();
    for _ in 0..times {
        let (server, took) = Server::start_timed(again).await?;
        all.push(took);
        again = server.stop().await?;
    }
    all.sort_unstable();
    Ok(all)
}

/// Resident memory of a server that has just started and has nothing to do, in bytes.
pub async fn memory_at_rest(options: Options) -> Result<u64> {
    let server = Server::start(options).await?;
    // Start-up work is over when the figure stands still.
    let mut last = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let now = resident(server.pid())?;
        if now == last {
            server.stop().await?;
            return Ok(now);
        }
        last = now;
    }
}

/// Resident memory of a process, in bytes.
pub fn resident(pid: u32) -> Result<u64> {
    of_status(pid, "VmRSS:")
}

/// The most that a process had resident, in bytes, since its start or [`peak_from_now`].
pub fn peak_resident(pid: u32) -> Result<u64> {
    of_status(pid, "VmHWM:")
}

/// Forgets the peak of a process.
pub fn peak_from_now(pid: u32) -> Result<()> {
    const PEAK: &str = "5";
    Ok(std::fs::write(format!("/proc/{pid}/clear_refs"), PEAK)?)
}

fn of_status(pid: u32, field: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)).with_context(|| format!("no {field}"))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024)
}

/// The value below which `share` of the sorted values lie.
pub fn quantile<T: Copy>(sorted: &[T], share: f64) -> Option<T> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index of a short list"
    )]
    let at = (sorted.len() as f64 * share) as usize;
    sorted.get(at.min(sorted.len().checked_sub(1)?)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_few_values() {
        assert_eq!(quantile(&[1, 2, 3, 4, 5], 0.5), Some(3));
        assert_eq!(quantile(&[1, 2, 3, 4, 5], 0.99), Some(5));
        assert_eq!(quantile::<u8>(&[], 0.5), None);
    }
}
