//! What every room stands on: the clocks, texts of people, logs and metrics. Names nobody.

pub mod clock;
pub mod telemetry;
pub mod text;
