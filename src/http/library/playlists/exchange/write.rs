//! Writing the three forms.

use std::fmt::Write as _;

use serde_json::json;

use super::{Playlist, Track};

/// XSPF 1 (xspf.org): times in milliseconds.
pub(super) fn xspf(playlist: &Playlist, tracks: &[Track]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\">\n",
    );
    element(&mut out, "title", &playlist.name);
    element(&mut out, "creator", &playlist.owner.username);
    element(&mut out, "annotation", &playlist.description);
    out.push_str("<trackList>\n");
    for track in tracks {
        out.push_str("<track>\n");
        element(&mut out, "location", track.location.as_deref().unwrap_or_default());
        element(&mut out, "title", &track.title);
        element(&mut out, "creator", &track.artist);
        element(&mut out, "album", track.album.as_deref().unwrap_or_default());
        element(&mut out, "duration", &track.duration_ms.map(|ms| ms.to_string()).unwrap_or_default());
        out.push_str("</track>\n");
    }
    out.push_str("</trackList>\n</playlist>\n");
    out
}

/// JSPF: XSPF's fields as JSON.
pub(super) fn jspf(playlist: &Playlist, tracks: &[Track]) -> String {
    let tracks: Vec<_> = tracks
        .iter()
        .map(|t| {
            json!({
                "location": t.location.iter().collect::<Vec<_>>(),
                "title": t.title,
                "creator": t.artist,
                "album": t.album,
                "duration": t.duration_ms,
            })
        })
        .collect();
    let playlist = json!({
        "title": playlist.name,
        "creator": playlist.owner.username,
        "annotation": playlist.description,
        "track": tracks,
    });
    json!({ "playlist": playlist }).to_string()
}

/// Extended M3U: lengths in seconds, one line for what is said and one for where it is.
pub(super) fn m3u8(playlist: &Playlist, tracks: &[Track]) -> String {
    let mut out = format!("#EXTM3U\n#PLAYLIST:{}\n", playlist.name);
    for t in tracks {
        let seconds = t.duration_ms.map_or(-1, |ms| (ms + 500) / 1_000);
        let _ = writeln!(out, "#EXTINF:{seconds},{} - {}", t.artist, t.title);
        let _ = writeln!(out, "{}", t.location.as_deref().unwrap_or_default());
    }
    out
}

fn element(out: &mut String, name: &str, text: &str) {
    if !text.is_empty() {
        let _ = writeln!(out, "<{name}>{}</{name}>", escape(text));
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
