use octave_protocol::model::{GuestRight, Role};

use super::links::{NewLink, accept, create, door, list, revoke};
use super::*;
use crate::store::invites::Accepted;
use crate::store::sessions;
use crate::store::stages::tests::open;
use crate::store::testing::{both, people};
use crate::store::users;

fn name(shown: &str) -> GuestName {
    GuestName { shown: shown.into(), is_username: !shown.contains(' ') }
}

fn link(code: &str, stage: StageId, by: UserId) -> NewLink<'_> {
    let rights = [GuestRight::Listen, GuestRight::Chat].into_iter().collect();
    NewLink { code, stage, by, rights, expires: Instant(1_000), max_uses: None }
}

fn newcomer<'a>(names: &'a [GuestName], token: &'a TokenHash) -> Newcomer<'a> {
    Newcomer {
        names,
        token,
        user_agent: "",
        address: "192.0.2.1",
        network: "192.0.2.1",
        most_of_network: None,
        expires: Instant(500),
    }
}

fn token(n: u32) -> TokenHash {
    let mut token = [0; 32];
    token[..4].copy_from_slice(&n.to_be_bytes());
    token
}

async fn comes(db: &Db, code: &str, shown: &str, n: u32) -> Account {
    let names = [name(shown), name(&format!("{shown} (2)"))];
    match enter(db, code, newcomer(&names, &token(n)), Instant(10)).await.unwrap() {
        Entered::As(account) => *account,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_link_lets_guests_in_as_often_and_as_long_as_it_says() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        let stage = open(&db, ana).await;
        create(&db, NewLink { max_uses: Some(2), ..link("two", stage, ana) }, None, Instant(1)).await.unwrap();
        let names = [name("gus")];
        let refused = async |code: &str, at| {
            enter(&db, code, newcomer(&names, &token(9)), Instant(at)).await.unwrap() == Entered::Gone
        };
        assert!(refused("none", 10).await && refused("two", 1_000).await, "unknown, expired");
        let gus = comes(&db, "two", "gus", 1).await;
        let guest = gus.guest.unwrap();
        assert_eq!((guest.stage, guest.rights.words().as_str()), (stage, "listen,chat"));
        assert!(gus.user().guest && stages_open(&db, stage, gus.id).await && !stages_open(&db, stage, ben).await);
        let login = sessions::find(&db, &token(1), Instant(499)).await.unwrap().unwrap();
        assert_eq!(login.account, gus);
        let (at, rights) = door(&db, "two", Instant(10)).await.unwrap().unwrap();
        assert_eq!((at.id, rights), (stage, guest.rights));
        comes(&db, "two", "leo", 2).await;
        assert!(refused("two", 10).await, "used up");
        assert_eq!(door(&db, "two", Instant(10)).await.unwrap(), None);
        let made = create(&db, link("more", stage, ana), None, Instant(1)).await.unwrap().unwrap();
        let listed = list(&db, stage, None, 9, Instant(10)).await.unwrap();
        assert_eq!(listed.iter().map(|l| (l.uses, l.good)).collect::<Vec<_>>(), [(0, true), (2, false)]);
        assert!(revoke(&db, stage, made).await.unwrap() && !revoke(&db, stage, made).await.unwrap());
        assert!(refused("more", 10).await, "called back");
        assert!(create(&db, link("most", stage, ana), Some(1), Instant(1)).await.unwrap().is_none(), "too many");
    })
    .await;
}

async fn stages_open(db: &Db, stage: StageId, user: UserId) -> bool {
    crate::store::stages::get(db, Some(user), stage).await.unwrap().is_some()
}

#[tokio::test]
async fn a_link_lets_those_in_who_have_an_account_as_who_is_invited() {
    both(|db| async move {
        let [ana, ben, cem] = people(&db).await;
        let stage = open(&db, ana).await;
        create(&db, NewLink { max_uses: Some(1), ..link("one", stage, ana) }, None, Instant(1)).await.unwrap();
        let accepts = async |code: &str, user, at| accept(&db, code, None, user, Instant(at)).await.unwrap();
        assert_eq!(accepts("one", ben, 1_000).await, Accepted::Unknown, "expired");
        assert_eq!(
            accept(&db, "one", Some(StageId(stage.0 + 1)), ben, Instant(10)).await.unwrap(),
            Accepted::Unknown,
            "it leads elsewhere"
        );
        assert!(!stages_open(&db, stage, ben).await);
        assert_eq!(accepts("one", ben, 10).await, Accepted::Into(stage));
        assert_eq!(accepts("one", ben, 10).await, Accepted::Into(stage), "once more, and counted once");
        assert!(stages_open(&db, stage, ben).await);
        assert_eq!(accepts("one", cem, 10).await, Accepted::Unknown, "used up");
        assert!(!stages_open(&db, stage, cem).await);

        create(&db, link("more", stage, ana), None, Instant(1)).await.unwrap();
        crate::store::blocks::add(&db, ana, cem, Instant(2)).await.unwrap();
        assert_eq!(accepts("more", cem, 10).await, Accepted::Banned);
        assert!(!stages_open(&db, stage, cem).await);
    })
    .await;
}

#[tokio::test]
async fn a_link_is_worth_what_its_maker_may() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        let stage = open(&db, ana).await;
        create(&db, link("bens", stage, ben), None, Instant(1)).await.unwrap();
        let good = async || door(&db, "bens", Instant(10)).await.unwrap().is_some();
        let set = async |text: &'static str| {
            on!(&db, write, c => sqlx::query(text).bind(stage.0).bind(ben.0).execute(c).await.map(drop).unwrap());
        };
        assert!(!good().await, "a listener's");
        set("INSERT INTO stage_participants (stage_id, user_id, role, joined_us) VALUES ($1, $2, 'moderator', 1)")
            .await;
        assert!(good().await);
        set("UPDATE stages SET guests = 'chat' WHERE id = $1 AND $2 > 0").await;
        assert!(!good().await, "no guest is welcome");
        set("UPDATE stages SET guests = 'listen,vote' WHERE id = $1 AND $2 > 0").await;
        let rights = door(&db, "bens", Instant(10)).await.unwrap().unwrap().1;
        assert_eq!(rights.words(), "listen", "of both");
        set("UPDATE stages SET ended_us = 5 WHERE id = $1 AND $2 > 0").await;
        assert!(!good().await, "it has ended");
        assert_eq!(crate::store::stages::standing(&db, stage, ben).await.unwrap().role, Role::Moderator);
    })
    .await;
}

#[tokio::test]
async fn a_guest_has_a_name_that_nobody_else_has_and_is_no_account() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        let stage = open(&db, ana).await;
        create(&db, link("in", stage, ana), None, Instant(1)).await.unwrap();
        let one = comes(&db, "in", "ana", 1).await;
        assert_eq!(one.username, "ana (2)", "an account is called so");
        let looks_alike = comes(&db, "in", "\u{430}na", 2).await;
        assert_eq!(looks_alike.username, "\u{430}na (2)", "and one that looks like it");
        assert_eq!(comes(&db, "in", "Gus B", 3).await.username, "Gus B");
        assert_eq!(comes(&db, "in", "gus b", 4).await.username, "gus b (2)");
        let gus = comes(&db, "in", "gus", 5).await;
        assert_eq!(users::by_username(&db, "gus").await.unwrap(), None);
        assert_eq!(users::by_login(&db, "gus").await.unwrap(), None);
        assert_eq!(by_name(&db, stage, &name("gus")).await.unwrap().unwrap().id, gus.id);
        assert_eq!(by_name(&db, stage, &name("Gus B")).await.unwrap().unwrap().username, "Gus B");
        assert_eq!(by_name(&db, StageId(stage.0 + 1), &name("gus")).await.unwrap(), None);
        assert_eq!(get(&db, stage, ben).await.unwrap(), None, "no guest");
        assert_eq!(users::list(&db, "", 99).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_address_has_so_many_guests_as_are_there() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let stage = open(&db, ana).await;
        create(&db, link("in", stage, ana), None, Instant(1)).await.unwrap();
        let names = [name("gus")];
        let few = async |n, network| {
            let (token, names) = (token(n), [name(&format!("gus{n}"))]);
            let new = Newcomer { most_of_network: Some(1), network, ..newcomer(&names, &token) };
            enter(&db, "in", new, Instant(10)).await.unwrap()
        };
        assert!(matches!(few(1, "192.0.2.1").await, Entered::As(_)));
        assert_eq!(few(2, "192.0.2.1").await, Entered::TooMany);
        assert!(matches!(few(3, "192.0.2.2").await, Entered::As(_)));
        send_home(&db, stage, None).await.unwrap();
        assert!(matches!(few(4, "192.0.2.1").await, Entered::As(_)), "who went is not counted");
        drop(names);
    })
    .await;
}

#[tokio::test]
async fn a_guest_who_keeps_the_name_is_the_same_one_with_an_account() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let stage = open(&db, ana).await;
        create(&db, link("in", stage, ana), None, Instant(1)).await.unwrap();
        let gus = comes(&db, "in", "gus", 1).await;
        let account =
            |username| users::NewAccount { username, email: "gus@example.org", password_hash: "hash", is_admin: false };
        assert!(keep(&db, gus.id, account("ana"), None, Instant(20)).await.unwrap_err().is_unique("username_key"));
        assert_eq!(keep(&db, gus.id, account("gus"), Some("made up"), Instant(20)).await.unwrap(), None);
        assert!(sessions::find(&db, &token(1), Instant(20)).await.unwrap().is_some(), "nothing has changed");
        let (kept, ended) = keep(&db, gus.id, account("gus"), None, Instant(20)).await.unwrap().unwrap();
        assert_eq!((kept.id, kept.guest, ended.len()), (gus.id, None, 1));
        assert!(sessions::find(&db, &token(1), Instant(20)).await.unwrap().is_none());
        assert_eq!(users::by_login(&db, "gus@example.org").await.unwrap(), Some((gus.id, "hash".into())));
        assert!(stages_open(&db, stage, gus.id).await, "they came as who was invited");
        assert_eq!(keep(&db, gus.id, account("gus2"), None, Instant(21)).await.unwrap(), None, "twice");
        assert_eq!(send_home(&db, stage, None).await.unwrap(), [], "they are no guest");
        assert_eq!(forget(&db, Instant(9_999), 10).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn of_guests_who_are_gone_what_they_said_stays_and_nothing_else() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let stage = open(&db, ana).await;
        create(&db, link("in", stage, ana), None, Instant(1)).await.unwrap();
        let (gus, leo, eve) =
            (comes(&db, "in", "gus", 1).await, comes(&db, "in", "leo", 2).await, comes(&db, "in", "eve", 3).await);
        on!(&db, write, c => sqlx::query(
                "INSERT INTO chats (stage_id, seq, sender_id, message, at_us) VALUES ($1, 1, $2, 'well', 5)")
            .bind(stage.0).bind(gus.id.0).execute(c).await.map(drop).unwrap());
        send_home(&db, stage, Some(gus.id)).await.unwrap();
        send_home(&db, stage, Some(leo.id)).await.unwrap();
        assert_eq!(forget(&db, Instant(20), 1).await.unwrap(), 2);
        assert_eq!(forget(&db, Instant(20), 1).await.unwrap(), 0);
        assert_eq!(users::by_id(&db, leo.id).await.unwrap().unwrap().username, format!("guest {}", leo.id));
        assert!(!stages_open(&db, stage, leo.id).await, "and has no place there");
        assert_eq!(get(&db, stage, eve.id).await.unwrap().unwrap().id, eve.id, "who has a login is still there");
        let lines = crate::store::chats::history(
            &db,
            stage,
            crate::store::chats::Span::Before(octave_protocol::Seq(99)),
            None,
            9,
        );
        let said = lines.await.unwrap();
        assert_eq!((&*said[0].from.username, said[0].from.guest), ("gus", true));
        let account = users::NewAccount { username: "gus", email: "g@example.org", password_hash: "", is_admin: false };
        users::create(&db, account, Instant(21)).await.unwrap();
        assert_eq!(forget(&db, Instant(501), 10).await.unwrap(), 1, "a login that has expired");
    })
    .await;
}

/// Of two thousand who were there once, half have said something.
#[tokio::test]
async fn many_guests_are_forgotten_piece_by_piece() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let stage = open(&db, ana).await;
        let (many, said) = if db.is_sqlite() {
            (
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
                 INSERT INTO users (username, username_key, email, email_key, password_hash, is_admin, created_us, \
                 search_key, likeness, guest_stage_id, guest_rights) \
                 SELECT 'g' || i, 'g' || i, '', 'g: ' || i, '', 0, 1, '', 'g' || i, $1, 'listen' FROM n",
                "INSERT INTO chats (stage_id, seq, sender_id, message, at_us) \
                 SELECT $1, id, id, 'well', 5 FROM users WHERE id % 2 = 0 AND guest_stage_id IS NOT NULL",
            )
        } else {
            (
                "INSERT INTO users (username, username_key, email, email_key, password_hash, is_admin, created_us, \
                 search_key, likeness, guest_stage_id, guest_rights) \
                 SELECT 'g' || i, 'g' || i, '', 'g: ' || i, '', FALSE, 1, '', 'g' || i, $1, 'listen' \
                 FROM generate_series(1, 2000) AS n(i)",
                "INSERT INTO chats (stage_id, seq, sender_id, message, at_us) \
                 SELECT $1, id, id, 'well', 5 FROM users WHERE id % 2 = 0 AND guest_stage_id IS NOT NULL",
            )
        };
        for text in [many, said] {
            on!(&db, write, c => sqlx::query(text).bind(stage.0).execute(c).await.map(drop).unwrap());
        }
        let names = [name("gus")];
        create(&db, link("in", stage, ana), None, Instant(1)).await.unwrap();
        let new = Newcomer { most_of_network: Some(5), ..newcomer(&names, &[1; 32]) };
        assert!(matches!(enter(&db, "in", new, Instant(10)).await.unwrap(), Entered::As(_)));
        assert_eq!(forget(&db, Instant(20), 300).await.unwrap(), 2_000);
        let named = "SELECT COUNT(*) FROM users WHERE username NOT LIKE 'guest %'";
        let named: i64 = on!(&db, read, c => sqlx::query_scalar(named).fetch_one(c).await.unwrap());
        assert_eq!(named, 1_000 + 3);
    })
    .await;
}
