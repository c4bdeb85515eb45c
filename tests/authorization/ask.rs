//! What comes of asking, in the words of the tables.

use std::fmt;

use octave_testkit::api::Reply;
use serde_json::Value;

use crate::table::Answer;

/// What came: an answer that the tables know, or another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Came {
    Known(Answer),
    Other(String),
}

impl fmt::Display for Came {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(answer) => write!(f, "{answer:?}"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

impl From<&Reply> for Came {
    fn from(reply: &Reply) -> Self {
        let body = reply.json();
        Self::Known(match (reply.status, body["code"].as_str()) {
            (..300, _) => Answer::Done,
            (401, Some("unauthenticated")) => Answer::Unauthenticated,
            (403, Some("forbidden")) => Answer::Forbidden,
            (403, Some("banned")) => Answer::Banned,
            (404, Some("not_found" | "stage_not_found")) => Answer::Missing,
            (409, Some("has_account")) => Answer::HasAccount,
            (status, _) => return Self::Other(format!("{status} {body}")),
        })
    }
}

impl From<&Value> for Came {
    fn from(frame: &Value) -> Self {
        Self::Known(match (frame["type"].as_str(), frame["code"].as_str()) {
            (Some("error"), Some("forbidden")) => Answer::Forbidden,
            (Some("error"), Some("stage_not_found")) => Answer::Missing,
            (Some("error"), Some("banned")) => Answer::Banned,
            (Some("error"), Some("not_joined")) => Answer::Out,
            (Some("error"), _) => return Self::Other(frame.to_string()),
            _ => Answer::Done,
        })
    }
}
