//! Takes webhooks from the queue to the gateway: signed, in order for each customer, again until they are answered.

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::{
    Notify,
    mpsc::{self, UnboundedReceiver, UnboundedSender},
};

use crate::{
    bubble::BubbleStatus,
    faults::Faults,
    lock,
    queue::{Due, Load, Parcel},
    settings::Pace,
    simulator::{Desk, Simulator},
    tellings::Tellings,
    wire,
};

/// How many webhooks are under way at once; a customer's always share a lane.
const LANES: usize = 64;

/// Meta tries for days, we for about an hour.
const MAX_ATTEMPTS: u32 = 120;

/// One POST: parcels that travel in the same body.
struct Post {
    parcels: Vec<Parcel>,
    twice: bool,
}

impl Simulator {
    /// Starts the task that lets webhooks leave by themselves; once, and only if they are to.
    pub(crate) fn start_courier(&self) {
        if self.desk.settings.pace == Pace::Manual || tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        self.desk.courier_started.call_once(|| {
            tokio::spawn(run(Arc::downgrade(&self.desk), self.desk.bell.clone()));
        });
    }

    pub(crate) async fn deliver_all(&self) -> usize {
        let _alone = self.desk.delivering.lock().await;
        let mut made = 0;
        let mut undelivered = Vec::new();
        loop {
            release_unless_held(&self.desk);
            let taken = lock(&self.desk.queue).take_all();
            if taken.is_empty() {
                break;
            }
            for post in prepare(&self.desk, taken) {
                made += if post.twice { 2 } else { 1 };
                if !carry(&self.desk, &post).await {
                    undelivered.extend(post.parcels);
                }
            }
        }
        let mut queue = lock(&self.desk.queue);
        undelivered.into_iter().for_each(|parcel| queue.put_back(parcel, Due::Now));
        made
    }

    /// Posts one parcel before anything else happens; if that fails it queues like any other.
    pub(crate) async fn deliver_first(&self, parcel: Parcel) {
        let simulator = self.clone();
        // A task of its own: the parcel survives a client that hangs up while we wait.
        let under_way = tokio::spawn(async move {
            for post in prepare(&simulator.desk, vec![parcel]) {
                if !carry(&simulator.desk, &post).await {
                    post.parcels.into_iter().for_each(|parcel| simulator.enqueue(parcel, Due::Now));
                }
            }
        });
        if let Err(error) = under_way.await {
            tracing::error!(%error, "posting a webhook panicked");
        }
    }
}

/// Waits for what is due and hands it to the lanes, until the simulator is gone.
async fn run(desk: Weak<Desk>, bell: Arc<Notify>) {
    let lanes: Vec<UnboundedSender<Post>> = (0..LANES).map(|_| open_lane(&desk)).collect();
    loop {
        let Some(next) = dispatch(&desk, &lanes) else { return };
        match next {
            Wait::Until(due) => {
                // Time running out and the bell mean the same: look again.
                let _ = tokio::time::timeout(due, bell.notified()).await;
            }
            Wait::ForBell => bell.notified().await,
        }
    }
}

enum Wait {
    Until(Duration),
    ForBell,
}

fn dispatch(desk: &Weak<Desk>, lanes: &[UnboundedSender<Post>]) -> Option<Wait> {
    let desk = desk.upgrade()?;
    release_unless_held(&desk);
    let due = lock(&desk.queue).take_due();
    for post in prepare(&desk, due) {
        let lane = post.parcels.first().map_or(0, |parcel| parcel.lane as usize % LANES);
        if lanes[lane].send(post).is_err() {
            tracing::error!("a webhook lane has closed");
        }
    }
    let next = lock(&desk.queue).next_due();
    Some(next.map_or(Wait::ForBell, Wait::Until))
}

fn open_lane(desk: &Weak<Desk>) -> UnboundedSender<Post> {
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(work(desk.clone(), receiver));
    sender
}

async fn work(desk: Weak<Desk>, mut posts: UnboundedReceiver<Post>) {
    while let Some(post) = posts.recv().await {
        let Some(desk) = desk.upgrade() else { return };
        if carry(&desk, &post).await {
            continue;
        }
        for mut parcel in post.parcels {
            parcel.attempts += 1;
            if parcel.attempts > MAX_ATTEMPTS {
                tracing::warn!("webhook given up: the gateway never took it");
                continue;
            }
            let pause = Due::In(pause_before(parcel.attempts, desk.settings.longest_retry));
            lock(&desk.queue).put_back(parcel, pause);
        }
        desk.bell.notify_one();
    }
}

/// At once, then ever slower: 0.25 s, 0.5 s and so on up to the longest.
fn pause_before(attempt: u32, longest: Duration) -> Duration {
    Duration::from_millis(250 << attempt.saturating_sub(1).min(7)).min(longest)
}

/// Makes posts of what is due: phones move on, faults hold, drop, turn round, gather and double.
fn prepare(desk: &Desk, parcels: Vec<Parcel>) -> Vec<Post> {
    if parcels.is_empty() {
        return Vec::new();
    }
    let faults = lock(&desk.dice).faults.clone();
    let mut leaving: Vec<Parcel> = parcels.into_iter().filter_map(|parcel| sift(desk, &faults, parcel)).collect();
    if faults.reverse {
        leaving.reverse();
    }
    let mut posts: Vec<Post> = Vec::with_capacity(leaving.len());
    for parcel in leaving {
        match posts.last_mut() {
            Some(last) if may_join(last, &parcel, faults.batch) => last.parcels.push(parcel),
            _ => posts.push(Post { parcels: vec![parcel], twice: lock(&desk.dice).twice() }),
        }
    }
    posts
}

/// Lets a status take effect on the phone, then tells whether it may leave.
fn sift(desk: &Desk, faults: &Faults, mut parcel: Parcel) -> Option<Parcel> {
    if let Load::Review { template_id } = parcel.load {
        parcel.load = Load::Whole(desk.review(template_id)?);
        return Some(parcel);
    }
    let Load::Status { wamid, status, error, .. } = &parcel.load else { return Some(parcel) };
    progress(desk, wamid, *status, *error);
    if faults.drop_statuses {
        return None;
    }
    if faults.hold_statuses {
        lock(&desk.queue).hold(parcel);
        return None;
    }
    Some(parcel)
}

/// What was set aside in the very moment the fault was switched off comes out here.
fn release_unless_held(desk: &Desk) {
    if !lock(&desk.dice).faults.hold_statuses {
        lock(&desk.queue).release();
    }
}

fn progress(desk: &Desk, wamid: &str, status: BubbleStatus, error: Option<i64>) {
    let changed = lock(&desk.phones).progress(wamid, status, error);
    if let Some(key) = changed {
        let event = || json!({"event": "status", "customer": key, "wamid": wamid, "status": status, "error": error});
        desk.feed.tell(event);
    }
}

/// Inbound messages to the same number may share a body.
fn may_join(post: &Post, parcel: &Parcel, batch: usize) -> bool {
    let is_inbound = |parcel: &Parcel| matches!(parcel.load, Load::Inbound { .. });
    let first = &post.parcels[0];
    post.parcels.len() < batch && is_inbound(first) && is_inbound(parcel) && first.number == parcel.number
}

/// Posts a body, twice if it is to be; true once it was taken.
async fn carry(desk: &Desk, post: &Post) -> bool {
    let body = wire::to_wire(&body_of(post));
    let Some(mut taken) = tell(desk, post, body.clone()).await else { return true };
    if post.twice {
        taken |= tell(desk, post, body).await.unwrap_or(false);
    }
    taken
}

/// Posts a body once and notes it; none if there is nowhere to post to.
async fn tell(desk: &Desk, post: &Post, body: Vec<u8>) -> Option<bool> {
    let number = post.parcels[0].number.as_deref();
    let url = lock(&desk.doors).callback(number)?;
    let ids: Vec<&str> = post.parcels.iter().filter_map(wamid_of).collect();
    note(desk, &ids, Tellings::posted);
    let taken = post_once(desk, &url, body, kind_of(post)).await;
    if taken {
        note(desk, &ids, Tellings::taken);
    }
    Some(taken)
}

fn note(desk: &Desk, ids: &[&str], noted: impl Fn(&mut Tellings, &str, DateTime<Utc>)) {
    let mut tellings = lock(&desk.tellings);
    ids.iter().for_each(|id| noted(&mut tellings, id, Utc::now()));
}

fn wamid_of(parcel: &Parcel) -> Option<&str> {
    match &parcel.load {
        Load::Inbound { message, .. } => message["id"].as_str(),
        Load::Status { wamid, .. } => Some(wamid),
        Load::Whole(_) | Load::Review { .. } => None,
    }
}

async fn post_once(desk: &Desk, url: &str, body: Vec<u8>, kind: &str) -> bool {
    let started = Instant::now();
    let request = desk
        .http
        .post(url)
        .header("content-type", "application/json")
        .header("user-agent", "facebookexternalua")
        .header("x-hub-signature-256", wire::sign(&desk.settings.app_secret, &body));
    let http = match request.body(body).send().await {
        Ok(response) => answered(response).await,
        Err(error) => {
            tracing::debug!(%error, "the gateway did not answer a webhook");
            0
        }
    };
    let millis = started.elapsed().as_millis() as u64;
    desk.feed.tell(|| json!({"event": "webhook", "kind": kind, "http": http, "millis": millis}));
    (200..300).contains(&http)
}

/// Reads the body to its end, so the connection can be used again.
async fn answered(response: reqwest::Response) -> u16 {
    let http = response.status().as_u16();
    if let Err(error) = response.bytes().await {
        tracing::debug!(%error, "a webhook's answer broke off");
    }
    http
}

fn body_of(post: &Post) -> Value {
    let Some(number) = &post.parcels[0].number else { return whole_of(&post.parcels[0]) };
    match &post.parcels[0].load {
        Load::Whole(_) | Load::Review { .. } => whole_of(&post.parcels[0]),
        Load::Status { contact, body, .. } => {
            wire::envelope(number, contact.iter().cloned().collect(), "statuses", vec![body.clone()])
        }
        Load::Inbound { .. } => {
            let (contacts, messages): (Vec<_>, Vec<_>) = post.parcels.iter().filter_map(inbound_of).unzip();
            let mut contacts: Vec<Value> = contacts.into_iter().flatten().collect();
            contacts.dedup();
            wire::envelope(number, contacts, "messages", messages)
        }
    }
}

fn whole_of(parcel: &Parcel) -> Value {
    if let Load::Whole(value) = &parcel.load { value.clone() } else { Value::Null }
}

fn inbound_of(parcel: &Parcel) -> Option<(Option<Value>, Value)> {
    if let Load::Inbound { contact, message } = &parcel.load { Some((contact.clone(), message.clone())) } else { None }
}

fn kind_of(post: &Post) -> &'static str {
    match &post.parcels[0].load {
        Load::Inbound { .. } => "message",
        Load::Status { status, .. } => status.as_str(),
        Load::Whole(_) | Load::Review { .. } => "other",
    }
}
