//! Where people are told while no page of theirs is open, and the key by which push services know this server.

use octave_protocol::{Instant, UserId};

use super::{Db, Result, on, sql};
use crate::presence::SessionId;

/// Devices of one person that are told; of more the latest are.
pub const MOST: i64 = 20;

/// How a device is reached.
#[derive(Debug, Clone, PartialEq, Eq, sqlx_macros::FromRow)]
pub struct Subscription {
    /// The push service's name for the device, as an address: a secret.
    pub endpoint: String,
    pub p256dh: Vec<u8>,
    pub auth: Vec<u8>,
}

/// Tells this login's device from here on by this. A device has one login: who logs in anew takes it along.
pub async fn subscribe(db: &Db, user: UserId, by: SessionId, to: &Subscription, at: Instant) -> Result<()> {
    on!(db, tx, t => {
        sqlx::query(sql!("DELETE FROM push_subscriptions WHERE session_id = $1 OR endpoint = $2"))
            .bind(by.0).bind(&to.endpoint).execute(&mut *t).await?;
        // Two that come at once for the same device: the first stays.
        sqlx::query(sql!(
            "INSERT INTO push_subscriptions (session_id, user_id, endpoint, p256dh, auth, created_us) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"))
            .bind(by.0).bind(user.0).bind(&to.endpoint).bind(&to.p256dh).bind(&to.auth).bind(at.0)
            .execute(&mut *t).await?;
        sqlx::query(sql!(
            "DELETE FROM push_subscriptions WHERE user_id = $1 AND session_id NOT IN (SELECT p.session_id \
             FROM push_subscriptions p WHERE p.user_id = $1 ORDER BY p.created_us DESC, p.session_id DESC LIMIT $2)"))
            .bind(user.0).bind(MOST).execute(&mut *t).await?;
    })
}

/// Whether this login's device is told.
pub async fn is_subscribed(db: &Db, by: SessionId) -> Result<bool> {
    let there: i64 = on!(db, read, c => sqlx::query_scalar(sql!(
            "SELECT COUNT(*) FROM push_subscriptions WHERE session_id = $1"))
        .bind(by.0).fetch_one(c).await)?;
    Ok(there > 0)
}

/// This login's device is told no more.
pub async fn unsubscribe(db: &Db, by: SessionId) -> Result<()> {
    on!(db, write, c => sqlx::query(sql!("DELETE FROM push_subscriptions WHERE session_id = $1"))
        .bind(by.0).execute(c).await.map(drop))?;
    Ok(())
}

/// The push service does not know this device any more.
pub async fn is_gone(db: &Db, endpoint: &str) -> Result<()> {
    on!(db, write, c => sqlx::query(sql!("DELETE FROM push_subscriptions WHERE endpoint = $1"))
        .bind(endpoint).execute(c).await.map(drop))?;
    Ok(())
}

/// The devices of `user` with a good login.
pub async fn devices(db: &Db, user: UserId, now: Instant) -> Result<Vec<Subscription>> {
    on!(db, read, c => Ok(sqlx::query_as(sql!(
        "SELECT p.endpoint, p.p256dh, p.auth FROM push_subscriptions p JOIN sessions s ON s.id = p.session_id \
         JOIN users u ON u.id = p.user_id WHERE p.user_id = $1 AND s.expires_us > $2 AND u.disabled_us IS NULL \
         ORDER BY p.created_us DESC, p.session_id DESC LIMIT $3"))
        .bind(user.0).bind(now.0).bind(MOST).fetch_all(c).await?))
}

/// The server's key, if it has one yet.
pub async fn key(db: &Db) -> Result<Option<Vec<u8>>> {
    on!(db, read, c => Ok(sqlx::query_scalar(sql!("SELECT pkcs8 FROM push_key WHERE id = 1")).fetch_optional(c).await?))
}

/// Keeps a key, unless another node was quicker; the one that holds.
pub async fn keep_key(db: &Db, pkcs8: &[u8], at: Instant) -> Result<Vec<u8>> {
    on!(db, tx, t => {
        sqlx::query(sql!("INSERT INTO push_key (id, pkcs8, created_us) VALUES (1, $1, $2) ON CONFLICT DO NOTHING"))
            .bind(pkcs8).bind(at.0).execute(&mut *t).await?;
        sqlx::query_scalar(sql!("SELECT pkcs8 FROM push_key WHERE id = 1")).fetch_one(&mut *t).await?
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sessions;
    use crate::store::testing::{both, login, people};

    fn device(name: &str) -> Subscription {
        Subscription { endpoint: format!("https://push.example.org/{name}"), p256dh: vec![4; 65], auth: vec![7; 16] }
    }

    async fn names(db: &Db, user: UserId, now: i64) -> Vec<String> {
        let devices = devices(db, user, Instant(now)).await.unwrap();
        devices.into_iter().map(|d| d.endpoint.rsplit('/').next().unwrap().to_owned()).collect()
    }

    #[tokio::test]
    async fn a_device_is_told_for_as_long_as_its_login_is_good() {
        both(|db| {
            Box::pin(async move {
                let [ana, ben] = people(&db).await;
                let (phone, desk) = (login(&db, ana, 1, 100).await, login(&db, ana, 2, 200).await);
                subscribe(&db, ana, phone, &device("phone"), Instant(5)).await.unwrap();
                subscribe(&db, ana, desk, &device("desk"), Instant(6)).await.unwrap();
                assert_eq!(names(&db, ana, 50).await, ["desk", "phone"]);
                assert_eq!(devices(&db, ana, Instant(50)).await.unwrap()[1], device("phone"));
                assert_eq!(names(&db, ana, 100).await, ["desk"], "the phone's login has expired");
                subscribe(&db, ana, phone, &device("phone2"), Instant(7)).await.unwrap();
                assert_eq!(names(&db, ana, 50).await, ["phone2", "desk"], "the login's device has a new address");
                assert!(sessions::revoke(&db, ana, phone).await.unwrap());
                assert_eq!(names(&db, ana, 50).await, ["desk"]);
                let bens = login(&db, ben, 3, 100).await;
                subscribe(&db, ben, bens, &device("desk"), Instant(8)).await.unwrap();
                assert_eq!(names(&db, ana, 50).await, [""; 0], "the device is ben's now");
                assert!(is_subscribed(&db, bens).await.unwrap() && !is_subscribed(&db, desk).await.unwrap());
                unsubscribe(&db, desk).await.unwrap();
                is_gone(&db, "https://push.example.org/desk").await.unwrap();
                assert!(!is_subscribed(&db, bens).await.unwrap());
            })
        })
        .await;
    }

    #[tokio::test]
    async fn the_latest_devices_are_told_and_no_more() {
        both(|db| async move {
            let [ana, _] = people(&db).await;
            for n in 0..MOST + 3 {
                let login = login(&db, ana, u8::try_from(n).unwrap(), 100).await;
                subscribe(&db, ana, login, &device(&n.to_string()), Instant(n)).await.unwrap();
            }
            let told = names(&db, ana, 50).await;
            let expected: Vec<String> = (3..MOST + 3).rev().map(|n| n.to_string()).collect();
            assert_eq!(told, expected);
        })
        .await;
    }

    #[tokio::test]
    async fn the_first_key_stays() {
        both(|db| async move {
            assert_eq!(key(&db).await.unwrap(), None);
            assert_eq!(keep_key(&db, &[1], Instant(1)).await.unwrap(), [1]);
            assert_eq!(keep_key(&db, &[2], Instant(2)).await.unwrap(), [1]);
            assert_eq!(key(&db).await.unwrap(), Some(vec![1]));
        })
        .await;
    }
}
