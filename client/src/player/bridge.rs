//! Between the local clock and the sound that leaves the device, from noisy pairs of device frame and the instant at
//! which it is heard. A line is laid through the medians of what was read in the last seconds; a new level counts when
//! fresh readings agree on it (another route, a dropout).

use crate::median;

/// Readings older than this do not count.
const WINDOW_US: f64 = 3e6;
/// The device's own speed shows in the readings of this long, and not before [`TREND_LEAST_US`] of them.
const TREND_US: f64 = 20e6;
const TREND_LEAST_US: f64 = 4e6;
/// A speed beyond this is no clock but a route that settles.
const SPEED_MAX: f64 = 1_000e-6;
/// So many fresh readings, agreeing within [`AGREE_US`] and off by [`STEP_US`], make a new level.
const STEP_READINGS: usize = 12;
const AGREE_US: f64 = 700.0;
const STEP_US: f64 = 4_000.0;
/// Readings before the first level is believed.
const FIRST_READINGS: usize = 8;

#[derive(Debug, Clone, Copy)]
struct Reading {
    local: f64,
    /// Device time less local time.
    level: f64,
}

#[derive(Debug)]
pub struct Bridge {
    rate: f64,
    /// All of the trend's window.
    readings: Vec<Reading>,
    /// Level at an instant, and its change per microsecond.
    line: Option<(Reading, f64)>,
}

impl Bridge {
    pub fn new(rate: f64) -> Self {
        Self { rate, readings: Vec::new(), line: None }
    }

    pub fn is_ready(&self) -> bool {
        self.line.is_some()
    }

    /// `frame` is heard at `local`.
    pub fn read(&mut self, frame: f64, local: f64) {
        self.readings.push(Reading { local, level: frame * 1e6 / self.rate - local });
        self.readings.retain(|r| r.local > local - TREND_US);
        self.forget_other_level();
        if self.readings.len() < FIRST_READINGS {
            return;
        }
        let speed = self.speed();
        let recent = || self.readings.iter().filter(|r| r.local > local - WINDOW_US);
        let at = median(recent().map(|r| r.local));
        let level = median(recent().map(|r| r.level - speed * (r.local - at)));
        self.line = Some((Reading { local: at, level }, speed));
    }

    /// When a device frame is heard.
    pub fn to_local(&self, frame: f64) -> Option<f64> {
        let (Reading { local, level }, speed) = self.line?;
        let straight = frame * 1e6 / self.rate - level;
        Some(straight - (speed * (straight - local)) / (1.0 + speed))
    }

    /// The device frame that is heard at an instant.
    pub fn to_frame(&self, at: f64) -> Option<f64> {
        let (Reading { local, level }, speed) = self.line?;
        Some((at + level + speed * (at - local)) * self.rate / 1e6)
    }

    /// How much faster the device's clock runs than the local one, in parts per million.
    pub fn ppm(&self) -> f64 {
        self.line.map_or(0.0, |(_, speed)| speed * 1e6)
    }

    fn forget_other_level(&mut self) {
        let Some(split) = self.readings.len().checked_sub(STEP_READINGS).filter(|n| *n > 0) else { return };
        let (older, fresh) = self.readings.split_at(split);
        let levels = || fresh.iter().map(|r| r.level);
        let spread = levels().fold(f64::MIN, f64::max) - levels().fold(f64::MAX, f64::min);
        let before = median(older.iter().rev().take(STEP_READINGS).map(|r| r.level));
        if spread <= AGREE_US && (median(levels()) - before).abs() >= STEP_US {
            self.readings.drain(..split);
        }
    }

    /// The slope between the medians of two halves; 0 while it can't be told.
    fn speed(&self) -> f64 {
        let (Some(first), Some(last)) = (self.readings.first(), self.readings.last()) else { return 0.0 };
        if last.local - first.local < TREND_LEAST_US {
            return 0.0;
        }
        let (early, late) = self.readings.split_at(self.readings.len() / 2);
        let middle = |half: &[Reading], of: fn(&Reading) -> f64| median(half.iter().map(of));
        let rise = middle(late, |r| r.level) - middle(early, |r| r.level);
        let speed = rise / (middle(late, |r| r.local) - middle(early, |r| r.local));
        if speed.abs() < SPEED_MAX { speed } else { 0.0 }
    }
}
