//! The kept files, looked through: whether each holds the bytes that it is named by, and what lies among them that is none.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::name::Hash;
use super::{FileName, Media, Part, settle, sync_dir};

/// Read at once, in bytes.
const AT_ONCE: usize = 1024 * 1024;

/// Where damaged files are put.
const ASIDE: &str = "damaged";

impl Media {
    /// Whether a kept file holds the bytes that it is named by; one that is gone meanwhile does.
    pub async fn is_whole(&self, file: &FileName) -> io::Result<bool> {
        let (path, wanted) = (self.path(file), file.hash().to_owned());
        let whole = tokio::task::spawn_blocking(move || match hash(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            found => found.map(|found| found.as_str() == wanted),
        });
        whole.await.map_err(io::Error::other)?
    }

    /// Puts a file aside that is not what its name says, so that the right bytes can take the name; where it is then.
    pub async fn put_aside(&self, file: &FileName) -> io::Result<PathBuf> {
        let (from, folder) = (self.path(file), self.root.join(ASIDE));
        let to = folder.join(file.to_string());
        let moved = tokio::task::spawn_blocking(move || {
            fs::create_dir_all(&folder)?;
            fs::rename(from, &to)?;
            sync_dir(&folder)?;
            Ok(to)
        });
        moved.await.map_err(io::Error::other)?
    }

    /// Takes a file from a copy of the data folder, if it is there and whole.
    pub async fn bring_back(&self, file: &FileName, copy: &Path) -> io::Result<bool> {
        let from = copy.join(file.part().folder()).join(file.shard()).join(file.to_string());
        let (to, tmp, wanted) = (self.path(file), self.tmp(), file.hash().to_owned());
        let brought = tokio::task::spawn_blocking(move || {
            match hash(&from) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
                Err(error) => return Err(error),
                Ok(found) if found.as_str() != wanted => return Ok(false),
                Ok(_) => {}
            }
            let mut fresh = tempfile::NamedTempFile::new_in(tmp)?;
            io::copy(&mut File::open(from)?, &mut fresh)?;
            fresh.as_file().sync_all()?;
            // One of another size may have its name.
            drop(fs::remove_file(&to));
            settle(fresh.into_temp_path(), &to)
        });
        brought.await.map_err(io::Error::other)?
    }

    /// What lies among the kept files and was not put there by Octave.
    pub async fn strangers(&self) -> io::Result<Vec<PathBuf>> {
        let folders = Part::ALL.map(|part| (part, self.root.join(part.folder())));
        let found = tokio::task::spawn_blocking(move || {
            let mut strangers = Vec::new();
            for (part, folder) in folders {
                for entry in entries(&folder)? {
                    let is_shard = entry.is_dir() && name(&entry).is_some_and(is_shard);
                    if is_shard {
                        let within = entries(&entry)?.into_iter().filter(|file| !is_ours(part, &entry, file));
                        strangers.extend(within);
                    } else {
                        strangers.push(entry);
                    }
                }
            }
            strangers.sort();
            Ok(strangers)
        });
        found.await.map_err(io::Error::other)?
    }
}

fn is_shard(name: &str) -> bool {
    name.len() == 2 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_ours(part: Part, shard: &Path, file: &Path) -> bool {
    let named = name(file).and_then(FileName::parse);
    file.is_file() && named.is_some_and(|named| named.part() == part && name(shard) == Some(named.shard()))
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.map(|entry| Ok(entry?.path())).collect(),
    }
}

fn hash(path: &Path) -> io::Result<Hash> {
    let (mut file, mut sha, mut bytes) = (File::open(path)?, Sha256::new(), vec![0; AT_ONCE]);
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(Hash::of(&sha.finalize())),
            read => sha.update(&bytes[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_changed_byte_and_what_is_not_ours_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let media = Media::open(dir.path()).unwrap();
        let bytes = b"whatever is heard".repeat(100_000);
        let file = FileName::parse(&format!("{}.mp3", Hash::of(&Sha256::digest(&bytes)).as_str())).unwrap();
        let path = media.path(&file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &bytes).unwrap();
        assert!(media.is_whole(&file).await.unwrap());
        assert_eq!(media.strangers().await.unwrap(), [""; 0].map(PathBuf::from));

        let mut changed = bytes.clone();
        changed[1_234_567] ^= 1;
        fs::write(&path, &changed).unwrap();
        assert!(!media.is_whole(&file).await.unwrap());
        let aside = media.put_aside(&file).await.unwrap();
        assert_eq!(fs::read(&aside).unwrap(), changed);
        assert!(!path.exists() && media.is_whole(&file).await.unwrap(), "what is not there is not damaged");
        let copy = tempfile::tempdir().unwrap();
        assert!(!media.bring_back(&file, copy.path()).await.unwrap(), "it is not in the copy");
        let there = copy.path().join("audio").join(file.shard()).join(file.to_string());
        fs::create_dir_all(there.parent().unwrap()).unwrap();
        fs::write(&there, &changed).unwrap();
        assert!(!media.bring_back(&file, copy.path()).await.unwrap(), "it is damaged there too");
        fs::write(&there, &bytes).unwrap();
        assert!(media.bring_back(&file, copy.path()).await.unwrap());
        assert_eq!(fs::read(&path).unwrap(), bytes);

        let audio = dir.path().join("audio");
        let wrong = audio.join("00").join(file.to_string());
        fs::create_dir_all(audio.join("00")).unwrap();
        let strangers = [wrong, audio.join("00/notes.txt"), audio.join("notes.txt"), audio.join("zz")];
        for stranger in &strangers {
            fs::write(stranger, "x").unwrap();
        }
        assert_eq!(media.strangers().await.unwrap(), strangers);
    }
}
