//! A FLAC writer (RFC 9639): fixed predictors and Rice codes, which halve this music; tags and a picture in front.

/// What stands in the file beside the sound.
pub(crate) struct Tags<'a> {
    /// Vorbis comments, such as `("TITLE", "Night Tram")`.
    pub comments: &'a [(&'a str, &'a str)],
    pub picture: Picture<'a>,
}

pub(crate) struct Picture<'a> {
    pub jpeg: &'a [u8],
    /// In pixels.
    pub width: u32,
    pub height: u32,
}

/// Frames of a block; 4,096 is what the reference encoder uses.
const BLOCK: usize = 4_096;

/// Writes two channels of 16-bit samples.
pub(crate) fn encode(left: &[i16], right: &[i16], rate: u32, tags: &Tags<'_>) -> Vec<u8> {
    let mut out = b"fLaC".to_vec();
    block(&mut out, 0, false, &stream_info(left.len(), rate));
    block(&mut out, 4, false, &comments(tags.comments));
    block(&mut out, 6, true, &picture(&tags.picture));
    for (number, (l, r)) in (0u32..).zip(left.chunks(BLOCK).zip(right.chunks(BLOCK))) {
        frame(&mut out, number, l, r);
    }
    out
}

/// A metadata block with its header (RFC 9639, section 8.1).
fn block(out: &mut Vec<u8>, kind: u8, last: bool, body: &[u8]) {
    out.push(if last { 0x80 | kind } else { kind });
    out.extend_from_slice(&(body.len() as u32).to_be_bytes()[1..]);
    out.extend_from_slice(body);
}

fn stream_info(frames: usize, rate: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(BLOCK as u64, 16);
    bits.put(BLOCK as u64, 16);
    bits.put(0, 48); // smallest and largest frame: unknown
    bits.put(rate.into(), 20);
    bits.put(2 - 1, 3);
    bits.put(16 - 1, 5);
    bits.put(frames as u64, 36);
    for _ in 0..4 {
        bits.put(0, 32); // MD5 of the samples: unknown
    }
    bits.bytes
}

fn comments(all: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut put = |text: &str| {
        out.extend_from_slice(&(text.len() as u32).to_le_bytes());
        out.extend_from_slice(text.as_bytes());
    };
    put("Octave");
    out.extend_from_slice(&(all.len() as u32).to_le_bytes());
    for (name, value) in all {
        let comment = format!("{name}={value}");
        out.extend_from_slice(&(comment.len() as u32).to_le_bytes());
        out.extend_from_slice(comment.as_bytes());
    }
    out
}

/// Chromium plays no file whose picture says that it is 0 pixels wide.
fn picture(Picture { jpeg, width, height }: &Picture<'_>) -> Vec<u8> {
    const FRONT_COVER: u32 = 3;
    const BITS_PER_PIXEL: u32 = 24;
    const MIME: &[u8] = b"image/jpeg";
    let mut out = Vec::new();
    out.extend_from_slice(&FRONT_COVER.to_be_bytes());
    out.extend_from_slice(&(MIME.len() as u32).to_be_bytes());
    out.extend_from_slice(MIME);
    // No description; no palette, so no number of colours.
    for number in [0, *width, *height, BITS_PER_PIXEL, 0, jpeg.len() as u32] {
        out.extend_from_slice(&number.to_be_bytes());
    }
    out.extend_from_slice(jpeg);
    out
}

/// One block of sound: middle and side, which for music with a centre is shorter than left and right.
fn frame(out: &mut Vec<u8>, number: u32, left: &[i16], right: &[i16]) {
    let start = out.len();
    let mut bits = Bits::default();
    bits.put(0b1111_1111_1111_1000, 16); // sync, blocks of one size
    bits.put(0b0111, 4); // size: 16 bits at the end of the header
    bits.put(0b0000, 4); // rate: as in the stream's header
    bits.put(0b1010, 4); // middle and side
    bits.put(0b100, 3); // 16 bits a sample
    bits.put(0, 1);
    for byte in coded_number(number) {
        bits.put(byte.into(), 8);
    }
    bits.put(left.len() as u64 - 1, 16);
    bits.put(crc8(&bits.bytes).into(), 8);
    let pairs = || left.iter().zip(right).map(|(l, r)| (i32::from(*l), i32::from(*r)));
    subframe(&mut bits, &pairs().map(|(l, r)| (l + r) >> 1).collect::<Vec<_>>(), 16);
    subframe(&mut bits, &pairs().map(|(l, r)| l - r).collect::<Vec<_>>(), 17);
    bits.align();
    out.append(&mut bits.bytes);
    let crc = crc16(&out[start..]);
    out.extend_from_slice(&crc.to_be_bytes());
}

/// A frame's number in the manner of UTF-8 (RFC 9639, section 9.1.5), for up to 2^16 frames.
fn coded_number(n: u32) -> Vec<u8> {
    let low = |shift: u32| 0x80 | (n >> shift & 0x3f) as u8;
    match n {
        0..0x80 => vec![n as u8],
        0x80..0x800 => vec![0xc0 | (n >> 6) as u8, low(0)],
        _ => vec![0xe0 | (n >> 12 & 0x0f) as u8, low(6), low(0)],
    }
}

/// One channel: the predictor of order 0 to 4 with the smallest rest.
fn subframe(bits: &mut Bits, samples: &[i32], depth: u32) {
    let mut rest = samples.to_vec();
    let (mut best, mut best_order, mut best_sum) = (rest.clone(), 0, magnitude(&rest));
    for order in 1..=4.min(samples.len() - 1) {
        // The difference of a difference is what the next order's predictor leaves.
        for i in (order..rest.len()).rev() {
            rest[i] -= rest[i - 1];
        }
        let sum = magnitude(&rest[order..]);
        if sum < best_sum {
            (best, best_order, best_sum) = (rest.clone(), order, sum);
        }
    }
    bits.put(0b0000_1000 | best_order as u64, 7); // a zero, then a fixed predictor and its order
    bits.put(0, 1);
    for sample in &samples[..best_order] {
        bits.put_signed(*sample, depth);
    }
    rice(bits, &best, best_order);
}

fn magnitude(rest: &[i32]) -> u64 {
    rest.iter().map(|r| u64::from(r.unsigned_abs())).sum()
}

/// The rest in eight parts, each with its own parameter (RFC 9639, section 9.2.7); in one where it does not divide.
fn rice(bits: &mut Bits, rest: &[i32], order: usize) {
    let parts_log: u32 = if rest.len() == BLOCK { 3 } else { 0 };
    let part = rest.len() >> parts_log;
    bits.put(0b00, 2); // four bits a parameter
    bits.put(parts_log.into(), 4);
    for (n, values) in rest.chunks(part).enumerate() {
        let values = if n == 0 { &values[order..] } else { values };
        let mean = magnitude(values) * 2 / values.len().max(1) as u64;
        let parameter = mean.checked_ilog2().unwrap_or(0).min(14);
        bits.put(parameter.into(), 4);
        for value in values {
            let folded = ((value << 1) ^ (value >> 31)) as u32;
            bits.put_unary(folded >> parameter);
            bits.put(u64::from(folded) & ((1 << parameter) - 1), parameter);
        }
    }
}

/// Bits, the highest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    /// Appends the lowest `count` bits of `value`, at most 48.
    fn put(&mut self, value: u64, count: u32) {
        self.held = self.held << count | value;
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.held >> self.count) as u8);
        }
    }

    fn put_signed(&mut self, value: i32, count: u32) {
        self.put(u64::from(value as u32) & ((1 << count) - 1), count);
    }

    /// So many zeros, and a one.
    fn put_unary(&mut self, mut zeros: u32) {
        while zeros >= 32 {
            self.put(0, 32);
            zeros -= 32;
        }
        self.put(1, zeros + 1);
    }

    fn align(&mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
    }
}

/// x^8 + x^2 + x + 1.
fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| (0..8).fold(crc ^ byte, |c, _| if c & 0x80 == 0 { c << 1 } else { c << 1 ^ 0x07 }))
}

/// x^16 + x^15 + x^2 + 1, by a table: it runs over the whole file.
fn crc16(bytes: &[u8]) -> u16 {
    const TABLE: [u16; 256] = {
        let mut table = [0; 256];
        let mut i = 0;
        while i < 256 {
            let mut crc = (i as u16) << 8;
            let mut bit = 0;
            while bit < 8 {
                crc = if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x8005 };
                bit += 1;
            }
            table[i] = crc;
            i += 1;
        }
        table
    };
    bytes.iter().fold(0, |crc, byte| crc << 8 ^ TABLE[usize::from((crc >> 8) as u8 ^ byte)])
}

#[cfg(test)]
mod tests {
    use symphonia::core::codecs::audio::AudioDecoderOptions;
    use symphonia::core::formats::probe::Hint;
    use symphonia::core::formats::{FormatOptions, TrackType};
    use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
    use symphonia::core::meta::MetadataOptions;

    use super::*;

    fn decode(file: Vec<u8>) -> Vec<i16> {
        let source = std::io::Cursor::new(file);
        let source = MediaSourceStream::new(Box::new(source), MediaSourceStreamOptions::default());
        let probe = symphonia::default::get_probe();
        let mut reader =
            probe.probe(&Hint::new(), source, FormatOptions::default(), MetadataOptions::default()).unwrap();
        let track = reader.default_track(TrackType::Audio).unwrap();
        let params = track.codec_params.as_ref().unwrap().audio().unwrap();
        let codecs = symphonia::default::get_codecs();
        let mut decoder = codecs.make_audio_decoder(params, &AudioDecoderOptions::default()).unwrap();
        let (mut all, mut part) = (Vec::new(), Vec::<i16>::new());
        while let Some(packet) = reader.next_packet().unwrap() {
            decoder.decode(&packet).unwrap().copy_to_vec_interleaved(&mut part);
            all.append(&mut part);
        }
        all
    }

    #[test]
    fn a_picture_says_how_large_it_is() {
        let picture = Picture { jpeg: &[7, 8, 9], width: 640, height: 480 };
        let file = encode(&[0; 16], &[0; 16], 32_000, &Tags { comments: &[], picture });
        let at = file.windows(10).position(|w| w == b"image/jpeg").unwrap() + 10;
        let field = |n: usize| u32::from_be_bytes(file[at + 4 * n..][..4].try_into().unwrap());
        assert_eq!([0, 1, 2, 3, 4, 5].map(field), [0, 640, 480, 24, 0, 3]);
        assert_eq!(file[at + 24..][..3], [7, 8, 9]);
    }

    #[test]
    fn what_is_written_is_heard_sample_for_sample() {
        let mut noise = 1u32;
        let samples: Vec<i16> = (0..3 * BLOCK as u32 + 777)
            .map(|i| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                match i / 3_000 {
                    0 => 0,                                               // silence
                    1 => ((f64::from(i) * 0.05).sin() * 20_000.0) as i16, // a tone
                    2 => (noise >> 16) as i16,                            // the worst case
                    _ => {
                        if i % 2 == 0 {
                            i16::MIN
                        } else {
                            i16::MAX
                        }
                    } // and the extremes
                }
            })
            .collect();
        let backwards: Vec<i16> = samples.iter().rev().copied().collect();
        let picture = Picture { jpeg: &[1, 2, 3], width: 1, height: 1 };
        let file = encode(&samples, &backwards, 32_000, &Tags { comments: &[("TITLE", "x")], picture });
        let expected: Vec<i16> = samples.iter().zip(&backwards).flat_map(|(l, r)| [*l, *r]).collect();
        assert_eq!(decode(file), expected);
    }
}
