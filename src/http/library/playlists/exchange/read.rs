//! Reading what other players write, leniently: only titles and artists are looked for.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
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
    } else if body.starts_with('<') {
        xspf(body)
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

/// XSPF, which is what has `playlist` for its root, with whatever else stands in it left aside; what is broken ends the
/// list. Entities of the document's own are not expanded.
fn xspf(body: &str) -> Option<File> {
    let (mut file, mut path, mut is_playlist) = (File::default(), Vec::<String>::new(), false);
    let mut reader = Reader::from_str(body);
    while let Ok(event) = reader.read_event() {
        let words = match event {
            Event::Start(tag) => {
                path.push(local_name(&tag));
                is_playlist |= path == ["playlist"];
                if path == ["playlist", "trackList", "track"] {
                    file.tracks.push(Track::default());
                }
                continue;
            }
            Event::End(_) => {
                path.pop();
                continue;
            }
            Event::Text(text) => text.to_string(),
            Event::CData(text) => text.to_string(),
            Event::GeneralRef(entity) => expanded(&entity),
            Event::Eof => break,
            _ => continue,
        };
        let into = match file.tracks.last_mut() {
            _ if path == ["playlist", "title"] => &mut file.title,
            Some(track) if path == ["playlist", "trackList", "track", "title"] => &mut track.title,
            Some(track) if path == ["playlist", "trackList", "track", "creator"] => &mut track.artist,
            _ => continue,
        };
        into.push_str(&words);
    }
    for text in file.tracks.iter_mut().flat_map(|t| [&mut t.title, &mut t.artist]).chain([&mut file.title]) {
        *text = text.trim().to_owned();
    }
    is_playlist.then_some(file)
}

fn local_name(tag: &BytesStart<'_>) -> String {
    tag.local_name().as_ref().to_owned()
}

/// What `&amp;` or `&#39;` stands for; nothing, if it is not one of XML's own.
fn expanded(entity: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        return c.to_string();
    }
    resolve_predefined_entity(entity).unwrap_or_default().to_owned()
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
    fn xspf_of_others_is_read_with_all_that_xml_has() {
        let body = r#"<?xml version="1.0"?><!-- <track> -->
            <x:playlist version="1" xmlns:x="http://xspf.org/ns/0/"><x:title xml:lang="en"><![CDATA[Late & <loud>]]></x:title>
            <x:trackList><x:track id="1"><x:title> Rock &#38; Roll&#x2019;s </x:title><x:creator>A &amp; B</x:creator>
            <x:extension application="y"><x:title>not this</x:title></x:extension></x:track>
            <x:track><x:title>Second</x:title></x:track></x:trackList></x:playlist>"#;
        let track =
            |title: &str, artist: &str| Track { title: title.into(), artist: artist.into(), ..Track::default() };
        let tracks = vec![track("Rock & Roll\u{2019}s", "A & B"), track("Second", "")];
        assert_eq!(read(body), Some(File { title: "Late & <loud>".into(), tracks }));
    }

    #[test]
    fn what_is_no_playlist_is_none() {
        for body in ["", "hello", "{\"a\":1}", "<html></html>", "<html><playlist><trackList/></playlist></html>"] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
