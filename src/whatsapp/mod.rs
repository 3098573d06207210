//! Meta's language: payloads, signatures, the Graph client, error codes. No table is known here.

pub mod error;
pub mod graph;
pub mod outgoing;
pub mod pacing;
pub mod phone;
pub mod signature;
pub mod template;
pub mod webhook;
