use std::time::Duration;

use tokio::task::JoinHandle;

use super::*;
use crate::store::stages::tests::open;
use crate::store::testing::{both, people};

fn new(code: &str, stage: StageId, by: UserId) -> NewInvite<'_> {
    NewInvite { code, stage, user: None, by, expires: None, max_uses: None }
}

async fn run(db: &Db, text: &'static str, stage: StageId, user: UserId) {
    on!(db, write, c => sqlx::query(text).bind(stage.0).bind(user.0).execute(c).await.map(drop).unwrap());
}

const MODERATOR: &str = "INSERT INTO stage_participants (stage_id, user_id, role, joined_us) VALUES ($1, $2, 'moderator', 1) \
    ON CONFLICT (stage_id, user_id) DO UPDATE SET role = excluded.role";
const LISTENER: &str = "UPDATE stage_participants SET role = 'listener' WHERE stage_id = $1 AND user_id = $2";
const BANNED: &str = "UPDATE stage_participants SET banned = (1 = 1) WHERE stage_id = $1 AND user_id = $2";
const PUBLIC: &str = "UPDATE stages SET visibility = 'public' WHERE id = $1 AND $2 > 0";
const CLOSED: &str = "UPDATE stages SET visibility = 'invite' WHERE id = $1 AND $2 > 0";

async fn is_open(db: &Db, user: UserId, stage: StageId) -> bool {
    stages::get(db, Some(user), stage).await.unwrap().is_some()
}

#[tokio::test]
async fn a_code_lets_in_whom_it_is_for() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        let stage = open(&db, ana).await;
        create(&db, NewInvite { user: Some(ana), ..new("for-ana", stage, ana) }, Instant(1)).await.unwrap();
        create(&db, new("for-all", stage, ana), Instant(1)).await.unwrap();
        let accept = async |code: &str, at| accept(&db, code, None, ben, Instant(at)).await.unwrap();
        let doors = async |code, who| door(&db, code, who, Instant(2)).await.unwrap().map(|d| (d.stage.id, d.by.id));
        assert_eq!(doors("for-all", None).await, Some((stage, ana)));
        assert_eq!(doors("for-ana", None).await, Some((stage, ana)), "whoever has the code may be whom it is for");
        assert_eq!((doors("for-ana", Some(ben)).await, doors("nothing", None).await), (None, None));
        assert_eq!(accept("for-ana", 2).await, Accepted::Unknown);
        assert_eq!(accept("nothing", 2).await, Accepted::Unknown);
        assert!(!is_open(&db, ben, stage).await);
        for _ in 0..2 {
            assert_eq!(accept("for-all", 2).await, Accepted::Into(stage));
        }
        assert!(is_open(&db, ben, stage).await);
        run(&db, BANNED, stage, ben).await;
        assert_eq!(accept("for-all", 3).await, Accepted::Banned);
        assert_eq!(doors("for-all", Some(ben)).await, None);
        assert!(!is_open(&db, ben, stage).await);
        let list = list(&db, stage, None, None, 9, Instant(4)).await.unwrap();
        assert_eq!(list.iter().map(|i| (i.user.is_some(), i.uses)).collect::<Vec<_>>(), [(false, 1), (true, 0)]);
    })
    .await;
}

#[tokio::test]
async fn a_code_ends_with_its_time_its_uses_or_when_it_is_called_back() {
    both(|db| async move {
        let [ana, ben, cem] = people(&db).await;
        let (stage, other) = (open(&db, ana).await, open(&db, ana).await);
        let accept = async |code: &str, user, at| accept(&db, code, None, user, Instant(at)).await.unwrap();
        create(&db, NewInvite { expires: Some(Instant(50)), ..new("brief", stage, ana) }, Instant(1)).await.unwrap();
        assert_eq!(accept("brief", ben, 50).await, Accepted::Unknown);
        assert_eq!(accept("brief", ben, 49).await, Accepted::Into(stage));
        let once = NewInvite { max_uses: Some(1), ..new("once", other, ana) };
        let once = create(&db, once, Instant(1)).await.unwrap();
        let leads = async |who| door(&db, "once", who, Instant(2)).await.unwrap().is_some();
        assert!(leads(None).await);
        for _ in 0..2 {
            assert_eq!(accept("once", ben, 2).await, Accepted::Into(other));
        }
        assert_eq!(accept("once", cem, 2).await, Accepted::Unknown);
        assert!(!is_open(&db, cem, other).await);
        assert!(!leads(None).await && !leads(Some(cem)).await && leads(Some(ben)).await, "but for who has used it");
        assert!(!list(&db, other, Some(ana), None, 9, Instant(3)).await.unwrap()[0].good);

        assert!(!revoke(&db, stage, once, None).await.unwrap(), "of another stage");
        assert!(!revoke(&db, other, once, Some(ben)).await.unwrap(), "not theirs");
        assert!(revoke(&db, other, once, Some(ana)).await.unwrap());
        assert_eq!(accept("once", ben, 3).await, Accepted::Unknown);
        assert!(is_open(&db, ben, other).await, "who is in stays invited");
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_no_more_get_in_than_may() {
    both(|db| async move {
        let [ana, ben, cem] = people(&db).await;
        let stage = open(&db, ana).await;
        for round in 0..10 {
            let code = format!("once{round}");
            create(&db, NewInvite { max_uses: Some(1), ..new(&code, stage, ana) }, Instant(1)).await.unwrap();
            on!(&db, write, c => sqlx::query("DELETE FROM stage_participants").execute(c).await.map(drop).unwrap());
            let accept = |user| accept(&db, &code, None, user, Instant(2));
            let (one, other) = tokio::join!(accept(ben), accept(cem));
            let both = [one.unwrap(), other.unwrap()];
            assert!(both.contains(&Accepted::Into(stage)) && both.contains(&Accepted::Unknown), "{both:?}");
            assert_eq!(
                [is_open(&db, ben, stage).await, is_open(&db, cem, stage).await].iter().filter(|o| **o).count(),
                1
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_is_good_while_its_maker_may_invite() {
    both(|db| async move {
        let [ana, ben, cem] = people(&db).await;
        let stage = open(&db, ana).await;
        create(&db, new("bens", stage, ben), Instant(1)).await.unwrap();
        let accept = async |user| accept(&db, "bens", None, user, Instant(2)).await.unwrap();
        // Made by anybody while the stage was public.
        run(&db, PUBLIC, stage, ana).await;
        assert_eq!(accept(cem).await, Accepted::Into(stage));
        assert_eq!(accept(ben).await, Accepted::Into(stage));
        run(&db, CLOSED, stage, ana).await;
        assert_eq!((accept(cem).await, accept(ben).await), (Accepted::Unknown, Accepted::Unknown));
        assert!(!is_open(&db, cem, stage).await, "who came by it while it was public has no right to return");
        assert!(!is_open(&db, ben, stage).await, "nobody invites themselves");
        run(&db, MODERATOR, stage, ben).await;
        assert_eq!(accept(cem).await, Accepted::Into(stage));
        assert!(is_open(&db, cem, stage).await);
        run(&db, LISTENER, stage, ben).await;
        assert_eq!(accept(ana).await, Accepted::Unknown, "a moderator no more");
        run(&db, MODERATOR, stage, ben).await;
        run(&db, BANNED, stage, ben).await;
        assert_eq!(accept(ana).await, Accepted::Unknown, "banned");
        run(&db, PUBLIC, stage, ana).await;
        assert_eq!(accept(ana).await, Accepted::Unknown, "banned from a public stage");
    })
    .await;
}

#[tokio::test]
async fn codes_of_before_are_hashed_and_still_good() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        let stage = open(&db, ana).await;
        on!(&db, write, c => sqlx::query(
                "INSERT INTO stage_invites (code, stage_id, created_by, created_us) VALUES ('old', $1, $2, 1)")
            .bind(stage.0).bind(ana.0).execute(c).await.map(drop).unwrap());
        db.migrate().await.unwrap();
        let kept: i64 = on!(&db, write, c => sqlx::query_scalar("SELECT COUNT(*) FROM stage_invites WHERE code IS NOT NULL")
            .fetch_one(c).await.unwrap());
        assert_eq!(kept, 0);
        assert_eq!(accept(&db, "old", None, ben, Instant(2)).await.unwrap(), Accepted::Into(stage));
    })
    .await;
}

/// Bans somebody, who uses a code before the ban is committed.
async fn ban_while_accepting(db: &Db, stage: StageId, user: UserId) -> Result<JoinHandle<Result<Accepted>>> {
    on!(db, tx, t => {
        sqlx::query(BANNED).bind(stage.0).bind(user.0).execute(&mut *t).await?;
        let db = db.clone();
        let accepting = tokio::spawn(async move { accept(&db, "for-all", None, user, Instant(2)).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        accepting
    })
}

/// The ban is under way while the code is used: in PostgreSQL it is looked at before the ban, and written behind it.
#[tokio::test]
async fn an_invitation_that_is_accepted_during_a_ban_does_not_outlive_it() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        let stage = open(&db, ana).await;
        run(&db, CLOSED, stage, ana).await;
        run(&db, MODERATOR, stage, ben).await;
        run(&db, LISTENER, stage, ben).await;
        create(&db, new("for-all", stage, ana), Instant(1)).await.unwrap();
        let accepting = ban_while_accepting(&db, stage, ben).await.unwrap();
        assert_eq!(accepting.await.unwrap().unwrap(), Accepted::Banned);
        run(&db, "UPDATE stage_participants SET banned = (1 = 0) WHERE stage_id = $1 AND user_id = $2", stage, ben)
            .await;
        assert!(!is_open(&db, ben, stage).await);
    })
    .await;
}
