//! Words that were meant, where those that were written are nowhere: one letter more, less, another one, or two that
//! changed places. Two words are that near when they become the same without a letter of each, so every word is kept
//! under all forms of it that lack one.

use std::collections::BTreeSet;

use crate::base::fold::{self, Query};
use crate::store::{Db, Result, on, sql};

/// Shorter words are near to too many others, and longer ones are none.
const LONG_ENOUGH: std::ops::RangeInclusive<usize> = 4..=24;
/// Most words that one is taken for.
const MOST: usize = 8;

/// The forms under which the words of texts are kept, as JSON: `[[lacking, word], …]`, in one order for all.
pub(in crate::store) fn forms<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut all = BTreeSet::new();
    for word in texts.into_iter().flat_map(fold::words) {
        if LONG_ENOUGH.contains(&word.chars().count()) {
            all.extend(lacking(&word).into_iter().map(|form| (form, word.clone())));
        }
    }
    serde_json::to_string(&all).unwrap_or_default()
}

/// A word, and all that it is without one letter.
fn lacking(word: &str) -> BTreeSet<String> {
    let without = |at: usize, c: char| format!("{}{}", &word[..at], &word[at + c.len_utf8()..]);
    word.char_indices().map(|(at, c)| without(at, c)).chain([word.to_owned()]).collect()
}

/// Keeps the words of texts, within a transaction.
macro_rules! learn {
    ($db:expr, $t:ident, $texts:expr) => {{
        let text = if $db.is_sqlite() {
            $crate::store::sql!(sqlite: "INSERT INTO spellings (lacking, word) SELECT value ->> 0, value ->> 1 FROM json_each($1) \
                WHERE TRUE ON CONFLICT DO NOTHING")
        } else {
            $crate::store::sql!(postgres: "INSERT INTO spellings (lacking, word) SELECT value ->> 0, value ->> 1 \
                FROM json_array_elements(CAST($1 AS json)) ON CONFLICT DO NOTHING")
        };
        sqlx::query(text).bind($crate::store::search::forms($texts)).execute(&mut *$t).await?
    }};
}
pub(in crate::store) use learn;

/// The query with the words that may have been meant beside those that were written; none if there are none.
pub async fn meant(db: &Db, query: &Query) -> Result<Option<Query>> {
    let (mut meant, mut is_other) = (query.clone(), false);
    for (place, word) in query.spelled() {
        if !LONG_ENOUGH.contains(&word.chars().count()) {
            continue;
        }
        for near in near(db, &word).await? {
            meant.allow(place, near);
            is_other = true;
        }
    }
    Ok(is_other.then_some(meant))
}

async fn near(db: &Db, word: &str) -> Result<Vec<String>> {
    let text = if db.is_sqlite() {
        sql!(sqlite: "SELECT DISTINCT word FROM spellings WHERE lacking IN (SELECT value FROM json_each($1)) ORDER BY word LIMIT 200")
    } else {
        sql!(postgres: "SELECT DISTINCT word FROM spellings \
             WHERE lacking IN (SELECT value FROM json_array_elements_text(CAST($1 AS json))) ORDER BY word LIMIT 200")
    };
    let forms = serde_json::to_string(&lacking(word)).unwrap_or_default();
    let mut found: Vec<String> = on!(db, read, c => sqlx::query_scalar(text).bind(forms).fetch_all(c).await)?;
    found.retain(|other| other != word && is_near(word, other));
    found.truncate(MOST);
    Ok(found)
}

/// Whether two words differ by one letter, or by two neighbours that changed places.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = one.iter().zip(&other).take_while(|(x, y)| x == y).count();
    match (&one[same..], &other[same..]) {
        ([], []) => true,
        ([_, rest @ ..], whole) if rest == whole => true,
        (whole, [_, rest @ ..]) if rest == whole => true,
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        ([x, y, rest @ ..], [first, second, other @ ..]) => x == second && y == first && rest == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_is_one_slip_of_the_pen() {
        for other in ["night", "nigth", "nights", "nigt", "knight", "might", "ight"] {
            assert!(is_near("night", other) && is_near(other, "night"), "{other}");
        }
        for other in ["nigthx", "nightly", "thing", "hgint", "", "nith"] {
            assert!(!is_near("night", other), "{other}");
        }
    }

    #[test]
    fn near_words_share_a_form() {
        for (one, other) in [("night", "nigth"), ("night", "nights"), ("night", "might"), ("straße", "strasse")] {
            let (one, other) = (fold::plain(one), fold::plain(other));
            assert!(!lacking(&one).is_disjoint(&lacking(&other)), "{one} {other}");
        }
    }
}
