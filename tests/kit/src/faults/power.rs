//! The power goes: a file system on a disk of its own forgets what was not flushed to it, in the middle of a write.
//!
//! The disk is a file, so what the disk itself would lose from its own cache is not tried. Wants root.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::run;

/// What the disk is formatted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Ext4,
    Xfs,
}

impl Format {
    pub fn name(self) -> &'static str {
        match self {
            Self::Ext4 => "ext4",
            Self::Xfs => "xfs",
        }
    }
}

/// A disk that can lose its power; dropped, it is taken off.
#[derive(Debug)]
pub struct Disk {
    image: PathBuf,
    mounted: PathBuf,
}

impl Disk {
    /// A new disk of `mib`, its image and mount point under `within`.
    pub async fn new(format: Format, mib: u64, within: &Path) -> Result<Self> {
        let disk = Self {
            image: within.join(format!("{}.img", format.name())),
            mounted: within.join(format!("{}-disk", format.name())),
        };
        std::fs::create_dir(&disk.mounted)?;
        std::fs::File::create(&disk.image)?.set_len(mib << 20)?;
        run(&format!("mkfs.{}", format.name()), &["-q", text(&disk.image)?]).await?;
        disk.mount().await?;
        Ok(disk)
    }

    pub fn path(&self) -> &Path {
        &self.mounted
    }

    /// The power goes: nothing reaches the disk any more, not even the journal that is in memory.
    pub async fn cut(&self) -> Result<()> {
        run("xfs_io", &["-x", "-c", "shutdown", text(&self.mounted)?]).await
    }

    /// The power is back: the file system is taken off and replays its journal. Nobody may use it meanwhile.
    pub async fn comes_back(&self) -> Result<()> {
        run("umount", &[text(&self.mounted)?]).await?;
        self.mount().await
    }

    async fn mount(&self) -> Result<()> {
        run("mount", &["-o", "loop", text(&self.image)?, text(&self.mounted)?]).await
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("--lazy").arg(&self.mounted).status();
    }
}

/// Whether SQLite finds its file whole, and Octave its folders.
pub async fn whole(binary: &Path, data: &Path) -> Result<()> {
    let said = tokio::process::Command::new(binary).arg("--data").arg(data).arg("doctor").output().await?;
    ensure!(said.status.success(), "octave doctor: {}", String::from_utf8_lossy(&said.stdout));
    Ok(())
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| anyhow::anyhow!("{} is no text", path.display()))
}
