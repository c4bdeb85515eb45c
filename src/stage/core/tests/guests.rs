use super::script::{check, user};

#[test]
fn a_guest_may_what_their_link_says_and_nothing_else_whatever_listeners_may() {
    check(
        "ana joins
         ana queues A 1:00
         > queue A
         gus* joins as-guest listen
         gus* says hello
         > forbidden
         gus* reacts
         > forbidden
         gus* queues B 1:00
         > forbidden
         gus* votes A
         > forbidden
         gus* plays
         > forbidden
         gus* clears
         > forbidden
         gus* shuffles
         > forbidden
         gus* removes A
         > forbidden
         gus* dislikes
         > forbidden
         gus* kicks ana
         > forbidden
         gus* ends
         > forbidden
         gus* lets host
         > forbidden
         gus* sends-guests-home
         > forbidden
         ben joins
         ben clears
         > queue",
    );
}

#[test]
fn with_the_rights_they_chat_add_and_vote_where_the_host_alone_steers() {
    check(
        "ana joins
         ana lets host
         ana queues A 1:00
         > queue A
         gus* joins as-guest listen,chat,add,vote
         gus* says hello
         > gus*: hello
         gus* queues B 1:00
         > queue A B
         gus* votes A
         > 1 votes
         gus* moves B 0
         > forbidden
         gus* removes A
         > forbidden
         gus* removes B
         > queue A
         gus* plays
         > forbidden",
    );
}

#[test]
fn the_stage_lets_them_do_less_than_their_link_and_never_more() {
    check(
        "ana joins
         ana lets-guests listen,vote
         gus* joins as-guest listen,chat
         gus* says hello
         > forbidden
         ana queues A 1:00
         > queue A
         gus* votes A
         > forbidden
         ana lets-guests listen,chat
         gus* says hello
         > gus*: hello",
    );
}

#[test]
fn where_guests_are_not_welcome_those_who_are_here_go_and_none_comes_in() {
    let stage = check(
        "ana joins
         ben joins
         gus* joins as-guest listen,chat
         eve* joins as-guest listen
         ana lets-guests
         > gus* is kicked
         > eve* is kicked
         gus* says hello
         > not_joined
         gus* joins as-guest listen,chat
         > forbidden
         ana lets-guests listen
         gus* joins as-guest listen,chat
         ana names ben moderator
         > ben is moderator
         ben sends-guests-home
         > gus* is kicked
         gus* joins as-guest listen,chat
         ben bans gus*
         > gus* is banned
         gus* joins as-guest listen,chat
         > banned
         ana ends
         > the end
         gus* joins as-guest listen
         > stage_ended",
    );
    assert!(stage.keeps_out(user("gus*").id));
}

#[test]
fn a_guest_enters_a_closed_stage_by_the_link_alone() {
    check(
        "ana joins
         ana opens-to invited
         gus* joins as-guest listen
         ben joins
         > stage_not_found",
    );
}

#[test]
fn nobody_hands_a_stage_to_a_guest_and_none_inherits_it() {
    check(
        "ana joins
         gus* joins as-guest listen,chat,add,vote
         ana names gus* dj
         > invalid_field
         ana names gus* host
         > invalid_field
         ana leaves
         ana is-missed
         ben joins
         ana is-missed
         > ben is host
         > ana is moderator",
    );
}

#[test]
fn who_may_not_vote_is_not_asked_to() {
    check(
        "ana joins
         gus* joins as-guest listen
         eve* joins as-guest listen
         leo* joins as-guest listen,vote
         ana queues A 1:00 B 1:00
         > queue A B
         ana plays
         > A from 0:00 at 0:00.150, then B at 1:00.150
         leo* dislikes
         > 1 of 1
         > B from 0:00 at 0:00.150",
    );
}

#[test]
fn a_guest_who_makes_an_account_is_one_who_listens() {
    let stage = check(
        "ana joins
         gus* joins as-guest listen
         gus* leaves
         gus* joins
         gus* says hello
         > gus*: hello",
    );
    assert_eq!(stage.guest(user("gus*").id), None);
}
