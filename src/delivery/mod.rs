//! Sending what was decided, and following it to delivered, read or failed.
//!
//! A send is released in a transaction that checks the conversation's epoch, so that no agent bubble leaves after a
//! person took over. Then Graph is called, then the answer is written. What happens in between is unknown only when the
//! connection breaks or the process dies: such a message is unsettled until a status webhook tells.

mod dialect;
mod send;
mod split;
mod status;
mod window_template;

pub use dialect::to_whatsapp;
pub use send::{Ready, Sending, abandon, insert_released, may_leave_at_once, run, send_ready};
pub use split::{MAX_CHARS, split};
pub use status::{Report, apply, read_word, record};
pub use window_template::WindowTemplate;
