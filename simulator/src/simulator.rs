//! The simulator as a program holds it in its hand.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, Once, OnceLock},
    time::Duration,
};

use poem::{Route, Server};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{Notify, oneshot},
};

use crate::{
    breaker::{BreakableListener, Breaker},
    bubble::{Bubble, Side},
    customer::Customer,
    doors::Doors,
    faults::{Dice, Faults},
    feed::Feed,
    graph,
    inbound::contact_for,
    journal::{Journal, Recorded},
    limits::Limits,
    lock,
    media::{Shelf, incoming::Folder},
    phones::Phones,
    queue::{Due, Load, Parcel, Queue},
    settings::{Number, Pace, Settings},
    standing::Standings,
    steering,
    tellings::{Tellings, Told},
    templates::Templates,
    wire,
};

/// Meta, as far as a gateway can tell. Clones share everything.
#[derive(Clone)]
pub struct Simulator {
    pub(crate) desk: Arc<Desk>,
}

/// What all clones share. No lock is held while another is taken, nor across an await.
pub(crate) struct Desk {
    pub(crate) settings: Settings,
    pub(crate) first_number: Arc<Number>,
    pub(crate) doors: Mutex<Doors>,
    /// Where clients reach us: addresses of files that leave in webhooks start so.
    pub(crate) address: OnceLock<String>,
    pub(crate) phones: Mutex<Phones>,
    pub(crate) dice: Mutex<Dice>,
    pub(crate) queue: Mutex<Queue>,
    pub(crate) journal: Mutex<Journal>,
    pub(crate) tellings: Mutex<Tellings>,
    pub(crate) standings: Mutex<Standings>,
    pub(crate) limits: Mutex<Limits>,
    pub(crate) templates: Mutex<Templates>,
    pub(crate) shelf: Mutex<Shelf>,
    pub(crate) folder: Folder,
    pub(crate) uploads: Mutex<VecDeque<UploadSession>>,
    pub(crate) feed: Feed,
    /// By phone, who waits for the business's next bubble on it.
    pub(crate) waiting: Mutex<HashMap<String, Vec<oneshot::Sender<()>>>>,
    pub(crate) breaker: Arc<Breaker>,
    pub(crate) http: reqwest::Client,
    /// Rung when the queue has something new.
    pub(crate) bell: Arc<Notify>,
    pub(crate) courier_started: Once,
    pub(crate) delivering: tokio::sync::Mutex<()>,
}

/// An upload that has been announced.
#[derive(Clone)]
pub(crate) struct UploadSession {
    pub(crate) id: String,
    pub(crate) mime: String,
    pub(crate) length: u64,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.bell.notify_one();
    }
}

impl Simulator {
    /// A simulator with one customer, Ana, who has not written yet.
    pub fn new(settings: Settings) -> Self {
        let desk = Desk {
            first_number: Arc::new(settings.numbers.first().cloned().unwrap_or_default()),
            doors: Mutex::new(Doors::new(&settings)),
            address: OnceLock::new(),
            phones: Mutex::new(first_phones()),
            dice: Mutex::new(Dice::new(settings.seed)),
            queue: Mutex::new(Queue::new()),
            journal: Mutex::default(),
            tellings: Mutex::default(),
            standings: Mutex::default(),
            limits: Mutex::default(),
            templates: Mutex::new(first_templates(&settings)),
            shelf: Mutex::default(),
            folder: Folder::default(),
            uploads: Mutex::default(),
            feed: Feed::new(),
            waiting: Mutex::default(),
            breaker: Arc::default(),
            http: http_client(settings.webhook_timeout),
            bell: Arc::new(Notify::new()),
            courier_started: Once::new(),
            delivering: tokio::sync::Mutex::new(()),
            settings,
        };
        Self { desk: Arc::new(desk) }
    }

    /// The Graph API, the steering under `/sim` and the phone page at `/`. Served otherwise than by `serve`, a broken
    /// connection shows as a broken body after a good head.
    pub fn routes(&self) -> Route {
        let route = graph::routes(steering::routes(Route::new(), self), self);
        self.start_courier();
        route
    }

    /// Serves until `stop` is done; what is still open then has one more second.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) -> io::Result<()> {
        self.learn_address(&format!("http://{}", reachable(listener.local_addr()?)));
        let server = Server::new_with_acceptor(BreakableListener::new(listener, self.desk.breaker.clone())?);
        server.run_with_graceful_shutdown(self.routes(), stop, Some(Duration::from_secs(1))).await
    }

    /// Points webhooks elsewhere; overrides set through the Graph API still win.
    pub fn set_webhook_url(&self, url: &str) {
        self.set_webhook_urls(vec![url.to_owned()]);
    }

    /// Points webhooks at several nodes in turn, as a load balancer would; a repeated one goes to the next.
    pub fn set_webhook_urls(&self, urls: Vec<String>) {
        lock(&self.desk.doors).webhook_urls = urls;
    }

    /// Changes the bearer that is accepted: the old one has then expired.
    pub fn set_access_token(&self, token: Option<&str>) {
        lock(&self.desk.doors).access_token = token.map(str::to_owned);
    }

    /// A customer writes to the first number; answers the message's id.
    pub fn customer_writes(&self, from: &Customer, message: Value) -> String {
        self.write(&self.desk.first_number.clone(), from, message)
    }

    /// A customer writes to a number of their choice; none if we do not have it.
    pub fn customer_writes_to(&self, phone_number_id: &str, from: &Customer, message: Value) -> Option<String> {
        let number = lock(&self.desk.doors).numbers.get(phone_number_id).cloned()?;
        Some(self.write(&number, from, message))
    }

    /// A customer writes to a number, and the caller itself takes the webhook to the gateway: answers its body, unsigned.
    /// None if we do not have the number.
    pub fn compose(&self, phone_number_id: &str, from: &Customer, message: Value) -> Option<Vec<u8>> {
        let number = lock(&self.desk.doors).numbers.get(phone_number_id).cloned()?;
        let (_, message) = self.put_down(&number, from, message);
        let contacts = contact_for(&message, from).into_iter().collect();
        Some(wire::to_wire(&wire::envelope(&number, contacts, "messages", vec![message])))
    }

    /// Is done as soon as the business's next bubble stands on a phone, named by its digits or the user id.
    pub fn next_bubble(&self, phone: &str) -> impl Future<Output = ()> + Send + use<> {
        let (sender, receiver) = oneshot::channel();
        lock(&self.desk.waiting).entry(phone.to_owned()).or_default().push(sender);
        // The sender falls only with the simulator itself.
        async { drop(receiver.await) }
    }

    /// Queues a whole webhook body, to be signed and posted as it is.
    pub fn queue_webhook(&self, value: Value) {
        let id = value.pointer("/entry/0/changes/0/value/metadata/phone_number_id").and_then(Value::as_str);
        let number = id.and_then(|id| lock(&self.desk.doors).numbers.get(id).cloned());
        self.enqueue(Parcel::new(number, 0, Load::Whole(value)), Due::Now);
    }

    /// Posts everything queued, in order, and what is queued meanwhile; answers how many POSTs were made. What was
    /// not answered with 2xx stays queued for the next call.
    pub async fn deliver(&self) -> usize {
        self.deliver_all().await
    }

    /// How many things wait to be told to the gateway, statuses held back by a fault among them.
    pub fn queued(&self) -> usize {
        lock(&self.desk.queue).len()
    }

    /// What stands on a customer's phone, oldest first; the phone is named by its digits or the user id.
    pub fn bubbles(&self, phone: &str) -> Vec<Bubble> {
        let phones = lock(&self.desk.phones);
        phones.get(phone).map(|phone| phone.bubbles.iter().cloned().collect()).unwrap_or_default()
    }

    /// When the gateway was first told of a message, by its id: one a customer wrote, or a status of one it sent.
    pub fn told(&self, wamid: &str) -> Option<Told> {
        lock(&self.desk.tellings).get(wamid)
    }

    /// Whether the typing indicator shows on a customer's phone.
    pub fn is_typing(&self, phone: &str) -> bool {
        lock(&self.desk.phones).get(phone).is_some_and(|phone| phone.is_typing())
    }

    /// Every Graph request so far, oldest first.
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.desk.journal).last(usize::MAX)
    }

    /// How many messages were marked as read.
    pub fn read_count(&self) -> usize {
        lock(&self.desk.journal).reads
    }

    /// How many typing indicators were asked for.
    pub fn typing_count(&self) -> usize {
        lock(&self.desk.journal).typings
    }

    /// Replaces all fault switches.
    pub fn set_faults(&self, faults: Faults) {
        let held = faults.hold_statuses;
        lock(&self.desk.dice).faults = faults;
        if !held {
            lock(&self.desk.queue).release();
            self.desk.bell.notify_one();
        }
        self.desk.feed.tell(|| json!({"event": "faults"}));
    }

    /// The fault switches, with what is left of their `times`.
    pub fn faults(&self) -> Faults {
        lock(&self.desk.dice).faults.clone()
    }

    /// Back to the beginning: nothing written, nothing queued, no faults, no overrides.
    pub fn reset(&self) {
        lock(&self.desk.queue).clear();
        *lock(&self.desk.dice) = Dice::new(self.desk.settings.seed);
        *lock(&self.desk.phones) = first_phones();
        *lock(&self.desk.journal) = Journal::default();
        *lock(&self.desk.tellings) = Tellings::default();
        *lock(&self.desk.standings) = Standings::default();
        *lock(&self.desk.limits) = Limits::default();
        *lock(&self.desk.templates) = first_templates(&self.desk.settings);
        lock(&self.desk.shelf).clear();
        lock(&self.desk.uploads).clear();
        let mut doors = lock(&self.desk.doors);
        doors.overrides.clear();
        doors.unsubscribed.clear();
        drop(doors);
        self.desk.feed.tell(|| json!({"event": "reload"}));
    }

    /// Puts a bubble on a customer's phone and tells the pages.
    pub(crate) fn show(&self, customer: &Customer, bubble: Bubble) {
        let mut phones = lock(&self.desk.phones);
        let key = phones.meet(customer);
        let shown = phones.show(&key, bubble.clone());
        drop(phones);
        if shown && bubble.from == Side::Business {
            let waiting = lock(&self.desk.waiting).remove(&key).unwrap_or_default();
            for one in waiting {
                // Who no longer waits need not be told.
                let _ = one.send(());
            }
        }
        if shown {
            self.desk.feed.tell(|| json!({"event": "bubble", "customer": key, "bubble": bubble.to_json()}));
        }
    }

    pub(crate) fn enqueue(&self, parcel: Parcel, due: Due) {
        if !lock(&self.desk.queue).push(parcel, due) {
            tracing::warn!("webhook discarded: too many are waiting");
        }
        self.start_courier();
        self.desk.bell.notify_one();
    }

    /// Remembers how clients reach us, the first time that is seen.
    pub(crate) fn learn_address(&self, base: &str) {
        if self.desk.address.get().is_none() && base.len() > "http://".len() {
            // Whoever was first knows as well.
            let _ = self.desk.address.set(base.to_owned());
        }
    }

    pub(crate) fn inbound_due(&self) -> Due {
        if self.desk.settings.pace == Pace::Manual {
            return Due::Now;
        }
        let dice = lock(&self.desk.dice);
        let late = self.lateness(&dice.faults);
        if dice.faults.batch > 1 { Due::Gathered(late) } else { self.after(Duration::ZERO, late) }
    }

    /// When a status is due that a phone reports after some time.
    pub(crate) fn status_due(&self, after: Duration) -> Due {
        let late = self.lateness(&lock(&self.desk.dice).faults);
        self.after(after, late)
    }

    fn after(&self, delay: Duration, late: Duration) -> Due {
        if self.desk.settings.pace == Pace::Live { Due::In(delay + late) } else { Due::Now }
    }

    fn lateness(&self, faults: &Faults) -> Duration {
        let live = self.desk.settings.pace == Pace::Live;
        if live { Duration::from_millis(faults.late_ms) } else { Duration::ZERO }
    }
}

/// An address to listen on need not be one to connect to.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = if address.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
    SocketAddr::new(ip, address.port())
}

/// A message id as opaque and as long as Meta's.
pub(crate) fn wamid(key: &str) -> String {
    let length = key.len();
    format!("wamid.HBg{length:02X}{:X}A=", uuid::Uuid::now_v7().simple())
}

/// One customer's things stay in order: they share a lane.
pub(crate) fn lane_of(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

fn first_templates(settings: &Settings) -> Templates {
    Templates::new(settings.numbers.iter().map(|number| number.waba_id.as_str()))
}

fn first_phones() -> Phones {
    let mut phones = Phones::default();
    phones.meet(&Customer::with_phone("15550002222"));
    phones
}

fn http_client(timeout: Duration) -> reqwest::Client {
    // Fails only if a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("an HTTP client with constant settings builds")
}
