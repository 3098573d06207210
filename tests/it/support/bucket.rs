//! A bucket on the S3-compatible server in `TEST_S3_URL`, and a way there that can be shut.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use switchboard::blobs::Blobs;
use switchboard::config::{Media, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::MASTER_KEY;

/// As much as a bucket's test may ever send.
const NO_LIMIT: i64 = i64::MAX / 2;

/// Each has a prefix of its own in the one bucket, so that tests do not meet.
#[derive(Debug, Clone)]
pub struct Bucket {
    pub address: String,
    url: String,
    key: String,
    secret: String,
}

impl Bucket {
    /// None where no server is told; the output says so.
    pub fn find() -> Option<Self> {
        let Some(told) = told() else {
            println!("skipped: TEST_S3_URL names no server (`tests/s3/run` starts one)");
            return None;
        };
        let told = reqwest::Url::parse(&told).expect("TEST_S3_URL is a URL");
        let address = told.socket_addrs(|| None).expect("TEST_S3_URL names a host").remove(0).to_string();
        let url = format!("s3:/{}/{}", told.path(), uuid::Uuid::new_v4().simple());
        let secret = told.password().expect("TEST_S3_URL has a secret").to_owned();
        Some(Self { address, url, key: told.username().to_owned(), secret })
    }

    /// The gateway's settings for it, as TOML.
    pub fn settings(&self) -> String {
        let Self { address, url, key, secret } = self;
        format!(
            "[media]\nurl = \"{url}\"\ns3_endpoint = \"http://{address}\"\ns3_region = \"us-east-1\"\n\
             s3_access_key_id = \"{key}\"\ns3_secret_access_key = \"{secret}\"\n"
        )
    }

    /// The same bucket by another way.
    pub fn by(&self, way: &Way) -> Self {
        Self { address: way.address.clone(), ..self.clone() }
    }

    pub fn open(&self) -> Blobs {
        // The first client of the process chooses who does TLS.
        switchboard::app::http_client(Duration::from_secs(1)).expect("client");
        Blobs::open(&self.media()).expect("a bucket")
    }

    fn media(&self) -> Media {
        let base = format!("[secrets]\nmaster_key = \"{MASTER_KEY}\"\n");
        Settings::layered(&[&base, &self.settings()]).expect("valid settings").media
    }
}

/// A server that can go away, also in the middle of something, and come back.
pub struct Way {
    address: String,
    /// Bytes that may still go there; none left: it is shut.
    left: Arc<AtomicI64>,
}

impl Way {
    pub async fn to(address: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let way = Self {
            address: listener.local_addr().expect("address").to_string(),
            left: Arc::new(AtomicI64::new(NO_LIMIT)),
        };
        tokio::spawn(serve(listener, address.to_owned(), way.left.clone()));
        way
    }

    /// Shuts it once so many more bytes have gone there.
    pub fn shut_after(&self, bytes: i64) {
        self.left.store(bytes, Ordering::SeqCst);
    }

    pub fn open(&self) {
        self.left.store(NO_LIMIT, Ordering::SeqCst);
    }
}

async fn serve(listener: TcpListener, address: String, left: Arc<AtomicI64>) {
    while let Ok((here, _)) = listener.accept().await {
        if left.load(Ordering::SeqCst) <= 0 {
            continue;
        }
        let there = TcpStream::connect(&address).await.expect("the server listens");
        tokio::spawn(pass(here, there, left.clone()));
    }
}

/// Carries bytes both ways until one side has gone or the way is shut.
async fn pass(here: TcpStream, there: TcpStream, left: Arc<AtomicI64>) {
    let (mut from_here, mut to_here) = here.into_split();
    let (mut from_there, mut to_there) = there.into_split();
    let back = tokio::io::copy(&mut from_there, &mut to_here);
    let forth = async {
        let mut piece = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from_here.read(&mut piece).await {
            let length_signed = i64::try_from(length).expect("a piece is small");
            let before = left.fetch_sub(length_signed, Ordering::SeqCst);
            if before < length_signed || to_there.write_all(&piece[..length]).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        _ = back => {}
        () = forth => {}
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests' environment is read in their support")]
fn told() -> Option<String> {
    std::env::var("TEST_S3_URL").ok().filter(|url| !url.is_empty())
}
