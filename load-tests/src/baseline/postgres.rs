//! Arrays that one short text unfolds, in statements that fit into what the kernel takes at once (beyond that the driver's
//! messages wait for delayed acknowledgements), by one connection and by two at a time.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sqlx::{Connection, Executor, PgConnection};

use super::{Bare, Line, STAGES, TEXT, batch, batches, best, rate, runtime, share};

/// Rows of one statement: 12 KiB of them.
const ROWS: usize = 12 * 1024 / (TEXT.len() + 128);

const CONNECTIONS: [usize; 2] = [1, 2];

const TABLE: &str = "CREATE TABLE baseline (stage_id BIGINT NOT NULL, seq BIGINT NOT NULL, sender_id BIGINT NOT NULL, \
     message TEXT NOT NULL, nonce TEXT, reply_to BIGINT, at_us BIGINT NOT NULL, PRIMARY KEY (stage_id, seq))";

const INSERT: &str = "INSERT INTO baseline (stage_id, seq, sender_id, message, nonce, reply_to, at_us) \
     SELECT * FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])";

/// Lines per second at `url`, in a table that is dropped afterwards.
pub fn postgres(url: Option<&str>, in_flight: usize, stretch: Duration) -> Result<Bare> {
    let url = url.context("no --postgres")?;
    let kinds: Vec<(usize, usize)> =
        CONNECTIONS.into_iter().flat_map(|c| batches(in_flight / c).into_iter().map(move |size| (c, size))).collect();
    let each = share(stretch, kinds.len());
    let found: Result<Vec<Bare>> = kinds.into_iter().map(|(count, size)| run(url, count, size, each)).collect();
    best(found?)
}

fn run(url: &str, count: usize, size: usize, stretch: Duration) -> Result<Bare> {
    runtime()?.block_on(async {
        let mut first = PgConnection::connect(url).await?;
        first.execute("DROP TABLE IF EXISTS baseline").await?;
        first.execute(TABLE).await?;
        let start = Instant::now();
        let done = if count == 1 {
            insert_for(&mut first, size, 1, start + stretch).await?
        } else {
            let mut second = PgConnection::connect(url).await?;
            let until = start + stretch;
            let (one, other) = tokio::try_join!(
                insert_for(&mut first, size, 1, until),
                insert_for(&mut second, size, 1 + STAGES, until)
            )?;
            one + other
        };
        let per_s = rate(done * size, start);
        first.execute("DROP TABLE baseline").await?;
        Ok(Bare { per_s, batch: size, connections: count })
    })
}

/// How many transactions were done by then.
async fn insert_for(connection: &mut PgConnection, size: usize, first: i64, until: Instant) -> Result<usize> {
    let mut done = 0;
    while Instant::now() < until {
        let lines: Vec<Line> = batch(done, size, first).collect();
        let mut transaction = connection.begin().await?;
        for rows in lines.chunks(ROWS) {
            sqlx::query(INSERT)
                .bind(rows.iter().map(|l| l.stage).collect::<Vec<_>>())
                .bind(rows.iter().map(|l| l.seq).collect::<Vec<_>>())
                .bind(rows.iter().map(|l| l.sender).collect::<Vec<_>>())
                .bind(vec![TEXT; rows.len()])
                .bind(vec![None::<String>; rows.len()])
                .bind(vec![None::<i64>; rows.len()])
                .bind(rows.iter().map(|l| l.seq).collect::<Vec<_>>())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        done += 1;
    }
    Ok(done)
}
