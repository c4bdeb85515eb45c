//! How often the server is asked: as the noise of the path asks for, which the clock's own doubt tells. The browser's
//! (`web/src/sync/clock/pace.ts`) is the same.

/// A burst: from one probe to the next, and from the last one's answer to the next burst.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pace {
    pub(super) probes: u32,
    pub(super) gap_us: f64,
    pub(super) pause_us: f64,
}

const fn pace(probes: u32, gap_us: f64, pause_us: f64) -> Pace {
    Pace { probes, gap_us, pause_us }
}

/// Usable after a fifth of a second, good after one.
const JOIN: Pace = pace(8, 20e3, 20e3);
const JOIN_BURSTS: u32 = 5;

/// Until so long after the beginning: what is asked where the clock's standard deviation is above `noisy_us`, and else.
struct Stage {
    until_us: f64,
    noisy_us: f64,
    noisy: Pace,
    calm: Pace,
}

const DENSE: Pace = pace(8, 125e3, 125e3);
const LEARNING: Pace = pace(8, 20e3, 3e6);
const SPARSE: Pace = pace(8, 20e3, 10e6);
const STEADY: Pace = pace(10, 100e3, 100e3);

/// The drift takes a minute to learn. Never more than 25 a second after the join: a server allows 50 frames.
const STAGES: [Stage; 3] = [
    Stage { until_us: 6e6, noisy_us: 220.0, noisy: pace(8, 40e3, 40e3), calm: DENSE },
    Stage { until_us: 10e6, noisy_us: 410.0, noisy: pace(10, 60e3, 60e3), calm: DENSE },
    Stage { until_us: 60e6, noisy_us: 600.0, noisy: STEADY, calm: LEARNING },
];
const LATER: Stage = Stage { until_us: f64::INFINITY, noisy_us: 600.0, noisy: STEADY, calm: SPARSE };
/// In the long run a path that is neither calm nor noisy is asked as while learning.
const UNCALM_US: f64 = 260.0;
/// Whether an odd burst was one of a kind is asked soon.
const DOUBT_US: f64 = 500e3;

/// The burst after `bursts` others, `since_us` after the first; `doubted` tells that the one before was not believed.
pub(super) fn pace_of(bursts: u32, since_us: f64, sd_us: f64, doubted: bool) -> Pace {
    if bursts < JOIN_BURSTS {
        return JOIN;
    }
    let stage = STAGES.iter().find(|s| since_us < s.until_us).unwrap_or(&LATER);
    let quiet = if stage.calm == SPARSE && sd_us > UNCALM_US { LEARNING } else { stage.calm };
    let pace = if sd_us > stage.noisy_us { stage.noisy } else { quiet };
    if doubted { Pace { pause_us: pace.pause_us.min(DOUBT_US), ..pace } } else { pace }
}
