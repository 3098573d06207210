//! Switchboard lets AI agents answer a business's WhatsApp numbers. Everything here is one walk:
//!
//! ```text
//! webhook -> durable event -> turn -> prompt -> model, with tools -> outbound message -> Graph API -> status
//! ```
//!
//! A webhook comes in at [`intake`], is stored and answered, then applied: its messages find their conversation and
//! enqueue a turn. A worker of [`jobs`] runs it: [`turn`] reads, asks the [`shield`], thinks and commits; thinking searches [`knowledge`],
//! assembles a [`prompt`] and asks a model through [`llm`], which may call [`tools`]. The commit enqueues sends, which
//! [`delivery`] brings to Graph through [`whatsapp`] and follows until they are read. [`store`] holds every query, [`api`]
//! shows and steers all of it, [`serve`] puts it together.

pub mod intake;
pub mod turn;

pub mod facts;
pub mod knowledge;
pub mod llm;
pub mod prompt;
pub mod tools;

pub mod delivery;
pub mod whatsapp;

pub mod account;
pub mod consent;
pub mod media;
pub mod privacy;
pub mod shield;
pub mod stats;

pub mod jobs;
pub mod store;

pub mod api;

pub mod app;
pub mod blobs;
pub mod clock;
pub mod config;
pub mod passwords;
pub mod secrets;
pub mod telemetry;

pub mod backup;
pub mod bootstrap;
pub mod check;
pub mod demo;
pub mod health;
pub mod rotate;
pub mod serve;
