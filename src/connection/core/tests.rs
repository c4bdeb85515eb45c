use octave_protocol::client::{Chat, EditChat, Hello, Join, Leave, Ping};
use octave_protocol::{MAX_CHAT_CHARS, Seq};

use super::*;
use crate::connection::limits::{EXCESS, FRAMES, MAX_CODE_BYTES};

/// A socket, the time at it, and what it did since last asked.
struct Script {
    core: Core<&'static str>,
    now: Instant,
    done: Vec<Action<&'static str>>,
}

impl Script {
    fn stranger() -> Self {
        let now = Instant(1_000_000_000);
        Self { core: Core::new(now, Pacing::Limited), now, done: Vec::new() }
    }

    fn open() -> Self {
        let mut script = Self::stranger();
        script.login(Ok(()));
        script
    }

    fn says(&mut self, frame: ClientFrame) -> &mut Self {
        self.core.frame(self.now, Ok(frame), &mut |a| self.done.push(a));
        self
    }

    fn login(&mut self, login: Result<(), LoginFailed>) -> &mut Self {
        self.core.authenticated(login, &mut |a| self.done.push(a));
        self
    }

    fn found(&mut self, stage: i64, found: Result<&'static str, Refusal>) -> &mut Self {
        self.core.joined(StageId(stage), found, &mut |a| self.done.push(a));
        self
    }

    fn waits(&mut self, time: Duration) -> &mut Self {
        self.now = self.now + time;
        self.core.tick(self.now, &mut |a| self.done.push(a));
        self
    }

    fn took(&mut self) -> Vec<Action<&'static str>> {
        std::mem::take(&mut self.done)
    }

    /// The codes of the refusals since last asked; anything else is unexpected.
    fn refused(&mut self) -> Vec<(Option<RequestId>, ErrorCode)> {
        let refusals = self.took().into_iter().map(|action| match action {
            Action::Refuse(refusal) => (refusal.re, refusal.code),
            other => panic!("not a refusal: {other:?}"),
        });
        refusals.collect()
    }

    fn closed(&mut self) -> CloseCode {
        match self.took().as_slice() {
            [.., Action::Close { code, .. }] => *code,
            other => panic!("not closed: {other:?}"),
        }
    }
}

fn hello() -> ClientFrame {
    ClientFrame::Hello(Hello { token: "t".into() })
}

fn ping(id: RequestId) -> ClientFrame {
    ClientFrame::Ping(Ping { id, t0: 7.into() })
}

fn join(id: RequestId, stage: i64) -> ClientFrame {
    ClientFrame::Join(Join { id, stage: StageId(stage), resume: None, invite: None, remote: false })
}

fn chat(id: RequestId, stage: i64) -> ClientFrame {
    ClientFrame::Chat(Chat { id, stage: StageId(stage), text: "hi".into(), nonce: None, reply_to: None })
}

fn leave(id: RequestId, stage: i64) -> ClientFrame {
    ClientFrame::Leave(Leave { id, stage: StageId(stage) })
}

#[test]
fn a_stranger_says_hello_first() {
    let mut s = Script::stranger();
    assert_eq!(s.says(hello()).took(), [Action::Authenticate { token: "t".into() }]);
    assert_eq!(s.login(Ok(())).says(ping(1)).took(), [Action::Pong { re: 1, t0: 7.into(), t1: s.now }]);

    assert_eq!(Script::stranger().says(ping(1)).closed(), CloseCode::NotAuthenticated);
    assert_eq!(Script::stranger().waits(HELLO_WITHIN).closed(), CloseCode::NotAuthenticated);
    assert_eq!(Script::stranger().login(Err(LoginFailed::BadToken)).closed(), CloseCode::NotAuthenticated);
    assert_eq!(Script::stranger().login(Err(LoginFailed::Unavailable)).closed(), CloseCode::TryLater);
}

#[test]
fn what_is_no_frame_is_answered_to_a_friend_and_ends_a_stranger() {
    let bad = || BadFrame { re: Some(3), code: ErrorCode::UnknownType, detail: "?".into() };
    let mut s = Script::open();
    s.core.frame(s.now, Err(bad()), &mut |a| s.done.push(a));
    assert_eq!(s.refused(), [(Some(3), ErrorCode::UnknownType)]);
    let mut s = Script::stranger();
    s.core.frame(s.now, Err(bad()), &mut |a| s.done.push(a));
    assert_eq!(s.closed(), CloseCode::NotAuthenticated);
}

#[test]
fn requests_sent_together_are_decided_in_their_order_however_long_a_lookup_takes() {
    let mut s = Script::stranger();
    s.says(hello()).says(join(1, 7)).says(chat(2, 7)).says(join(3, 8)).says(chat(4, 7));
    assert_eq!(s.took(), [Action::Authenticate { token: "t".into() }]);
    let [Action::Join { frame }] = &s.login(Ok(())).took()[..] else { panic!() };
    assert_eq!(frame.id, 1);
    let took = s.found(7, Ok("seven")).took();
    assert_eq!(took[0], Action::Ask { to: "seven", frame: chat(2, 7) });
    assert!(matches!(&took[1], Action::Join { frame } if frame.id == 3), "{took:?}");
    assert_eq!(s.found(8, Ok("eight")).took(), [Action::Ask { to: "seven", frame: chat(4, 7) }]);
}

#[test]
fn a_ping_is_answered_during_a_lookup() {
    let mut s = Script::open();
    s.says(join(1, 7)).took();
    assert_eq!(s.says(ping(2)).took(), [Action::Pong { re: 2, t0: 7.into(), t1: s.now }]);
}

#[test]
fn only_so_much_waits_for_a_lookup() {
    let mut s = Script::open();
    s.says(join(0, 7)).took();
    for id in 1..=i64::try_from(MAX_DEFERRED_FRAMES).unwrap() {
        s.says(chat(id, 7));
    }
    assert_eq!(s.took(), []);
    assert_eq!(s.says(chat(99, 7)).refused(), [(Some(99), ErrorCode::Busy)]);
}

#[test]
fn a_stage_must_be_joined_and_can_be_left() {
    let mut s = Script::open();
    assert_eq!(s.says(chat(1, 7)).refused(), [(Some(1), ErrorCode::NotJoined)]);
    s.says(join(2, 7)).found(7, Ok("seven")).took();
    assert_eq!(s.says(leave(3, 7)).took(), [Action::Leave { to: "seven", re: 3 }]);
    assert_eq!(s.says(leave(4, 7)).refused(), [(Some(4), ErrorCode::NotJoined)]);
}

#[test]
fn a_seat_that_comes_after_the_end_is_abandoned() {
    let mut s = Script::open();
    s.says(join(1, 7));
    for id in 0..FRAMES.burst + EXCESS.burst {
        s.says(ping(id));
    }
    assert_eq!(s.closed(), CloseCode::Policy);
    assert_eq!(s.found(7, Ok("seven")).took(), [Action::Abandon { to: "seven" }]);
    assert_eq!(s.core.end(), []);
}

#[test]
fn who_could_not_leave_is_still_there() {
    let mut s = Script::open();
    s.says(join(1, 7)).found(7, Ok("seven")).says(leave(2, 7)).took();
    s.core.stays(StageId(7), "seven");
    assert_eq!(s.says(chat(3, 7)).took(), [Action::Ask { to: "seven", frame: chat(3, 7) }]);
    assert_eq!(s.core.end(), [(StageId(7), "seven")]);
    s.core.stays(StageId(7), "seven");
    assert_eq!(s.core.end(), [], "nobody stays behind the end");
}

#[test]
fn what_is_far_too_long_goes_no_further() {
    let mut s = Script::open();
    s.says(join(1, 7)).found(7, Ok("seven")).took();
    let long = "x".repeat(4 * MAX_CHAT_CHARS + 1);
    let said = Chat { id: 2, stage: StageId(7), text: long.clone(), nonce: None, reply_to: None };
    assert_eq!(s.says(ClientFrame::Chat(said)).refused(), [(Some(2), ErrorCode::TooLong)]);
    let edit = EditChat { id: 3, stage: StageId(7), seq: Seq(1), text: long };
    assert_eq!(s.says(ClientFrame::EditChat(edit)).refused(), [(Some(3), ErrorCode::TooLong)]);
    let invite = Some("x".repeat(MAX_CODE_BYTES + 1));
    let join = Join { id: 4, stage: StageId(7), resume: None, invite, remote: false };
    assert_eq!(s.says(ClientFrame::Join(join)).refused(), [(Some(4), ErrorCode::InvalidField)]);
}

#[test]
fn a_stage_that_is_not_found_is_not_joined() {
    let mut s = Script::open();
    let refusal = Refusal { code: ErrorCode::StageNotFound, ..not_joined(Some(1)) };
    assert_eq!(s.says(join(1, 7)).found(7, Err(refusal)).took().len(), 2);
    assert_eq!(s.says(chat(2, 7)).refused(), [(Some(2), ErrorCode::NotJoined)]);
}

#[test]
fn the_stages_of_one_socket_are_bounded() {
    let mut s = Script::open();
    for stage in 0..i64::try_from(MAX_STAGES).unwrap() {
        s.now = s.now + Duration::from_secs(1);
        s.says(join(stage, stage)).found(stage, Ok("a seat"));
    }
    s.took();
    assert_eq!(s.says(join(1, 999)).refused(), [(Some(1), ErrorCode::LimitReached)]);
    assert!(matches!(s.says(join(2, 0)).took()[..], [Action::Join { .. }]), "joining again is no more stages");
    assert_eq!(s.core.end().len(), MAX_STAGES);
}

#[test]
fn a_silent_client_is_asked_and_then_given_up() {
    let mut s = Script::open();
    assert_eq!(s.core.due(), Some(s.now + HEARTBEAT));
    assert_eq!(s.waits(HEARTBEAT).took(), [Action::Heartbeat]);
    assert_eq!(s.waits(PONG_WITHIN - Duration::from_micros(1)).took(), []);
    assert_eq!(s.waits(Duration::from_micros(1)).closed(), CloseCode::GoingAway);
    assert_eq!(s.core.due(), None);
}

#[test]
fn any_frame_is_a_sign_of_life() {
    let mut s = Script::open();
    s.waits(HEARTBEAT).took();
    assert!(s.core.control_frame(s.now, &mut |a| s.done.push(a)));
    assert_eq!(s.waits(HEARTBEAT).took(), [Action::Heartbeat]);
}

#[test]
fn a_client_is_kept_for_hours_that_only_answers_pings() {
    let mut s = Script::open();
    for _ in 0..1_000 {
        assert_eq!(s.waits(HEARTBEAT).took(), [Action::Heartbeat]);
        s.now = s.now + PONG_WITHIN - Duration::from_micros(1);
        assert!(s.core.control_frame(s.now, &mut |a| s.done.push(a)));
        assert_eq!(s.took(), []);
    }
}

#[test]
fn a_process_that_was_frozen_asks_before_it_gives_anyone_up() {
    let mut s = Script::open();
    assert_eq!(s.waits(Duration::from_secs(3_600)).took(), [Action::Heartbeat]);
}

#[test]
fn a_burst_passes_an_excess_is_refused_and_a_flood_is_closed() {
    let mut s = Script::open();
    for id in 0..FRAMES.burst {
        assert!(matches!(s.says(ping(id)).took()[..], [Action::Pong { .. }]));
    }
    let [Action::Refuse(refusal)] = &s.says(ping(500)).took()[..] else { panic!() };
    assert_eq!((refusal.re, refusal.code), (Some(500), ErrorCode::RateLimited));
    let again = refusal.retry_after.unwrap();
    assert!(matches!(s.waits(again).says(ping(501)).took()[..], [Action::Pong { .. }]));

    for _ in 1..EXCESS.burst {
        s.says(ping(502));
    }
    assert!(s.took().iter().all(|action| matches!(action, Action::Refuse(_))));
    assert!(!s.core.control_frame(s.now, &mut |a| s.done.push(a)), "pings of the protocol count too");
    assert_eq!(s.closed(), CloseCode::Policy);
    assert_eq!(s.says(ping(503)).took(), []);
}

#[test]
fn without_limits_nothing_is_a_flood() {
    let mut s = Script::open();
    s.core.pace = None;
    for id in 0..10_000 {
        assert!(matches!(s.says(ping(id)).took()[..], [Action::Pong { .. }]));
    }
}
