//! The stage, its clients, and the steps of virtual time.

use std::sync::Arc;
use std::time::Duration;

use octave::base::clock::Clock;
use octave::stage::handle::{Ask, ConnId};
use octave::stage::memory::MemoryStore;
use octave::stage::{ChatLimits, Metrics, Registry};
use octave_protocol::client::ControlAction;
use octave_protocol::model::Queue;
use octave_protocol::{Duration as Length, Instant, SongId};

use crate::cast::{about, song, user};
use crate::client::{Client, STAGE};
use crate::dice::Dice;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub seed: u64,
    pub clients: usize,
    /// Of a tenth of a second each.
    pub steps: usize,
    pub cuts: bool,
}

/// How it ended.
pub(crate) struct End {
    pub log: String,
    clients: Vec<Client>,
    queue: Queue,
    chats: Vec<(octave_protocol::Seq, String)>,
    listeners: u32,
}

/// The clock's start is fixed, so that the log's instants are the same in every run.
pub(crate) const START: Instant = Instant(1_700_000_000_000_000);

pub(crate) fn play(plan: Plan) -> End {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(run(plan))
}

async fn run(plan: Plan) -> End {
    let store = MemoryStore::default();
    store.add_stage(about(STAGE));
    for id in 1..=3 {
        store.add_song(song(SongId(id), Length::from_millis(700)));
    }
    let (registry, _writer) =
        Registry::start(Arc::new(store.clone()), Clock::starting_at(START), ChatLimits::Off, Metrics::default());
    let handle = registry.find(STAGE).await.unwrap();

    let mut dice = Dice(plan.seed);
    let mut clients: Vec<Client> =
        (0..plan.clients).map(|n| Client::new(user(n), handle.clone(), dice.roll())).collect();
    let mut log = String::new();
    let mut conns = 0;
    for _ in 0..plan.steps {
        for client in &mut clients {
            if client.is_connected() && plan.cuts && dice.one_in(40) {
                client.cut();
            } else if !client.is_connected() && dice.one_in(3) {
                conns += 1;
                client.connect(ConnId(conns));
            } else if client.is_connected() && dice.one_in(4) {
                client.act();
            }
        }
        if dice.one_in(10) {
            store.stall();
        } else {
            store.go_on();
        }
        pass(&mut clients, 100, &mut log).await;
    }
    // All come back, and all that is on its way arrives.
    store.go_on();
    for client in clients.iter_mut().filter(|c| !c.is_connected()) {
        conns += 1;
        client.connect(ConnId(conns));
    }
    // A stage that plays would always have something more to say.
    clients[0].control(ControlAction::Pause);
    pass(&mut clients, 2_000, &mut log).await;

    let queue = handle.ask(|reply| Ask::Queue { offset: 0, limit: 200, reply }).await.unwrap();
    let listeners = handle.ask(Ask::Describe).await.unwrap().listeners;
    End { log, clients, queue, chats: store.texts(STAGE), listeners }
}

async fn pass(clients: &mut [Client], ms: u64, log: &mut String) {
    for _ in 0..ms {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let now = tokio::time::Instant::now();
        for client in clients.iter_mut() {
            client.carry(now, log);
        }
    }
}

impl End {
    /// Every mirror equals the stage, and every line that anyone saw is stored.
    pub(crate) fn check(&self) {
        assert_eq!(self.listeners as usize, self.clients.len());
        let entries: Vec<_> = self.queue.items.iter().map(|item| item.entry).collect();
        let first = self.clients[0].mirror.as_ref().unwrap();
        for client in &self.clients {
            let who = &client.user.username;
            let mirror = client.mirror.as_ref().unwrap();
            assert_eq!(mirror.differences(first), [""; 0], "{who}");
            assert_eq!((mirror.queue_rev(), mirror.entries().as_ref()), (self.queue.rev, Some(&entries)), "{who}");
            assert_eq!(mirror.listeners(), self.listeners, "{who}");
            for (seq, text) in &client.lines {
                assert!(self.chats.contains(&(*seq, text.clone())), "{who} saw {text:?}, which is not stored");
            }
        }
    }
}
