//! Meta's language: payloads, signatures, the Graph client, error codes. No table is known here.

pub mod advice;
pub mod definition;
pub mod error;
pub mod graph;
pub mod pacing;
pub mod signature;
pub mod webhook;
