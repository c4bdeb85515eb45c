//! Writing the three forms.

use std::fmt::Write as _;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::json;

use super::{Playlist, Track};

/// XSPF 1 (xspf.org): times in milliseconds.
pub(super) fn xspf(playlist: &Playlist, tracks: &[Track]) -> String {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 1);
    // Writing to memory does not fail.
    let _ = document(&mut out, playlist, tracks);
    String::from_utf8(out.into_inner()).unwrap_or_default()
}

fn document(out: &mut Writer<Vec<u8>>, playlist: &Playlist, tracks: &[Track]) -> io::Result<()> {
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let list = out.create_element("playlist").with_attributes([("version", "1"), ("xmlns", "http://xspf.org/ns/0/")]);
    list.write_inner_content(|out| {
        element(out, "title", &playlist.name)?;
        element(out, "creator", &playlist.owner.username)?;
        element(out, "annotation", &playlist.description)?;
        out.create_element("trackList")
            .write_inner_content(|out| tracks.iter().try_for_each(|t| element_of(out, t)))?;
        Ok(())
    })?;
    Ok(())
}

fn element_of(out: &mut Writer<Vec<u8>>, track: &Track) -> io::Result<()> {
    out.create_element("track").write_inner_content(|out| {
        element(out, "location", track.location.as_deref().unwrap_or_default())?;
        track.identifiers.iter().try_for_each(|name| element(out, "identifier", name))?;
        element(out, "title", &track.title)?;
        element(out, "creator", &track.artist)?;
        element(out, "album", track.album.as_deref().unwrap_or_default())?;
        element(out, "duration", &track.duration_ms.map(|ms| ms.to_string()).unwrap_or_default())
    })?;
    Ok(())
}

fn element(out: &mut Writer<Vec<u8>>, name: &str, text: &str) -> io::Result<()> {
    if !text.is_empty() {
        out.create_element(name).write_text_content(BytesText::new(text))?;
    }
    Ok(())
}

/// JSPF: XSPF's fields as JSON.
pub(super) fn jspf(playlist: &Playlist, tracks: &[Track]) -> String {
    let tracks: Vec<_> = tracks
        .iter()
        .map(|t| {
            json!({
                "location": t.location.iter().collect::<Vec<_>>(),
                "identifier": t.identifiers,
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
        if let Some(album) = &t.album {
            let _ = writeln!(out, "#EXTALB:{album}");
        }
        let _ = writeln!(out, "{}", t.location.as_deref().unwrap_or_default());
    }
    out
}
