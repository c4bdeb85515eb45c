//! How long whoever asks for something waits for what does not answer.
//!
//! One request may ask the database many times, each with a patience of its own; together they may not take longer than
//! whoever asked is ready to wait. So a request carries a budget: what was waited for is gone from it, and when it is
//! used up the next question gets the least patience that still tells a slow database from a silent one.

use std::time::Duration;

use tokio::time::Instant;

/// An answer, or that there will be none, comes within two seconds: this, and twice the [`LEAST`].
const BUDGET: Duration = Duration::from_millis(1_200);

/// What one question gets at least.
pub const LEAST: Duration = Duration::from_millis(400);

tokio::task_local! {
    static UNTIL: Instant;
}

/// Does what one request asks.
pub async fn spend<T>(work: impl Future<Output = T>) -> T {
    UNTIL.scope(Instant::now() + BUDGET, work).await
}

/// How long may be waited: so long, or what is left to whoever asks.
pub fn left(patience: Duration) -> Duration {
    UNTIL.try_with(|until| until.saturating_duration_since(Instant::now()).min(patience)).unwrap_or(patience)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_was_waited_for_is_gone() {
        let second = Duration::from_secs(1);
        assert_eq!(left(second), second, "nobody waits");
        spend(async {
            assert_eq!(left(second), second);
            tokio::time::sleep(second).await;
            assert_eq!(left(second), BUDGET.saturating_sub(second));
            tokio::time::sleep(second).await;
            assert_eq!(left(second), Duration::ZERO);
        })
        .await;
    }
}
