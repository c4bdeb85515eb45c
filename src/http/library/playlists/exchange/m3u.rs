//! M3U: a line for each file, and lines that begin with `#` about it.

use super::{File, Track, milliseconds};

/// Endings that a list of nothing but names of files is known by.
const ENDINGS: [&str; 14] =
    ["mp3", "flac", "ogg", "oga", "opus", "m4a", "mp4", "aac", "wav", "wma", "aif", "aiff", "ape", "wv"];

/// None if this is no such list.
pub(super) fn read(body: &str) -> Option<File> {
    let (mut file, mut next) = (File::default(), Track::default());
    let (mut is_extended, mut are_files, mut has_files) = (false, true, false);
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some(about) = line.strip_prefix('#') else {
            are_files &= is_file(line);
            has_files = true;
            next.location = Some(line.to_owned());
            file.add(std::mem::take(&mut next));
            continue;
        };
        is_extended |= about.starts_with("EXT") || about.starts_with("PLAYLIST:");
        match about.split_once(':') {
            Some(("PLAYLIST", title)) => title.trim().clone_into(&mut file.title),
            Some(("EXTALB", album)) => next.album = Some(album.trim().to_owned()),
            Some(("EXTART", artist)) => artist.trim().clone_into(&mut next.artist),
            Some(("EXTINF", rest)) => {
                if !next.said.is_empty() {
                    file.add(std::mem::take(&mut next));
                }
                let (numbers, said) = divided(rest);
                said.trim().clone_into(&mut next.said);
                let seconds = numbers.split_whitespace().next().and_then(|n| n.parse::<f64>().ok());
                next.duration_ms = seconds.filter(|s| *s > 0.0).and_then(|s| milliseconds(s * 1_000.0));
            }
            _ => {}
        }
    }
    if !next.said.is_empty() {
        file.add(next);
    }
    (is_extended || (has_files && are_files)).then_some(file)
}

/// Length and attributes before the comma, and what is said behind it; a comma within quotes is none.
fn divided(rest: &str) -> (&str, &str) {
    let mut quoted = false;
    let comma = rest.find(|c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    comma.map_or((rest, ""), |at| (&rest[..at], &rest[at + 1..]))
}

fn is_file(line: &str) -> bool {
    let ending = line.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) || line.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_about_a_file_belong_to_the_next_one() {
        let body = "#EXTM3U\r\n#PLAYLIST: Late \r\n#EXTALB:One\r\n#EXTINF:61.5 tvg-id=\"a, b\" x=1,A - B\r\nc.mp3\r\n\r\n\
                    #EXTINF:-1,C\r\n#EXTINF:7\r\nd.mp3\r\n";
        let file = read(body).unwrap();
        let said: Vec<_> =
            file.tracks.iter().map(|t| (t.said.as_str(), t.location.as_deref(), t.duration_ms)).collect();
        assert_eq!(said, [("A - B", Some("c.mp3"), Some(61_500)), ("C", None, None), ("", Some("d.mp3"), Some(7_000))]);
        assert_eq!((file.title.as_str(), file.tracks[0].album.as_deref()), ("Late", Some("One")));
    }

    #[test]
    fn names_of_files_are_a_list_and_other_text_is_none() {
        assert_eq!(read("#\nCorazón.mp3\n..\\A\\b.FLAC\n").unwrap().tracks.len(), 2);
        assert_eq!(read("https://radio.example/stream\n").unwrap().tracks.len(), 1);
        for body in ["", "nonsense", "# only a remark", "Dear reader,\nhere are no songs.", "a.mp3\nand text"] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
