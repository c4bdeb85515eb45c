//! Every list and every search of the API, at its beginning, deep within, and with the filters that people use.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use serde_json::Value;

#[cfg(test)]
use super::fill;
use crate::net::http;

#[derive(Debug)]
pub(super) struct Case {
    pub name: &'static str,
    /// Asked in turns.
    pub paths: Vec<String>,
}

fn case(name: &'static str, paths: &[&str]) -> Case {
    Case { name, paths: paths.iter().map(|path| format!("/api/v1{path}")).collect() }
}

/// Pages that are walked before a list counts as deep.
const DEEP: usize = 40;

/// The lists that need no place to be found first.
const PLAIN: &[(&str, &[&str])] = &[
    ("songs", &["/songs"]),
    ("songs, 200", &["/songs?limit=200"]),
    ("songs by title", &["/songs?sort=title"]),
    ("songs by artist", &["/songs?sort=artist"]),
    ("songs of an artist", &["/songs?artist_id=1", "/songs?artist_id=7&sort=title"]),
    ("songs of an album", &["/songs?album_id=1", "/songs?album_id=9"]),
    ("songs of a genre, large", &["/songs?genre=genre%200"]),
    ("songs of a genre, large, by title", &["/songs?genre=genre%200&sort=title"]),
    ("songs of a genre, small", &["/songs?genre=genre%20290&sort=title"]),
    ("songs of an uploader", &["/songs?uploader=crowd1&sort=title", "/songs?uploader=crowd2"]),
    ("songs?q, a common word", &["/songs?q=love", "/songs?q=night"]),
    ("songs?q, a common word, by title", &["/songs?q=love&sort=title"]),
    ("songs?q, two words", &["/songs?q=love%20nig", "/songs?q=blue%20dan"]),
    ("songs?q, a rare word", &["/songs?q=marmar"]),
    ("songs?q, nothing", &["/songs?q=xyzzyq"]),
    ("songs?q, within Japanese", &["/songs?q=%E3%81%AE%E6%AD%8C"]),
    ("song", &["/songs/1", "/songs/299"]),
    ("comments on a song", &["/songs/1/comments"]),
    ("comments on an album", &["/albums/1/comments?limit=200"]),
    ("likes of mine", &["/me/likes"]),
    ("what I heard", &["/me/history"]),
    ("what I heard, 200", &["/me/history?limit=200"]),
    ("artists whom I follow", &["/me/artists"]),
    ("notifications", &["/notifications"]),
    ("albums", &["/albums"]),
    ("albums of an artist", &["/albums?artist_id=1"]),
    ("albums?q", &["/albums?q=love", "/albums?q=marmar"]),
    ("album", &["/albums/1", "/albums/9"]),
    ("artists", &["/artists"]),
    ("artists?q", &["/artists?q=love", "/artists?q=marmar"]),
    ("genres", &["/genres"]),
    ("genre", &["/genres/genre%200", "/genres/genre%20290"]),
    ("playlists", &["/playlists"]),
    ("playlists of mine", &["/playlists?owner=me"]),
    ("playlists of somebody", &["/playlists?owner=crowd7"]),
    ("playlist of 10,000", &["/playlists/1"]),
    ("entries, their beginning", &["/playlists/1/songs"]),
    ("entries, their middle", &["/playlists/1/songs?offset=5000"]),
    ("entries, their end", &["/playlists/1/songs?offset=9800"]),
    ("search, a letter", &["/search?q=l", "/search?q=b"]),
    ("search, a common word", &["/search?q=love", "/search?q=the"]),
    ("search, the beginning of a word", &["/search?q=lo", "/search?q=marm"]),
    ("search, two words", &["/search?q=love%20night"]),
    ("search, a rare word", &["/search?q=marmar", "/search?q=korkor"]),
    ("search, nothing", &["/search?q=xyzzyq"]),
    ("search, a slip of the pen", &["/search?q=nigth", "/search?q=danec"]),
    ("search, within Japanese", &["/search?q=%E3%81%AE%E6%AD%8C"]),
    ("search, 50 of each", &["/search?q=love&limit=50"]),
    ("search songs", &["/search?q=love&kind=songs"]),
    ("search albums", &["/search?q=love&kind=albums"]),
    ("search artists", &["/search?q=love&kind=artists"]),
    ("search playlists", &["/search?q=love&kind=playlists"]),
    ("search stages", &["/search?q=love&kind=stages"]),
    ("search users", &["/search?q=crowd&kind=users", "/search?q=crowd77&kind=users"]),
    ("stages", &["/stages"]),
    ("stages, the latest", &["/stages?sort=new"]),
    ("stages of a genre", &["/stages?genre=genre%201"]),
    ("stages?q", &["/stages?q=love", "/stages?q=marmar"]),
    ("stages of a host", &["/stages?host=crowd7"]),
    ("stages, live", &["/stages?live=true"]),
    ("stage", &["/stages/1", "/stages/40"]),
    ("chats", &["/stages/1/chats", "/stages/2/chats"]),
    ("chats, 200", &["/stages/1/chats?limit=200"]),
    ("chats, their middle", &["/stages/1/chats?before=200000", "/stages/1/chats?after=200000"]),
    ("chats?q, a common word", &["/stages/1/chats?q=love", "/stages/1/chats?q=night"]),
    ("chats?q, two words", &["/stages/1/chats?q=love%20night"]),
    ("chats?q, a rare word", &["/stages/1/chats?q=marmar"]),
    ("chats?q, nothing", &["/stages/1/chats?q=xyzzyq"]),
    ("chats?q, within Japanese", &["/stages/1/chats?q=%E3%81%AE%E6%AD%8C"]),
    ("chats?q of a small stage", &["/stages/40/chats?q=love"]),
    ("log", &["/stages/1/log"]),
    ("invitations", &["/stages/1/invites"]),
    ("bans", &["/stages/1/bans"]),
    ("participants", &["/stages/1/participants"]),
    ("queue", &["/stages/1/queue"]),
    ("profile", &["/users/crowd1", "/users/crowd77"]),
    ("followers", &["/users/crowd1/followers"]),
    ("followers, 200", &["/users/crowd1/followers?limit=200"]),
    ("following", &["/users/crowd2/following"]),
    ("friends", &["/friends"]),
    ("friends, incoming", &["/friends?status=incoming"]),
    ("friends, outgoing", &["/friends?status=outgoing"]),
    ("blocks", &["/blocks"]),
    ("sessions", &["/auth/sessions"]),
];

/// Lists that are walked to a place deep within.
const WALKED: &[(&str, &str)] = &[
    ("songs, deep", "/songs?limit=200"),
    ("songs by title, deep", "/songs?sort=title&limit=200"),
    ("songs by artist, deep", "/songs?sort=artist&limit=200"),
    ("songs of a genre, deep", "/songs?genre=genre%200&limit=200"),
    ("songs?q, deep", "/songs?q=love&limit=200"),
    ("likes of mine, deep", "/me/likes?limit=200"),
    ("albums, deep", "/albums?limit=200"),
    ("artists, deep", "/artists?limit=200"),
    ("playlists, deep", "/playlists?limit=200"),
    ("followers, deep", "/users/crowd1/followers?limit=200"),
    ("log, deep", "/stages/1/log?limit=200"),
    ("entries, deep", "/playlists/1/songs?limit=200"),
    ("what I heard, deep", "/me/history?limit=200"),
    ("comments, deep", "/songs/1/comments?limit=200"),
];

pub(super) fn all(addr: SocketAddr, token: &str) -> Result<Vec<Case>> {
    let mut cases: Vec<Case> = PLAIN.iter().map(|(name, paths)| case(name, paths)).collect();
    for (name, path) in WALKED {
        cases.push(case(name, &[&deep(addr, token, path)?]));
    }
    Ok(cases)
}

/// The path of a page that is far from the beginning, or the last one.
fn deep(addr: SocketAddr, token: &str, path: &str) -> Result<String> {
    let mut here = path.to_owned();
    for _ in 0..DEEP {
        let page = http::json(addr, "GET", &format!("/api/v1{here}"), Some(token), &Value::Null)?;
        let Some(next) = page.get("next").context("a list without `next`")?.as_str() else { break };
        here = format!("{path}&after={next}");
    }
    Ok(here.replace("limit=200", "limit=50"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_name_what_is_filled() {
        let genres: Vec<&str> =
            PLAIN.iter().flat_map(|(_, paths)| *paths).filter(|p| p.contains("genre%20")).copied().collect();
        assert!(!genres.is_empty());
        for path in genres {
            let number = path.split("genre%20").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
            assert!(number.parse::<usize>().unwrap() < fill::GENRES, "{path}");
        }
    }
}
