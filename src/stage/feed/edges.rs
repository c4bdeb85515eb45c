//! Members at other nodes: to the feed each node is one reader, however many of its members listen.

use std::sync::Arc;

use bytes::Bytes;

use super::answers::Answers;
use crate::stage::conn::ConnId;
use crate::stage::relay::{Ending, FarAnswer, FromStage};
use crate::stage::way::Edge;

#[derive(Debug, Default)]
pub(super) struct Edges {
    all: Vec<Seated>,
    /// Seats at all edges together.
    seats: usize,
}

/// An edge at which somebody is seated, and what its share of the present batch has beside the batch itself.
#[derive(Debug)]
struct Seated {
    edge: Arc<Edge>,
    seats: usize,
    answers: Vec<FarAnswer>,
    bytes: Vec<u8>,
    apart: Vec<(ConnId, usize)>,
}

impl Edges {
    /// Seats at all edges.
    pub(super) fn seats(&self) -> usize {
        self.seats
    }

    pub(super) fn seat(&mut self, edge: &Arc<Edge>, conn: ConnId) {
        self.seats += 1;
        self.of(edge).seats += 1;
        edge.send(FromStage::Seat { conn }, b"");
    }

    /// Takes a seat away; what was said to it before still leaves.
    pub(super) fn unseat(&mut self, edge: &Arc<Edge>, conn: ConnId, answers: Option<Box<Answers>>, shown: &[u8]) {
        if let Some(answers) = answers {
            Self::say(edge, conn, &answers);
        }
        if !shown.is_empty() {
            let answers = vec![FarAnswer { conn, re: None, bytes: shown.len() }];
            edge.send(FromStage::Say { answers }, shown);
        }
        edge.send(FromStage::Unseat { conn }, b"");
        self.seats -= 1;
        let seated = self.of(edge);
        seated.seats -= 1;
        if seated.seats == 0 {
            self.all.retain(|seated| seated.seats > 0);
        }
    }

    pub(super) fn say(edge: &Edge, conn: ConnId, answers: &Answers) {
        let mut list = Vec::new();
        list_of(conn, answers, &mut list);
        edge.send(FromStage::Say { answers: list }, &answers.bytes);
    }

    /// What one seat gets beside the batch, or of it.
    pub(super) fn share(&mut self, edge: &Arc<Edge>, conn: ConnId, answers: Option<Box<Answers>>, from: usize) {
        if answers.is_none() && from == 0 {
            return;
        }
        let seated = self.of(edge);
        if from > 0 {
            seated.apart.push((conn, from));
        }
        if let Some(answers) = answers {
            list_of(conn, &answers, &mut seated.answers);
            seated.bytes.extend_from_slice(&answers.bytes);
        }
    }

    /// Sends the batch to each edge, with what single seats get beside.
    pub(super) fn show(&mut self, batch: &Bytes) {
        for seated in &mut self.all {
            let (answers, apart) = (std::mem::take(&mut seated.answers), std::mem::take(&mut seated.apart));
            let run = FromStage::Batch { answers, apart };
            if seated.bytes.is_empty() {
                seated.edge.send(run, batch);
            } else {
                let mut body = std::mem::take(&mut seated.bytes);
                body.extend_from_slice(batch);
                seated.edge.send(run, &body);
            }
        }
    }

    pub(super) fn offer(&self, frames: &Bytes) {
        for seated in &self.all {
            seated.edge.send(FromStage::Offer, frames);
        }
    }

    /// The stage is left by all.
    pub(super) fn end(&mut self) {
        for seated in self.all.drain(..) {
            seated.edge.end(Ending::Quiet);
        }
        self.seats = 0;
    }

    fn of(&mut self, edge: &Arc<Edge>) -> &mut Seated {
        let index = self.all.iter().position(|seated| Arc::ptr_eq(&seated.edge, edge)).unwrap_or_else(|| {
            let edge = edge.clone();
            self.all.push(Seated { edge, seats: 0, answers: Vec::new(), bytes: Vec::new(), apart: Vec::new() });
            self.all.len() - 1
        });
        &mut self.all[index]
    }
}

fn list_of(conn: ConnId, answers: &Answers, list: &mut Vec<FarAnswer>) {
    let mut begin = 0;
    for (re, end) in &answers.ends {
        list.push(FarAnswer { conn, re: *re, bytes: end - begin });
        begin = *end;
    }
}
