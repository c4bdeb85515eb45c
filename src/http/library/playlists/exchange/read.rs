//! Reading what other players write, leniently.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{File, Track, m3u, milliseconds, xspf};

/// The form is told by the content; none when it is none of the three.
pub(super) fn read(body: &str) -> Option<File> {
    let body = body.trim_start();
    if body.starts_with('{') {
        jspf(body)
    } else if body.starts_with('<') {
        xspf::read(body)
    } else {
        m3u::read(body)
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
        title: Value,
        #[serde(default, deserialize_with = "entries")]
        track: File,
    }
    let Document { playlist } = serde_json::from_str(body).ok()?;
    let title = texts(&playlist.title).into_iter().next().unwrap_or_default();
    Some(File { title, ..playlist.track })
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    title: Value,
    #[serde(default)]
    creator: Value,
    #[serde(default)]
    album: Value,
    #[serde(default)]
    location: Value,
    #[serde(default)]
    identifier: Value,
    #[serde(default)]
    duration: Value,
}

impl From<Item> for Track {
    fn from(item: Item) -> Self {
        Self {
            title: texts(&item.title).into_iter().next().unwrap_or_default(),
            artist: texts(&item.creator).into_iter().next().unwrap_or_default(),
            album: texts(&item.album).into_iter().next(),
            location: texts(&item.location).into_iter().next(),
            identifiers: texts(&item.identifier),
            duration_ms: item.duration.as_f64().and_then(milliseconds),
            said: String::new(),
        }
    }
}

/// Entries one by one: no more are held than are imported.
fn entries<'de, D: Deserializer<'de>>(from: D) -> Result<File, D::Error> {
    struct Entries;
    impl<'de> Visitor<'de> for Entries {
        type Value = File;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of tracks")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<File, A::Error> {
            let mut file = File::default();
            while let Some(item) = all.next_element::<Item>()? {
                file.add(item.into());
            }
            Ok(file)
        }
    }
    from.deserialize_seq(Entries)
}

/// One text or several, as players write them.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{tests::playlist, write};
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let track = Track {
            title: "Rock & Roll - live".into(),
            artist: "A \"B\" <C>".into(),
            album: Some("One".into()),
            location: Some("https://octave.example/api/v1/songs/7/audio?v=01234567".into()),
            identifiers: vec!["ni:///sha-256;AAEC".into()],
            duration_ms: Some(61_500),
            said: String::new(),
        };
        let (list, tracks) = (playlist("Late & <loud>"), [track.clone()]);
        for body in [write::xspf(&list, &tracks), write::jspf(&list, &tracks)] {
            let expected = File { title: list.name.clone(), tracks: vec![track.clone()] };
            assert_eq!(read(&body), Some(expected), "{body}");
        }
        let m3u = read(&write::m3u8(&list, &tracks)).unwrap();
        let said = Track {
            said: "A \"B\" <C> - Rock & Roll - live".into(),
            title: String::new(),
            artist: String::new(),
            identifiers: vec![],
            duration_ms: Some(62_000),
            ..track
        };
        assert_eq!(m3u, File { title: list.name, tracks: vec![said] });
    }

    #[test]
    fn jspf_has_one_text_or_several() {
        let body = r#"{"playlist": {"title": "L", "track": [{"title": "T", "location": "a.mp3", "creator": ["A", "B"]}, {}]}}"#;
        let tracks = read(body).unwrap().tracks;
        assert_eq!((tracks[0].location.as_deref(), tracks[0].artist.as_str(), tracks.len()), (Some("a.mp3"), "A", 2));
    }

    #[test]
    fn what_is_no_playlist_is_none() {
        for body in ["", "hello", "{\"a\":1}", "<html></html>"] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
