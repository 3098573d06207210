//! What everything shares: settings, database, clock, clients, caches, and the bells that wake workers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use entity::{ConversationId, number};
use moka::future::Cache;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;

use crate::clock::{Clock, Millis};
use crate::config::Settings;
use crate::knowledge::Indexes;
use crate::prompt::Templates;
use crate::secrets::{SealError, Sealer};
use crate::store::{self, Db};
use crate::whatsapp::graph::GraphClient;
use crate::whatsapp::pacing::Pacing;

/// How long another node's change to a number may go unnoticed.
const NUMBER_CACHE_TTL: Duration = Duration::from_secs(2);
const NUMBER_CACHE_ENTRIES: u64 = 10_000;
const USER_AGENT: &str = concat!("switchboard/", env!("CARGO_PKG_VERSION"));

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Connect(#[from] store::ConnectError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Template(#[from] crate::prompt::TemplateError),
    #[error("the HTTP client cannot be built: {0}")]
    Http(#[from] reqwest::Error),
}

#[derive(Debug)]
pub struct App {
    pub settings: Settings,
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub sealer: Sealer,
    pub http: reqwest::Client,
    pub graph: GraphClient,
    pub templates: Templates,
    pub indexes: Indexes,
    pub pacing: Pacing,
    pub bells: Bells,
    pub nudges: Nudges,
    numbers: Cache<String, Option<Arc<number::Model>>>,
}

impl App {
    /// Opens the database and builds the clients; it neither migrates nor listens.
    pub async fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, AppError> {
        let db = store::connect(settings.database.url.expose_secret(), settings.database.max_connections).await?;
        let sealer = Sealer::from_settings(&settings.secrets)?;
        let http = http_client(Duration::from_secs(settings.model.connect_timeout_secs))?;
        let graph = GraphClient::new(
            http.clone(),
            &settings.meta.graph_url,
            &settings.meta.graph_version,
            Duration::from_secs(settings.meta.timeout_secs),
        );
        Ok(Self {
            templates: Templates::load(settings.prompts.dir.as_deref())?,
            pacing: Pacing::new(
                settings.delivery.number_per_sec,
                settings.delivery.pair_per_minute,
                settings.delivery.pair_burst,
                clock.clone(),
            ),
            numbers: Cache::builder().max_capacity(NUMBER_CACHE_ENTRIES).time_to_live(NUMBER_CACHE_TTL).build(),
            indexes: Indexes::default(),
            bells: Bells::default(),
            nudges: Nudges::default(),
            settings,
            db,
            clock,
            sealer,
            http,
            graph,
        })
    }

    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    pub fn lease_until(&self, now: Millis) -> Millis {
        now + millis(self.settings.jobs.lease())
    }

    /// The number of a phone number ID, from memory where it was looked up a moment ago.
    pub async fn number_by_phone_number_id(
        &self,
        phone_number_id: &str,
    ) -> Result<Option<Arc<number::Model>>, Arc<sea_orm::DbErr>> {
        let find = async {
            let found = store::numbers::find_by_phone_number_id(self.db.reader(), phone_number_id).await?;
            Ok(found.map(Arc::new))
        };
        self.numbers.try_get_with_by_ref(phone_number_id, find).await
    }

    /// Forgets what is known of a number that was changed here.
    pub async fn number_changed(&self, phone_number_id: &str) {
        self.numbers.invalidate(phone_number_id).await;
    }

    /// A number's own secret of `column`, opened; an error tells that it was sealed under another master key.
    pub fn open_number_secret(
        &self,
        number: &number::Model,
        column: NumberSecret,
    ) -> Result<Option<SecretString>, SealError> {
        let (name, sealed) = match column {
            NumberSecret::AccessToken => ("access_token", &number.access_token),
            NumberSecret::AppSecret => ("app_secret", &number.app_secret),
            NumberSecret::VerifyToken => ("verify_token", &number.verify_token),
        };
        let place = crate::secrets::number_place(&number.id, name);
        sealed.as_ref().map(|sealed| self.sealer.open(&place, sealed)).transpose()
    }
}

#[derive(Debug, Clone, Copy)]
pub enum NumberSecret {
    AccessToken,
    AppSecret,
    VerifyToken,
}

/// The one HTTP client: TLS by rustls, no redirects, since a bearer token must not follow one.
#[expect(clippy::disallowed_methods, reason = "this is where clients are made")]
pub fn http_client(connect_timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    // Installed already when this is not the first client of the process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(64)
        .tcp_nodelay(true)
        .build()
}

/// Rung when there is work, so that nobody waits for a poll.
#[derive(Debug, Default)]
pub struct Bells {
    pub events: Notify,
    pub turns: Notify,
    pub sends: Notify,
    pub files: Notify,
}

/// Tells a turn that thinks on this node to look whether it has been overtaken. Other nodes' changes are seen by the
/// turn's own looking, a few seconds later.
#[derive(Debug, Default)]
pub struct Nudges(Mutex<HashMap<ConversationId, Arc<Notify>>>);

impl Nudges {
    /// Listens for as long as the guard lives.
    pub fn listen(&self, conversation_id: &ConversationId) -> Listening<'_> {
        let notify = self.lock().entry(conversation_id.clone()).or_default().clone();
        Listening { nudges: self, conversation_id: conversation_id.clone(), notify }
    }

    pub fn nudge(&self, conversation_id: &ConversationId) {
        if let Some(notify) = self.lock().get(conversation_id) {
            notify.notify_one();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ConversationId, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

pub struct Listening<'a> {
    nudges: &'a Nudges,
    conversation_id: ConversationId,
    notify: Arc<Notify>,
}

impl Listening<'_> {
    pub async fn nudged(&self) {
        self.notify.notified().await;
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        let mut nudges = self.nudges.lock();
        // Two: the map's and ours. A turn that came after us listens on.
        if Arc::strong_count(&self.notify) <= 2 {
            nudges.remove(&self.conversation_id);
        }
    }
}

pub fn millis(duration: Duration) -> Millis {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
