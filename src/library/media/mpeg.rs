//! Headers of frames that stand alone: MPEG audio's layer III, and AAC in ADTS.

/// A header is looked at with so many bytes.
pub(super) const HEAD: usize = 8;

/// A header of layer III (ISO/IEC 11172-3, 2.4.2.3, and 13818-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mp3 {
    /// Of the whole frame, in bytes.
    pub size: u64,
    /// In hertz.
    pub rate: u64,
    pub side_info: usize,
    pub samples: u64,
}

impl Mp3 {
    pub(super) fn of(b: &[u8]) -> Option<Self> {
        const KBPS_V1: [u64; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
        const KBPS_V2: [u64; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        let [b0, b1, b2, b3] = *b.first_chunk::<4>()?;
        if b0 != 0xff || b1 & 0xe6 != 0xe2 {
            return None;
        }
        let version = b1 >> 3 & 3;
        let rate = *[44_100, 48_000, 32_000].get(usize::from(b2 >> 2 & 3))?;
        let first = version == 3;
        let kbps = *(if first { KBPS_V1 } else { KBPS_V2 }).get(usize::from(b2 >> 4))?;
        if version == 1 || kbps == 0 {
            return None;
        }
        let rate = rate / [4, 1, 2, 1][usize::from(version)];
        let samples = if first { 1_152 } else { 576 };
        let mono = b3 >> 6 == 3;
        let side_info = match (first, mono) {
            (true, false) => 32,
            (true, true) | (false, false) => 17,
            (false, true) => 9,
        };
        Some(Self { size: samples * kbps * 125 / rate + u64::from(b2 >> 1 & 1), rate, side_info, samples })
    }
}

/// A frame's size, and its rate and channels, which are the same in all of a stream (ISO/IEC 14496-3, 1.A.3.2).
pub(super) fn adts(b: &[u8]) -> Option<(u64, (u8, u8))> {
    let [b0, b1, b2, b3, b4, b5, b6] = *b.first_chunk::<7>()?;
    if b0 != 0xff || b1 & 0xf6 != 0xf0 || b2 >> 6 != 1 {
        return None;
    }
    let (rate, channels) = (b2 >> 2 & 15, (b2 & 1) << 2 | b3 >> 6);
    let size = u64::from(b3 & 3) << 11 | u64::from(b4) << 3 | u64::from(b5 >> 5);
    (rate < 13 && (1..=6).contains(&channels) && size >= 8 && b6 & 3 == 0).then_some((size, (rate, channels)))
}
