//! What a bucket answers when it does not do what it is asked, and what can be done about it.

use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

/// Why something was not done in the bucket. Cheap to clone: all who wait for one file hear of it.
#[derive(Debug, Clone)]
pub struct Refusal {
    what: Arc<str>,
    kind: ErrorKind,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.kind, refusal)
    }
}

impl Refusal {
    /// The bucket answered with this status, and a body that may name its reason.
    pub(super) fn answered(doing: &str, status: u16, body: &[u8]) -> Self {
        let code = code_in(body);
        let named = code.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
        let what = format!("the bucket answers {status}{named} to {doing}; {}", advice(status, code.as_deref()));
        Self { what: what.into(), kind: kind_of(status, code.as_deref()) }
    }

    /// There was no answer, or it broke off.
    pub(super) fn unanswered(doing: &str, host: &str, why: &dyn fmt::Display) -> Self {
        let what = format!("{host} does not answer to {doing}: {why}; see that it runs and can be reached from here");
        Self { what: what.into(), kind: ErrorKind::HostUnreachable }
    }

    /// There was none in time. Who has waited so long does not wait for that once more.
    pub(super) fn silent(doing: &str, host: &str, within: Duration) -> Self {
        let seconds = within.as_secs();
        let what =
            format!("{host} is silent: no answer to {doing} in {seconds} s; see that it runs and is not too busy");
        Self { what: what.into(), kind: ErrorKind::TimedOut }
    }

    /// An answer that can't be made sense of.
    pub(super) fn nonsense(doing: &str, why: &str) -> Self {
        let what = format!("the bucket's answer to {doing} {why}; see that --s3-endpoint speaks S3");
        Self { what: what.into(), kind: ErrorKind::InvalidData }
    }

    pub(super) fn damaged(name: &str) -> Self {
        let what = format!(
            "{name} in the bucket is not what its name says; `octave doctor --fix` puts it aside, --from mends it"
        );
        Self { what: what.into(), kind: ErrorKind::InvalidData }
    }

    /// Something here, and not in the bucket.
    pub(super) fn here(error: &io::Error) -> Self {
        Self { what: error.to_string().into(), kind: error.kind() }
    }

    /// Whether it is worth to try the same again at once.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self.kind, ErrorKind::HostUnreachable | ErrorKind::ResourceBusy)
    }

    pub(super) fn is_missing(&self) -> bool {
        self.kind == ErrorKind::NotFound
    }

    /// Whether an error came of a bucket that is away, or too busy.
    pub fn may_come_back(error: &io::Error) -> bool {
        let refusal = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        refusal.is_some_and(|refusal| refusal.may_pass() || refusal.kind == ErrorKind::TimedOut)
    }

    /// Whether an error came of a bucket.
    pub fn is_behind(error: &io::Error) -> bool {
        error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Self>)
    }
}

fn kind_of(status: u16, code: Option<&str>) -> ErrorKind {
    match (status, code) {
        (404, Some("NoSuchBucket")) | (301 | 307, _) => ErrorKind::NotADirectory,
        (404, _) => ErrorKind::NotFound,
        (507, _) | (_, Some("QuotaExceeded" | "XMinioStorageFull" | "EntityTooLarge")) => ErrorKind::StorageFull,
        (401 | 403, _) => ErrorKind::PermissionDenied,
        (408 | 429 | 500..=599, _) => ErrorKind::ResourceBusy,
        _ => ErrorKind::Other,
    }
}

fn advice(status: u16, code: Option<&str>) -> &'static str {
    match (status, code) {
        (_, Some("RequestTimeTooSkewed")) => "this machine's clock is wrong: set it (timedatectl set-ntp true)",
        (_, Some("SignatureDoesNotMatch")) => "check --s3-secret and --s3-region",
        (_, Some("InvalidAccessKeyId")) => "check --s3-key",
        (404, Some("NoSuchBucket")) => "make the bucket, or check its name in --files",
        (301 | 307, _) => "the bucket is elsewhere: check --s3-region and --s3-endpoint",
        (401 | 403, _) => "check --s3-key and --s3-secret, and that this key may list, get, put and delete there",
        (507, _) | (_, Some("QuotaExceeded" | "XMinioStorageFull")) => "it is full: make room in it",
        (429 | 500..=599, _) => "it is tried again, so wait; if it stays so, see the bucket's own log",
        _ => "check --files and --s3-endpoint",
    }
}

/// The reason that stands in an error's body.
fn code_in(body: &[u8]) -> Option<String> {
    let (_, rest) = std::str::from_utf8(body).ok()?.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let is_plain = code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphanumeric());
    is_plain.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_what_to_do_and_whether_it_may_pass() {
        let of = |status: u16, code: &str| {
            Refusal::answered("GET", status, format!("<Error><Code>{code}</Code></Error>").as_bytes())
        };
        for (status, code, told, passes) in [
            (403, "AccessDenied", "this key may list, get, put and delete", false),
            (403, "SignatureDoesNotMatch", "--s3-secret", false),
            (403, "RequestTimeTooSkewed", "clock", false),
            (404, "NoSuchBucket", "make the bucket", false),
            (503, "SlowDown", "tried again", true),
            (301, "PermanentRedirect", "--s3-region", false),
        ] {
            let refusal = of(status, code);
            let text = refusal.to_string();
            assert!(text.contains(told) && text.contains(code) && text.contains(&status.to_string()), "{text}");
            assert_eq!(refusal.may_pass(), passes, "{text}");
        }
        let silent = Refusal::silent("GET", "s3.example.org", Duration::from_secs(5));
        assert!(!silent.may_pass() && Refusal::may_come_back(&silent.into()));
        assert!(of(404, "NoSuchKey").is_missing() && !of(404, "NoSuchBucket").is_missing());
        assert_eq!(io::Error::from(of(507, "x")).kind(), ErrorKind::StorageFull);
        assert!(Refusal::is_behind(&of(500, "x").into()) && !Refusal::is_behind(&io::ErrorKind::NotFound.into()));
    }

    #[test]
    fn what_a_body_holds_is_not_repeated_unless_it_is_a_code() {
        let odd = Refusal::answered("GET", 500, b"<Code>rm -rf; \x1b[31m</Code>").to_string();
        assert!(odd.starts_with("the bucket answers 500 to GET;"), "{odd}");
    }
}
