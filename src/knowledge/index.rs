//! The index: BM25 over an agent's passages, in memory, one for each agent and revision of its knowledge.
//!
//! A revision is never changed, so a node that holds another one builds it anew and the old one falls out of the cache.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use entity::{AgentId, FileId};
use moka::future::Cache;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexReader, TantivyDocument, Term};

use super::tokenizer::{analyzer, words};
use crate::store::knowledge::NamedPassage;
use crate::store::{self, Db};

const TOKENIZER: &str = "unicode";
const WRITER_HEAP_BYTES: usize = 20 * 1024 * 1024;
/// Bytes of passages kept in memory, over all agents.
const CACHE_BYTES: u64 = 256 * 1024 * 1024;
const IDLE: Duration = Duration::from_secs(60 * 60);
/// A question is looked up by so many of its words at the most.
const MAX_QUERY_WORDS: usize = 64;
const SAMPLE_BYTES: usize = 20_000;

#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error(transparent)]
    Database(#[from] sea_orm::DbErr),
    #[error("the index cannot be built or read: {0}")]
    Index(#[from] tantivy::TantivyError),
    #[error("{0}")]
    Shared(Arc<SearchError>),
}

/// A passage that was found.
#[derive(Debug, Clone)]
pub struct Found {
    pub file_id: FileId,
    pub file_name: String,
    pub heading: Option<String>,
    /// The page of a document, from 1.
    pub page: Option<i32>,
    /// The row of a table in its file, from 1.
    pub row: Option<i32>,
    pub text: String,
    pub tokens: usize,
    /// BM25: higher is better; comparable within one search only.
    pub score: f32,
    /// How much of the question's weight it matches, 0 to 1: rare words weigh more.
    pub coverage: f32,
}

impl Found {
    /// Where it stands, for people and models: `prices.xlsx, row 12 > Breads`.
    pub fn source(&self) -> String {
        let page = self.page.map_or_else(String::new, |page| format!(", page {page}"));
        let row = self.row.map_or_else(String::new, |row| format!(", row {row}"));
        let heading = self.heading.as_ref().map_or_else(String::new, |heading| format!(" > {heading}"));
        format!("{}{page}{row}{heading}", self.file_name)
    }
}

/// The indexes of all agents.
#[derive(Clone)]
pub struct Indexes {
    cache: Cache<(AgentId, i64), Arc<AgentIndex>>,
}

impl std::fmt::Debug for Indexes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Indexes({} cached)", self.cache.entry_count())
    }
}

impl Default for Indexes {
    fn default() -> Self {
        let cache = Cache::builder()
            .max_capacity(CACHE_BYTES)
            .weigher(|_, index: &Arc<AgentIndex>| u32::try_from(index.bytes).unwrap_or(u32::MAX))
            .time_to_idle(IDLE)
            .build();
        Self { cache }
    }
}

impl Indexes {
    /// The `limit` best passages of an agent's knowledge at `revision`, best first.
    pub async fn search(
        &self,
        db: &Db,
        agent_id: &AgentId,
        revision: i64,
        query: &str,
        limit: usize,
    ) -> Result<Vec<Found>, SearchError> {
        self.get(db, agent_id, revision).await?.search(query, limit)
    }

    /// Builds the index where it is not there yet, once however many ask.
    async fn get(&self, db: &Db, agent_id: &AgentId, revision: i64) -> Result<Arc<AgentIndex>, SearchError> {
        let build = async {
            let passages = store::knowledge::list_passages(db.reader(), agent_id).await?;
            let built = tokio::task::spawn_blocking(move || AgentIndex::build(passages)).await;
            built.expect("building an index does not panic").map(Arc::new)
        };
        self.cache.try_get_with((agent_id.clone(), revision), build).await.map_err(SearchError::Shared)
    }
}

struct AgentIndex {
    passages: Vec<NamedPassage>,
    reader: IndexReader,
    analyzer: TextAnalyzer,
    text: Field,
    place: Field,
    bytes: usize,
}

impl AgentIndex {
    fn build(passages: Vec<NamedPassage>) -> Result<Self, SearchError> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqs)
            .set_fieldnorms(true);
        let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let place = schema.add_u64_field("place", tantivy::schema::STORED);
        let index = Index::create_in_ram(schema.build());
        let analyzer = analyzer(&sample(&passages));
        index.tokenizers().register(TOKENIZER, analyzer.clone());

        let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, WRITER_HEAP_BYTES)?;
        for (number, passage) in passages.iter().enumerate() {
            let mut document = TantivyDocument::new();
            document.add_text(text, &passage.text);
            if let Some(heading) = &passage.heading {
                document.add_text(text, heading);
            }
            document.add_u64(place, number as u64);
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        let bytes = passages.iter().map(|passage| passage.text.len() * 2 + 200).sum();
        Ok(Self { reader: index.reader()?, passages, analyzer, text, place, bytes })
    }

    fn search(&self, query: &str, limit: usize) -> Result<Vec<Found>, SearchError> {
        let searcher = self.reader.searcher();
        let weights = self.weights(&searcher, query)?;
        if weights.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let terms = weights.keys().map(|word| {
            let term = Term::from_field_text(self.text, word);
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>)
        });
        let query = BooleanQuery::new(terms.collect());
        let hits = searcher.search(&query, &TopDocs::with_limit(limit).order_by_score())?;
        let all: f32 = weights.values().sum();
        let mut found = Vec::with_capacity(hits.len());
        for (score, address) in hits {
            let document: TantivyDocument = searcher.doc(address)?;
            let place = document.get_first(self.place).and_then(|value| value.as_u64());
            let Some(passage) = place.and_then(|place| self.passages.get(usize::try_from(place).ok()?)) else {
                continue;
            };
            found.push(Found {
                file_id: passage.file_id.clone(),
                file_name: passage.file_name.clone(),
                heading: passage.heading.clone(),
                page: passage.page,
                row: passage.row,
                text: passage.text.clone(),
                tokens: usize::try_from(passage.tokens).unwrap_or(0),
                score,
                coverage: self.matched(passage, &weights) / all,
            });
        }
        Ok(found)
    }

    /// The question's words with what they weigh: the rarer in the passages, the more. A word that no passage has
    /// weighs like one that a single passage has.
    fn weights(&self, searcher: &tantivy::Searcher, query: &str) -> Result<HashMap<String, f32>, SearchError> {
        let all = self.passages.len() as f32;
        let mut weights = HashMap::new();
        for word in words(&self.analyzer, query).into_iter().take(MAX_QUERY_WORDS) {
            let with = searcher.doc_freq(&Term::from_field_text(self.text, &word))?.max(1) as f32;
            weights.insert(word, (1.0 + (all - with + 0.5) / (with + 0.5)).ln());
        }
        Ok(weights)
    }

    fn matched(&self, passage: &NamedPassage, weights: &HashMap<String, f32>) -> f32 {
        let mut own: HashSet<String> = words(&self.analyzer, &passage.text).into_iter().collect();
        own.extend(passage.heading.as_deref().map(|heading| words(&self.analyzer, heading)).unwrap_or_default());
        weights.iter().filter(|(word, _)| own.contains(*word)).map(|(_, weight)| weight).sum()
    }
}

/// Enough of the files to know their language by.
fn sample(passages: &[NamedPassage]) -> String {
    let mut sample = String::new();
    for passage in passages {
        sample.push_str(&passage.text);
        sample.push('\n');
        if sample.len() > SAMPLE_BYTES {
            break;
        }
    }
    sample
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(texts: &[&str]) -> AgentIndex {
        let passages = texts.iter().enumerate().map(|(ordinal, text)| NamedPassage {
            file_id: FileId::generate(0),
            file_name: "f.md".to_owned(),
            ordinal: i32::try_from(ordinal).expect("few"),
            heading: None,
            page: None,
            row: None,
            text: (*text).to_owned(),
            tokens: 1,
        });
        AgentIndex::build(passages.collect()).expect("built")
    }

    #[test]
    fn the_best_passage_comes_first_and_covers_the_question() {
        let index = index(&[
            "On Sunday we open at eight in the morning, and close when the last loaf is gone.",
            "Rye bread costs 4.20 and is baked from Tuesday to Saturday with our own sourdough.",
            "We deliver to your door on weekdays, at no cost for those who order early.",
            "Cakes are made to order, and should be ordered two days before they are picked up.",
        ]);
        let found = index.search("What time do you open on Sunday?", 3).expect("search");
        assert!(found[0].text.starts_with("On Sunday"), "{found:?}");
        assert!(found[0].coverage > 0.3, "{found:?}");
        let weather = index.search("Will it rain in Paris on Monday?", 1).expect("search");
        assert!(weather.is_empty() || weather[0].coverage < 0.25, "{weather:?}");
    }

    #[test]
    fn odd_questions_find_nothing_and_break_nothing() {
        let index = index(&["Bread."]);
        for query in ["", "?!", "( \"", &"x".repeat(100_000), "\u{0}"] {
            assert!(index.search(query, 5).expect("search").is_empty(), "{:.20}", query);
        }
        assert!(super::AgentIndex::build(Vec::new()).expect("empty").search("bread", 5).expect("search").is_empty());
    }
}
