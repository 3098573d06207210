//! Files in Meta's keeping: uploaded by the business, or sent by customers.
//!
//! Bytes lie on disk, in a folder that goes when the simulator goes, and never in memory as a whole. Count and bytes are
//! bounded, the oldest leave first. A file is fetched through addresses that are handed out one by one and expire.

pub(crate) mod incoming;
pub(crate) mod kinds;
pub(crate) mod samples;

use std::{
    collections::{HashMap, VecDeque},
    path::PathBuf,
};

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use samples::Sample;

const MAX_FILES: usize = 20_000;
const MAX_BYTES: u64 = 3 * 1024 * 1024 * 1024;
/// Addresses of one file that are remembered.
const MAX_ADDRESSES: usize = 16;

/// How long an address is good.
const ADDRESS_MINUTES: i64 = 5;
/// How long Meta keeps what was uploaded, and what was received.
const UPLOADED_DAYS: i64 = 30;
const RECEIVED_DAYS: i64 = 7;

/// Where a file came from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Uploaded,
    Received,
    /// Through the resumable upload: known by a handle, for template headers and profile pictures.
    Handle,
}

/// Where its bytes are.
#[derive(Clone)]
pub(crate) enum Source {
    File(PathBuf),
    Sample(&'static [u8]),
}

/// One file.
#[derive(Clone)]
pub(crate) struct Medium {
    pub(crate) id: String,
    /// The business number it belongs to.
    pub(crate) number: String,
    pub(crate) origin: Origin,
    pub(crate) source: Source,
    pub(crate) mime: String,
    pub(crate) sha256: String,
    pub(crate) size: u64,
    pub(crate) filename: Option<String>,
    pub(crate) animated: bool,
    /// What Meta says its size is, if that is to be wrong.
    pub(crate) claimed_size: Option<u64>,
    /// Whether every address has expired by the time it arrives.
    pub(crate) out_of_reach: bool,
    kept_until: DateTime<Utc>,
    addresses: VecDeque<Address>,
}

#[derive(Clone)]
struct Address {
    token: String,
    good_until: DateTime<Utc>,
    downloads_left: Option<u32>,
}

/// A file that has been written down and waits for its id.
pub(crate) struct Written {
    pub(crate) source: Source,
    pub(crate) sha256: [u8; 32],
    pub(crate) size: u64,
    /// The first bytes, to see what it is.
    pub(crate) head: Vec<u8>,
}

impl Written {
    pub(crate) fn sample(sample: &Sample) -> Self {
        Self {
            source: Source::Sample(sample.bytes),
            sha256: Sha256::digest(sample.bytes).into(),
            size: sample.bytes.len() as u64,
            head: sample.bytes.iter().copied().take(incoming::HEAD_BYTES).collect(),
        }
    }
}

/// How addresses behave, as the faults want it.
#[derive(Clone, Copy, Default)]
pub(crate) struct AddressRule {
    pub(crate) expired: bool,
    pub(crate) downloads: Option<u32>,
}

/// All files, by id.
#[derive(Default)]
pub(crate) struct Shelf {
    by_id: HashMap<String, Medium>,
    in_order: VecDeque<String>,
    bytes: u64,
}

impl Shelf {
    /// Takes a file in and answers its id.
    pub(crate) fn put(&mut self, number: &str, origin: Origin, mime: &str, written: Written) -> Medium {
        let days = if origin == Origin::Received { RECEIVED_DAYS } else { UPLOADED_DAYS };
        let medium = Medium {
            id: fresh_id(origin),
            number: number.to_owned(),
            origin,
            animated: kinds::is_animated_webp(&written.head),
            source: written.source,
            mime: mime.to_owned(),
            sha256: BASE64_STANDARD.encode(written.sha256),
            size: written.size,
            filename: None,
            claimed_size: None,
            out_of_reach: false,
            kept_until: Utc::now() + TimeDelta::days(days),
            addresses: VecDeque::new(),
        };
        self.bytes += medium.bytes_on_disk();
        self.in_order.push_back(medium.id.clone());
        self.by_id.insert(medium.id.clone(), medium.clone());
        self.make_room();
        medium
    }

    /// A file Meta still keeps.
    pub(crate) fn get(&self, id: &str) -> Option<&Medium> {
        self.by_id.get(id).filter(|medium| medium.kept_until > Utc::now())
    }

    pub(crate) fn change(&mut self, id: &str, change: impl FnOnce(&mut Medium)) {
        if let Some(medium) = self.by_id.get_mut(id) {
            change(medium);
        }
    }

    /// Hands out an address: the path and query under which the bytes can be fetched.
    pub(crate) fn address(&mut self, id: &str, rule: AddressRule) -> Option<String> {
        let medium = self.by_id.get_mut(id)?;
        let token = Uuid::new_v4().simple().to_string();
        let good_for = if rule.expired || medium.out_of_reach {
            TimeDelta::seconds(-1)
        } else {
            TimeDelta::minutes(ADDRESS_MINUTES)
        };
        let good_until = Utc::now() + good_for;
        if medium.addresses.len() == MAX_ADDRESSES {
            medium.addresses.pop_front();
        }
        let path = format!("{DOWNLOAD_PATH}?mid={id}&ext={}&hash={token}", good_until.timestamp());
        medium.addresses.push_back(Address { token, good_until, downloads_left: rule.downloads });
        Some(path)
    }

    /// The file behind an address, if that is still good; counts as one download.
    pub(crate) fn fetch(&mut self, id: &str, token: &str) -> Option<Medium> {
        let medium = self.by_id.get_mut(id).filter(|medium| medium.kept_until > Utc::now())?;
        let address = medium.addresses.iter_mut().find(|address| address.token == token)?;
        if address.good_until <= Utc::now() || address.downloads_left == Some(0) {
            return None;
        }
        if let Some(left) = &mut address.downloads_left {
            *left -= 1;
        }
        Some(medium.clone())
    }

    /// Lets every address of a file expire now; false if there is no such file.
    pub(crate) fn expire_addresses(&mut self, id: &str) -> bool {
        self.by_id.get_mut(id).map(|medium| medium.addresses.clear()).is_some()
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let Some(medium) = self.by_id.remove(id) else { return false };
        self.in_order.retain(|other| other != id);
        self.drop_bytes(&medium);
        true
    }

    pub(crate) fn clear(&mut self) {
        for id in std::mem::take(&mut self.in_order) {
            self.by_id.remove(&id).into_iter().for_each(|medium| self.drop_bytes(&medium));
        }
    }

    fn make_room(&mut self) {
        while self.in_order.len() > MAX_FILES || (self.bytes > MAX_BYTES && self.in_order.len() > 1) {
            let Some(oldest) = self.in_order.pop_front() else { return };
            self.by_id.remove(&oldest).into_iter().for_each(|medium| self.drop_bytes(&medium));
        }
    }

    fn drop_bytes(&mut self, medium: &Medium) {
        self.bytes = self.bytes.saturating_sub(medium.bytes_on_disk());
        if let Source::File(path) = &medium.source
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::debug!(%error, "a file had gone before we removed it");
        }
    }
}

/// Where addresses point, as with Meta's own host for files.
pub(crate) const DOWNLOAD_PATH: &str = "/whatsapp_business/attachments/";

impl Medium {
    /// The media object of a webhook, without its address.
    pub(crate) fn object(&self) -> Value {
        json!({"id": self.id, "mime_type": self.mime, "sha256": self.sha256})
    }

    fn bytes_on_disk(&self) -> u64 {
        if matches!(self.source, Source::File(_)) { self.size } else { 0 }
    }
}

fn fresh_id(origin: Origin) -> String {
    let number = Uuid::new_v4().as_u128() % 1_000_000_000_000_000;
    match origin {
        Origin::Handle => format!("4::{}", BASE64_URL_SAFE_NO_PAD.encode(Uuid::new_v4().as_bytes())),
        _ => format!("{}", 1_000_000_000_000_000 + number),
    }
}
