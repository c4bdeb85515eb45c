//! How text is found: the words of what is kept and of what is asked, folded alike. Both databases index these words and
//! nothing else, so a search means the same on both.
//!
//! Case, accents, width and ligatures don't count. A word ends at whatever is neither letter nor number; what was written
//! together (`don't`, `AC/DC`, `R.E.M.`) is kept together as well. Scripts without blanks are cut into pairs of
//! neighbours. Words hold no character of ASCII but letters and digits, so they need no quoting anywhere.

mod query;

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

pub use query::{Query, Term};

/// Longest word that is kept; more of it does not count.
const MAX_WORD: usize = 40;
/// The same of a title as a whole.
const MAX_WHOLE: usize = 100;
/// Most words of one text that are kept.
const MAX_WORDS: usize = 1_000;

/// Stands before the words of a title, which are kept with it and without.
const TITLE: char = '\u{e000}';
/// Stands between the number of a stage and a word that was said there.
const STAGE: char = '\u{e001}';
/// Stands before the words of whose it is, which are kept with it and without.
const BY: char = '\u{e003}';
/// Stands before all words of a title at once, with [`GAP`] between them.
const WHOLE: char = '\u{e004}';
const GAP: &str = "\u{e005}";
/// Where ASCII's signs are moved to when nothing but signs stands there: `!!!`, `+`.
const SIGNS: u32 = 0xe100;
/// What is kept where there is no word at all.
pub const NOTHING: &str = "\u{e002}";

/// By which texts are sorted and are the same: their words, with one blank between.
pub fn plain(text: &str) -> String {
    let words: Vec<String> = pieces(text).into_iter().flat_map(|piece| piece.parts).collect();
    if words.is_empty() { signs(text).join(" ") } else { words.join(" ") }
}

/// What an index keeps of something with a title, whose it is, and what else it is found by.
pub fn document(title: &str, by: &str, rest: &[&str]) -> String {
    let (titles, names) = (words(title), words(by));
    let mut all: BTreeSet<String> = titles.iter().map(|word| format!("{TITLE}{word}")).collect();
    all.extend(names.iter().map(|word| format!("{BY}{word}")));
    all.extend(whole(title));
    all.extend(titles.into_iter().chain(names));
    all.extend(rest.iter().flat_map(|text| words(text)));
    joined(all)
}

/// A title as one word.
fn whole(title: &str) -> Option<String> {
    let plain = plain(title);
    let whole: String = plain.chars().take(MAX_WHOLE).collect();
    (!whole.is_empty()).then(|| format!("{WHOLE}{}", whole.replace(' ', GAP)))
}

/// What an index keeps of a line that was said in a stage.
pub fn line(stage: i64, text: &str) -> String {
    joined(words(text).into_iter().map(|word| format!("{stage}{STAGE}{word}")).collect())
}

/// The words by which a text is found.
pub fn words(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for piece in pieces(text) {
        all.extend(piece.joined());
        all.extend(piece.parts.iter().flat_map(|part| grams(part)));
    }
    if all.is_empty() { signs(text).into_iter().collect() } else { all }
}

fn joined(words: BTreeSet<String>) -> String {
    if words.is_empty() {
        return NOTHING.to_owned();
    }
    words.into_iter().take(MAX_WORDS).collect::<Vec<_>>().join(" ")
}

/// What stands between two blanks.
#[derive(Debug)]
struct Piece {
    /// Its words: neither is empty.
    parts: Vec<String>,
}

impl Piece {
    /// Its words written together, if there are several.
    fn joined(&self) -> Option<String> {
        let spaced = |part: &String| !part.starts_with(is_unspaced);
        (self.parts.len() > 1 && self.parts.iter().all(spaced)).then(|| cut(&self.parts.concat()))
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let folded = folded(text);
    let piece = |piece: &str| {
        let mut parts = Vec::new();
        for run in piece.split(|c| !is_of_word(c)).filter(|run| !run.is_empty()) {
            let mut rest = run;
            while let Some(first) = rest.chars().next() {
                let kind = is_unspaced(first);
                let end = rest.find(|c| is_unspaced(c) != kind).unwrap_or(rest.len());
                parts.push(if kind { rest[..end].to_owned() } else { cut(&rest[..end]) });
                rest = &rest[end..];
            }
        }
        Piece { parts }
    };
    folded.split_whitespace().map(piece).filter(|piece| !piece.parts.is_empty()).collect()
}

/// Pairs of neighbours and the last sign, where a script has no blanks; else the word itself.
fn grams(word: &str) -> Vec<String> {
    if !word.starts_with(is_unspaced) {
        return vec![word.to_owned()];
    }
    let signs: Vec<char> = word.chars().collect();
    let pairs = signs.windows(2).map(|pair| pair.iter().collect());
    pairs.chain(signs.last().map(char::to_string)).collect()
}

/// What stands there where there is neither letter nor number.
fn signs(text: &str) -> Vec<String> {
    let moved = |c: char| if c.is_ascii() { char::from_u32(SIGNS + u32::from(c)).unwrap_or(c) } else { c };
    let sign = |piece: &str| cut(&piece.chars().map(moved).collect::<String>());
    folded(text).split_whitespace().map(sign).collect()
}

fn cut(word: &str) -> String {
    word.chars().take(MAX_WORD).collect()
}

/// The text without case, accents and ligatures.
fn folded(text: &str) -> String {
    let bare = text.nfkd().filter(|c| !is_accent(*c) && !is_invisible(*c) && !is_private(*c));
    // To upper case and back: `ß`, `ς` and `ſ` become what they are in capitals.
    let cased = bare.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let mut out = String::with_capacity(text.len());
    for c in cased {
        match c {
            'ł' => out.push('l'),
            'ø' => out.push('o'),
            'đ' | 'ð' => out.push('d'),
            'þ' => out.push_str("th"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ħ' => out.push('h'),
            'ŧ' => out.push('t'),
            'ŋ' => out.push('n'),
            c => out.push(c),
        }
    }
    // Hangul was taken apart.
    out.nfc().collect()
}

/// Marks that are written over and under letters without making them others. Signs for vowels, voicing and tones stay.
fn is_accent(c: char) -> bool {
    matches!(canonical_combining_class(c), 1 | 10..=36 | 200..=240)
}

/// Joiners, breaks and the like, which stand within words.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// What has a meaning of its own here.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{e1ff}')
}

/// Letters, digits and what belongs to them; apostrophes that Unicode takes for letters are none.
fn is_of_word(c: char) -> bool {
    let is_apostrophe = matches!(c, '\u{2b9}'..='\u{2ff}');
    !is_apostrophe && (c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c))
}

/// Whether a character is of a script that has no blanks between its words: Chinese, Japanese, Thai, Lao, Burmese, Khmer.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3100}'..='\u{312f}' | '\u{31a0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests;
