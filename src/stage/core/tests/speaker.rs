//! Devices that steer without sound, and the one that sounds for all.

use super::check;
use super::restart::saved;
use super::script::user;
use crate::stage::core::Stage;

/// Two who load are waited for; one who steers alone is not.
#[test]
fn no_start_waits_for_a_remote() {
    check(
        "ana joins
         ben joins
         ana loads
         ben loads
         ana queues A 1:00
         > queue A
         ben steers-by 1
         ana plays
         > A from 0:00 at 0:00.150",
    );
}

#[test]
fn who_has_a_device_that_sounds_beside_a_remote_is_waited_for() {
    let stage = check(
        "ana joins
         ben joins
         ben joins
         ben steers-by 1
         ana loads
         ben loads
         ana queues A 1:00
         > queue A
         ana plays
         > A waits in 0:00
         +0:02
         > A from 0:00 at 0:01.650",
    );
    assert!(!stage.people().get(user("ben").id).unwrap().is_remote());
}

#[test]
fn who_leaves_with_the_device_that_sounds_is_a_remote() {
    let stage = check(
        "ana joins
         ben joins
         ben joins
         ben steers-by 1
         ana loads
         ben loads
         ben leaves
         ana queues A 1:00
         > queue A
         ana plays
         > A from 0:00 at 0:00.150",
    );
    assert!(stage.people().get(user("ben").id).unwrap().is_remote());
    assert!(stage.participants(9).iter().any(|who| who.remote && &*who.username == "ben"));
}

#[test]
fn where_one_device_sounds_nobody_waits_for_the_others_and_none_of_them_delays_a_command() {
    check(
        "ana joins
         ben joins
         eve joins
         ana loads
         ben loads
         eve measures 0:01
         ana lets-sound ben
         ana loads
         eve measures 0:01
         ana queues A 1:00
         > queue A
         ana plays
         > A from 0:00 at 0:00.150
         ana lets-sound
         eve measures 0:01
         ana pauses
         > A stops in 0:00.420 at 0:00.570",
    );
}

#[test]
fn the_host_says_who_sounds_and_only_of_somebody_who_is_there() {
    let stage = check(
        "ana joins
         ben joins
         ben lets-sound ben
         > forbidden
         ana lets-sound eve
         > invalid_field
         ana lets-sound ben
         ben leaves",
    );
    let speaker = |stage: &Stage| stage.about().speaker.as_ref().map(|user| user.username.to_string());
    assert_eq!(speaker(&stage).as_deref(), Some("ben"), "they may be on the way back");
    assert_eq!(speaker(&Stage::restore(saved(&stage), stage.about().created).0).as_deref(), Some("ben"));
}

#[test]
fn where_the_speaker_is_turned_out_everybody_sounds_again() {
    for (deed, said) in [("bans", "banned"), ("kicks", "kicked")] {
        let script = format!(
            "ana joins
             ben joins
             ana lets-sound ben
             ana {deed} ben
             > ben is {said}"
        );
        assert_eq!(check(&script).about().speaker, None);
    }
}
