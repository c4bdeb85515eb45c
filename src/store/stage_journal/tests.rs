mod fence;
mod long;
mod outcomes;

use std::sync::Arc;

use octave_protocol::model::{
    Adding, Control, QueueMode, QueueOrder, Repeat, Role, SharedVolume, StartBarrier, User, Visibility,
};
use octave_protocol::{Duration, EntryId, Epoch, Instant, PlaylistId, Rev, Seq, SongId, StageId, UserId};

use super::SqlStages;
use crate::base::name::StageName;
use crate::stage::core::Attachment::{Attach, Detach};
use crate::stage::core::{
    About, Admission, LeftOut, Line, Saved, SavedTimeline, Sound, SoundChange, StageChange, StartChange, Turns,
    TurnsChange,
};
use crate::stage::storage::{
    Arrival, Change, Door, Fault, LogRow, Opened, Placed, QueueRow, StageStore, TimelineSave, Wanted, Work,
};
use crate::store::testing::{both, people};
use crate::store::{Db, invites, on, playlists, songs, stage_log, stages};

const BLOCK: i64 = 100;

struct Scene {
    store: SqlStages,
    db: Db,
    stage: StageId,
    ana: UserId,
    ben: UserId,
}

async fn scene(db: Db) -> Scene {
    let [ana, ben] = people(&db).await;
    let stage = stages::tests::open(&db, ana).await;
    Scene { store: SqlStages::new(db.clone()), db, stage, ana, ben }
}

impl Scene {
    async fn song(&self, seconds: i64) -> SongId {
        let id: i64 = on!(&self.db, write, c => sqlx::query_scalar(
                "INSERT INTO songs (uploader_id, title, artist, duration_us, sample_rate, channels, file_hash, file_size, \
                 mime, search_key, created_us) VALUES ($1, 'A', 'B', $2, 48000, 2, 'abcdef0123', 9, 'audio/flac', 'a', 1) \
                 RETURNING id")
            .bind(self.ana.0).bind(seconds * 1_000_000).fetch_one(c).await.unwrap());
        SongId(id)
    }

    /// Of a stage that nobody has opened; [`commit`](Self::commit) takes whichever epoch it is in.
    fn work(&self, first: i64) -> Work {
        Work::new(self.stage, Epoch(0), Seq(first))
    }

    async fn epoch(&self) -> Epoch {
        let epoch = on!(&self.db, read, c => sqlx::query_scalar("SELECT epoch FROM stages WHERE id = $1")
            .bind(self.stage.0).fetch_one(c).await.unwrap());
        Epoch(epoch)
    }

    fn line(from: UserId, text: &str, nonce: Option<&str>) -> Line {
        let from = Arc::new(User { id: from, username: "x".into(), avatar_url: None, guest: false });
        Line { from, text: text.into(), nonce: nonce.map(Into::into), reply_to: None, at: Instant(9) }
    }

    async fn commit(&self, work: Work) -> Vec<Placed> {
        let work = Work { epoch: self.epoch().await, ..work };
        let placed = self.store.commit(&[work]).await.unwrap().remove(0);
        while self.store.step(self.stage).await.unwrap() {}
        placed
    }

    async fn opened(&self) -> Opened {
        self.store.open(self.stage, BLOCK).await.unwrap().unwrap()
    }

    async fn changed(&self, change: Change) {
        let mut work = self.work(1);
        work.changes.push(change);
        self.commit(work).await;
    }
}

#[tokio::test]
async fn numbers_never_repeat_over_epochs() {
    both(|db| async move {
        let s = scene(db).await;
        let one = s.opened().await;
        let two = s.opened().await;
        assert_eq!((one.epoch.0 + 1, one.first, one.limit), (two.epoch.0, Seq(1), Seq(1 + BLOCK)));
        assert_eq!(two.first, one.limit);
        let work = Work { limit: Some(Seq(5_000)), ..s.work(201) };
        s.commit(work).await;
        assert_eq!(s.opened().await.first, Seq(5_000));
        assert!(s.store.open(StageId(999), BLOCK).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn lines_of_many_stages_go_together_and_keep_their_order() {
    both(|db| async move {
        let s = scene(db).await;
        let other = stages::tests::open(&s.db, s.ben).await;
        let mut here = s.work(10);
        // More than one statement takes.
        here.chats.extend((0..100).map(|n| Scene::line(s.ana, &format!("line {n}"), None)));
        let mut there = Work::new(other, Epoch(0), Seq(500));
        there.chats.push(Scene::line(s.ben, "it's \"quoted\"; -- é 🎵", Some("n")));
        let placed = s.store.commit(&[here, there]).await.unwrap();
        assert_eq!(placed[0], (10..110).map(|n| Placed::Fresh(Seq(n))).collect::<Vec<_>>());
        assert_eq!(placed[1], [Placed::Fresh(Seq(500))]);
        let last = s.opened().await.chats;
        assert_eq!(last.len(), 50);
        assert_eq!((last[49].seq, &*last[49].text), (Seq(109), "line 99"));
        let there = s.store.open(other, BLOCK).await.unwrap().unwrap().chats;
        assert_eq!(&*there[0].text, "it's \"quoted\"; -- é 🎵");
    })
    .await;
}

#[tokio::test]
async fn a_nonce_is_found_again() {
    both(|db| async move {
        let s = scene(db).await;
        let mut work = s.work(1);
        work.chats = vec![
            Scene::line(s.ana, "one", Some("n1")),
            Scene::line(s.ana, "one", Some("n1")),
            Scene::line(s.ben, "other's", Some("n1")),
        ];
        let placed = s.commit(work).await;
        let before = Placed::Before { seq: Seq(1), at: Instant(9) };
        assert_eq!(placed, [Placed::Fresh(Seq(1)), before, Placed::Fresh(Seq(2))]);
        let mut work = s.work(3);
        work.chats = vec![Scene::line(s.ana, "one", Some("n1")), Scene::line(s.ana, "two", Some("n2"))];
        assert_eq!(s.commit(work).await, [before, Placed::Fresh(Seq(3))]);
        assert_eq!(s.opened().await.chats.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn one_refused_job_leaves_nothing() {
    both(|db| async move {
        let s = scene(db).await;
        let mut good = s.work(1);
        good.chats.push(Scene::line(s.ana, "good", None));
        let mut bad = s.work(1);
        bad.chats.push(Scene::line(s.ben, "with a number that is taken", None));
        let outcome = s.store.commit(&[good.clone(), bad]).await;
        assert!(matches!(outcome, Err(Fault::Rejected(_))), "{outcome:?}");
        assert!(s.opened().await.chats.is_empty(), "all or nothing");
        s.commit(good).await;
        assert_eq!(s.opened().await.chats.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_queue_is_opened_as_it_was_left() {
    both(|db| async move {
        let s = scene(db).await;
        let song = s.song(60).await;
        let row = |n: i64| QueueRow { entry: EntryId(n), ord: n * 10, song, added_by: s.ana, added: Instant(n) };
        s.changed(Change::Enqueue { rows: (1..=4).map(row).collect(), rev: Rev(1) }).await;
        s.changed(Change::Reorder { ords: vec![(EntryId(4), 5), (EntryId(1), 35)], rev: Rev(2) }).await;
        s.changed(Change::Vote { entry: EntryId(3), user: s.ben, rev: Rev(3) }).await;
        s.changed(Change::Dequeue { entry: EntryId(2), rev: Rev(4) }).await;
        let mode = QueueMode { repeat: Repeat::All, shuffle: true };
        s.changed(Change::Mode { mode, rev: Rev(5) }).await;
        let mut work = s.work(1);
        let state = SavedTimeline {
            rev: Rev(8),
            playing: true,
            entry: Some(EntryId(3)),
            song: Some(song),
            position: Duration(7),
            at: Instant(77),
            round: Instant(50),
            cursor: Some(-30),
        };
        work.timeline = Some(TimelineSave { state, played: vec![(EntryId(3), Instant(77))] });
        work.log.push(LogRow { user: None, kind: "advanced", data: serde_json::json!({"entry": 3}), at: Instant(77) });
        s.commit(work).await;
        assert_eq!(s.store.playing().await.unwrap(), [s.stage]);
        assert_eq!(stage_log::list(&s.db, s.stage, None, 9).await.unwrap().len(), 1);

        let saved = s.opened().await.saved;
        let order: Vec<i64> = saved.entries.iter().map(|e| e.entry.id.0).collect();
        assert_eq!(order, [4, 3, 1]);
        assert_eq!((saved.entries[1].played, &*saved.entries[1].voters), (Some(Instant(77)), &[s.ben][..]));
        assert_eq!((saved.queue_rev, saved.mode, saved.next_entry), (Rev(5), mode, EntryId(5)));
        assert_eq!(saved.timeline, state);
        assert_eq!(saved.entries[0].entry.song.duration_us, Duration::from_secs(60));

        s.changed(Change::ClearQueue { keep: Some(EntryId(3)), entries: 3, rev: Rev(6) }).await;
        let saved = s.opened().await.saved;
        assert_eq!((saved.entries.len(), saved.taken_out), (1, None));
        // Taken out while it plays, and deleted from the library too.
        s.changed(Change::Dequeue { entry: EntryId(3), rev: Rev(7) }).await;
        songs::delete(&s.db, song, Instant(9)).await.unwrap();
        let saved = s.opened().await.saved;
        assert_eq!((saved.entries.len(), saved.taken_out.map(|s| s.id)), (0, Some(song)));
    })
    .await;
}

#[tokio::test]
async fn a_long_queue_is_opened_with_its_window() {
    both(|db| async move {
        let s = scene(db).await;
        let song = s.song(60).await;
        let row = |n: i64| QueueRow { entry: EntryId(n), ord: n * 10, song, added_by: s.ana, added: Instant(n) };
        s.changed(Change::Enqueue { rows: (1..=900).map(row).collect(), rev: Rev(1) }).await;
        s.changed(Change::Dequeue { entry: EntryId(1), rev: Rev(2) }).await;
        s.changed(Change::Reorder { ords: vec![(EntryId(900), 15)], rev: Rev(3) }).await;
        let plays = async |entry: Option<i64>, played: Option<(i64, i64)>, round: i64, cursor: Option<i64>| {
            let state = SavedTimeline {
                rev: Rev(1),
                playing: false,
                entry: entry.map(EntryId),
                song: entry.map(|_| song),
                position: Duration::ZERO,
                at: Instant(0),
                round: Instant(round),
                cursor,
            };
            let played = played.iter().map(|(entry, at)| (EntryId(*entry), Instant(*at))).collect();
            s.commit(Work { timeline: Some(TimelineSave { state, played }), ..s.work(1) }).await;
        };
        // Nothing has played; the top, the middle, the end; nothing is current, and 300 played last, or in the round
        // before; what plays at 600 has moved there; what played at 700 was taken out.
        let cases = [
            (None, None, 0, None),
            (Some(900), Some((900, 10)), 0, Some(15)),
            (Some(500), Some((500, 20)), 0, None),
            (Some(899), Some((899, 30)), 0, None),
            (None, Some((300, 40)), 0, None),
            (None, None, 50, None),
            (Some(600), Some((600, 60)), 50, Some(40)),
            (Some(901), Some((600, 60)), 50, Some(7_001)),
        ];
        for (entry, played, round, cursor) in cases {
            plays(entry, played, round, cursor).await;
            let opened = s.opened().await.saved;
            let whole = Saved { entries: s.store.queue(s.stage).await.unwrap(), ..opened.clone() };
            assert_eq!(whole.entries.len(), 899);
            let wanted = Saved { left_out: LeftOut::default(), ..whole }.excerpt();
            let ids = |saved: &Saved| saved.entries.iter().map(|e| e.entry.id).collect::<Vec<_>>();
            assert_eq!((opened.left_out, ids(&opened)), (wanted.left_out, ids(&wanted)), "{entry:?} {round}");
        }
        s.changed(Change::ClearQueue { keep: Some(EntryId(7)), entries: 899, rev: Rev(4) }).await;
        let opened = s.opened().await.saved;
        assert_eq!((opened.entries.len(), opened.left_out), (1, LeftOut::default()));
    })
    .await;
}

#[tokio::test]
async fn who_may_come_in() {
    both(|db| async move {
        let s = scene(db).await;
        let door = |invite: Option<&str>| Door {
            stage: s.stage,
            host: s.ana,
            user: s.ben,
            invite: invite.map(str::to_owned),
            at: Instant(2),
        };
        assert_eq!(s.store.admission(door(None)).await.unwrap(), Admission::Stranger);
        let new =
            invites::NewInvite { code: "in", stage: s.stage, user: None, by: s.ana, expires: None, max_uses: Some(1) };
        invites::create(&s.db, new, Instant(1)).await.unwrap();
        for _ in 0..2 {
            assert_eq!(s.store.admission(door(Some("in"))).await.unwrap(), Admission::Invited);
        }
        assert_eq!(s.store.admission(door(None)).await.unwrap(), Admission::Invited, "it is used");
        on!(&s.db, write, c => sqlx::query("DELETE FROM stage_participants").execute(c).await.map(drop).unwrap());
        let friends = StageChange { visibility: Some(Visibility::Friends), ..StageChange::default() };
        s.changed(Change::About(friends)).await;
        on!(&s.db, write, c => sqlx::query(
                "INSERT INTO friendships (user_id, friend_id, status, created_us) VALUES ($1, $2, 'accepted', 1)")
            .bind(s.ben.0).bind(s.ana.0).execute(c).await.map(drop).unwrap());
        assert_eq!(s.store.admission(door(Some("wrong"))).await.unwrap(), Admission::Friend);
    })
    .await;
}

#[tokio::test]
async fn people_and_what_they_may() {
    both(|db| async move {
        let s = scene(db).await;
        let mut work = s.work(1);
        work.arrivals = [true, false].map(|invited| Arrival { user: s.ben, invited, at: Instant(5) }).into();
        // The same user twice in one statement is more than PostgreSQL takes, and more than a stage gives.
        work.arrivals.truncate(1);
        s.commit(work).await;
        s.changed(Change::Role { user: s.ben, role: Role::Dj, at: Instant(5) }).await;
        let saved = s.opened().await.saved;
        assert!(saved.invited.contains(&s.ben));
        assert_eq!(saved.roles[&s.ben], Role::Dj);

        s.changed(Change::Ban { user: s.ben, by: s.ana, at: Instant(6) }).await;
        let saved = s.opened().await.saved;
        assert!(saved.banned.contains(&s.ben) && saved.invited.is_empty() && saved.roles.is_empty());
        let bans = async |after| stages::bans(&s.db, s.stage, after, 9).await.unwrap();
        let ban = bans("").await.remove(0);
        assert_eq!((&*ban.user.username, ban.at, ban.by.unwrap().id), ("ben", Some(Instant(6)), s.ana));
        assert_eq!(bans("ben").await, []);
        s.changed(Change::Unban { user: s.ben }).await;
        assert_eq!(bans("").await, []);
        assert!(s.opened().await.saved.banned.is_empty());

        // They come by an invitation and are banned at once: one commit stores both.
        let mut work = s.work(1);
        work.arrivals.push(Arrival { user: s.ben, invited: true, at: Instant(7) });
        work.changes.push(Change::Ban { user: s.ben, by: s.ana, at: Instant(7) });
        s.commit(work).await;
        s.changed(Change::Unban { user: s.ben }).await;
        assert!(s.opened().await.saved.invited.is_empty(), "an invitation outlives no ban");

        s.changed(Change::Role { user: s.ben, role: Role::Host, at: Instant(7) }).await;
        assert_eq!(s.opened().await.saved.about.host.id, s.ben);
    })
    .await;
}

#[tokio::test]
async fn the_stage_itself() {
    both(|db| async move {
        let s = scene(db).await;
        let change = StageChange {
            name: StageName::parse("Roof").ok(),
            genres: Some(vec!["Jazz".into(), "Dub".into()]),
            control: Some(Control::Everyone),
            adding: Some(Adding::Control),
            cover: Some(Some("abc.webp".into())),
            start: StartChange { quorum_percent: Some(30), patience: None },
            sound: SoundChange { crossfade: Some(Duration::from_secs(7)), together: Some(true), percent: Some(40) },
            turns: TurnsChange { order: Some(QueueOrder::Fair), max_waiting: Some(Some(3)) },
            ..StageChange::default()
        };
        s.changed(Change::About(change)).await;
        let about = s.opened().await.saved.about;
        assert_eq!((&*about.name, about.control, about.genres.len()), ("Roof", Control::Everyone, 2));
        assert_eq!(about.adding, Adding::Control, "it was opened for everyone");
        let volume = SharedVolume { together: true, percent: 40 };
        assert_eq!(about.sound, Sound { crossfade: Duration::from_secs(7), volume });
        assert_eq!(about.turns, Turns { order: QueueOrder::Fair, max_waiting: Some(3) });
        assert_eq!(about.cover.as_deref(), Some("abc.webp"));
        let mut list = Vec::new();
        for name in ["a", "b"] {
            list.push(playlists::insert(&s.db, s.ana, name, "", Instant(1)).await.unwrap());
        }
        // One that was deleted before it could be attached fails nothing.
        let wishes = [Attach(list[1]), Attach(list[0]), Attach(PlaylistId(999)), Detach(list[1]), Detach(list[1])];
        for playlist in wishes.map(Some) {
            s.changed(Change::About(StageChange { playlist, ..StageChange::default() })).await;
        }
        let after = s.opened().await.saved.about;
        let start = StartBarrier { quorum_percent: 30, ..StartBarrier::default() };
        assert_eq!(after, About { playlists: vec![list[0]], start, ..about });

        s.changed(Change::End { at: Instant(8) }).await;
        assert!(s.store.open(s.stage, BLOCK).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn lines_are_edited_songs_found() {
    both(|db| async move {
        let s = scene(db).await;
        let mut work = s.work(1);
        work.chats = vec![Scene::line(s.ana, "helo", None), Scene::line(s.ben, "gone", None)];
        s.commit(work).await;
        s.changed(Change::EditChat { chat: Seq(1), text: "hello".into(), at: Instant(10) }).await;
        s.changed(Change::DeleteChat { chat: Seq(2), at: Instant(11) }).await;
        let chats = s.opened().await.chats;
        assert_eq!((&*chats[0].text, chats[0].edited_us), ("hello", Some(Instant(10))));
        assert_eq!((&*chats[1].text, chats[1].deleted), ("", true));
        assert_eq!(s.store.author(s.stage, Seq(1)).await.unwrap(), Some(s.ana));
        assert_eq!(s.store.author(s.stage, Seq(2)).await.unwrap(), None);
        let song = s.song(30).await;
        assert_eq!(s.store.songs(Wanted::Song(song), 9).await.unwrap()[0].id, song);
        assert!(s.store.songs(Wanted::Song(SongId(999)), 9).await.unwrap().is_empty());
        s.store.ping().await.unwrap();
    })
    .await;
}
