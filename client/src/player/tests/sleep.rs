use super::*;

/// The machine sleeps for a minute, and its monotonic clock with it.
#[test]
fn after_a_sleep_the_server_is_asked_at_once_and_believed() {
    let mut seats = [Seat::new((5e3, 5e3), 500.0, 0.0, 0.0)];
    state(&mut seats, &plays(1, 1e6), 0.0);
    run(&mut seats, 0.0, 20e6, |_, _| {});
    // While it slept, true time went on and local time did not; nobody answers what was asked before.
    let seat = &mut seats[0];
    seat.shift -= 60e6;
    seat.pongs.clear();
    // The shell wakes late by its own clock, too, as it was not run.
    let woken = 84e6;
    run(&mut seats, woken, woken + 0.5e6, |_, _| {});
    let seat = &seats[0];
    let off = seat.player.measure(seat.local(woken + 0.5e6)).offset_us - (EPOCH - seat.shift);
    assert!(off.abs() < 1_000.0, "{off}");
}
