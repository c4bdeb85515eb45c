//! Reading what other players write, leniently: only titles and artists are looked for.

use serde::Deserialize;

use super::Track;

/// A playlist of another player.
#[derive(Debug, Default, PartialEq)]
pub(super) struct File {
    pub title: String,
    pub tracks: Vec<Track>,
}

/// The form is told by the content; none when it is none of the three.
pub(super) fn read(body: &str) -> Option<File> {
    let body = body.trim_start_matches('\u{feff}').trim_start();
    if body.starts_with('{') {
        jspf(body)
    } else if body.starts_with('<') && body.contains("<playlist") {
        Some(xspf(body))
    } else if body.starts_with('#') {
        Some(m3u(body))
    } else {
        None
    }
}

fn jspf(body: &str) -> Option<File> {
    #[derive(Deserialize)]
    struct Document {
        playlist: List,
    }
    #[derive(Deserialize)]
    struct List {
        #[serde(default)]
        title: Option<String>,
        #[serde(default)]
        track: Vec<Item>,
    }
    #[derive(Deserialize)]
    struct Item {
        title: Option<String>,
        creator: Option<String>,
    }
    let Document { playlist } = serde_json::from_str(body).ok()?;
    let tracks = playlist.track.into_iter().map(|item| Track {
        title: item.title.unwrap_or_default(),
        artist: item.creator.unwrap_or_default(),
        ..Track::default()
    });
    Some(File { title: playlist.title.unwrap_or_default(), tracks: tracks.collect() })
}

/// XSPF is flat: the texts wanted are between plain tags, and nothing else of XML has to be understood. Entities of
/// the document's own are not expanded.
fn xspf(body: &str) -> File {
    let (head, list) = body.split_once("<trackList").unwrap_or((body, ""));
    let tracks = list.split("<track>").skip(1).map(|track| {
        let track = track.split("</track>").next().unwrap_or(track);
        Track {
            title: between(track, "title").unwrap_or_default(),
            artist: between(track, "creator").unwrap_or_default(),
            ..Track::default()
        }
    });
    File { title: between(head, "title").unwrap_or_default(), tracks: tracks.collect() }
}

fn between(text: &str, name: &str) -> Option<String> {
    let rest = text.split_once(&format!("<{name}>"))?.1;
    let raw = rest.split_once(&format!("</{name}>"))?.0;
    let raw = raw.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    Some(raw.replace("&#39;", "'").replace("&amp;", "&").trim().to_owned())
}

fn m3u(body: &str) -> File {
    let mut file = File::default();
    for line in body.lines() {
        if let Some(title) = line.strip_prefix("#PLAYLIST:") {
            title.trim().clone_into(&mut file.title);
        } else if let Some((_, said)) = line.strip_prefix("#EXTINF:").and_then(|rest| rest.split_once(',')) {
            let (artist, title) = said.split_once(" - ").unwrap_or(("", said));
            file.tracks.push(Track {
                title: title.trim().to_owned(),
                artist: artist.trim().to_owned(),
                ..Track::default()
            });
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use octave_protocol::model::User;
    use octave_protocol::{Instant, PlaylistId, UserId};

    use super::super::{Playlist, write};
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let playlist = Playlist {
            id: PlaylistId(1),
            name: "Late & <loud>".into(),
            description: String::new(),
            owner: User { id: UserId(1), username: "ana".into(), avatar_url: None },
            cover_url: None,
            songs_count: 1,
            duration_us: 1,
            created_us: Instant(0),
            updated_us: Instant(0),
        };
        let track = Track {
            title: "Rock & Roll - live".into(),
            artist: "A \"B\" <C>".into(),
            duration_ms: Some(61_500),
            ..Track::default()
        };
        let heard = Track { duration_ms: None, ..track.clone() };
        let expected = File { title: playlist.name.clone(), tracks: vec![heard] };
        let tracks = [track];
        for body in [write::xspf(&playlist, &tracks), write::jspf(&playlist, &tracks), write::m3u8(&playlist, &tracks)]
        {
            assert_eq!(read(&body).as_ref(), Some(&expected), "{body}");
        }
    }

    #[test]
    fn what_is_no_playlist_is_none() {
        for body in ["", "hello", "{\"a\":1}", "<html></html>"] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
