//! What everything shares: settings, database, clock, clients, caches, and the signals between them.

mod feed;
mod load;
mod peers;
mod signals;
mod tries;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use entity::{AgentId, ConversationId, NumberId, WorkspaceId, agent_version, number};
use moka::future::Cache;
use secrecy::{ExposeSecret, SecretString};

use crate::blobs::{BlobError, Blobs};
use crate::clock::{Clock, Millis};
use crate::config::Settings;
use crate::knowledge::Indexes;
use crate::passwords::Passwords;
use crate::prompt::Templates;
use crate::secrets::{SealError, Sealer};
use crate::store::paces::Rate;
use crate::store::{self, Db, Engine};
use crate::whatsapp::graph::GraphClient;
use crate::whatsapp::pacing::Pacing;

pub use feed::{Batch, Event, Feed, Full, Presence, Subscriber};
pub use load::Load;
pub use peers::{Peers, Signal};
pub use signals::{Bell, Bells, Leases, Listening, Nudges};
pub use tries::Tries;

/// How long another node's change to a number may go unnoticed.
const NUMBER_CACHE_TTL: Duration = Duration::from_secs(2);
const NUMBER_CACHE_ENTRIES: u64 = 10_000;
const AGENT_VERSION_CACHE_ENTRIES: u64 = 1_000;
const USER_AGENT: &str = concat!("switchboard/", env!("CARGO_PKG_VERSION"));

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Connect(#[from] store::ConnectError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Template(#[from] crate::prompt::TemplateError),
    #[error(transparent)]
    Blobs(#[from] BlobError),
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
    pub blobs: Blobs,
    pub templates: Templates,
    pub indexes: Indexes,
    pub pacing: Pacing,
    pub bells: Bells,
    pub nudges: Nudges,
    pub leases: Leases,
    pub load: Load,
    pub peers: Arc<Peers>,
    pub passwords: Passwords,
    pub tries: Tries,
    /// This program, which runs itself again to read what is uploaded.
    pub program: PathBuf,
    /// Where WhatsApp is played, in the demo.
    pub simulator_url: Option<String>,
    pub feed: Arc<Feed>,
    numbers: Cache<String, Option<Arc<number::Model>>>,
    agent_versions: Cache<(AgentId, i32), Arc<agent_version::Model>>,
    consent_words: Cache<WorkspaceId, Arc<Option<serde_json::Value>>>,
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
            blobs: Blobs::open(&settings.media)?,
            templates: Templates::load(settings.prompts.dir.as_deref())?,
            pacing: Pacing::new(
                settings.delivery.number_per_sec,
                settings.delivery.pair_per_minute,
                settings.delivery.pair_burst,
                clock.clone(),
            ),
            numbers: Cache::builder().max_capacity(NUMBER_CACHE_ENTRIES).time_to_live(NUMBER_CACHE_TTL).build(),
            agent_versions: Cache::builder().max_capacity(AGENT_VERSION_CACHE_ENTRIES).build(),
            consent_words: Cache::builder().max_capacity(NUMBER_CACHE_ENTRIES).time_to_live(NUMBER_CACHE_TTL).build(),
            indexes: Indexes::default(),
            bells: Bells::default(),
            nudges: Nudges::default(),
            leases: Leases::default(),
            load: Load::default(),
            peers: Arc::new(Peers::new(db.engine() == Engine::Postgres)),
            passwords: Passwords::default(),
            tries: Tries::new(clock.clone()),
            program: std::env::current_exe().unwrap_or_default(),
            simulator_url: None,
            feed: Arc::new(Feed::new(settings.feed.max_subscribers)),
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
            let found = store::numbers::find_by_phone_number_id(self.db.walker(), phone_number_id).await?;
            Ok(found.map(Arc::new))
        };
        self.numbers.try_get_with_by_ref(phone_number_id, find).await
    }

    /// An agent with the version that answers. A version never changes, so it is read once; which one answers is asked
    /// each time.
    pub async fn current_agent(
        &self,
        workspace_id: &WorkspaceId,
        id: &AgentId,
    ) -> Result<Option<store::agents::Current>, sea_orm::DbErr> {
        let db = self.db.walker();
        let Some(agent) = store::agents::find_agent(db, workspace_id, id).await? else { return Ok(None) };
        let key = (agent.id.clone(), agent.version);
        let version = match self.agent_versions.get(&key).await {
            Some(version) => Some(version),
            None => {
                let found = store::agents::find_version(db, workspace_id, id, agent.version).await?.map(Arc::new);
                if let Some(version) = &found {
                    self.agent_versions.insert(key, version.clone()).await;
                }
                found
            }
        };
        Ok(version.map(|version| store::agents::Current { agent, version: agent_version::Model::clone(&version) }))
    }

    /// A workspace's own words of consent, as it stored them.
    pub async fn consent_words(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Result<Arc<Option<serde_json::Value>>, Arc<sea_orm::DbErr>> {
        let find = async {
            let found = store::workspaces::find(self.db.walker(), workspace_id).await?;
            Ok(Arc::new(found.and_then(|workspace| workspace.consent_words)))
        };
        self.consent_words.try_get_with_by_ref(workspace_id, find).await
    }

    /// Takes a message's place in the pace of its number and its pair, or says how long there is none. Nodes on one
    /// PostgreSQL keep one pace.
    pub async fn take_pace(
        &self,
        number_id: &NumberId,
        conversation_id: &ConversationId,
    ) -> Result<Result<(), Duration>, sea_orm::DbErr> {
        if self.db.engine() == Engine::Sqlite {
            return Ok(self.pacing.take(number_id.as_str(), conversation_id.as_str()));
        }
        let delivery = &self.settings.delivery;
        let number = (delivery.number_per_sec > 0)
            .then(|| Rate { step: Duration::from_secs(1) / delivery.number_per_sec, burst: delivery.number_per_sec });
        let pair = (delivery.pair_per_minute > 0).then(|| Rate {
            step: Duration::from_secs(60) / delivery.pair_per_minute,
            burst: delivery.pair_burst.max(1),
        });
        for (key, rate) in [(number_id.as_str(), number), (conversation_id.as_str(), pair)] {
            if let Some(rate) = rate
                && let Err(wait) = store::paces::take(&self.db, key, rate, self.now()).await?
            {
                return Ok(Err(wait));
            }
        }
        Ok(Ok(()))
    }

    /// Forgets what is known of a number that was changed here.
    pub async fn number_changed(&self, phone_number_id: &str) {
        self.numbers.invalidate(phone_number_id).await;
        self.peers.tell(Signal::Number(phone_number_id.to_owned()));
    }

    /// Tells the turn that thinks about a conversation, on whichever node, to look whether it has been overtaken.
    pub fn nudge(&self, conversation_id: &ConversationId) {
        if !self.nudges.nudge(conversation_id) {
            self.peers.tell(Signal::Nudge(conversation_id.clone()));
        }
    }

    /// Tells all that listen, on every node, what a colleague does right now.
    pub fn tell_presence(&self, presence: Presence) {
        match self.db.engine() {
            Engine::Sqlite => self.feed.tell_presence(presence),
            // What is told to the nodes comes back to this one too.
            Engine::Postgres => self.peers.tell(Signal::Presence(presence)),
        }
    }

    /// Does what another node tells.
    pub async fn hear(&self, signal: Signal) {
        match signal {
            Signal::Events => self.bells.events.ring_now(),
            Signal::Turns => self.bells.turns.ring_now(),
            Signal::Sends => self.bells.sends.ring_now(),
            Signal::Files => self.bells.files.ring_now(),
            Signal::Media => self.bells.media.ring_now(),
            Signal::Upkeep => self.bells.upkeep.ring_now(),
            Signal::Nudge(conversation_id) => drop(self.nudges.nudge(&conversation_id)),
            Signal::Number(phone_number_id) => self.numbers.invalidate(&phone_number_id).await,
            Signal::Changes => self.feed.bell.notify_one(),
            Signal::Presence(presence) => self.feed.tell_presence(presence),
        }
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
pub fn http_client(connect_timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    client_builder(connect_timeout).build()
}

/// The same, past any proxy of the environment: for asking a gateway nearby.
pub fn direct_http_client(connect_timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    client_builder(connect_timeout).no_proxy().build()
}

#[expect(clippy::disallowed_methods, reason = "this is where clients are made")]
fn client_builder(connect_timeout: Duration) -> reqwest::ClientBuilder {
    // Installed already when this is not the first client of the process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(64)
        .tcp_nodelay(true)
}

pub fn millis(duration: Duration) -> Millis {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
