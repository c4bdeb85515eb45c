//! What can go wrong with the database, by what a caller can do about it.

/// A failed statement. Its text is for the log: it never leaves the process.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique rule is broken; see [`StoreError::is_unique`].
    #[error("unique rule broken: {0}")]
    Unique(String),
    /// A row that this one speaks of is not there.
    #[error("reference to a missing row: {0}")]
    MissingReference(String),
    /// The disk is full, or the database refuses to write.
    #[error("storage full: {0}")]
    Full(#[source] sqlx::Error),
    /// The database does not answer; the same statement may work in a moment.
    #[error("database unavailable: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A text that the database can't keep: PostgreSQL takes no NUL.
    #[error("a text that can't be stored: {0}")]
    Text(#[source] sqlx::Error),
    /// A column holds what the schema does not admit.
    #[error("damaged row: {column} is {value:?}")]
    Corrupt { column: &'static str, value: String },
    #[error("database: {0}")]
    Other(#[source] sqlx::Error),
    #[error("migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

impl StoreError {
    /// What those are told who waited behind a question that was not answered.
    pub const fn silent() -> Self {
        Self::Unavailable(sqlx::Error::PoolTimedOut)
    }

    /// Whether the unique rule on `column` is what was broken. Both engines name the column: SQLite as `table.column`,
    /// PostgreSQL within the constraint's name.
    pub fn is_unique(&self, column: &str) -> bool {
        // A name that looks like another one is taken as that one is.
        let is_name = column == "username_key";
        matches!(self, Self::Unique(rule) if rule.contains(column) || (is_name && rule.contains("likeness")))
    }

    /// Whether a transaction was ended in favour of another one (SQLSTATE: serialisation failure, deadlock): begun anew
    /// it gets through.
    pub fn is_conflict(&self) -> bool {
        let Self::Unavailable(sqlx::Error::Database(error)) = self else { return false };
        matches!(error.code().as_deref(), Some("40001" | "40P01"))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Database(e) if e.is_unique_violation() => Self::Unique(rule_of(e.as_ref())),
            E::Database(e) if e.is_foreign_key_violation() => Self::MissingReference(rule_of(e.as_ref())),
            E::Database(e) => match Fault::of_error(e.as_ref()) {
                Fault::Full => Self::Full(error),
                Fault::Unavailable => Self::Unavailable(error),
                Fault::Text => Self::Text(error),
                Fault::Other => Self::Other(error),
            },
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::BeginFailed => {
                Self::Unavailable(error)
            }
            _ => Self::Other(error),
        }
    }
}

/// The broken rule: PostgreSQL tells the constraint, SQLite has it in the message alone.
fn rule_of(e: &dyn sqlx::error::DatabaseError) -> String {
    e.constraint().map_or_else(|| e.message().to_owned(), str::to_owned)
}

#[derive(Debug, PartialEq)]
pub(super) enum Fault {
    Full,
    Unavailable,
    Text,
    Other,
}

impl Fault {
    pub(super) fn of_error(error: &dyn sqlx::error::DatabaseError) -> Self {
        error.code().map_or(Self::Other, |code| Self::of(&code))
    }

    pub(super) fn is_of_storage(&self) -> bool {
        matches!(self, Self::Full | Self::Unavailable)
    }

    /// By SQLSTATE (five characters, PostgreSQL) or by result code (decimal, SQLite, <https://sqlite.org/rescode.html>,
    /// where the low byte is the primary code).
    fn of(code: &str) -> Self {
        const BUSY: i64 = 5;
        const LOCKED: i64 = 6;
        const NOMEM: i64 = 7;
        const READONLY: i64 = 8;
        const INTERRUPT: i64 = 9;
        const IOERR: i64 = 10;
        const FULL: i64 = 13;
        const CANTOPEN: i64 = 14;
        const PROTOCOL: i64 = 15;
        if code.len() == 5 {
            return match code.as_bytes() {
                // disk_full, out_of_memory's sibling; read_only_sql_transaction is what a standby answers
                b"53100" | b"25006" => Self::Full,
                // insufficient resources, system errors; connection exceptions; operator intervention; lock not
                // available, statement timeout, serialisation, deadlock
                [b'5', b'3' | b'8', ..]
                | [b'0', b'8', ..]
                | [b'5', b'7', b'P', ..]
                | b"55P03"
                | b"57014"
                | b"40001"
                | b"40P01" => Self::Unavailable,
                // character_not_in_repertoire, untranslatable_character
                b"22021" | b"22P05" => Self::Text,
                _ => Self::Other,
            };
        }
        match code.parse::<i64>().map(|c| c & 0xff) {
            Ok(FULL | READONLY) => Self::Full,
            Ok(BUSY | LOCKED | NOMEM | INTERRUPT | IOERR | CANTOPEN | PROTOCOL) => Self::Unavailable,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_what_a_caller_can_do() {
        for (code, fault) in [
            ("13", Fault::Full),
            ("53100", Fault::Full),
            ("778", Fault::Unavailable), // SQLITE_IOERR_WRITE
            ("5", Fault::Unavailable),
            ("8", Fault::Full),
            ("7", Fault::Unavailable),
            ("1034", Fault::Unavailable), // SQLITE_IOERR_FSYNC
            ("53200", Fault::Unavailable),
            ("22021", Fault::Text),
            ("57P01", Fault::Unavailable),
            ("08006", Fault::Unavailable),
            ("1", Fault::Other),
            ("42601", Fault::Other),
        ] {
            assert_eq!(Fault::of(code), fault, "{code}");
        }
    }
}
