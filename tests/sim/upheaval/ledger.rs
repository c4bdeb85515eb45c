//! What everybody was told, held against what everybody else was told and, at the end, against what is stored.

use std::collections::BTreeMap;

use octave::stage::memory::MemoryStore;
use octave_client::mirror::seq_of;
use octave_protocol::{Seq, ServerFrame, SongId, StageId};

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Lines that were acknowledged, by their text, which is never said twice on purpose.
    acknowledged: BTreeMap<(StageId, String), Seq>,
    /// Songs whose adding was confirmed.
    added: Vec<(StageId, SongId)>,
    /// What stands under each number, as somebody was shown it.
    shown: BTreeMap<(StageId, Seq), String>,
    pub(crate) faults: Vec<String>,
}

impl Ledger {
    pub(crate) fn wrong(&mut self, fault: String) {
        self.faults.push(fault);
    }

    /// The line was acknowledged; as often as it is, under the same number.
    pub(crate) fn acknowledged(&mut self, stage: StageId, text: &str, seq: Seq) {
        let first = *self.acknowledged.entry((stage, text.to_owned())).or_insert(seq);
        if first != seq {
            self.wrong(format!("{text:?} was acknowledged as {first} and as {seq}"));
        }
    }

    pub(crate) fn added(&mut self, stage: StageId, song: SongId) {
        self.added.push((stage, song));
    }

    /// Somebody was shown an event: everybody is shown the same under its number.
    pub(crate) fn shown(&mut self, stage: StageId, frame: &ServerFrame) {
        let Some(seq) = seq_of(frame) else { return };
        let text = serde_json::to_string(frame).unwrap();
        let first = self.shown.entry((stage, seq)).or_insert_with(|| text.clone());
        if *first != text {
            let fault = format!("number {seq} of {stage} is {first} to one and {text} to another");
            self.wrong(fault);
        }
    }

    /// What was acknowledged or shown is stored, and stored once.
    pub(crate) fn settle(&mut self, store: &MemoryStore, stages: &[StageId], queues: &BTreeMap<StageId, Vec<SongId>>) {
        for stage in stages {
            let stored = store.texts(*stage);
            let mut by_text: BTreeMap<&str, Vec<Seq>> = BTreeMap::new();
            for (seq, text) in &stored {
                by_text.entry(text).or_default().push(*seq);
            }
            for (text, seqs) in by_text.iter().filter(|(_, seqs)| seqs.len() > 1) {
                self.faults.push(format!("{text:?} is stored as {seqs:?}"));
            }
            for ((of, text), seq) in &self.acknowledged {
                if of == stage && by_text.get(text.as_str()) != Some(&vec![*seq]) {
                    self.faults.push(format!(
                        "{text:?} was acknowledged as {seq} and is stored as {:?}",
                        by_text.get(text.as_str())
                    ));
                }
            }
        }
        for ((stage, seq), text) in &self.shown {
            if let Ok(ServerFrame::Chat { line, .. }) = serde_json::from_str(text)
                && !store.texts(*stage).contains(&(*seq, line.text.to_string()))
            {
                self.faults.push(format!("{text} was shown and is not stored"));
            }
        }
        for (stage, songs) in queues {
            let times = |song: &SongId| songs.iter().filter(|s| *s == song).count();
            for song in songs.iter().filter(|song| times(song) > 1) {
                self.faults.push(format!("{stage}: song {song} stands there {} times", times(song)));
            }
            for (_, song) in self.added.iter().filter(|(of, song)| of == stage && times(song) != 1) {
                self.faults.push(format!("{stage}: song {song} was added, and stands there {} times", times(song)));
            }
        }
    }
}
