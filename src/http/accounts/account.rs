//! What registering, logging in and one's own profile share.

use octave_protocol::UserId;
use octave_protocol::model::GuestRight;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::account::Unfit;
use crate::http::kit::problem::Problem;
use crate::http::kit::state::AppState;
use crate::presence::SessionId;
use crate::store::StoreError;
use crate::store::users::{self, Account};

/// My account, as I alone see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    id: i64,
    username: String,
    avatar_url: Option<String>,
    email: String,
    bio: String,
    is_admin: bool,
    /// Has no account: belongs to one stage, and may do there what `guest_of` says.
    guest: bool,
    /// Where a guest belongs; absent for who has an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    guest_of: Option<GuestOf>,
    friends_count: i64,
    followers_count: i64,
    following_count: i64,
    created_us: i64,
}

/// Where a guest belongs, and what their link lets them do there, as far as the stage does.
#[derive(Serialize, ToSchema)]
struct GuestOf {
    stage: i64,
    rights: Vec<GuestRight>,
}

impl From<Account> for Me {
    fn from(a: Account) -> Self {
        Self {
            id: a.id.0,
            avatar_url: a.user().avatar_url.map(|url| url.to_string()),
            username: a.username,
            email: a.email,
            bio: a.bio,
            is_admin: a.is_admin,
            guest: a.guest.is_some(),
            guest_of: a.guest.map(|guest| GuestOf { stage: guest.stage.0, rights: guest.rights.list() }),
            friends_count: a.friends_count,
            followers_count: a.followers_count,
            following_count: a.following_count,
            created_us: a.created_us,
        }
    }
}

/// The account of who asks.
pub(crate) async fn find(state: &AppState, id: UserId) -> Result<Option<Me>, Problem> {
    Ok(users::by_id(&state.db, id).await?.map(Me::from))
}

/// A name or an address that somebody else has.
pub(crate) fn taken(error: StoreError) -> Problem {
    if error.is_unique("username_key") {
        Problem::conflict("username_taken", "this username is taken")
    } else if error.is_unique("email_key") {
        Problem::conflict("email_taken", "there is an account with this address")
    } else {
        error.into()
    }
}

/// One field that is not as it must be.
pub(crate) fn unfit(field: &'static str) -> impl Fn(Unfit) -> Problem {
    move |why| Problem::invalid_field(field, why.0)
}

/// Logins have ended: nothing remembers them, and their connections end.
pub(crate) fn ended(state: &AppState, user: UserId, sessions: &[SessionId]) {
    state.logins.forget(user);
    state.people.revoke(user, sessions);
}
