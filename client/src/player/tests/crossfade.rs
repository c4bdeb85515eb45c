use octave_protocol::model::Ending;

use super::*;

/// The first song begins at one second of true time, and ends under the first six seconds of the second one.
const FIRST: f64 = 1e6;
const FADE: f64 = 6e6;
const SECOND: f64 = FIRST + 60e6 - FADE;

/// What the server says before the change, and after it.
fn before() -> ServerFrame {
    with(plays(1, FIRST), |timeline| {
        let next = timeline.next.as_mut().expect("a second song");
        next.at_us = Some(Instant((EPOCH + SECOND) as i64));
        next.crossfade_us = Some(Duration(FADE as i64));
    })
}

fn after() -> ServerFrame {
    with(plays(2, SECOND), |timeline| {
        let (entry, position_us) = (EntryId(1), Duration((60e6 - FADE) as i64));
        let crossfade_us = Duration(FADE as i64);
        timeline.ending =
            timeline.song.replace(song(2, 60)).map(|song| Ending { entry, song, position_us, crossfade_us });
        (timeline.entry, timeline.next) = (Some(EntryId(2)), None);
    })
}

fn with(frame: ServerFrame, change: impl FnOnce(&mut Timeline)) -> ServerFrame {
    let ServerFrame::Timeline { stage, seq, mut timeline } = frame else { unreachable!("a timeline") };
    change(&mut timeline);
    ServerFrame::Timeline { stage, seq, timeline }
}

/// How far the two songs are off, and how loud they are.
fn heard(seat: &Seat, now: f64) -> Option<[(f64, f64); 2]> {
    let (second, first) = (seat.device.heard_at(now)?, seat.device.ending_at(now)?);
    assert_eq!((first.entry, second.entry), (EntryId(1), EntryId(2)));
    Some([
        ((first.position_us - (now - FIRST)).abs(), first.level),
        ((second.position_us - (now - SECOND)).abs(), second.level),
    ])
}

/// Levels and places as they should be, from `from` to the end of the crossfade.
fn keeps_to(seat: &mut Seat, from: f64) {
    for at in ((from / 1e5) as i64..((SECOND + FADE) / 1e5) as i64 - 1).map(|tenth| tenth as f64 * 1e5) {
        run(std::slice::from_mut(seat), at, at + 1e5, |_, _| {});
        let [first, second] = heard(seat, at).unwrap_or_else(|| panic!("one song alone at {at}"));
        let share = (at - SECOND) / FADE * std::f64::consts::FRAC_PI_2;
        assert!(
            (first.1 - share.cos()).abs() < 0.002 && (second.1 - share.sin()).abs() < 0.002,
            "{first:?} {second:?}"
        );
        assert!(first.0 < 1_000.0 && second.0 < 1_000.0, "{first:?} {second:?}");
    }
}

#[test]
fn one_song_rises_over_the_end_of_the_other_without_a_word() {
    for (ways, jitter, ppm) in [((500.0, 500.0), 100.0, 0.0), ((40e3, 40e3), 1e3, 50.0)] {
        let mut seats = [Seat::new(ways, jitter, ppm, -ppm)];
        state(&mut seats, &before(), 0.0);
        run(&mut seats, 0.0, SECOND + 1e5, |_, _| {});
        keeps_to(&mut seats[0], SECOND + 1e5);
        run(&mut seats, SECOND + FADE - 1e5, SECOND + FADE + 1e6, |_, _| {});
        let alone = seats[0].device.heard_at(SECOND + FADE + 5e5).expect("the second song");
        assert_eq!((alone.entry, alone.level), (EntryId(2), 1.0));
        assert_eq!(seats[0].device.ending_at(SECOND + FADE + 5e5), None);
        assert_eq!(seats[0].player.measure(seats[0].local(SECOND + FADE)).jumps, 0);
    }
}

#[test]
fn the_servers_word_changes_nothing_and_lets_late_comers_hear_both() {
    let mut seats = [Seat::new((500.0, 500.0), 100.0, 0.0, 0.0)];
    state(&mut seats, &before(), 0.0);
    run(&mut seats, 0.0, SECOND + 2e6, |_, _| {});
    state(&mut seats, &after(), SECOND + 2e6);
    keeps_to(&mut seats[0], SECOND + 2e6);
    let mut late = [Seat::new((2e3, 2e3), 100.0, 0.0, 0.0)];
    state(&mut late, &after(), SECOND + 1e6);
    run(&mut late, SECOND + 1e6, SECOND + 3e6, |_, _| {});
    keeps_to(&mut late[0], SECOND + 3e6);
}
