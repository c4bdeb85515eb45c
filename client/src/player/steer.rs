//! What to do about an error of position, by the rules of docs/SYNC.md: small ones are put right by a speed that nobody
//! hears, large ones by starting anew in the right place.

/// An error below this is left alone.
const DEAD_US: f64 = 120.0;
/// Speed changes by at most 0.3 % (5 cents) up to 5 ms, 0.5 % (9 cents) beyond.
const GENTLE: f64 = 0.003;
const FIRM: f64 = 0.005;
const FIRM_FROM_US: f64 = 5_000.0;
/// An error is worked off over this long, if the speed allows.
const WITHIN_US: f64 = 1e6;
/// Beyond this a jump is heard less than the long slew.
const JUMP_FROM_US: f64 = 15_000.0;
/// So many errors in a row, agreeing within [`AGREE_US`], are believed, and not sooner after the last jump than this.
const AGREEING: usize = 10;
const AGREE_US: f64 = 3_000.0;
const JUMP_PAUSE_US: f64 = 0.9e6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    GoOn,
    Jump,
}

#[derive(Debug)]
pub struct Steer {
    large: Vec<f64>,
    jumped: f64,
    speed: f64,
}

impl Steer {
    /// For a voice that begins at `now`.
    pub fn new(now: f64) -> Self {
        Self { large: Vec::new(), jumped: now, speed: 1.0 }
    }

    /// Of the device's own, which is reckoned with elsewhere.
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// Takes how far the sound is ahead; once per block.
    pub fn decide(&mut self, error: f64, now: f64) -> Move {
        let size = error.abs();
        if size > JUMP_FROM_US {
            self.large.push(error);
            let latest = &self.large[self.large.len().saturating_sub(AGREEING)..];
            let spread =
                latest.iter().fold(f64::MIN, |m, e| m.max(*e)) - latest.iter().fold(f64::MAX, |m, e| m.min(*e));
            if latest.len() == AGREEING && spread < AGREE_US && now - self.jumped > JUMP_PAUSE_US {
                (self.large, self.jumped, self.speed) = (Vec::new(), now, 1.0);
                return Move::Jump;
            }
        } else {
            self.large.clear();
        }
        let most = if size > FIRM_FROM_US { FIRM } else { GENTLE };
        self.speed = if size < DEAD_US { 1.0 } else { 1.0 - (error / WITHIN_US).clamp(-most, most) };
        Move::GoOn
    }
}
