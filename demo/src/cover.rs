//! Covers, drawn: a sky of two colours, a light in it, and a landscape of waves.

use std::f32::consts::TAU;
use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

/// Edge in pixels.
const SIZE: u32 = 640;

/// A cover in three colours; `seed` moves the light and the waves.
pub(crate) fn draw([top, bottom, figure]: [[u8; 3]; 3], seed: u32) -> RgbImage {
    let phase = seed as f32 * 1.7;
    let light = (0.28 + 0.44 * (phase * 0.61).sin().abs(), 0.26 + 0.14 * (phase * 0.9).cos().abs());
    let radius = 0.12 + 0.03 * (phase * 1.3).sin();
    RgbImage::from_fn(SIZE, SIZE, |px, py| {
        let (x, y) = ((px as f32 + 0.5) / SIZE as f32, (py as f32 + 0.5) / SIZE as f32);
        let mut colour = mix(top, bottom, y);
        let away = ((x - light.0).powi(2) + (y - light.1).powi(2)).sqrt();
        let glow = 0.35 * (1.0 - (away - radius) / 0.35).clamp(0.0, 1.0).powi(2);
        colour = mix(colour, figure, glow);
        // One pixel of transition takes the stairs off the edge.
        colour = mix(colour, figure, ((radius - away) * SIZE as f32).clamp(0.0, 1.0));
        for layer in 0u8..4 {
            let depth = f32::from(layer);
            let hill = 0.58
                + 0.1 * depth
                + 0.035 * wave(x, 1.1 + 0.5 * depth, phase + depth)
                + 0.012 * wave(x, 3.7 + depth, phase * 2.0);
            let inside = ((y - hill) * SIZE as f32).clamp(0.0, 1.0);
            let shade = mix(bottom, [14.0, 18.0, 30.0], 0.22 + 0.19 * depth);
            colour = mix(colour, shade, inside);
        }
        Rgb(colour.map(|c| c.round().clamp(0.0, 255.0) as u8))
    })
}

/// The picture as a JPEG for a file's tag.
pub(crate) fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory does not fail.
    let _ = picture.write_to(&mut Cursor::new(&mut out), ImageFormat::Jpeg);
    out
}

fn wave(x: f32, turns: f32, phase: f32) -> f32 {
    (TAU * turns * x + phase).sin()
}

fn mix<A: Into<f32>, B: Into<f32>>(a: [A; 3], b: [B; 3], share: f32) -> [f32; 3] {
    let (a, b) = (a.map(Into::into), b.map(Into::into));
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * share)
}
