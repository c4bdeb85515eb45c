//! What is thrown at what. Each takes any bytes, and holds what comes out against what must be so.

use std::cell::RefCell;
use std::io::Cursor;

use axum::body::Body;
use axum::extract::{FromRequest as _, FromRequestParts as _, Multipart, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use axum::http::{HeaderValue, StatusCode};
use http_body_util::BodyExt as _;
use octave::http::kit::files::{Audience, What, serve};
use octave::http::kit::page::{Page, cursor};
use octave::http::library::playlists::rehearse;
use octave::http::library::songs::read_upload;
use octave::library::media::sniff::sniff;
use octave::library::media::{FileName, Media, tags};
use octave::wire::reader::{Flow, Reader};
use octave_client::frame;
use octave_protocol::{ClientFrame, MAX_FRAME_BYTES, ServerFrame};
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) type Target = fn(&[u8]);

pub(crate) const TARGETS: [(&str, Target); 10] = [
    ("client_frames", client_frames),
    ("server_frames", server_frames),
    ("sockets", sockets),
    ("tags", read_tags),
    ("audio", audio),
    ("pictures", pictures),
    ("playlists", playlists),
    ("ranges", ranges),
    ("cursors", cursors),
    ("multipart", multipart),
];

/// What files and requests need, made once for each thread.
struct Bench {
    runtime: Runtime,
    media: Media,
    folder: TempDir,
}

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::new(Bench::new());
}

impl Bench {
    fn new() -> Self {
        // In memory, where there is such a place: what is synced is synced at once.
        let memory = std::path::Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let media = Media::open(folder.path().join("media")).unwrap();
        let shelf = folder.path().join("media/audio/ab");
        std::fs::create_dir_all(&shelf).unwrap();
        std::fs::write(shelf.join(song().to_string()), [7; FILE_BYTES]).unwrap();
        Self { runtime, media, folder }
    }
}

fn with<T>(work: impl FnOnce(&Bench) -> T) -> T {
    BENCH.with_borrow(work)
}

/// A text frame of a client: read or refused, and what was read says the same when it is written and read again.
fn client_frames(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(frame) = ClientFrame::parse(text) {
        let written = serde_json::to_string(&frame).unwrap();
        assert_eq!(ClientFrame::parse(&written).as_ref(), Ok(&frame), "{written}");
    }
}

/// What a client is sent by a server, which it need not trust.
fn server_frames(bytes: &[u8]) {
    for (opcode, payload) in frame::parse_all(bytes).unwrap_or_default() {
        if opcode == frame::Opcode::Text
            && let Ok(frame) = serde_json::from_slice::<ServerFrame>(payload)
        {
            let written = serde_json::to_vec(&frame).unwrap();
            assert_eq!(serde_json::from_slice::<ServerFrame>(&written).unwrap(), frame);
        }
    }
    drop(serde_json::from_slice::<ServerFrame>(bytes));
}

/// The bytes of a socket say the same however they are cut.
fn sockets(bytes: &[u8]) {
    let heard = |pieces: &mut dyn Iterator<Item = &[u8]>| {
        let (mut reader, mut heard) = (Reader::default(), Vec::new());
        for piece in pieces {
            let mut piece = piece.to_vec();
            let fed = reader.feed(&mut piece, &mut |incoming| {
                heard.push(format!("{incoming:?}"));
                Flow::Continue(())
            });
            if let Err(violation) = fed {
                heard.push(format!("{violation:?}"));
                break;
            }
        }
        assert!(heard.iter().all(|said| said.len() < MAX_FRAME_BYTES * 12), "a message beyond the limit");
        heard
    };
    let whole = heard(&mut [bytes].into_iter());
    for size in [1, 2, 7] {
        let cut = heard(&mut bytes.chunks(size));
        assert_eq!(whole, cut, "cut into pieces of {size}");
    }
}

fn read_tags(bytes: &[u8]) {
    let Ok(Some(found)) = sniff(&mut Cursor::new(bytes)) else { return };
    assert!(found.sound.start <= found.sound.end && found.sound.end <= bytes.len() as u64, "{found:?}");
    with(|bench| {
        let path = bench.folder.path().join("tagged");
        std::fs::write(&path, bytes).unwrap();
        let tags = tags::read(&path, &found, &[";".to_owned()]);
        for text in [&tags.title, &tags.artist, &tags.album].into_iter().flatten() {
            assert!(!text.is_empty() && !text.contains('\0'), "{text:?}");
        }
        assert!(tags.year.is_none_or(|year| (1..=9_999).contains(&year)));
    });
}

/// The whole way of an uploaded file until it is kept or refused.
fn audio(bytes: &[u8]) {
    with(|bench| {
        bench.runtime.block_on(async {
            let mut incoming = bench.media.receive().await.unwrap();
            incoming.write(bytes).await.unwrap();
            let received = incoming.finish().await.unwrap();
            if let Ok(examined) = bench.media.examine(received).await {
                let looked = examined.looked;
                assert!(looked.duration.0 >= 1_000_000, "{looked:?}");
                assert!(
                    (8_000..=384_000).contains(&looked.sample_rate) && (1..=8).contains(&looked.channels),
                    "{looked:?}"
                );
            }
        });
    });
}

fn pictures(bytes: &[u8]) {
    with(|bench| {
        bench.runtime.block_on(async {
            let mut incoming = bench.media.receive_picture().await.unwrap();
            incoming.write(bytes).await.unwrap();
            drop(bench.media.shape(incoming.finish().await.unwrap(), 256).await);
        });
    });
}

fn playlists(bytes: &[u8]) {
    let ways = rehearse(bytes).unwrap_or(0);
    assert!(ways <= bytes.len() * 64, "{ways} ways out of {} bytes", bytes.len());
}

/// Bytes of the file that ranges are asked of.
const FILE_BYTES: usize = 1_000;

/// The file that ranges are asked of.
fn song() -> FileName {
    FileName::parse(&format!("{}.flac", "ab".repeat(32))).unwrap()
}

/// Whatever range is asked for: the file, a part of it of the length that is told, or a refusal.
fn ranges(bytes: &[u8]) {
    let Ok(range) = HeaderValue::from_bytes(bytes) else { return };
    with(|bench| {
        bench.runtime.block_on(async {
            let request = Request::get("/song?v=1").header(RANGE, range).body(Body::empty()).unwrap();
            let what = What { file: song(), tag: "tag", mime: "audio/flac" };
            let Ok(answer) = serve(&bench.media, request, what, Audience::Public).await else { return };
            let status = answer.status();
            let told = |name| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            let (length, part) = (told(CONTENT_LENGTH), told(CONTENT_RANGE));
            let body = answer.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(length.unwrap().parse(), Ok(body.len()));
            match status {
                StatusCode::OK => assert_eq!((body.len(), part), (FILE_BYTES, None)),
                StatusCode::PARTIAL_CONTENT => {
                    let part = part.unwrap();
                    let (from, to) =
                        part.strip_prefix("bytes ").unwrap().strip_suffix("/1000").unwrap().split_once('-').unwrap();
                    let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
                    assert!(from <= to && to < FILE_BYTES && body.len() == to - from + 1, "{part}");
                }
                other => panic!("{other}"),
            }
        });
    });
}

/// A cursor that is taken is one that this server makes.
fn cursors(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    for uri in [format!("/?limit=20&after={encoded}"), format!("/?{text}")] {
        let Ok(request) = Request::get(uri).body(()) else { continue };
        let (mut parts, ()) = request.into_parts();
        let page = with(|bench| bench.runtime.block_on(Page::from_request_parts(&mut parts, &())));
        let Ok(page) = page else { continue };
        assert!((1..=200).contains(&page.limit()));
        taken::<i64>(&page);
        taken::<String>(&page);
        taken::<(i64, i64)>(&page);
        taken::<(String, i64)>(&page);
    }
}

fn taken<K: DeserializeOwned + serde::Serialize>(page: &Page) {
    if let Ok(Some(key)) = page.after::<K>() {
        assert!(!cursor(&key).is_empty());
    }
}

/// The first line is the content type.
fn multipart(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let Ok(kind) = HeaderValue::from_bytes(&bytes[..end]) else { return };
    let body = bytes.get(end + 1..).unwrap_or_default().to_vec();
    with(|bench| {
        bench.runtime.block_on(async {
            let request = Request::post("/").header(CONTENT_TYPE, kind).body(Body::from(body.clone())).unwrap();
            let Ok(mut parts) = Multipart::from_request(request, &()).await else { return };
            if let Ok((received, given)) = read_upload(&bench.media, &mut parts).await {
                assert!(received.size <= body.len() as u64);
                for text in [&given.title, &given.artist, &given.album].into_iter().flatten() {
                    assert!(!text.is_empty() && !text.contains('\0'), "{text:?}");
                }
            }
        });
    });
}
