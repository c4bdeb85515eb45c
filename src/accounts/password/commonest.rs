//! The passwords that are tried first: those that most people had where passwords have leaked.
//!
//! A list of facts, counted by others over many leaks: docs/adr says from where, and why so many. It stands in the program,
//! in order, and is searched as it is.

use std::cmp::Ordering;

/// One to a line, in the order of their bytes, in lower case; none shorter than a password may be.
const COMMONEST: &str = include_str!("commonest.txt");

/// Whether it is one of them, however it is written: `Password` and `PASSWORD` are tried with `password`.
pub(super) fn is_common(password: &str) -> bool {
    let wanted = password.to_lowercase();
    let mut rest = COMMONEST;
    while !rest.is_empty() {
        // The line that the middle is in.
        let middle = rest.floor_char_boundary(rest.len() / 2);
        let from = rest[..middle].rfind('\n').map_or(0, |end| end + 1);
        let to = rest[middle..].find('\n').map_or(rest.len(), |end| middle + end);
        match wanted.as_str().cmp(&rest[from..to]) {
            Ordering::Equal => return true,
            Ordering::Less => rest = &rest[..from],
            Ordering::Greater => rest = rest.get(to + 1..).unwrap_or_default(),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::password::MIN_CHARS;

    #[test]
    fn each_of_them_is_found_and_nothing_else() {
        let all: Vec<&str> = COMMONEST.lines().collect();
        assert!(all.len() > 10_000, "{}", all.len());
        assert!(all.is_sorted_by(|a, b| a < b), "it is searched by halves");
        for password in &all {
            assert!(is_common(password) && password.chars().count() >= MIN_CHARS, "{password}");
            assert!(!is_common(&format!("{password} and more")), "{password}");
        }
        for password in ["Password", "PASSWORD1", "12345678", "qwertyuiop", "trustno1", "letmein1"] {
            assert!(is_common(password), "{password}");
        }
        for password in ["", "\n", "correct horse battery", "password\npassword", "zzzzzzzzzzzzzzz", "Schön ist es"] {
            assert!(!is_common(password), "{password:?}");
        }
    }
}
