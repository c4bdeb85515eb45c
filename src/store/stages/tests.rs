use super::*;
use crate::store::testing::{both, people};

/// A stage by invitation.
pub(in crate::store) async fn open(db: &Db, host: UserId) -> StageId {
    create(db, new(host, Visibility::Invite), Instant(1)).await.unwrap()
}

pub(in crate::store) fn new(host: UserId, visibility: Visibility) -> NewStage<'static> {
    let (control, adding, start) = (Control::Djs, Adding::Everyone, StartBarrier::default());
    NewStage {
        name: "Kitchen",
        host,
        genres: &[],
        visibility,
        control,
        adding,
        start,
        slow_mode: Duration::ZERO,
        succession: Succession::People,
        crossfade: Duration::ZERO,
        turns: Turns::default(),
    }
}

#[tokio::test]
async fn a_stage_is_kept_as_it_was_opened() {
    both(|db| async move {
        let [ana, _] = people(&db).await;
        let genres = ["Jazz".to_owned(), "JAZZ".to_owned(), "Ambient".to_owned()];
        let new = NewStage { genres: &genres, ..new(ana, Visibility::Public) };
        let id = create(&db, new, Instant(7)).await.unwrap();
        let stage = get(&db, None, id).await.unwrap().unwrap();
        assert_eq!((stage.name.as_str(), &*stage.host.username, stage.created), ("Kitchen", "ana", Instant(7)));
        let rights = (stage.visibility, stage.control, stage.adding);
        assert_eq!(rights, (Visibility::Public, Control::Djs, Adding::Everyone));
        assert_eq!(stage.genres, ["Ambient", "Jazz"]);
        assert_eq!((stage.cover, stage.playlists), (None, vec![]));
        let jazz = Filter { genre: Some("jAzZ"), ..Filter::default() };
        assert_eq!(latest(&db, &jazz, 9).await.unwrap().len(), 1);
        let rock = Filter { genre: Some("rock"), ..Filter::default() };
        assert_eq!(latest(&db, &rock, 9).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn only_those_see_a_stage_whom_it_is_for() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        let mut ids = Vec::new();
        for visibility in [Visibility::Public, Visibility::Friends, Visibility::Invite] {
            ids.push(create(&db, new(ana, visibility), Instant(1)).await.unwrap());
        }
        let [public, friends, invite] = ids[..] else { panic!() };
        let seen = async |viewer| {
            let filter = Filter { viewer: Viewer::from(viewer), ..Filter::default() };
            latest(&db, &filter, 9).await.unwrap().iter().map(|s| s.id).collect::<Vec<_>>()
        };
        assert_eq!(seen(None).await, [public]);
        assert_eq!(seen(Some(ana)).await, [invite, friends, public]);
        assert_eq!(seen(Some(ben)).await, [public]);
        on!(&db, write, c => sqlx::query("INSERT INTO friendships VALUES ($1, $2, 'accepted', 1)")
            .bind(ben.0).bind(ana.0).execute(c).await.unwrap().rows_affected());
        assert_eq!(seen(Some(ben)).await, [friends, public]);
        on!(&db, write, c => sqlx::query("UPDATE stages SET ended_us = 5 WHERE id = $1")
            .bind(public.0).execute(c).await.unwrap().rows_affected());
        assert_eq!(seen(Some(ben)).await, [friends]);
        assert_eq!(get(&db, Some(ana), public).await.unwrap(), None);
        on!(&db, write, c => sqlx::query("UPDATE stages SET ended_us = 5 WHERE id = $1")
            .bind(invite.0).execute(c).await.unwrap().rows_affected());
        let ended = async |viewer, stage| has_ended(&db, Some(viewer), stage).await.unwrap();
        assert_eq!((ended(ben, public).await, ended(ben, friends).await), (true, false));
        assert_eq!((ended(ana, invite).await, ended(ben, invite).await), (true, false), "a stranger is told nothing");
        assert!(!ended(ana, StageId(999)).await);
    })
    .await;
}

#[tokio::test]
async fn standing_is_what_was_given() {
    both(|db| async move {
        let [ana, ben] = people(&db).await;
        let id = open(&db, ana).await;
        let of = async |user| standing(&db, id, user).await.unwrap();
        assert_eq!(of(ana).await, Standing { role: Role::Host, banned: false });
        assert_eq!(of(ben).await, Standing { role: Role::Listener, banned: false });
        on!(&db, write, c => sqlx::query(
            "INSERT INTO stage_participants (stage_id, user_id, role, banned, joined_us) VALUES ($1, $2, 'moderator', $3, 1)")
            .bind(id.0).bind(ben.0).bind(true).execute(c).await.unwrap().rows_affected());
        assert_eq!(of(ben).await, Standing { role: Role::Moderator, banned: true });
    })
    .await;
}
