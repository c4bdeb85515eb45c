//! Songs made on the spot, exact to the frame.

/// Frames per second of the songs made here.
pub const SAMPLE_RATE: u32 = 8_000;

/// A mono 16-bit WAV file with a quiet tone of `hertz`, `millis` long.
pub fn wav(hertz: u32, millis: u32) -> Vec<u8> {
    let frames = SAMPLE_RATE * millis / 1_000;
    let mut file = Vec::with_capacity(44 + frames as usize * 2);
    file.extend(b"RIFF");
    file.extend((36 + frames * 2).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(1_u16.to_le_bytes()); // PCM
    file.extend(1_u16.to_le_bytes()); // one channel
    file.extend(SAMPLE_RATE.to_le_bytes());
    file.extend((SAMPLE_RATE * 2).to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend((frames * 2).to_le_bytes());
    for frame in 0..frames {
        let phase = f64::from(frame) * f64::from(hertz) / f64::from(SAMPLE_RATE) * std::f64::consts::TAU;
        #[expect(clippy::cast_possible_truncation, reason = "within ±4,000")]
        let sample = (phase.sin() * 4_000.0) as i16;
        file.extend(sample.to_le_bytes());
    }
    file
}
