//! The archive, written piece by piece.

use std::fs::File;
use std::io::{self, Write};

use bytes::Bytes;
use octave_protocol::UserId;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::http::kit::state::AppState;
use crate::library::media::{AudioName, FileName, ImageName, Local};
use crate::store::export::{self, Sound};
use crate::store::users::Account;
use crate::store::{Db, StoreError};

/// Bytes of one piece.
const PIECE: usize = 64 * 1024;

/// Characters of a file's name beside its number.
const NAME_CHARS: usize = 100;

const README: &str = "All that Octave keeps of you: a JSON file for each kind of thing, and under audio/ and covers/ the files of \
    the songs that you have added.\nInstants (*_us) are microseconds since the Unix epoch, durations and positions microseconds.\n";

type Zip = ZipWriter<StreamWriter<Pieces>>;

#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Zip(#[from] zip::result::ZipError),
}

/// Writes it all. What goes wrong breaks the answer off: it is not to pass for a whole one.
pub(super) fn write(state: &AppState, of: &Account, runtime: &Handle, pieces: mpsc::Sender<io::Result<Bytes>>) {
    let to = pieces.clone();
    if let Err(error) = all(state, of, runtime, Pieces { pieces, buffer: Vec::new() }) {
        tracing::warn!(%error, user = %of.id, "an export broke off");
        let _ = to.blocking_send(Err(io::Error::other("the export broke off")));
    }
}

fn all(state: &AppState, of: &Account, runtime: &Handle, to: Pieces) -> Result<(), Broken> {
    let mut zip = ZipWriter::new_stream(to);
    begin(&mut zip, "README.txt")?;
    zip.write_all(README.as_bytes())?;
    for part in export::parts() {
        array(&mut zip, part.name, |after| runtime.block_on(export::page(&state.db, &part, of.id, after)))?;
    }
    chats(&mut zip, &state.db, of.id, runtime)?;
    files(&mut zip, state, of, runtime)?;
    zip.finish()?.into_inner().flush()?;
    Ok(())
}

fn begin(zip: &mut Zip, name: &str) -> Result<(), Broken> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    Ok(zip.start_file(name, options)?)
}

type Page = Result<Vec<(i64, String)>, StoreError>;

/// A file with an array of all rows.
fn array(zip: &mut Zip, name: &str, mut page: impl FnMut(i64) -> Page) -> Result<(), Broken> {
    begin(zip, &format!("{name}.json"))?;
    zip.write_all(b"[")?;
    rows(zip, &mut true, &mut page)?;
    zip.write_all(b"\n]\n")?;
    Ok(())
}

fn rows(zip: &mut Zip, is_first: &mut bool, page: &mut impl FnMut(i64) -> Page) -> Result<(), Broken> {
    let mut after = 0;
    loop {
        let rows = page(after)?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after = *last;
        for (_, json) in &rows {
            zip.write_all(if std::mem::take(is_first) { b"\n" } else { b",\n" })?;
            zip.write_all(json.as_bytes())?;
        }
    }
}

fn chats(zip: &mut Zip, db: &Db, user: UserId, runtime: &Handle) -> Result<(), Broken> {
    begin(zip, "chats.json")?;
    zip.write_all(b"[")?;
    let mut is_first = true;
    for stage in runtime.block_on(export::stages(db, user))? {
        rows(zip, &mut is_first, &mut |after| runtime.block_on(export::lines(db, user, stage, after)))?;
    }
    zip.write_all(b"\n]\n")?;
    Ok(())
}

fn files(zip: &mut Zip, state: &AppState, of: &Account, runtime: &Handle) -> Result<(), Broken> {
    let fetch = |file: &FileName| runtime.block_on(state.media.local(file));
    if let Some(avatar) = of.avatar.as_deref().and_then(ImageName::parse) {
        file(zip, "avatar.jpg", fetch(&FileName::from(&avatar)))?;
    }
    let mut after = 0;
    loop {
        let sounds = runtime.block_on(export::sounds(&state.db, of.id, after))?;
        let Some(last) = sounds.last() else { return Ok(()) };
        after = last.id;
        for sound in &sounds {
            if let Some(name) = AudioName::parse(&sound.file_hash, &sound.mime) {
                let called = format!("audio/{}.{}", title(sound), name.format.extension());
                file(zip, &called, fetch(&FileName::from(&name)))?;
            }
            if let Some(cover) = sound.cover.as_deref().and_then(ImageName::parse) {
                file(zip, &format!("covers/{}.jpg", sound.id), fetch(&FileName::from(&cover)))?;
            }
        }
    }
}

/// A file that is gone is left out.
fn file(zip: &mut Zip, name: &str, local: io::Result<Local>) -> Result<(), Broken> {
    let mut file = match local.and_then(|local| File::open(local.path())) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    begin(zip, name)?;
    io::copy(&mut file, zip)?;
    Ok(())
}

/// What every system takes for the name of a file, and no two songs share.
fn title(sound: &Sound) -> String {
    let plain = |c: char| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c };
    let words: String = format!("{} - {}", sound.artist, sound.title).chars().take(NAME_CHARS).map(plain).collect();
    format!("{} {}", sound.id, words.trim_end_matches(['.', ' ']))
}

/// What is written, handed on in pieces; whoever reads slowly is waited for.
struct Pieces {
    pieces: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let piece = std::mem::take(&mut self.buffer);
        self.pieces.blocking_send(Ok(piece.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
