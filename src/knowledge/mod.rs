//! Files into passages, passages into an index, a question into the best of them.

mod cut;
pub mod helper;
mod index;
mod read;
mod tokenizer;

pub use cut::{Passage, TooManyPassages, cut, nests_too_deep};
pub use index::{Found, Indexes};
pub use read::{Body, ENDINGS, Format, MAX_FILE_BYTES, Part, ReadError, Readable, look, read};
