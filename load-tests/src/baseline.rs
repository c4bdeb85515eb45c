//! What the disk gives: lines inserted in batches, with nothing around them.
//!
//! Each database is tuned as Octave has it tuned, and tables and statements are Octave's as far as they are about lines, so
//! that what is left of the difference is what Octave does for its promise. A batch is what would have piled up behind the
//! commit before it: no more than the lines that are on their way, as in any group commit. Which of the [`BATCHES`] suits a
//! disk best is tried, and the best one counts.

mod postgres;
mod sqlite;

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

pub use postgres::postgres;
pub use sqlite::sqlite;

/// Rows of one transaction.
const BATCHES: [usize; 3] = [256, 512, 1024];

const STAGES: i64 = 10;
const SENDERS: i64 = 100;
const TEXT: &str = "A line of a hundred and twenty bytes, as long as those that the senders of this scenario say to each other, dots and all";

/// The best of some bare loops.
#[derive(Debug, Clone, Copy)]
pub struct Bare {
    pub per_s: f64,
    pub batch: usize,
    pub connections: usize,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    stage: i64,
    seq: i64,
    sender: i64,
}

/// The `number`th batch of `size` lines of stages from `first` on, in the order of their pages.
fn batch(number: usize, size: usize, first: i64) -> impl Iterator<Item = Line> {
    let each = size.div_ceil(STAGES as usize);
    (0..size).map(move |n| Line {
        stage: first + (n / each) as i64,
        seq: (number * each + n % each) as i64,
        sender: n as i64 % SENDERS,
    })
}

/// The batches that so many lines on their way can fill.
fn batches(in_flight: usize) -> Vec<usize> {
    let fitting: Vec<usize> = BATCHES.into_iter().filter(|size| *size <= in_flight).collect();
    if fitting.is_empty() { vec![in_flight.max(1)] } else { fitting }
}

/// How long each candidate of a loop that is to run for `stretch` in all gets.
fn share(stretch: Duration, candidates: usize) -> Duration {
    stretch.div_f64(candidates as f64).max(Duration::from_millis(50))
}

fn best(candidates: impl IntoIterator<Item = Bare>) -> Result<Bare> {
    candidates.into_iter().max_by(|a, b| a.per_s.total_cmp(&b.per_s)).context("no bare loop was run")
}

fn rate(lines: usize, since: Instant) -> f64 {
    lines as f64 / since.elapsed().as_secs_f64()
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_line_is_there_twice_and_neighbours_stand_together() {
        let lines: Vec<Line> = (0..3).flat_map(|number| batch(number, 64, 1)).collect();
        let places: BTreeSet<(i64, i64)> = lines.iter().map(|l| (l.stage, l.seq)).collect();
        assert_eq!(places.len(), lines.len());
        let order: Vec<(i64, i64)> = batch(2, 64, 1).map(|l| (l.stage, l.seq)).collect();
        assert!(order.is_sorted());
        assert_eq!(batch(0, 64, 1).map(|l| l.stage).max(), Some(STAGES));
    }

    #[test]
    fn a_batch_is_no_more_than_what_is_on_its_way() {
        assert_eq!(batches(1_600), [256, 512, 1024]);
        assert_eq!(batches(600), [256, 512]);
        assert_eq!(batches(100), [100]);
    }

    #[tokio::test]
    async fn the_loop_inserts_what_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let (mut connection, file) = sqlite::open(folder.path()).await.unwrap();
        assert!(file.exists());
        sqlite::insert(&mut connection, 0, 100).await.unwrap();
        sqlite::insert(&mut connection, 1, 100).await.unwrap();
        let found: i64 = sqlx::query_scalar("SELECT count(*) FROM baseline").fetch_one(&mut connection).await.unwrap();
        assert_eq!(found, 200);
    }
}
