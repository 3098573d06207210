//! The words for states, outcomes and roles: as they are stored and as the API says them.

use sea_orm::sea_query::StringLen;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
                 sea_orm::EnumIter, sea_orm::DeriveActiveEnum, poem_openapi::Enum)]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
        pub enum $name {
            $(
                $(#[$variant_doc])*
                #[sea_orm(string_value = $word)]
                #[serde(rename = $word)]
                #[oai(rename = $word)]
                $variant,
            )+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}

words! {
    /// What an API key or a member may do.
    Role {
        /// Everything.
        Admin = "admin",
        /// Agents and knowledge, and all reads.
        Editor = "editor",
        /// Conversations and messages, and all reads.
        Operator = "operator",
        /// Reads.
        Viewer = "viewer",
    }

    /// How far a member has come.
    MemberStatus {
        /// No password is set yet.
        Invited = "invited",
        Active = "active",
    }

    /// What somebody is who does something.
    ActorKind {
        Key = "key",
        Member = "member",
    }

    NumberMode {
        Active = "active",
        /// Messages are stored and shown; nobody answers.
        Inactive = "inactive",
    }

    AgentMode {
        Active = "active",
        /// Messages are stored and shown; the agent does not answer.
        Paused = "paused",
    }

    /// What becomes of a reply that states what stands in no source.
    FactLockMode {
        /// Nothing is checked.
        Off = "off",
        /// It leaves, and the turn says so.
        Flag = "flag",
        /// It is written again once; then a person is asked.
        Enforce = "enforce",
    }

    FileStatus {
        Processing = "processing",
        Ready = "ready",
        Failed = "failed",
    }

    /// Who answers in a conversation.
    Owner {
        Agent = "agent",
        Human = "human",
    }

    /// An item for people on a conversation.
    Task {
        Open = "open",
    }

    /// Whether a customer may be written to freely.
    Window {
        Open = "open",
        /// Open for two more hours at the most.
        Closing = "closing",
        Closed = "closed",
    }

    /// What a colleague does in a conversation right now.
    PresenceState {
        Viewing = "viewing",
        Typing = "typing",
        Gone = "gone",
    }

    /// Why a task was opened.
    TaskReason {
        /// The agent asked for a person.
        AgentAsked = "agent_asked",
        /// The model stated what stands in no source, and did so again.
        FactLock = "fact_lock",
        /// The model failed and the ladder ended.
        ModelFailed = "model_failed",
        /// A reply could not be sent.
        SendFailed = "send_failed",
        /// A message was left without an outcome.
        Watchdog = "watchdog",
        /// Meta refuses the number's credentials.
        Credentials = "credentials",
        /// Another bot is on the other side.
        Loop = "loop",
        /// A budget is used up.
        OverBudget = "over_budget",
        /// The customer's window is about to close, and nobody has answered.
        WindowClosing = "window_closing",
    }

    Direction {
        Inbound = "inbound",
        Outbound = "outbound",
    }

    /// Who wrote a message.
    Author {
        Customer = "customer",
        Agent = "agent",
        /// A person, or a program with an API key.
        Operator = "operator",
        /// A person in the WhatsApp Business app, or another system that sends on the same number.
        Phone = "phone",
        /// The gateway itself: a consent that is confirmed.
        System = "system",
    }

    /// How far a sent message has got. It never moves backwards.
    MessageStatus {
        Queued = "queued",
        /// The request to Graph has left or is about to.
        Sending = "sending",
        /// Whether Graph took it is unknown: it is settled by a status webhook or repeated after the settling time.
        Unsettled = "unsettled",
        Accepted = "accepted",
        Sent = "sent",
        Delivered = "delivered",
        Read = "read",
        Failed = "failed",
    }

    /// How an inbound message ended. Every one ends in exactly one of these.
    Outcome {
        /// A reply was accepted by Graph.
        Answered = "answered",
        /// No reply was ever accepted; a task exists.
        Undelivered = "undelivered",
        /// The machine gave up; a task exists.
        HandedOver = "handed_over",
        /// A person owns the conversation.
        Human = "human",
        /// The agent is paused.
        Paused = "paused",
        /// The number is inactive.
        Inactive = "inactive",
        /// The number has no agent and the workspace no default.
        NoAgent = "no_agent",
        /// Another system owns the thread.
        Standby = "standby",
        OptedOut = "opted_out",
        Blocked = "blocked",
        /// A budget is used up; a task exists.
        OverBudget = "over_budget",
        /// Another bot is on the other side; a task exists.
        Loop = "loop",
        /// A reaction, a system note: nothing to answer.
        NotAQuestion = "not_a_question",
    }

    TurnStatus {
        /// Reading, thinking or about to commit.
        Thinking = "thinking",
        /// Overtaken by a newer message: it starts again with everything said.
        Restarting = "restarting",
        /// A reply was decided.
        Replied = "replied",
        /// It ended with nothing to send; the outcome says why.
        Ended = "ended",
    }

    EventStatus {
        /// Stored, not yet applied.
        Received = "received",
        Applied = "applied",
        /// No number of ours is meant.
        Unrouted = "unrouted",
        /// It could not be applied; the error says why.
        Failed = "failed",
        /// It named a contact who was forgotten: its body is gone.
        Erased = "erased",
    }

    JobStatus {
        Waiting = "waiting",
        Running = "running",
        /// Its failures are used up; it waits for a person.
        Dead = "dead",
    }

    JobKind {
        Turn = "turn",
        SendMessage = "send_message",
        IndexFile = "index_file",
        FetchMedia = "fetch_media",
        CheckNumber = "check_number",
        SyncTemplates = "sync_templates",
        EraseContact = "erase_contact",
    }

    /// Where a file came from.
    MediaSource {
        Inbound = "inbound",
        Upload = "upload",
    }

    MediaStatus {
        /// It is being fetched from Meta.
        Fetching = "fetching",
        Ready = "ready",
        /// It is not to be had; the error says why.
        Failed = "failed",
    }

    /// What a consent is about.
    ConsentScope {
        /// Everything that is not an answer of a person.
        All = "all",
        Marketing = "marketing",
    }

    ConsentState {
        OptedIn = "opted_in",
        OptedOut = "opted_out",
    }

    /// Who said it, and how.
    ConsentSource {
        /// The customer, with a word such as STOP.
        Keyword = "keyword",
        /// The customer, in WhatsApp's own settings.
        Whatsapp = "whatsapp",
        /// A person, or a program with an API key.
        Operator = "operator",
    }

    /// How much a notice matters.
    Severity {
        Info = "info",
        Warning = "warning",
        Critical = "critical",
    }

    /// Whether a number can do its work.
    HealthStatus {
        /// Never looked at.
        Unknown = "unknown",
        Ok = "ok",
        Trouble = "trouble",
        /// Its credentials are refused and its sends wait.
        Held = "held",
    }

    /// What told of a number's health.
    HealthSource {
        /// The look on a schedule.
        Probe = "probe",
        /// An operator's check.
        Check = "check",
        Webhook = "webhook",
        /// Graph's answer to a send.
        Send = "send",
    }

    /// For whom usage is counted.
    UsageScope {
        Contact = "contact",
        Number = "number",
        Workspace = "workspace",
    }

    /// By what a contact is known.
    IdentityKind {
        /// Meta's business-scoped user id (BSUID).
        UserId = "user_id",
        /// Digits of the `wa_id`.
        Phone = "phone",
    }
}
