use super::check;

#[test]
fn control_is_for_whom_the_host_lets() {
    check(
        "ana joins
         ben joins
         ana lets djs
         ben queues A 1:00
         > forbidden
         ben plays
         > forbidden
         ben names ben dj
         > forbidden
         ana names ben dj
         > ben is dj
         ben queues A 1:00
         > queue A
         ana lets host
         ben clears
         > forbidden
         ben removes A
         > queue",
    );
}

#[test]
fn everyone_may_add_songs_where_the_host_alone_steers() {
    check(
        "ana joins
         ben joins
         ana lets host
         ana lets-add everyone
         ana queues A 1:00
         > queue A
         ben queues B 1:00
         > queue A B
         ben plays
         > forbidden
         ben moves B 0
         > forbidden
         ben removes A
         > forbidden
         ben clears
         > forbidden
         ben votes A
         > 1 votes
         ben removes B
         > queue A
         ana lets-add control
         ben queues B 1:00
         > forbidden
         ana lets everyone
         ben queues B 1:00
         > queue A B",
    );
}

#[test]
fn who_is_banned_is_out() {
    check(
        "ana joins
         ben joins
         eve joins
         ben bans eve
         > forbidden
         ana names ben moderator
         > ben is moderator
         ben bans eve
         > eve is banned
         eve says hello
         > not_joined
         eve joins
         > banned
         ben bans ana
         > forbidden
         ben pardons eve
         eve joins
         eve says hello
         > eve: hello",
    );
}

#[test]
fn whoever_is_kept_out_may_nothing_where_everybody_may() {
    check(
        "ana joins
         ben joins
         ben queues A 1:00
         > queue A
         ana bans ben
         > ben is banned
         ben plays
         > forbidden
         ben clears
         > forbidden
         ben removes A
         > forbidden",
    );
}

#[test]
fn who_is_kicked_may_come_back() {
    check(
        "ana opens-to invited
         ana joins
         ben joins invited
         eve joins invited
         ben kicks eve
         > forbidden
         ana names ben moderator
         > ben is moderator
         ana queues A 1:00
         > queue A
         ana plays
         > A from 0:00 at 0:00.150
         eve dislikes
         > 1 of 2
         ben kicks eve
         > eve is kicked
         eve says hello
         > not_joined
         ben kicks eve
         ben kicks ana
         > forbidden
         ben dislikes
         > 1 of 1
         > dry at 0:00.150",
    );
    let stage = check(
        "ana joins
         eve joins
         eve joins
         ana names eve dj
         > eve is dj
         ana kicks eve
         > eve is kicked
         eve joins
         eve says hello
         > eve: hello",
    );
    assert_eq!(stage.people().seats(super::script::user("eve").id), 1, "all seats were taken away");
}

#[test]
fn whom_the_host_blocks_is_out_until_the_block_is_lifted() {
    check(
        "ana joins
         ben joins
         eve joins
         ana names eve moderator
         > eve is moderator
         ana shuns eve zoe
         > eve is shut out
         eve says hello
         > not_joined
         eve joins
         > banned
         ana opens-to invited
         eve joins invited
         > stage_not_found
         ana opens-to friends
         eve joins befriended
         > stage_not_found
         ana shuns zoe
         eve joins
         eve bans ben
         > ben is banned",
    );
}

#[test]
fn who_is_in_when_a_stage_closes_stays_until_they_leave() {
    check(
        "ana joins
         ben joins
         ana opens-to invited
         ben says hello
         > ben: hello
         ben joins
         ben leaves
         ben joins
         ben leaves
         ben leaves
         ben joins
         > stage_not_found",
    );
}

#[test]
fn a_stage_may_be_for_friends_or_by_invitation() {
    check(
        "ana opens-to friends
         ben joins
         > stage_not_found
         ben joins befriended
         ana opens-to invited
         eve joins befriended
         > stage_not_found
         eve joins invited
         ben leaves
         ben joins
         > stage_not_found",
    );
}

#[test]
fn the_host_may_hand_over() {
    check(
        "ana joins
         ben joins
         ana names ben host
         > ben is host
         > ana is moderator
         ana ends
         > forbidden
         ben ends
         > the end
         eve joins
         > stage_ended",
    );
}

#[test]
fn that_a_closed_stage_has_ended_is_told_to_those_it_was_for() {
    check(
        "ana opens-to invited
         ana joins
         ana ends
         > the end
         ana joins
         > stage_ended
         eve joins
         > stage_not_found
         eve joins invited
         > stage_ended",
    );
}

#[test]
fn chat_has_rules() {
    let long = "x".repeat(4_001);
    check(&format!(
        "ana says hello
         > not_joined
         ana joins
         ana says hello
         > ana: hello
         ana says
         > invalid_field
         ana says {long}
         > too_long"
    ));
}

#[test]
fn a_listener_takes_back_what_is_theirs_alone() {
    check(
        "ana joins
         ben joins
         ben queues B 1:00
         > queue B
         ana queues A 1:00
         > queue B A
         ana lets host
         ben removes A
         > forbidden
         ben moves A 0
         > forbidden
         ben removes B
         > queue A
         eve removes A
         > forbidden",
    );
}

#[test]
fn nobody_bans_their_equals() {
    check(
        "ana joins
         ben joins
         eve joins
         ana names ben moderator
         > ben is moderator
         ana names eve moderator
         > eve is moderator
         ben bans eve
         > forbidden
         ben bans ben
         > forbidden
         ana bans eve
         > eve is banned",
    );
}

#[test]
fn no_role_outlives_a_ban() {
    check(
        "ana joins
         ben joins
         eve joins
         ana names eve moderator
         > eve is moderator
         ana bans eve
         > eve is banned
         ana pardons eve
         eve joins
         eve kicks ben
         > forbidden",
    );
}

#[test]
fn who_is_muted_hears_and_does_not_speak() {
    check(
        "ana joins
         ben joins
         cem joins
         ben mutes cem
         > forbidden
         ana names ben moderator
         > ben is moderator
         ben mutes ana
         > forbidden
         ben mutes cem
         > cem is muted
         ben mutes cem
         cem says hello
         > forbidden
         cem reacts
         > forbidden
         cem queues A 1:00
         > queue A
         ana unmutes cem
         > somebody may speak again
         cem says hello
         > cem: hello
         ana mutes cem 0:30
         > cem is muted
         cem says hello
         > forbidden
         +0:30
         cem says I was quiet
         > cem: I was quiet",
    );
}

#[test]
fn the_highest_role_that_is_there_follows_a_host_who_is_gone() {
    check(
        "ana joins
         ben joins
         cem joins
         dan joins
         ana names dan dj
         > dan is dj
         ana is-missed
         ana leaves
         ana is-missed
         > dan is host
         > ana is moderator
         dan leaves
         ana is-missed
         > ben is host
         > dan is moderator
         ben goes-on alone
         ben leaves
         ana is-missed",
    );
}
