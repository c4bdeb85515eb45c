//! The library behind the rows `lists/…` of the cases, and siblings of them.

use axum::body::Body;
use axum::http::Request;
use octave_protocol::UserId;
use octave_protocol::model::User;
use octave_protocol::{Instant, PlaylistId};
use serde_json::{Value, json};

use super::Playlist;
use crate::http::kit::testing::{Api, Client, Reply};
use crate::store::songs::{self, Analysis, NewSong, SongTags};

pub(super) fn playlist(name: &str) -> Playlist {
    Playlist {
        id: PlaylistId(1),
        name: name.into(),
        description: String::new(),
        owner: User { id: UserId(1), username: "ana".into(), avatar_url: None, guest: false },
        cover_url: None,
        songs_count: 1,
        duration_us: 1,
        created_us: Instant(0),
        updated_us: Instant(0),
    }
}

const SONGS: [(&str, &str, &str); 14] = [
    ("Lucky Man", "Emerson, Lake & Palmer", "ELP"),
    ("Noël", "Marie-Michèle Désirée", "Chante"),
    ("25 or 6 to 4 [live]", "Chicago", "Live"),
    ("Blue Monday - 12\" Mix", "New Order", "Substance"),
    ("Hello", "A - B", "Dash"),
    ("Corazón", "Los Niños", "Uno"),
    ("???", "Punct", "Marks"),
    ("Same", "Twin", "First"),
    ("Same", "Twin", "Second"),
    ("AT&amp;T <live>", "R&B \"Q\"", "Esc"),
    ("#1 Crush", "Trash", "Hash"),
    ("日本の歌", "歌手", "盤"),
    ("Łódź", "Ścianka", "PL"),
    ("Don’t Stop", "Fleet’s", "Apostrophe"),
];

async fn insert(api: &Api, who: &Client, n: usize, title: &str, artist: &str, album: &str) {
    insert_long(api, who, n, [title, artist, album], 2).await;
}

async fn insert_long(api: &Api, who: &Client, n: usize, [title, artist, album]: [&str; 3], seconds: i64) {
    let new = NewSong {
        uploader: UserId(who.id),
        title: title.into(),
        artist: artist.into(),
        album: Some(album.into()),
        album_artist: None,
        artists: Vec::new(),
        genres: Vec::new(),
        disc: None,
        track: None,
        year: None,
        tags: SongTags::default(),
        duration_us: seconds * 1_000_000,
        sample_rate: 44_100,
        channels: 2,
        file_hash: format!("{n:064x}").chars().rev().collect(),
        file_size: 1,
        mime: "audio/flac",
        cover: None,
        loudness_mlufs: None,
        true_peak_mdb: None,
        waveform: None,
        analysis: Analysis::Done,
        lyrics: None,
        at: Instant(1),
    };
    songs::insert(&api.state.db, &new).await.unwrap();
}

async fn library() -> (Api, Client) {
    let api = Api::new().await;
    let ana = api.user("ana").await;
    for (n, (title, artist, album)) in SONGS.iter().enumerate() {
        insert(&api, &ana, n + 1, title, artist, album).await;
    }
    (api, ana)
}

async fn import(who: &Client, body: Vec<u8>) -> Reply {
    let request = Request::post("/api/v1/playlists/import")
        .header("authorization", format!("Bearer {}", who.token.as_ref().unwrap()))
        .header("content-type", "application/xspf+xml");
    who.raw(request.body(Body::from(body)).unwrap()).await
}

/// The ids of the songs of a list that was imported.
async fn ids(who: &Client, imported: &Value) -> Vec<i64> {
    let list = who.get(&format!("/playlists/{}", imported["playlist"]["id"])).await.ok(200);
    list["items"].as_array().unwrap().iter().map(|e| e["song"]["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn lists_of_other_players_are_understood() {
    let (_api, ana) = library().await;
    let latin_1 = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let xspf =
        |tracks: &str| format!("<playlist xmlns='http://xspf.org/ns/0/'><trackList>{tracks}</trackList></playlist>");
    let track = "<track><title>Noël</title><creator>Marie-Michèle Désirée</creator></track>";
    for (body, expected) in [
        (latin_1("#EXTM3U\n#EXTINF:12,Los Niños - Corazón\nC:\\Musik\\Corazón.mp3\n"), &[6][..]),
        (b"..\\Chicago\\Live\\25 or 6 to 4 [live].mp3\r\n..\\ELP\\01 Lucky Man.mp3\r\n".to_vec(), &[3, 1]),
        ("#\nCorazón.mp3\n歌手 - 日本の歌.mp3\n".into(), &[6, 12]),
        ("#EXTM3U\nChicago/Live/Chicago - 25 or 6 to 4 [live].flac\nLos Niños/Uno/03 Corazón.flac\n".into(), &[3, 6]),
        ("#EXTM3U\n#EXTINF:257,Noël - Marie-Michèle Désirée\n/Users/x/06 Noël.m4a\n".into(), &[2]),
        ("#EXTM3U\n#EXTINF:9,A - B - Hello\nx\n".into(), &[5]),
        ("#EXTM3U\n#EXTINF:9 tvg-id=\"a, b\",New Order - Blue Monday - 12\" Mix\nx\n".into(), &[4]),
        ("#EXTM3U\n#EXTALB:Second\n#EXTINF:2,Twin - Same\nx.mp3\n".into(), &[9]),
        ("file:///music/Los%20Ni%C3%B1os/Uno/Coraz%C3%B3n.mp3\n".into(), &[6]),
        ("\u{feff}#EXTM3U\n#EXTINF:1,Ścianka - Łódź\nx\n".into(), &[13]),
        (utf_16("\u{feff}#EXTM3U\n#EXTINF:1,Ścianka - Łódź\nx\n"), &[13]),
        (utf_16("#EXTM3U\n#EXTINF:1,Fleet's - Dont Stop\nx\n#EXTINF:1,Fleet's - Don't Stop\ny\n"), &[14]),
        (xspf("<track><title>No&#235;l</title><creator>Marie-Mich&#xe8;le D&#xE9;sir&#233;e</creator></track>").into(), &[2]),
        (
            "<x:playlist xmlns:x='http://xspf.org/ns/0/'><x:trackList><x:track><x:title>25 or 6 to 4 [live]</x:title></x:track>\
             </x:trackList></x:playlist>".into(),
            &[3],
        ),
        (
            xspf("<track><location>(1990)%20Live%20%5BFLAC%5D%2FChicago%20-%2025%20or%206%20to%204%20%5Blive%5D.flac</location></track>").into(),
            &[3],
        ),
        (latin_1(&format!("<?xml version='1.0' encoding='ISO-8859-1'?>{}", xspf(track))), &[2]),
        (utf_16(&format!("<?xml version='1.0' encoding='UTF-16'?>{}", xspf(track))), &[2]),
        (json!({"playlist": {"track": [{"title": "Same", "creator": "Twin", "album": "Second"}]}}).to_string().into(), &[9]),
        ("#EXTM3U\n#EXTINF:1,Somebody Else - Same\nSame.mp3\n".into(), &[]),
    ] {
        let said = String::from_utf8_lossy(&body).into_owned();
        let imported = import(&ana, body).await.ok(201);
        assert_eq!(ids(&ana, &imported).await, expected, "{said}: {imported}");
    }
}

#[tokio::test]
async fn what_is_said_beside_the_title_decides_among_equals() {
    let (api, ana) = library().await;
    for (n, artist, album) in [(15, "Twin", "Third"), (16, "Solo", "Alone")] {
        insert(&api, &ana, n, "Same", artist, album).await;
    }
    let xspf = |inner: &str| format!("<playlist><trackList><track>{inner}</track></trackList></playlist>");
    let file = |n: usize| {
        let hex: String = format!("{n:064x}").chars().rev().collect();
        super::matching::identifier(&hex).unwrap()
    };
    let located = |place: &str| xspf(&format!("<location>{place}</location>"));
    for (body, expected) in [
        ("#EXTM3U\n#EXTART:Solo\n#EXTINF:1,Same\nx.mp3\n".to_owned(), &[16][..]),
        ("#EXTM3U\n#EXTINF:1,Same\n#EXTART:Solo\n#EXTALB:Alone\nx.mp3\n".to_owned(), &[16]),
        ("#EXTM3U\n#EXTINF:1,Same\nx.mp3\n".to_owned(), &[8]),
        ("Solo/Same.mp3\n".to_owned(), &[16]),
        ("Twin/Second/Same.mp3\n".to_owned(), &[9]),
        ("Third/Same.mp3\n".to_owned(), &[15]),
        ("#EXTM3U\n#EXTINF:1,Twin - Same\nMusic/Second/Same.mp3\n".to_owned(), &[9]),
        ("#EXTM3U\n#EXTINF:1,Somebody - Same\nMusic/Second/Same.mp3\n".to_owned(), &[9]),
        (xspf("<creator>Solo</creator><title>Same</title>"), &[16]),
        (xspf("<duration>2000</duration><album>Third</album><location>x</location><title>Same</title>"), &[15]),
        (xspf("<title>Same</title><creator>Stranger</creator>"), &[]),
        (xspf(&format!("<title>Renamed</title><identifier>{}</identifier>", file(9))), &[9]),
        (xspf(&format!("<identifier>urn:isrc:1</identifier><identifier>{}</identifier>", file(12))), &[12]),
        (
            json!({"playlist": {"track": [{"identifier": file(9)}, {"identifier": ["urn:x", file(12)]}]}}).to_string(),
            &[9, 12],
        ),
        (located("https://other/api/v1/songs/9/audio?v=90000000"), &[9]),
        (located("https://other/api/v1/songs/9/audio?v=90000001"), &[]),
        (located("https://other/api/v1/songs/9/audio"), &[]),
    ] {
        let imported = import(&ana, body.clone().into()).await.ok(201);
        assert_eq!(ids(&ana, &imported).await, expected, "{body}: {imported}");
    }
}

#[tokio::test]
async fn of_equal_songs_the_one_of_the_right_length_is_meant() {
    let (api, ana) = library().await;
    for (n, seconds) in [(20, 180), (21, 240), (22, 300)] {
        insert_long(&api, &ana, n, ["Take", "Five", "Many"], seconds).await;
    }
    let first = import(&ana, "#EXTM3U\n#EXTINF:1,Five - Take\nx\n".into()).await.ok(201);
    let first = ids(&ana, &first).await[0];
    for (said, expected) in [("240", 1), ("242.9", 1), ("301", 2), ("210", 0), ("-1", 0)] {
        let imported = import(&ana, format!("#EXTM3U\n#EXTINF:{said},Five - Take\nx\n").into()).await.ok(201);
        assert_eq!(ids(&ana, &imported).await, [first + expected], "{said}");
    }
}

#[tokio::test]
async fn the_name_of_a_list_is_read_wherever_it_stands() {
    let (_api, ana) = library().await;
    for (body, name) in [
        ("<playlist><title>No&#235;l &#x26; co</title><trackList/></playlist>", "Noël & co"),
        ("<playlist><trackList/><title>Late</title></playlist>", "Late"),
        ("#EXTM3U\n#PLAYLIST: Evening \n", "Evening"),
        ("#EXTM3U\n", "Imported playlist"),
    ] {
        assert_eq!(import(&ana, body.into()).await.ok(201)["playlist"]["name"], name, "{body}");
    }
}

#[tokio::test]
async fn our_own_lists_come_back_entry_by_entry() {
    let (_api, ana) = library().await;
    let list = ana.post("/playlists", json!({"name": "All"})).await.ok(201);
    let order: Vec<i64> = (1..=14).chain([9, 8, 9]).collect();
    for id in &order {
        ana.post(&format!("/playlists/{}/songs", list["id"]), json!({"song_id": id})).await.ok(201);
    }
    for format in ["xspf", "jspf", "m3u8"] {
        let path = format!("/api/v1/playlists/{}/export?format={format}", list["id"]);
        let request = Request::get(path).header("host", "octave.example:8080");
        let request = request.header("authorization", format!("Bearer {}", ana.token.as_ref().unwrap()));
        let file = ana.raw(request.body(Body::empty()).unwrap()).await.bytes;
        let text = String::from_utf8(file.clone()).unwrap();
        assert!(text.contains("http://octave.example:8080/api/v1/songs/9/audio?v="), "{text}");
        let imported = import(&ana, file).await.ok(201);
        assert_eq!((ids(&ana, &imported).await, &imported["missing"]), (order.clone(), &json!([])), "{format}");
        // On another server songs have other numbers.
        let elsewhere = text.replace("/api/v1/songs/", "/api/v1/songs/77").replace("?v=", "?v=x");
        let imported = import(&ana, elsewhere.into_bytes()).await.ok(201);
        assert_eq!(ids(&ana, &imported).await, order, "{format} by hash, or by its words");
    }
}

#[tokio::test]
async fn what_is_not_found_is_listed_with_what_comes_near() {
    let (_api, ana) = library().await;
    let body = "#EXTM3U\n#EXTINF:1,Twin - Same\nx\n#EXTINF:1,Ghost - Corazon (Remix)\ny.mp3\n#EXTINF:1,Trash - #1 Crush\nz\n\
                #EXTINF:1,Corazón - Nobody\nw\n";
    let imported = import(&ana, body.into()).await.ok(201);
    assert_eq!(ids(&ana, &imported).await, [8, 11]);
    assert_eq!(imported["missing"], json!(["Ghost - Corazon (Remix)", "Corazón - Nobody"]));
    let unresolved = &imported["unresolved"][0];
    assert_eq!((&unresolved["position"], &unresolved["location"]), (&json!(1), &json!("y.mp3")));
    assert_eq!(unresolved["said"], "Ghost - Corazon (Remix)");
    let near = json!([{"id": 6, "title": "Corazón", "artist": "Los Niños", "album": "Uno"}]);
    assert_eq!(unresolved["proposed"], near);
    assert_eq!((&imported["unresolved"][1]["position"], &imported["unresolved"][1]["proposed"]), (&json!(3), &near));
}

#[tokio::test]
async fn the_first_few_that_are_not_found_are_helped_with_a_few() {
    let (api, ana) = library().await;
    for n in 0..7 {
        insert(&api, &ana, 100 + n, &format!("Rain part {n}"), "Cloud", "Sky").await;
    }
    let lines: Vec<String> = (0..26).map(|n| format!("#EXTINF:1,Nobody - Rain\n{n}.mp3")).collect();
    let imported = import(&ana, format!("#EXTM3U\n{}\n", lines.join("\n")).into()).await.ok(201);
    let proposed: Vec<usize> =
        imported["unresolved"].as_array().unwrap().iter().map(|u| u["proposed"].as_array().unwrap().len()).collect();
    assert_eq!(proposed, [vec![5; 25], vec![0]].concat());
}

#[tokio::test]
async fn what_can_not_be_imported_is_a_problem_and_leaves_no_list() {
    let (_api, ana) = library().await;
    import(&ana, b"Dear reader".to_vec()).await.problem(415, "unsupported_playlist");
    import(&ana, vec![b'#'; 5 << 20]).await.problem(413, "too_large");
    import(&ana, "a.mp3\n".repeat(10_001).into()).await.problem(413, "too_large");
    import(&ana, b"#EXTM3U\n#EXTINF:1,A\0B\nx\n".to_vec()).await.problem(400, "bad_text");
    for field in ["title", "creator", "album", "location", "identifier"] {
        let track = json!({"title": "Hello", field: "a\0b"});
        import(&ana, json!({"playlist": {"track": [track]}}).to_string().into()).await.problem(400, "bad_text");
    }
    import(&ana, json!({"playlist": {"title": "a\0b", "track": []}}).to_string().into()).await.problem(400, "bad_text");
    assert_eq!(ana.get("/playlists").await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn a_file_made_to_hold_up_the_server_does_not() {
    let (_api, ana) = library().await;
    let many = 1 << 20;
    for (what, body, status) in [
        ("lines", format!("#EXTM3U\n{}", "a\n".repeat(many)), 413),
        ("items", format!("{{\"playlist\":{{\"track\":[{}{{}}]}}}}", "{},".repeat(many)), 413),
        ("tracks", format!("<playlist><trackList>{}</trackList></playlist>", "<track></track>".repeat(many / 8)), 413),
        ("elements within elements", format!("<playlist>{}", "<a>".repeat(many)), 201),
        ("places to cut at", format!("#EXTM3U\n#EXTINF:1,{}Hello\nx\n", "A - ".repeat(many / 2)), 201),
        ("many such", format!("#EXTM3U\n{}", format!("#EXTINF:1,{}B\n", "A - ".repeat(99)).repeat(500)), 201),
        (
            "identifiers",
            format!(
                "<playlist><trackList><track>{}</track></trackList></playlist>",
                "<identifier>ni:</identifier>".repeat(many / 8)
            ),
            201,
        ),
    ] {
        let reply = tokio::time::timeout(std::time::Duration::from_mins(1), import(&ana, body.into())).await;
        assert_eq!(reply.expect(what).status, status, "{what}");
    }
}

#[tokio::test]
async fn of_words_without_end_the_beginning_counts() {
    let (_api, ana) = library().await;
    let track = json!({"title": format!("Hello{}", " ".repeat(5_000)), "creator": "A - B", "location": "x/".repeat(9_000), "identifier": ["x".repeat(9_000)]});
    let missing = json!({"title": "ö".repeat(5_000)});
    let imported = import(&ana, json!({"playlist": {"track": [track, missing]}}).to_string().into()).await.ok(201);
    assert_eq!(ids(&ana, &imported).await, [5]);
    assert_eq!(imported["missing"][0], "ö".repeat(1_000));
}

#[tokio::test]
async fn a_list_as_long_and_as_large_as_may_be_is_taken() {
    let (_api, ana) = library().await;
    let mut body = "ELP/Lucky Man.mp3\n".repeat(10_000);
    body.extend(std::iter::repeat_n('\n', (4 << 20) - body.len()));
    let imported = import(&ana, body.into()).await.ok(201);
    assert_eq!((&imported["matched"], &imported["playlist"]["songs_count"]), (&json!(10_000), &json!(10_000)));
}

#[tokio::test]
async fn a_long_list_is_looked_up_at_once() {
    let (api, ana) = library().await;
    for n in 0..400 {
        insert(&api, &ana, 1_000 + n, &format!("Song {n}"), &format!("Artist {}", n % 7), "Long").await;
    }
    let line = |n: usize| format!("#EXTINF:1,Artist {} - Song {}\nx", n % 400 % 7, n % 400);
    let lines: Vec<String> = (0..4_000).map(line).collect();
    let imported = import(&ana, format!("#EXTM3U\n{}\n", lines.join("\n")).into()).await.ok(201);
    assert_eq!((&imported["matched"], &imported["playlist"]["songs_count"]), (&json!(4_000), &json!(4_000)));
}
