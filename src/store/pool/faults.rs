//! Where a test makes storage fail. Outside tests there is nothing behind it.

/// What is asked of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Begin,
    Statement,
    Commit,
}

#[cfg(not(test))]
pub(super) use none::Faults;

#[cfg(not(test))]
mod none {
    #[derive(Debug, Clone)]
    pub(in super::super) struct Faults;

    pub(in super::super) struct Outcome;

    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the counterpart in tests needs both")]
    impl Faults {
        pub(in super::super) const fn new() -> Self {
            Self
        }

        pub(in super::super) const fn before(&self, _: super::Call) -> sqlx::Result<Outcome> {
            Ok(Outcome)
        }
    }

    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the counterpart in tests needs both")]
    impl Outcome {
        pub(in super::super) const fn told(self) -> sqlx::Result<()> {
            Ok(())
        }
    }
}

#[cfg(test)]
pub(crate) use armed::{Faults, Kind};

#[cfg(test)]
mod armed {
    use std::borrow::Cow;
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

    use sqlx::error::{DatabaseError, ErrorKind};

    use super::Call;

    /// How a call fails.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Kind {
        /// The disk is full: it is not done. A commit is undone.
        Full,
        /// It is not done, and may be tried again.
        Refused,
        /// It is done, and its answer is lost: nobody knows.
        Lost,
        /// The connection breaks before it.
        Cut,
    }

    /// All connections of a database share one.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Faults(Arc<Mutex<Plan>>);

    #[derive(Debug, Default)]
    struct Plan {
        calls: usize,
        armed: Option<(usize, Kind)>,
        struck: Option<Call>,
    }

    impl Faults {
        pub(in super::super) fn new() -> Self {
            Self::default()
        }

        /// The `n`th call from now on fails, counted from 0, and no other.
        pub(crate) fn arm(&self, n: usize, kind: Kind) {
            *self.plan() = Plan { armed: Some((n, kind)), ..Plan::default() };
        }

        /// What the fault has struck, if it came so far.
        pub(crate) fn disarm(&self) -> Option<Call> {
            std::mem::take(&mut *self.plan()).struck
        }

        /// To be asked before a call.
        pub(in super::super) fn before(&self, call: Call) -> sqlx::Result<Outcome> {
            let mut plan = self.plan();
            let nth = plan.calls;
            plan.calls += 1;
            let Some((n, kind)) = plan.armed else { return Ok(Outcome::Told) };
            if nth != n {
                return Ok(Outcome::Told);
            }
            plan.struck = Some(call);
            match kind {
                Kind::Full => Err(refusal("13")),
                Kind::Refused => Err(refusal("10")),
                Kind::Cut => Err(broken()),
                Kind::Lost => Ok(Outcome::Lost),
            }
        }

        fn plan(&self) -> MutexGuard<'_, Plan> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    /// What becomes of a call's answer.
    pub(in super::super) enum Outcome {
        Told,
        Lost,
    }

    impl Outcome {
        /// To be asked after the call.
        pub(in super::super) fn told(self) -> sqlx::Result<()> {
            match self {
                Self::Told => Ok(()),
                Self::Lost => Err(broken()),
            }
        }
    }

    fn broken() -> sqlx::Error {
        sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::ConnectionReset, "injected"))
    }

    fn refusal(code: &'static str) -> sqlx::Error {
        sqlx::Error::Database(Box::new(Refusal(code)))
    }

    /// A refusal in the database's own words. SQLite's codes are read whichever the engine is.
    #[derive(Debug, thiserror::Error)]
    #[error("injected: {0}")]
    struct Refusal(&'static str);

    impl DatabaseError for Refusal {
        fn message(&self) -> &'static str {
            "injected"
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }
}
