//! Meta's language: payloads, signatures, the Graph client, error codes. No table is known here.

pub mod advice;
pub mod body;
pub mod definition;
pub mod error;
pub mod graph;
pub mod inbound;
mod json;
pub mod media;
pub mod outgoing;
pub mod pacing;
pub mod phone;
pub mod signature;
pub mod status;
pub mod template;
pub mod webhook;
