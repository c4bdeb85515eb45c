//! What the process takes of the machine, under the names by which every exporter gives it.
//!
//! Read from the kernel when it is asked for. What can't be read, outside of Linux say, stays at zero.

use std::fs;
use std::sync::atomic::AtomicU64;

use octave_protocol::Instant;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use rustix::process::{Resource, getrlimit};
use rustix::time::{ClockId, clock_gettime};

use crate::base::clock::Clock;

#[derive(Debug)]
pub(super) struct Process {
    started: Instant,
    start: Gauge<f64, AtomicU64>,
    cpu: Counter<f64, AtomicU64>,
    resident: Gauge,
    open_files: Gauge,
    most_files: Gauge,
    threads: Gauge,
}

impl Default for Process {
    fn default() -> Self {
        Self {
            started: Clock::start().now(),
            start: Gauge::default(),
            cpu: Counter::default(),
            resident: Gauge::default(),
            open_files: Gauge::default(),
            most_files: Gauge::default(),
            threads: Gauge::default(),
        }
    }
}

impl Process {
    pub(super) fn register(&self, registry: &mut Registry) {
        let of = registry.sub_registry_with_prefix("process");
        of.register_with_unit("start_time", "When the process began", Unit::Seconds, self.start.clone());
        of.register_with_unit("cpu", "Time of processors that it has used", Unit::Seconds, self.cpu.clone());
        of.register_with_unit("resident_memory", "Memory that it takes", Unit::Bytes, self.resident.clone());
        of.register("open_fds", "Files and sockets that are open", self.open_files.clone());
        of.register("max_fds", "Files and sockets that may be open", self.most_files.clone());
        of.register("threads", "Threads", self.threads.clone());
    }

    /// As it is now.
    pub(super) fn read(&self) {
        #[expect(clippy::cast_precision_loss, reason = "microseconds of this century are exact in it")]
        self.start.set(self.started.0 as f64 / 1e6);
        let used = clock_gettime(ClockId::ProcessCPUTime);
        #[expect(clippy::cast_precision_loss, reason = "seconds with their fraction")]
        let used = used.tv_sec as f64 + used.tv_nsec as f64 / 1e9;
        self.cpu.inc_by((used - self.cpu.get()).max(0.0));
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        self.resident.set(field(&status, "VmRSS:") * 1024);
        self.threads.set(field(&status, "Threads:"));
        let open = fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
        // Without the one through which they are counted.
        self.open_files.set(i64::try_from(open.saturating_sub(1)).unwrap_or(i64::MAX));
        let most = getrlimit(Resource::Nofile).current;
        self.most_files.set(most.map_or(i64::MAX, |most| i64::try_from(most).unwrap_or(i64::MAX)));
    }
}

/// A number of `/proc/self/status`.
fn field(status: &str, name: &str) -> i64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_is_measured() {
        let process = Process::default();
        process.read();
        assert!(process.resident.get() > 1_000_000, "{process:?}");
        assert!(process.open_files.get() > 2 && process.open_files.get() <= process.most_files.get(), "{process:?}");
        assert!(process.threads.get() >= 1 && process.cpu.get() > 0.0, "{process:?}");
        assert!(process.start.get() > 1_704_067_200.0, "{process:?}");
        let before = process.cpu.get();
        process.read();
        assert!(process.cpu.get() >= before, "it is read, not added up");
        assert!(process.cpu.get() < before + 60.0);
    }
}
