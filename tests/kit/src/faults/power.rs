//! The power goes: a file system on a disk of its own forgets what was not flushed to it, in the middle of a write.
//!
//! The disk is a file, so what the disk itself would lose from its own cache is not tried. Wants root.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{MountPoint, octave, run, text};

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

/// A disk that can lose its power.
#[derive(Debug)]
pub struct Disk {
    image: PathBuf,
    mounted: MountPoint,
}

impl Disk {
    /// A new disk of `mib`, its image and mount point under `within`.
    pub async fn new(format: Format, mib: u64, within: &Path) -> Result<Self> {
        let disk = Self {
            image: within.join(format!("{}.img", format.name())),
            mounted: MountPoint::new(within.join(format!("{}-disk", format.name())))?,
        };
        std::fs::File::create(&disk.image)?.set_len(mib << 20)?;
        run(&format!("mkfs.{}", format.name()), &["-q", text(&disk.image)?]).await?;
        disk.mount().await?;
        Ok(disk)
    }

    pub fn path(&self) -> &Path {
        &self.mounted.0
    }

    /// The power goes: nothing reaches the disk any more, not even the journal that is in memory.
    pub async fn cut(&self) -> Result<()> {
        run("xfs_io", &["-x", "-c", "shutdown", text(&self.mounted.0)?]).await
    }

    /// The power is back: the file system is taken off and replays its journal. Nobody may use it meanwhile.
    pub async fn comes_back(&self) -> Result<()> {
        run("umount", &[text(&self.mounted.0)?]).await?;
        self.mount().await
    }

    async fn mount(&self) -> Result<()> {
        self.mounted.mount(&["-o", "loop", text(&self.image)?]).await
    }
}

/// Whether SQLite finds its file whole, and Octave its folders.
pub async fn whole(binary: &Path, data: &Path) -> Result<()> {
    octave(binary, data, &["doctor"]).await
}
