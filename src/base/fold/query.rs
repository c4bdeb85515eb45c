//! What is asked, as each database wants to hear it.

use std::fmt::Write as _;

use super::{BY, GAP, STAGE, TITLE, WHOLE, grams, pieces, signs, whole};

/// Most words of a question that count.
const MAX_ASKED: usize = 16;

/// A word that must be there, or the beginning of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub word: String,
    pub is_begun: bool,
}

/// What one word of a question asks for: one of several, all terms of it.
type Choice = Vec<Vec<Term>>;

/// The words of a question, all of which must be found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    choices: Vec<Choice>,
    /// What stands before each word in the index.
    scope: String,
    /// All of it as one word.
    whole: Option<String>,
}

impl Query {
    /// The last word may be a beginning of one.
    pub fn of(text: &str) -> Self {
        let mut choices: Vec<Choice> = Vec::new();
        let pieces = pieces(text);
        let last = pieces.len().saturating_sub(1);
        for (n, piece) in pieces.iter().enumerate().take(MAX_ASKED) {
            let apart = piece.parts.iter().enumerate().flat_map(|(k, part)| {
                let ends = n == last && k + 1 == piece.parts.len();
                terms(part, ends)
            });
            let mut choice = vec![apart.collect()];
            choice.extend(piece.joined().map(|word| vec![Term { word, is_begun: n == last }]));
            choices.push(choice);
        }
        if choices.is_empty() {
            let exact = |word| vec![vec![Term { word, is_begun: false }]];
            choices = signs(text).into_iter().take(MAX_ASKED).map(exact).collect();
        }
        Self { choices, scope: String::new(), whole: whole(text) }
    }

    /// The same, of titles alone.
    #[must_use]
    pub fn in_title(&self) -> Self {
        Self { scope: TITLE.to_string(), ..self.clone() }
    }

    /// The same, of whose it is.
    #[must_use]
    pub fn in_by(&self) -> Self {
        Self { scope: BY.to_string(), ..self.clone() }
    }

    /// The same, of what was said in a stage.
    #[must_use]
    pub fn in_stage(&self, stage: i64) -> Self {
        Self { scope: format!("{stage}{STAGE}"), ..self.clone() }
    }

    /// Titles that are this and nothing else.
    #[must_use]
    pub fn exact(&self) -> Self {
        self.of_whole(false)
    }

    /// Titles that begin so.
    #[must_use]
    pub fn begun(&self) -> Self {
        self.of_whole(true)
    }

    /// What [`plain`](super::plain) makes of titles that begin so; more than any title where there is no word.
    pub fn beginning(&self) -> String {
        let plain = |whole: &String| whole.trim_start_matches(WHOLE).replace(GAP, " ");
        self.whole.as_ref().map_or_else(|| char::MAX.to_string(), plain)
    }

    fn of_whole(&self, is_begun: bool) -> Self {
        let choice = |word: &String| vec![vec![Term { word: word.clone(), is_begun }]];
        Self { choices: self.whole.iter().map(choice).collect(), ..Self::default() }
    }

    /// Whether a text with these words is found.
    pub fn finds(&self, document: &str) -> bool {
        let kept: Vec<&str> = document.split(' ').collect();
        let holds = |term: &Term| {
            let word = format!("{}{}", self.scope, term.word);
            kept.iter().any(|kept| if term.is_begun { kept.starts_with(&word) } else { **kept == word })
        };
        !self.is_empty() && self.choices.iter().all(|choice| choice.iter().any(|terms| terms.iter().all(holds)))
    }

    #[cfg(test)]
    pub(super) fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// One pattern of `LIKE` for each word, for texts with a blank before and behind; none where a word asks for more.
    pub fn patterns(&self) -> Option<Vec<String>> {
        let pattern = |term: Term| format!("% {}{}{}%", self.scope, term.word, if term.is_begun { "" } else { " " });
        Some(self.simple()?.into_iter().map(pattern).collect())
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    /// The words of scripts with blanks, for looking up how they may have been meant, and where each stands.
    pub fn spelled(&self) -> Vec<(usize, String)> {
        let word = |choice: &Choice| match choice.as_slice() {
            [only] => match only.as_slice() {
                [term] if !term.word.starts_with(super::is_unspaced) => Some(term.word.clone()),
                _ => None,
            },
            [_, joined, ..] => joined.first().map(|term| term.word.clone()),
            [] => None,
        };
        self.choices.iter().enumerate().filter_map(|(n, choice)| Some((n, word(choice)?))).collect()
    }

    /// Takes another word as well at a place.
    pub fn allow(&mut self, place: usize, word: String) {
        if let Some(choice) = self.choices.get_mut(place) {
            choice.push(vec![Term { word, is_begun: false }]);
        }
    }

    /// One term for each word; none where a word asks for more than one, or for one of several.
    fn simple(&self) -> Option<Vec<Term>> {
        let term = |choice: &Choice| match choice.as_slice() {
            [only] if only.len() == 1 => only.first().cloned(),
            _ => None,
        };
        self.choices.iter().map(term).collect()
    }

    /// For FTS5.
    pub fn fts5(&self) -> String {
        self.written(" AND ", " OR ", |out, scope, term| {
            let star = if term.is_begun { " *" } else { "" };
            let _ = write!(out, "\"{scope}{}\"{star}", term.word);
        })
    }

    /// For PostgreSQL, as a `tsquery`.
    pub fn tsquery(&self) -> String {
        self.written(" & ", " | ", |out, scope, term| {
            let star = if term.is_begun { ":*" } else { "" };
            let _ = write!(out, "'{scope}{}'{star}", term.word);
        })
    }

    fn written(&self, and: &str, or: &str, write: impl Fn(&mut String, &str, &Term)) -> String {
        let all = |terms: &[Term]| {
            let mut out = String::from("(");
            for (n, term) in terms.iter().enumerate() {
                out.push_str(if n > 0 { and } else { "" });
                write(&mut out, &self.scope, term);
            }
            out + ")"
        };
        let any = |choice: &Choice| format!("({})", choice.iter().map(|t| all(t)).collect::<Vec<_>>().join(or));
        self.choices.iter().map(any).collect::<Vec<_>>().join(and)
    }
}

/// What a word asks for. A pair of signs is found as it is; a single one begins a pair or ends a word.
fn terms(part: &str, ends: bool) -> Vec<Term> {
    let mut grams = grams(part);
    let is_unspaced = part.starts_with(super::is_unspaced);
    if is_unspaced && grams.len() > 1 {
        grams.pop();
    }
    let is_begun = if is_unspaced { grams.len() == 1 && part.chars().count() == 1 } else { ends };
    grams.into_iter().map(|word| Term { word, is_begun }).collect()
}
