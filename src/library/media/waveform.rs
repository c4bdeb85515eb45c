//! The outline of a song, for drawing.

/// How many peaks a song's outline has.
pub(super) const POINTS: usize = 800;

/// Most buckets held while the length is unknown. When they are full, neighbours are merged: memory stays the same for
/// a jingle and for a night's set, and an outline is never coarser than 1/2048 of its song.
const BUCKETS: usize = 4096;

/// Frames of the first buckets; a second at 44.1 kHz then has 689.
const FIRST_FRAMES: u32 = 64;

/// Collects the highest sample of each stretch of a song.
#[derive(Debug)]
pub(super) struct Waveform {
    buckets: Vec<f32>,
    frames_per_bucket: u32,
    frames_in_last: u32,
}

impl Waveform {
    pub(super) fn new() -> Self {
        Self { buckets: Vec::with_capacity(BUCKETS), frames_per_bucket: FIRST_FRAMES, frames_in_last: FIRST_FRAMES }
    }

    /// Takes interleaved samples.
    pub(super) fn add(&mut self, samples: &[f32], channels: usize) {
        for frame in samples.chunks_exact(channels) {
            let peak = frame.iter().fold(0f32, |m, s| m.max(s.abs()));
            if self.frames_in_last == self.frames_per_bucket {
                self.open_bucket();
            }
            self.frames_in_last += 1;
            if let Some(last) = self.buckets.last_mut() {
                *last = last.max(peak);
            }
        }
    }

    /// [`POINTS`] peaks, evenly spaced; 255 is full scale.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a peak is 0 to 1 here")]
    pub(super) fn finish(self) -> Vec<u8> {
        let n = self.buckets.len();
        if n == 0 {
            return vec![0; POINTS];
        }
        (0..POINTS)
            .map(|i| {
                let from = i * n / POINTS;
                let to = ((i + 1) * n).div_ceil(POINTS).max(from + 1);
                let peak = self.buckets[from..to.min(n)].iter().fold(0f32, |m, p| m.max(*p));
                (peak.min(1.0) * 255.0).round() as u8
            })
            .collect()
    }

    fn open_bucket(&mut self) {
        if self.buckets.len() == BUCKETS {
            let merged: Vec<f32> =
                self.buckets.chunks(2).map(|pair| pair.iter().fold(0f32, |m, p| m.max(*p))).collect();
            self.buckets.clear();
            self.buckets.extend(merged);
            self.frames_per_bucket = self.frames_per_bucket.saturating_mul(2);
        }
        self.buckets.push(0.0);
        self.frames_in_last = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_then_sound_shows_where_it_begins_however_long_it_is() {
        for seconds in [1, 30, 600] {
            let mut outline = Waveform::new();
            let half = vec![0.0f32; 4_000 * seconds * 2];
            let loud = vec![-0.5f32; 4_000 * seconds * 2];
            outline.add(&half, 2);
            outline.add(&loud, 2);
            let peaks = outline.finish();
            assert_eq!(peaks.len(), POINTS);
            assert_eq!(peaks[..POINTS / 2 - 8].iter().max(), Some(&0));
            assert_eq!(peaks[POINTS / 2 + 8..].iter().min(), Some(&128));
        }
    }

    #[test]
    fn nothing_is_a_flat_line() {
        assert_eq!(Waveform::new().finish(), vec![0; POINTS]);
    }
}
