//! Storage fails at each call, in each way: nothing that was told as done is lost, and everything works again.
//!
//! A scenario over REST and the socket, operation by operation. Each is done again and again while its first, second, third
//! … call of the database fails; what it was told is then compared with what stands there, and it has to succeed.

mod deeds;
mod scene;

use std::time::Duration;

use deeds::Deed;
use scene::Scene;
use tokio::time::Instant;

use crate::store::testing::{on_postgres, sqlite};
use crate::store::{Db, Kind};

/// Within this everything works again. A stage that does not know what became of its last commit starts anew after a
/// second.
const HEALS_WITHIN: Duration = Duration::from_secs(15);

/// Far more calls than one operation makes.
const MOST_CALLS: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_call_of_sqlite_fails_nothing_acknowledged_is_lost() {
    let (_dir, db) = sqlite().await;
    sweep(db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_call_of_postgres_fails_nothing_acknowledged_is_lost() {
    on_postgres(sweep).await;
}

async fn sweep(db: Db) {
    let faults = db.faults().clone();
    let mut scene = Scene::new(db).await;
    let mut struck = 0;
    for deed in Deed::ALL {
        for kind in [Kind::Full, Kind::Refused, Kind::Lost, Kind::Cut] {
            for n in 0..MOST_CALLS {
                deed.prepare(&mut scene).await;
                faults.arm(n, kind);
                let told = deed.does(&mut scene).await;
                let Some(call) = faults.disarm() else {
                    assert!(told.is_ok() && n > 0, "{deed:?}, {kind:?} at call {n} has nothing to fail: {told:?}");
                    break;
                };
                struck += 1;
                let case = format!("{deed:?}, {kind:?} at call {n}, {call:?}");
                match told {
                    Ok(done) => assert!(scene.stands(&done).await, "{case}: told as done, and gone: {done:?}"),
                    Err(code) => assert!(deeds::is_of_storage(&code), "{case}: {code}"),
                }
                heals(deed, &mut scene, &case).await;
                assert!(n + 1 < MOST_CALLS, "{case}: and no end");
            }
        }
    }
    assert!(struck > 200, "only {struck} faults were caused");
    scene.end().await;
}

/// Until the deed succeeds, and a line in ana's stage does: the fault may have struck what that stage saves by itself, and
/// then it is none of the deed's.
async fn heals(deed: Deed, scene: &mut Scene, case: &str) {
    let until = Instant::now() + HEALS_WITHIN;
    for deed in [deed, Deed::Say] {
        loop {
            deed.prepare(scene).await;
            match deed.does(scene).await {
                Ok(done) => {
                    assert!(scene.stands(&done).await, "after {case}: told as done, and gone: {done:?}");
                    break;
                }
                Err(code) => assert!(Instant::now() < until, "after {case} {deed:?} stays broken: {code}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
