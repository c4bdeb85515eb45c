//! XSPF, which is what has `playlist` for its root, with whatever else stands in it left aside. Entities of a document's
//! own are not expanded.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::{File, MAX_IDENTIFIERS, Track};

/// Elements within elements that are followed.
const MAX_DEPTH: usize = 32;

/// What is broken ends the list, and so does what is too deep; none if it is no playlist.
pub(super) fn read(body: &str) -> Option<File> {
    let (mut file, mut path, mut is_playlist) = (File::default(), Vec::<String>::new(), false);
    let mut reader = Reader::from_str(body);
    // The text of the element that is open.
    let mut words = String::new();
    let mut track = Track::default();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(_) if path.len() == MAX_DEPTH => break,
            Event::Start(tag) => {
                path.push(local_name(&tag));
                words.clear();
                is_playlist |= path == ["playlist"];
            }
            Event::End(_) => {
                let names: Vec<&str> = path.iter().map(String::as_str).collect();
                match names.as_slice() {
                    ["playlist", "title"] if file.title.is_empty() => words.trim().clone_into(&mut file.title),
                    ["playlist", "trackList", "track"] => file.add(std::mem::take(&mut track)),
                    ["playlist", "trackList", "track", name] => take(&mut track, name, words.trim()),
                    _ => {}
                }
                words.clear();
                path.pop();
            }
            Event::Text(text) => words.push_str(&text),
            Event::CData(text) => words.push_str(&text),
            Event::GeneralRef(entity) => words.push_str(&expanded(&entity)),
            Event::Eof => break,
            _ => {}
        }
    }
    is_playlist.then_some(file)
}

/// Takes the text of an element to where it belongs. Of several of a kind the first counts.
fn take(track: &mut Track, name: &str, words: &str) {
    match name {
        "title" if track.title.is_empty() => words.clone_into(&mut track.title),
        "creator" if track.artist.is_empty() => words.clone_into(&mut track.artist),
        "album" if track.album.is_none() => track.album = Some(words.to_owned()),
        "location" if track.location.is_none() => track.location = Some(words.to_owned()),
        "identifier" if track.identifiers.len() < MAX_IDENTIFIERS => track.identifiers.push(words.to_owned()),
        "duration" => track.duration_ms = words.parse().ok(),
        _ => {}
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xspf_of_others_is_read_with_all_that_xml_has() {
        let body = r#"<?xml version="1.0"?><!-- <track> -->
            <x:playlist version="1" xmlns:x="http://xspf.org/ns/0/">
            <x:trackList><x:track id="1"><x:duration>61500</x:duration><x:title> Rock &#38; Roll&#x2019;s </x:title><x:creator>A &amp; B</x:creator>
            <x:location>a%20b.mp3</x:location><x:location>other.mp3</x:location><x:album>One</x:album>
            <x:extension application="y"><x:title>not this</x:title></x:extension></x:track>
            <x:track><x:title>Second</x:title></x:track><x:track/></x:trackList>
            <x:title xml:lang="en"><![CDATA[Late & <loud>]]></x:title></x:playlist>"#;
        let first = Track {
            title: "Rock & Roll\u{2019}s".into(),
            artist: "A & B".into(),
            album: Some("One".into()),
            location: Some("a%20b.mp3".into()),
            duration_ms: Some(61_500),
            ..Track::default()
        };
        let second = Track { title: "Second".into(), ..Track::default() };
        assert_eq!(read(body), Some(File { title: "Late & <loud>".into(), tracks: vec![first, second] }));
        for other in ["<html></html>", "<html><playlist><trackList/></playlist></html>"] {
            assert_eq!(read(other), None);
        }
    }
}
