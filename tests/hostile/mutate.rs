//! Bytes that look like others and are wrong.

/// `SplitMix64` (Steele, Lea and Flood, 2014).
pub(crate) struct Mutator(u64);

/// Numbers at which programs go wrong.
const EDGES: [u64; 8] = [0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0xffff_ffff, u64::MAX];

impl Mutator {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % n.max(1) as u64).unwrap()
    }

    /// One to eight changes; those of a long file lie near its beginning, where headers are.
    pub(crate) fn mutate(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        for _ in 0..=self.below(8) {
            let reach = if self.below(4) == 0 { out.len() } else { out.len().min(256) };
            let at = self.below(reach + 1).min(out.len());
            self.change(&mut out, at, other);
        }
        out
    }

    fn change(&mut self, out: &mut Vec<u8>, at: usize, other: &[u8]) {
        let some = self.below(24).min(out.len() - at);
        match self.below(8) {
            0 if at < out.len() => out[at] ^= 1 << self.below(8),
            1 if at < out.len() => out[at] = u8::try_from(self.below(256)).unwrap(),
            2 => {
                // A length, little or big, of one to eight bytes.
                let edge = EDGES[self.below(EDGES.len())];
                let width = 1 << self.below(4);
                let number = if self.below(2) == 0 { edge.to_le_bytes() } else { edge.to_be_bytes() };
                let number = if self.below(2) == 0 { &number[..width] } else { &number[8 - width..] };
                for (byte, new) in out[at..].iter_mut().zip(number) {
                    *byte = *new;
                }
            }
            3 => out.truncate(at),
            4 => drop(out.drain(at..at + some)),
            5 => {
                let copy = out[at..at + some].to_vec();
                let to = self.below(out.len() + 1);
                out.splice(to..to, copy);
            }
            6 => {
                let from = self.below(other.len() + 1).min(other.len());
                let piece = other[from..other.len().min(from + 64)].to_vec();
                out.splice(at..at, piece);
            }
            _ => out.insert(at, u8::try_from(self.below(256)).unwrap()),
        }
    }
}
