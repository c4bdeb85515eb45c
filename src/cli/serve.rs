//! `octave serve`.

use std::io::Write;

use anyhow::Result;
use sd_notify::NotifyState;

use crate::config::{Config, Limits};
use crate::server::{App, demo};

pub(super) async fn serve(config: &Config) -> Result<()> {
    if config.limits == Limits::Off {
        tracing::warn!("rate limits and caps are off: for load tests only, never on a network");
    }
    let mut app = App::start(config).await?;
    if config.demo && app.open_demo().await {
        say(&format!("sign in to the demo as {} with the password {}", demo::USERNAME, demo::PASSWORD));
    }
    for url in app.urls() {
        tracing::info!(%url, data = %config.data.display(), "octave is listening");
        say(&format!("octave is listening on {url}"));
    }
    for url in app.metrics_urls() {
        tracing::info!(%url, "metrics are answered apart");
        say(&format!("metrics are at {url}"));
    }
    // The service manager, if there is one, may start what needs this.
    if let Err(error) = sd_notify::notify(&[NotifyState::Ready]) {
        tracing::warn!(%error, "the service manager could not be told that the server is ready");
    }
    app.run().await
}

/// For people and scripts that started it; a closed pipe is no reason to stop.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
