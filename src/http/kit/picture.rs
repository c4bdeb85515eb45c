//! Pictures that come as the body of a request: covers and avatars. They wait on the disk, so that many of them take no
//! memory.

use axum::extract::{FromRef, FromRequest, Request};
use axum::http::StatusCode;
use futures_util::TryStreamExt;

use super::problem::Problem;
use crate::http::kit::state::AppState;
use crate::library::ingest;
use crate::library::media::{ImageError, ImageName, Received};

/// The file of a picture; what it is is found out when it is kept.
#[derive(Debug)]
pub struct Picture(Received);

impl Picture {
    /// Keeps the picture and has `name_it` write its name into a row.
    pub async fn keep<T>(
        self,
        state: &AppState,
        max_px: u32,
        name_it: impl AsyncFnOnce(ImageName) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        ingest::picture(&state.db, &state.media, (self.0, max_px), state.clock.now(), name_it).await
    }
}

impl<S: Send + Sync> FromRequest<S> for Picture
where
    AppState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let media = AppState::from_ref(state).media;
        let mut incoming = media.receive_picture().await.map_err(ImageError::from)?;
        let mut body = request.into_body().into_data_stream();
        while let Some(chunk) = body.try_next().await.map_err(|_| Problem::broken_off())? {
            incoming.write(&chunk).await.map_err(ImageError::from)?;
        }
        Ok(Self(incoming.finish().await.map_err(ImageError::from)?))
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
