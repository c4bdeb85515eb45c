//! Lists a piece at a time: `?limit=1..200&after=CURSOR` gives `{items, next}`.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use octave_protocol::client::holds_nul;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::kit::extract::query;
use crate::http::kit::problem::Problem;

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

/// Which piece of a list is asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// At most so many items, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    #[serde(default)]
    limit: Option<u32>,
    /// The `next` of the piece before.
    #[serde(default)]
    after: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let page: Self = query(parts)?;
        match page.limit {
            Some(limit) if !(1..=MAX_LIMIT).contains(&limit) => {
                Err(Problem::invalid_field("limit", format!("must be 1 to {MAX_LIMIT}")))
            }
            _ => Ok(page),
        }
    }
}

impl Page {
    /// How many items to show. Ask the store for [`Page::fetch`]: one more tells whether there is a next piece.
    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_LIMIT)
    }

    pub fn fetch(&self) -> u32 {
        self.limit() + 1
    }

    /// The key of the last item that was seen. A cursor that this server did not make is a wrong field.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        let Some(cursor) = self.after.as_deref().filter(|c| !c.is_empty()) else { return Ok(None) };
        let json = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|json| String::from_utf8(json).ok());
        let key = json.filter(|json| !holds_nul(json)).and_then(|json| serde_json::from_str(&json).ok());
        key.map(Some).ok_or_else(|| Problem::invalid_field("after", "is not a cursor of this list"))
    }
}

/// The cursor behind an item with this key.
pub fn cursor<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// A piece of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// The `after` of the next piece; absent at the end.
    pub next: Option<String>,
}

impl<T> Listed<T> {
    /// From up to [`Page::fetch`] rows; `key` is what the list is sorted by, unique.
    pub fn new<R, K: Serialize>(
        page: &Page,
        mut rows: Vec<R>,
        key: impl Fn(&R) -> K,
        item: impl FnMut(R) -> T,
    ) -> Self {
        let limit = page.limit() as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| cursor(&key(last)));
        Self { items: rows.into_iter().map(item).collect(), next }
    }

    /// All there is.
    pub fn all(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_on_and_ends() {
        let page = |limit, after| Page { limit: Some(limit), after };
        let first = Listed::new(&page(2, None), vec![3, 4, 5], |n| (*n, "k"), |n| n);
        assert_eq!(first.items, [3, 4]);
        let second = page(2, first.next);
        assert_eq!(second.after::<(i64, String)>().unwrap(), Some((4, "k".into())));
        assert_eq!(Listed::new(&second, vec![5, 6], |n| *n, |n| n).next, None);
        assert_eq!(second.after::<String>().unwrap_err().code(), "invalid_field");
        assert!(page(2, Some("%%%".into())).after::<i64>().is_err());
        let nul = URL_SAFE_NO_PAD.encode(r#""\u0000""#);
        assert!(page(2, Some(nul)).after::<String>().is_err());
    }
}
