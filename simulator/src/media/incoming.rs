//! A file on its way in: written to disk piece by piece, hashed as it passes, refused once it is too large.

use std::{io, path::PathBuf, sync::OnceLock};

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::{
    fs::File,
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
};
use uuid::Uuid;

use super::{Source, Written};

/// Enough to tell any type we know.
pub(crate) const HEAD_BYTES: usize = 64;
const PIECE: usize = 256 * 1024;

/// The folder all files lie in; made when the first one comes.
#[derive(Default)]
pub(crate) struct Folder {
    folder: OnceLock<TempDir>,
}

impl Folder {
    fn fresh_path(&self) -> io::Result<PathBuf> {
        if self.folder.get().is_none() {
            let folder = tempfile::Builder::new().prefix("whatsapp-on-your-desk-").tempdir()?;
            // Whoever was first has made one already; ours then goes at once.
            let _ = self.folder.set(folder);
        }
        let folder = self.folder.get().ok_or_else(|| io::Error::other("there is no folder"))?;
        Ok(folder.path().join(Uuid::new_v4().simple().to_string()))
    }

    /// Writes bytes down that are in memory already.
    pub(crate) fn keep(&self, bytes: &[u8]) -> io::Result<Written> {
        let path = self.fresh_path()?;
        std::fs::write(&path, bytes)?;
        let head = bytes.iter().copied().take(HEAD_BYTES).collect();
        Ok(Written { source: Source::File(path), sha256: Sha256::digest(bytes).into(), size: bytes.len() as u64, head })
    }

    /// Writes a stream down. None if it is longer than `most_bytes`; the rest of it is then read and forgotten, so
    /// that whoever sends it gets an answer.
    pub(crate) async fn take_in(
        &self,
        mut stream: impl AsyncRead + Send + Unpin,
        most_bytes: u64,
    ) -> io::Result<Option<Written>> {
        let path = self.fresh_path()?;
        let written = write_down(&mut stream, path.clone(), most_bytes).await;
        if !matches!(written, Ok(Some(_))) {
            tokio::fs::remove_file(&path).await?;
        }
        if matches!(written, Ok(None)) {
            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
        }
        written
    }
}

async fn write_down(
    stream: &mut (impl AsyncRead + Send + Unpin),
    path: PathBuf,
    most_bytes: u64,
) -> io::Result<Option<Written>> {
    let mut file = File::create(&path).await?;
    let (mut hasher, mut size, mut head) = (Sha256::new(), 0_u64, Vec::with_capacity(HEAD_BYTES));
    let mut piece = vec![0_u8; PIECE];
    loop {
        let length = stream.read(&mut piece).await?;
        if length == 0 {
            break;
        }
        size += length as u64;
        if size > most_bytes {
            return Ok(None);
        }
        let bytes = &piece[..length];
        head.extend(bytes.iter().take(HEAD_BYTES - head.len()));
        hasher.update(bytes);
        file.write_all(bytes).await?;
    }
    file.flush().await?;
    Ok(Some(Written { source: Source::File(path), sha256: hasher.finalize().into(), size, head }))
}
