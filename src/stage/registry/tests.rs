//! What the slots are for: two actors of one stage that meet at a moment which a running program comes by once in a while.

use super::{Held, Slot, State};
use crate::stage::handle::{Live, StageHandle};
use crate::stage::limits::MAILBOX;
use crate::stage::tests::scene::{STAGE, Scene};
use tokio::sync::{mpsc, watch};

#[tokio::test(start_paused = true)]
async fn a_stage_that_has_stopped_is_not_handed_out() {
    let Scene { registry, .. } = Scene::new();
    let (mailbox, requests) = mpsc::channel(MAILBOX);
    drop(requests);
    let stopped = StageHandle { id: STAGE, mailbox };
    let (_, live) = watch::channel(Live::default());
    let state = State::Running { handle: stopped, live: Some(live) };
    registry.slots.insert(STAGE, Slot { generation: registry.next_generation(), state });

    let handle = registry.find(STAGE).await.unwrap();
    assert!(!handle.mailbox.is_closed());
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_ends_late_leaves_its_successor_where_it_is() {
    let Scene { registry, .. } = Scene::new();
    let earlier = Held { registry: registry.clone(), id: STAGE, generation: registry.next_generation() };
    let handle = registry.find(STAGE).await.unwrap();
    drop(earlier);
    assert!(registry.running(STAGE).await.is_some_and(|found| found.mailbox.same_channel(&handle.mailbox)));

    // Its own slot, though, it gives back.
    let generation = registry.slots.get(&STAGE).unwrap().generation;
    drop(Held { registry: registry.clone(), id: STAGE, generation });
    assert!(registry.running(STAGE).await.is_none());
}
