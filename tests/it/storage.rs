//! Files in a bucket on a real S3-compatible server. Without `TEST_S3_URL` these tests say that they were skipped.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use reqwest::Method;
use sha2::{Digest, Sha256};
use switchboard::blobs::{BlobError, Blobs, Spooled};

use crate::support::bucket::{Bucket, Way};
use crate::support::{ADMIN_KEY, TestApp, items, text};

const WORKSPACE: &str = "wrk_1";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
const SEVERAL_PARTS: usize = 12 * 1024 * 1024;
/// A person waits for an upload: a server that is away must not let them wait for minutes.
const SOON: Duration = Duration::from_secs(20);

/// Bytes of which no two pieces are alike.
fn bytes(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(&mut next).flatten().take(length).collect()
}

async fn spooled(blobs: &Blobs, bytes: &[u8]) -> Spooled {
    let mut spool = blobs.spool().await.expect("a spool");
    for piece in bytes.chunks(64 * 1024) {
        spool.write(piece).await.expect("written");
    }
    spool.finish().await.expect("finished")
}

async fn kept(blobs: &Blobs, bytes: &[u8]) -> String {
    let mut spooled = spooled(blobs, bytes).await;
    blobs.keep(WORKSPACE, &mut spooled).await.expect("kept");
    spooled.sha256
}

async fn read(blobs: &Blobs, sha256: &str, range: Option<std::ops::Range<u64>>) -> Result<Vec<u8>, BlobError> {
    let pieces: Vec<_> = blobs.read(WORKSPACE, sha256, range).await?.try_collect().await?;
    Ok(pieces.concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_gives_back_what_it_got_whole_and_in_ranges() {
    let Some(bucket) = Bucket::find() else { return };
    let blobs = bucket.open();
    let small = kept(&blobs, PNG).await;
    assert_eq!(small, hex::encode(Sha256::digest(PNG)));
    assert_eq!(read(&blobs, &small, None).await.expect("bytes"), PNG);
    assert_eq!(read(&blobs, &small, Some(1..4)).await.expect("bytes"), b"PNG");

    let bytes = bytes(SEVERAL_PARTS);
    let large = kept(&blobs, &bytes).await;
    assert!(read(&blobs, &large, None).await.expect("bytes") == bytes, "several parts make the file");
    let over_a_seam = 5 * 1024 * 1024 - 10..5 * 1024 * 1024 + 10;
    let expected = &bytes[5 * 1024 * 1024 - 10..5 * 1024 * 1024 + 10];
    assert_eq!(read(&blobs, &large, Some(over_a_seam)).await.expect("bytes"), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_told_the_same_content_once() {
    let Some(bucket) = Bucket::find() else { return };
    let way = Way::to(&bucket.address).await;
    let blobs = bucket.by(&way).open();
    let bytes = bytes(SEVERAL_PARTS);
    let first = kept(&blobs, &bytes).await;
    // A question fits, the file does not.
    way.shut_after(64 * 1024);
    assert_eq!(kept(&blobs, &bytes).await, first);
    way.open();
    let other = blobs.read("wrk_2", &first, None).await.err().expect("an error");
    assert!(other.is_not_found(), "another workspace has no part in it: {other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_removed_from_a_bucket_is_missing_and_may_come_again() {
    let Some(bucket) = Bucket::find() else { return };
    let blobs = bucket.open();
    let sha256 = kept(&blobs, PNG).await;
    for _ in 0..2 {
        blobs.remove(WORKSPACE, &sha256).await.expect("removed, or gone already");
        let error = read(&blobs, &sha256, None).await.expect_err("gone");
        assert!(error.is_not_found(), "{error}");
    }
    assert_eq!(kept(&blobs, PNG).await, sha256);
    assert_eq!(read(&blobs, &sha256, None).await.expect("bytes"), PNG);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_goes_away_in_the_middle_is_told_soon_and_the_file_comes_whole_later() {
    let Some(bucket) = Bucket::find() else { return };
    let way = Way::to(&bucket.address).await;
    let blobs = bucket.by(&way).open();
    let bytes = bytes(SEVERAL_PARTS);
    let mut file = spooled(&blobs, &bytes).await;
    way.shut_after(7 * 1024 * 1024);
    let started = Instant::now();
    let error = blobs.keep(WORKSPACE, &mut file).await.expect_err("the server has gone");
    assert!(!error.is_not_found(), "{error}");
    assert!(error.to_string().contains("error sending request"), "{error}");
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    let half = read(&bucket.open(), &file.sha256, None).await.expect_err("half a file is none");
    assert!(half.is_not_found(), "{half}");

    way.open();
    blobs.keep(WORKSPACE, &mut file).await.expect("kept");
    assert!(read(&blobs, &file.sha256, None).await.expect("bytes") == bytes, "it came whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customers_picture_waits_for_a_bucket_that_is_away_and_is_handed_out_of_it() {
    let Some(bucket) = Bucket::find() else { return };
    let way = Way::to(&bucket.address).await;
    let test = TestApp::start_with(&bucket.by(&way).settings()).await;
    way.shut_after(0);
    test.ana_sends_file("type=image", "image/png", PNG).await;
    test.settle().await;
    let id = text(&test.newest_inbound().await["media"], "id");
    assert_eq!(test.get(&format!("/media/{id}/details")).await["status"], "fetching");
    let job = items(&test.get("/jobs").await).remove(0);
    assert_eq!(job["kind"], "fetch_media");
    assert!(text(&job, "last_error").starts_with("the file cannot be stored: "), "{job}");

    way.open();
    for _ in 0..8 {
        test.advance(Duration::from_secs(60));
        test.run_jobs().await;
    }
    assert_eq!(test.get(&format!("/media/{id}/details")).await["status"], "ready");
    let file = |range: &str| {
        let request = test.request(Method::GET, &format!("/api/v1/media/{id}")).bearer_auth(ADMIN_KEY);
        request.header("range", range.to_owned()).send()
    };
    let part = file("bytes=1-3").await.expect("answer");
    assert_eq!((part.status().as_u16(), part.bytes().await.expect("bytes").as_ref()), (206, b"PNG".as_slice()));
    let stored = bucket.open();
    let workspace = text(&items(&test.get("/workspaces").await)[0], "id");
    let there = stored.read(&workspace, &hex::encode(Sha256::digest(PNG)), None).await.expect("it is in the bucket");
    assert_eq!(there.try_collect::<Vec<_>>().await.expect("bytes").concat(), PNG);

    let (status, _) = test.call(Method::DELETE, &format!("/media/{id}"), ADMIN_KEY, None).await;
    assert_eq!(status, 204);
    assert_eq!(file("bytes=1-3").await.expect("answer").status(), 404);
    test.finish().await;
}
