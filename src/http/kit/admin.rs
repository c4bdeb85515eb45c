//! What administrators alone may.

use super::extract::CurrentUser;
use super::problem::Problem;

pub(crate) fn only(me: &CurrentUser) -> Result<(), Problem> {
    if me.is_admin() { Ok(()) } else { Err(Problem::forbidden("this is for administrators")) }
}
