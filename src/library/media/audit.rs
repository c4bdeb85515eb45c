//! The kept files, looked through: whether each holds the bytes that it is named by, and what lies among them that is none.

use std::io;
use std::path::Path;

use super::{FileName, Media};

impl Media {
    /// Whether a kept file holds the bytes that it is named by; one that is gone meanwhile does.
    pub async fn is_whole(&self, file: &FileName) -> io::Result<bool> {
        self.files.is_whole(file).await
    }

    /// Puts a file aside that is not what its name says, so that the right bytes can take the name; where it is then.
    pub async fn put_aside(&self, file: &FileName) -> io::Result<String> {
        self.files.put_aside(file).await
    }

    /// Takes a file from a copy of the data folder, if it is there and whole.
    pub async fn bring_back(&self, file: &FileName, copy: &Path) -> io::Result<bool> {
        self.files.bring_back(file, copy, &self.tmp).await
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use sha2::{Digest as _, Sha256};

    use super::*;
    use crate::library::media::name::Hash;
    use crate::library::media::{Listing, Part};

    async fn strangers(media: &Media) -> Vec<String> {
        let mut strangers = Vec::new();
        for part in Part::ALL {
            let mut listing = Listing::of(part);
            while let Some(listed) = media.list(&mut listing).await.unwrap() {
                strangers.extend(listed.strangers);
            }
        }
        strangers.sort();
        strangers
    }

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
        assert_eq!(strangers(&media).await, [""; 0]);

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
        let foreign = [wrong, audio.join("00/notes.txt"), audio.join("notes.txt"), audio.join("zz")];
        for stranger in &foreign {
            fs::write(stranger, "x").unwrap();
        }
        assert_eq!(strangers(&media).await, foreign.map(|path| path.display().to_string()));
    }
}
