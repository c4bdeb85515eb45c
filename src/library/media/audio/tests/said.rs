//! What a file says of itself, where it says it twice.

use super::odd::{flac_saying, frame, frames, tag, words};
use super::*;
use crate::library::media::image::MEMORY_KIB;
use crate::library::media::tags::Tags;

async fn tags(bytes: &[u8]) -> Tags {
    Shelf::new().upload(bytes).await.unwrap().tags
}

/// `ID3v1` with a title, an artist and an album.
fn v1(title: &str, artist: &str, album: &str) -> Vec<u8> {
    let field = |text: &str| {
        let mut latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        latin.resize(30, 0);
        latin
    };
    [&b"TAG"[..], &field(title), &field(artist), &field(album), b"1999", &[0; 30], &[17]].concat()
}

fn shown(tags: &Tags) -> [&str; 3] {
    [&tags.title, &tags.artist, &tags.album].map(|text| text.as_deref().unwrap_or_default())
}

#[tokio::test]
async fn a_formats_own_tag_wins_and_others_fill_its_gaps() {
    let in_front = tag("In front", &frame(b"TPE1", b"\0Ada"));
    let flac = flac_saying(&words(&["TITLE=Own", "ALBUM=Us"]));
    let both = tags(&[&in_front[..], &flac].concat()).await;
    assert_eq!(shown(&both), ["Own", "Ada", "Us"], "FLAC's are Vorbis comments");

    let behind = v1("Behind", "Bob", "Old");
    for sound in [frames(), fixture("tone.aac")] {
        let both = tags(&[&in_front[..], &sound, &behind].concat()).await;
        assert_eq!(shown(&both), ["In front", "Ada", "Old"], "ID3v2 is the one of bare streams");
    }
    let latin = [frames(), v1("S\u{f3} v1", "Jos\u{e9}", "Disco")].concat();
    let old = tags(&latin).await;
    assert_eq!((shown(&old), old.year), (["Só v1", "José", "Disco"], Some(1999)));
    assert_eq!(old.genres, ["Rock"]);
    let second = tag("Second", &frame(b"TALB", b"\0Two"));
    let both = tags(&[in_front, second, frames(), behind].concat()).await;
    assert_eq!(shown(&both), ["In front", "Ada", "Two"], "of two the first");
}

/// A picture that is known again by its size.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

/// The size of the cover that is kept.
async fn cover(bytes: &[u8]) -> Option<(u32, u32)> {
    let shelf = Shelf::new();
    let name = shelf.upload(bytes).await.unwrap().cover?;
    Some(image::image_dimensions(shelf.media.image_path(&name)).unwrap())
}

#[tokio::test]
async fn of_several_pictures_the_front_is_the_cover() {
    let of = |kind: u8, width: u32| frame(b"APIC", &[b"\0image/png\0", &[kind, 0][..], &picture(width, 4)].concat());
    let [other, front, back] = [of(0, 10), of(3, 13), of(4, 14)];
    for (pictures, expected) in [
        (vec![&back, &front, &other], Some((13, 4))),
        (vec![&other, &back], Some((10, 4))),
        (vec![&front, &back], Some((13, 4))),
        (vec![], None),
    ] {
        let pictures: Vec<u8> = pictures.into_iter().flatten().copied().collect();
        assert_eq!(cover(&[tag("Pictures", &pictures), frames()].concat()).await, expected);
    }
}

#[tokio::test]
async fn a_picture_that_many_songs_bring_is_worked_on_once() {
    let shelf = Shelf::new();
    let png = picture(40, 30);
    let song =
        |title: &str| [tag(title, &frame(b"APIC", &[b"\0image/png\0\x03\0", &png[..]].concat())), frames()].concat();
    let first = shelf.upload(&song("One")).await.unwrap().cover.unwrap();
    let path = shelf.media.image_path(&first);
    std::fs::File::open(&path).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    // There is room for no more work.
    let others = shelf.media.pictures.clone().acquire_many_owned(MEMORY_KIB).await.unwrap();
    let second = tokio::time::timeout(std::time::Duration::from_secs(20), shelf.upload(&song("Two"))).await.unwrap();
    assert_eq!(second.unwrap().cover.as_ref(), Some(&first));
    assert!(std::fs::metadata(&path).unwrap().modified().unwrap() > std::time::SystemTime::UNIX_EPOCH, "kept anew");
    drop(others);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(shelf.upload(&song("Three")).await.unwrap().cover.as_ref(), Some(&first));
    assert_eq!(image::image_dimensions(&path).unwrap(), (40, 30), "one that went is made again");
}
