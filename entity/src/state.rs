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
    /// What an API key may do.
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

    /// Why a task was opened.
    TaskReason {
        /// The agent asked for a person.
        AgentAsked = "agent_asked",
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
