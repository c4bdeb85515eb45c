//! The targets that `tests/hostile` runs in the gate, for libFuzzer.

#[path = "../../hostile/targets.rs"]
mod targets;

use targets::TARGETS;

/// Throws bytes at the target of this name.
pub fn throw(name: &str, bytes: &[u8]) {
    for (_, target) in TARGETS.iter().filter(|(found, _)| *found == name) {
        target(bytes);
    }
}
