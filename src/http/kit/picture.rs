//! Pictures that come as the body of a request: covers and avatars.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::StatusCode;

use super::extract::unreadable;
use super::problem::Problem;
use crate::http::kit::state::AppState;
use crate::library::ingest;
use crate::library::media::{ImageError, ImageName, MAX_IMAGE_BYTES};

/// Lets a picture in where [`Picture`] is taken. One byte more than allowed, so that the media store names the limit.
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_IMAGE_BYTES + 1)
}

/// The bytes of a picture; what they are is found out when they are kept.
#[derive(Debug)]
pub struct Picture(Bytes);

impl Picture {
    /// Keeps the picture and has `name_it` write its name into a row.
    pub async fn keep<T>(
        self,
        state: &AppState,
        max_px: u32,
        name_it: impl AsyncFnOnce(ImageName) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        ingest::picture(&state.media, self.0, max_px, name_it).await
    }
}

impl<S: Send + Sync> FromRequest<S> for Picture {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Bytes::from_request(request, state).await.map(Self).map_err(|e| unreadable(&e))
    }
}

impl From<ImageError> for Problem {
    fn from(error: ImageError) -> Self {
        let status = match &error {
            ImageError::TooLarge => return Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", error.to_string()),
            ImageError::Io(io) => return Self::unwritten(io),
            ImageError::Unsupported | ImageError::TooManyPixels | ImageError::Broken => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
        };
        Self::new(status, "unsupported_image", error.to_string())
    }
}
