//! A user as every resource finds one.

use super::extract::CurrentUser;
use super::page::Page;
use super::problem::Problem;
use super::state::AppState;
use crate::store::users::{self, Account};

/// The account of this name.
pub(crate) async fn find(state: &AppState, username: &str) -> Result<Account, Problem> {
    users::by_username(&state.db, username).await?.ok_or_else(|| Problem::not_found("there is no such user"))
}

/// Somebody other than me.
pub(crate) async fn find_other(state: &AppState, me: &CurrentUser, username: &str) -> Result<Account, Problem> {
    let other = find(state, username).await?;
    if other.id == me.id() { Err(Problem::invalid_field("username", "is you")) } else { Ok(other) }
}

/// The folded name after which a list of users goes on.
pub(crate) fn after_name(page: &Page) -> Result<String, Problem> {
    Ok(page.after()?.unwrap_or_default())
}
