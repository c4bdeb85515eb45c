//! How long every list and every search takes in a large library: fills a database, then asks over HTTP, one request
//! after the other on one connection.

mod cases;
mod fill;
mod words;

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::net::http::{self, Connection};
use crate::octave;
use crate::server::Server;
use cases::Case;
pub use fill::Size;

/// What a case may take at the median and in 95 of 100 requests, in milliseconds.
const MEDIAN_MS: f64 = 10.0;
const P95_MS: f64 = 25.0;

/// Requests of a case before those that count.
const WARM: usize = 3;

#[derive(Debug)]
pub struct Lists<'a> {
    pub server: &'a str,
    /// Kept, and used again as it is when it was filled before.
    pub data: &'a Path,
    /// An empty database, or the one that belongs to `data`; SQLite within `data` when absent.
    pub postgres: Option<&'a str>,
    pub size: Size,
    /// Requests of a case that count.
    pub times: usize,
}

/// What a case took, in milliseconds.
struct Timed {
    name: &'static str,
    found: usize,
    median: f64,
    p95: f64,
}

impl Timed {
    fn is_good(&self) -> bool {
        self.median <= MEDIAN_MS && self.p95 <= P95_MS
    }
}

/// The table as Markdown, and whether every case keeps what it may take.
pub fn run(lists: &Lists<'_>) -> Result<(String, bool)> {
    fs::create_dir_all(lists.data)?;
    let known = lists.data.join("load-token");
    let token = if let Ok(token) = fs::read_to_string(&known) {
        token
    } else {
        let token = fill(lists)?;
        fs::write(&known, &token)?;
        token
    };
    let server = Server::octave_in(lists.server, lists.data, lists.postgres)?;
    let mut timed = Vec::new();
    for case in cases::all(server.addr, &token)? {
        timed.push(time(server.addr, &token, &case, lists.times)?);
    }
    Ok((markdown(&timed), timed.iter().all(Timed::is_good)))
}

/// Lets the server make its tables and its first account, whose token this answers, and fills the tables.
fn fill(lists: &Lists<'_>) -> Result<String> {
    let server = Server::octave_in(lists.server, lists.data, lists.postgres)?;
    let tokens = octave::register(server.addr, 1)?;
    drop(server);
    let file = lists.data.join("octave.db");
    fill::fill(lists.postgres, &file, lists.size)?;
    tokens.into_iter().next().context("nobody was registered")
}

fn time(addr: SocketAddr, token: &str, case: &Case, times: usize) -> Result<Timed> {
    let mut connection = Connection::open(addr)?;
    let mut took = Vec::with_capacity(times);
    let mut found = 0;
    for n in 0..WARM + times {
        let path = &case.paths[n % case.paths.len()];
        let begun = Instant::now();
        let response = connection.get(path, token)?;
        let ms = begun.elapsed().as_secs_f64() * 1_000.0;
        ensure!(response.status == 200, "{path}: {} {}", response.status, String::from_utf8_lossy(&response.body));
        if n >= WARM {
            took.push(ms);
        }
        found = found.max(count(&http::expect_json("GET", path, &response)?));
    }
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[((took.len() - 1) as f64 * share).round() as usize];
    Ok(Timed { name: case.name, found, median: at(0.5), p95: at(0.95) })
}

/// Items of a list, or of all lists of a search.
fn count(reply: &Value) -> usize {
    match reply {
        Value::Array(items) => items.len(),
        Value::Object(fields) => match fields.get("items") {
            Some(items) => count(items),
            None => fields.values().filter_map(Value::as_array).map(Vec::len).sum(),
        },
        _ => 0,
    }
}

fn markdown(timed: &[Timed]) -> String {
    let mut out = String::from("| case | found | median, ms | p95, ms | |\n| --- | ---: | ---: | ---: | --- |\n");
    for t in timed {
        let mark = if t.is_good() { "" } else { "too slow" };
        let _ = writeln!(out, "| {} | {} | {:.1} | {:.1} | {mark} |", t.name, t.found, t.median, t.p95);
    }
    let slow = timed.iter().filter(|t| !t.is_good()).count();
    let many = timed.len();
    let _ =
        writeln!(out, "\n{slow} of {many} cases take more than {MEDIAN_MS} ms at the median or {P95_MS} ms at p95.");
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn items_are_counted_wherever_they_stand() {
        assert_eq!(count(&json!({"items": [1, 2], "next": null})), 2);
        assert_eq!(count(&json!({"songs": [1], "users": [2, 3], "name": "x"})), 3);
        assert_eq!(count(&json!([1])), 1);
    }

    #[test]
    fn a_case_beyond_its_time_is_marked() {
        let timed = |median, p95| Timed { name: "x", found: 1, median, p95 };
        let table = markdown(&[timed(9.0, 24.0), timed(9.0, 26.0), timed(11.0, 12.0)]);
        assert_eq!(table.matches("too slow").count(), 2, "{table}");
        assert!(table.contains("2 of 3 cases"), "{table}");
    }
}
