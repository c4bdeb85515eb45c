//! The sort keys of a queue, and where among them what plays has its place.

use super::Queue;

/// The distance of neighbours' sort keys after appending or renumbering.
const GAP: i64 = 1 << 20;

/// Where new or moved entries get their sort keys from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ords {
    /// `first`, `first + step`, …
    Spaced { first: i64, step: i64 },
    /// There is no room left between the neighbours: the whole queue is numbered anew, around this place.
    Renumber { around: Option<i64> },
}

/// Where a queue that is numbered anew keeps its keys: at a place behind `above` rows, the last of which stands on it if
/// the place is `taken`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pivot {
    place: i64,
    pub(super) above: usize,
    taken: bool,
}

impl Queue {
    /// Sort keys for `count` entries that are to stand at `index`. What plays or played last may have been taken out
    /// there: then they stand behind its place, the `cursor`, so that they are not passed over.
    pub fn room_at(&self, index: usize, count: usize, cursor: Option<i64>) -> Ords {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let above = index.checked_sub(1).and_then(|i| self.rows.get(i)).map(|r| r.ord);
        let below = self.rows.get(index).map(|r| r.ord);
        let taken_out = cursor.filter(|c| above.is_none_or(|o| o < *c) && below.is_none_or(|o| *c < o));
        match (taken_out.or(above), below) {
            (above, None) => Ords::Spaced { first: above.unwrap_or(0) + GAP, step: GAP },
            (None, Some(below)) => Ords::Spaced { first: below - GAP * count, step: GAP },
            (Some(above), Some(below)) => match (below - above) / (count + 1) {
                0 => Ords::Renumber { around: cursor },
                step => Ords::Spaced { first: above + step, step },
            },
        }
    }

    /// A place from which all entries stand behind.
    pub fn place_above_all(&self) -> i64 {
        self.rows.first().map_or(0, |r| r.ord - GAP)
    }

    pub(super) fn pivot(&self, around: Option<i64>) -> Pivot {
        let Some(place) = around else { return Pivot::default() };
        Pivot { place, above: self.rows_up_to(place), taken: self.standing_at(place).is_some() }
    }

    /// New sort keys, such that the place of what plays or played last keeps its key even where nothing stands there.
    pub(super) fn renumber(&mut self, Pivot { place, above, taken }: Pivot) {
        let rows_to_place = i64::try_from(above).unwrap_or(i64::MAX) - i64::from(taken);
        let mut ord = place - GAP * rows_to_place;
        for (index, row) in self.rows.iter_mut().enumerate() {
            if index == above && !taken {
                ord += GAP;
            }
            row.ord = ord;
            self.ords.insert(row.entry.id, ord);
            ord += GAP;
        }
    }
}
