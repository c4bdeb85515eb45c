//! Ends requests whose body trickles: a pause can be short and the whole still without end.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::server::limits::{BODY_GRACE, MIN_BODY_BYTES_PER_SECOND};

/// Bounds how slowly the request's body may come.
pub(super) async fn bound(request: Request) -> Request {
    request.map(|body| if body.is_end_stream() { body } else { Body::new(Bounded::new(body)) })
}

struct Bounded {
    body: Body,
    began: Instant,
    seen: u64,
    /// When the client must have sent more than it has.
    overdue: Pin<Box<Sleep>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the request's body comes too slowly")]
struct TooSlow;

impl Bounded {
    fn new(body: Body) -> Self {
        let began = Instant::now();
        Self { body, began, seen: 0, overdue: Box::pin(sleep_until(began + BODY_GRACE)) }
    }

    fn deadline(&self) -> Instant {
        self.began + BODY_GRACE + std::time::Duration::from_secs(self.seen / MIN_BODY_BYTES_PER_SECOND)
    }
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            if let Some(Ok(data)) = frame.as_ref().map(|f| f.as_ref().map(hyper::body::Frame::data_ref)) {
                self.seen += data.map_or(0, |data| data.len() as u64);
            }
            return Poll::Ready(frame);
        }
        let deadline = self.deadline();
        // Moved only when it has rung, not with every frame.
        while self.overdue.deadline() < deadline {
            self.overdue.as_mut().reset(deadline);
        }
        ready!(Future::poll(self.overdue.as_mut(), cx));
        Poll::Ready(Some(Err(axum::Error::new(TooSlow))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use http_body_util::BodyExt;

    use super::*;

    fn trickle(bytes: usize, every: std::time::Duration) -> Bounded {
        let pieces = stream::unfold((), move |()| async move {
            tokio::time::sleep(every).await;
            Some((Ok::<_, axum::Error>(Bytes::from(vec![0; bytes])), ()))
        });
        Bounded::new(Body::from_stream(pieces))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_of_drops_is_given_up_and_a_slow_one_is_not() {
        let second = std::time::Duration::from_secs(1);
        let began = Instant::now();
        assert!(trickle(1, second).collect().await.is_err());
        assert_eq!(began.elapsed().as_secs(), BODY_GRACE.as_secs());

        let mut slow = trickle(2_000, second);
        for _ in 0..100 {
            assert!(slow.frame().await.unwrap().is_ok());
        }
    }
}
