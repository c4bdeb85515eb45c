//! What every room stands on: the clocks, rates, texts of people, logs and metrics. Names nobody.

pub mod budget;
pub mod clock;
pub mod encoding;
pub mod fold;
pub mod mentions;
pub mod name;
pub mod rate;
pub mod telemetry;
pub mod text;
