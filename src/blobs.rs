//! Where the bytes of files lie: a folder, or a bucket on any S3-compatible server. A blob is named by its workspace and
//! the hash of its content, never by what somebody called it, so no name leads out of its place and the same content is
//! kept once.
//!
//! Bytes come in through a [`Spool`], a nameless file on the disk, since only the end of a file tells its hash; memory
//! holds a part of a file at a time.

use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ClientOptions, GetOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use tokio::sync::Semaphore;

use crate::config;

/// S3 takes no smaller part but the last (Amazon: "Amazon S3 multipart upload limits").
const BUCKET_PART_BYTES: usize = 5 * 1024 * 1024;
const FOLDER_PART_BYTES: usize = 1024 * 1024;
/// Files that are stored at the same time: each holds a part in memory.
const STORING: usize = 1;
/// What a file on its way holds back before it goes to the disk; tokio's own measure is 2 MiB for each.
const SPOOL_BUFFER_BYTES: usize = 128 * 1024;
/// A bucket's server that says nothing for so long has gone. A whole file may take longer: whoever reads it may be slow.
const SILENCE: Duration = Duration::from_secs(30);
/// A second or two in all: what lasts longer is a job's to try again, and a person's who uploads.
const RETRIES: usize = 4;
/// What a file's kind is told from.
const HEAD_BYTES: usize = 8 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("media.url must be file://PATH or s3://BUCKET/PREFIX")]
    Url,
    #[error(transparent)]
    Store(#[from] object_store::Error),
    #[error(transparent)]
    Disk(#[from] io::Error),
}

impl BlobError {
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Store(object_store::Error::NotFound { .. }))
    }
}

#[derive(Debug)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    /// Where files on their way lie; the system's own place where it is not told.
    spool: Option<PathBuf>,
    part_bytes: usize,
    storing: Semaphore,
}

/// A blob's bytes, or a part of them.
pub type BlobStream = BoxStream<'static, Result<Bytes, BlobError>>;

impl Blobs {
    /// Opens the place; nothing is written and nobody is asked.
    pub fn open(settings: &config::Media) -> Result<Self, BlobError> {
        let (store, prefix, spool, part_bytes): (Arc<dyn ObjectStore>, Path, Option<PathBuf>, usize) =
            if let Some(folder) = settings.url.strip_prefix("file://").filter(|folder| !folder.is_empty()) {
                let folder = std::path::absolute(folder)?;
                let prefix = Path::from_absolute_path(&folder).map_err(object_store::Error::from)?;
                (Arc::new(LocalFileSystem::new().with_fsync(true)), prefix, Some(folder), FOLDER_PART_BYTES)
            } else {
                let (bucket, prefix) = settings
                    .url
                    .strip_prefix("s3://")
                    .map(|rest| rest.split_once('/').unwrap_or((rest, "")))
                    .filter(|(bucket, _)| !bucket.is_empty())
                    .ok_or(BlobError::Url)?;
                (Arc::new(bucket_store(settings, bucket)?), Path::from(prefix), None, BUCKET_PART_BYTES)
            };
        Ok(Self { store, prefix, spool, part_bytes, storing: Semaphore::new(STORING) })
    }

    /// An empty file for bytes to come.
    pub async fn spool(&self) -> Result<Spool, BlobError> {
        let folder = self.spool.clone();
        let file = tokio::task::spawn_blocking(move || match folder {
            Some(folder) => {
                std::fs::create_dir_all(&folder)?;
                tempfile::tempfile_in(folder)
            }
            None => tempfile::tempfile(),
        });
        let file = file.await.map_err(io::Error::other)??;
        let mut file = tokio::fs::File::from_std(file);
        file.set_max_buf_size(SPOOL_BUFFER_BYTES);
        Ok(Spool { file, hasher: Sha256::new(), size: 0, head: Vec::new() })
    }

    /// Keeps what was spooled, unless the same content is there already.
    pub async fn keep(&self, workspace: &str, spooled: &mut Spooled) -> Result<(), BlobError> {
        let path = self.path(workspace, &spooled.sha256);
        match self.store.head(&path).await {
            Ok(there) if there.size == spooled.size => return Ok(()),
            Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let _turn = self.storing.acquire().await.map_err(io::Error::other)?;
        spooled.file.rewind().await?;
        if spooled.size <= self.part_bytes as u64 {
            let whole = read_part(&mut spooled.file, self.part_bytes).await?;
            self.store.put(&path, PutPayload::from(whole)).await?;
            return Ok(());
        }
        let mut upload = self.store.put_multipart(&path).await?;
        loop {
            let part = match read_part(&mut spooled.file, self.part_bytes).await {
                Ok(part) if part.is_empty() => break,
                Ok(part) => upload.put_part(PutPayload::from(part)).await,
                Err(error) => Err(object_store::Error::Generic { store: "spool", source: Box::new(error) }),
            };
            if let Err(error) = part {
                // What was begun is thrown away; a server that cannot be reached forgets it by itself.
                let _ = upload.abort().await;
                return Err(error.into());
            }
        }
        upload.complete().await?;
        Ok(())
    }

    /// A blob's bytes, all or those of `range`.
    pub async fn read(
        &self,
        workspace: &str,
        sha256: &str,
        range: Option<Range<u64>>,
    ) -> Result<BlobStream, BlobError> {
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        let found = self.store.get_opts(&self.path(workspace, sha256), options).await?;
        Ok(found.into_stream().map_err(BlobError::from).boxed())
    }

    /// Removes a blob; one that is not there is gone already.
    pub async fn remove(&self, workspace: &str, sha256: &str) -> Result<(), BlobError> {
        match self.store.delete(&self.path(workspace, sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn path(&self, workspace: &str, sha256: &str) -> Path {
        let folder = sha256.get(..2).unwrap_or("00");
        self.prefix.clone().join(workspace).join(folder).join(sha256)
    }
}

/// What settings leave out the AWS_* variables may say: the keys that Amazon gives a machine come that way.
fn bucket_store(settings: &config::Media, bucket: &str) -> Result<impl ObjectStore, BlobError> {
    let client = ClientOptions::default().with_timeout_disabled().with_read_timeout(SILENCE);
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .with_client_options(client)
        .with_retry(RetryConfig { max_retries: RETRIES, ..RetryConfig::default() });
    if let Some(endpoint) = &settings.s3_endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    if let Some(region) = &settings.s3_region {
        builder = builder.with_region(region);
    }
    if let Some(key) = &settings.s3_access_key_id {
        builder = builder.with_access_key_id(key.expose_secret());
    }
    if let Some(key) = &settings.s3_secret_access_key {
        builder = builder.with_secret_access_key(key.expose_secret());
    }
    Ok(builder.build()?)
}

/// Exactly a part, or what is left: a buffer that grows would hold twice as much.
async fn read_part(file: &mut tokio::fs::File, part_bytes: usize) -> io::Result<Bytes> {
    let mut part = BytesMut::with_capacity(part_bytes);
    while part.len() < part_bytes {
        let missing = (part_bytes - part.len()) as u64;
        if file.take(missing).read_buf(&mut part).await? == 0 {
            break;
        }
    }
    Ok(part.freeze())
}

/// A file on its way: hashed and counted as it grows.
#[derive(Debug)]
pub struct Spool {
    file: tokio::fs::File,
    hasher: Sha256,
    size: u64,
    head: Vec<u8>,
}

impl Spool {
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await?;
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        let missing = HEAD_BYTES.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
        Ok(())
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub async fn finish(mut self) -> io::Result<Spooled> {
        self.file.flush().await?;
        let digest = self.hasher.finalize();
        Ok(Spooled { file: self.file, sha256: hex::encode(digest), size: self.size, head: self.head })
    }
}

/// A file that has come whole.
#[derive(Debug)]
pub struct Spooled {
    file: tokio::fs::File,
    /// Hexadecimal.
    pub sha256: String,
    pub size: u64,
    /// Its first bytes.
    pub head: Vec<u8>,
}
