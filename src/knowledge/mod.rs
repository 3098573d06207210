//! Files into passages, passages into an index, a question into the best of them.

mod cut;
mod index;
mod read;
mod tokenizer;

pub use cut::{CutError, Passage, cut, nests_too_deep};
pub use index::{Found, Indexes};
pub use read::{Format, MAX_FILE_BYTES, ReadError, Readable, read};
