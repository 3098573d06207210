//! Words for the index, by Unicode's own rules: letters with their marks, each Han character a word, all in lower case
//! and without accents; in the files' language without stop words and endings.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, Stemmer, StopWordFilter, TextAnalyzer, Token,
    TokenStream, Tokenizer,
};
use unicode_segmentation::UnicodeSegmentation;

const LONGEST_WORD_BYTES: usize = 80;

/// The analyzer for files in the language of `sample`: its stop words are left out and its endings cut, where the
/// language is known well enough.
pub fn analyzer(sample: &str) -> TextAnalyzer {
    let words =
        TextAnalyzer::builder(UnicodeWords).filter(RemoveLongFilter::limit(LONGEST_WORD_BYTES)).filter(LowerCaser);
    let Some((language, code)) = language(sample) else { return words.filter(AsciiFoldingFilter).build() };
    let stop_words = stop_words::lookup(code).unwrap_or_default().iter().map(|word| (*word).to_owned());
    words.filter(StopWordFilter::remove(stop_words)).filter(Stemmer::new(language)).filter(AsciiFoldingFilter).build()
}

/// The words of `text`, as an index with this analyzer knows them.
pub fn words(analyzer: &TextAnalyzer, text: &str) -> Vec<String> {
    let mut analyzer = analyzer.clone();
    let mut stream = analyzer.token_stream(text);
    let mut words = Vec::new();
    while let Some(token) = stream.next() {
        words.push(token.text.clone());
    }
    words
}

/// The language with its ISO 639-1 code.
fn language(sample: &str) -> Option<(Language, &'static str)> {
    let detected = whatlang::detect(sample).filter(whatlang::Info::is_reliable)?;
    Some(match detected.lang() {
        whatlang::Lang::Ara => (Language::Arabic, "ar"),
        whatlang::Lang::Dan => (Language::Danish, "da"),
        whatlang::Lang::Nld => (Language::Dutch, "nl"),
        whatlang::Lang::Eng => (Language::English, "en"),
        whatlang::Lang::Fin => (Language::Finnish, "fi"),
        whatlang::Lang::Fra => (Language::French, "fr"),
        whatlang::Lang::Deu => (Language::German, "de"),
        whatlang::Lang::Ell => (Language::Greek, "el"),
        whatlang::Lang::Hun => (Language::Hungarian, "hu"),
        whatlang::Lang::Ita => (Language::Italian, "it"),
        whatlang::Lang::Nob => (Language::Norwegian, "no"),
        whatlang::Lang::Por => (Language::Portuguese, "pt"),
        whatlang::Lang::Ron => (Language::Romanian, "ro"),
        whatlang::Lang::Rus => (Language::Russian, "ru"),
        whatlang::Lang::Spa => (Language::Spanish, "es"),
        whatlang::Lang::Swe => (Language::Swedish, "sv"),
        whatlang::Lang::Tam => (Language::Tamil, "ta"),
        whatlang::Lang::Tur => (Language::Turkish, "tr"),
        _ => return None,
    })
}

#[derive(Clone)]
struct UnicodeWords;

impl Tokenizer for UnicodeWords {
    type TokenStream<'a> = UnicodeWordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        UnicodeWordStream { words: Box::new(text.unicode_word_indices()), token: Token::default() }
    }
}

struct UnicodeWordStream<'a> {
    words: Box<dyn Iterator<Item = (usize, &'a str)> + 'a>,
    token: Token,
}

impl TokenStream for UnicodeWordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some((offset, word)) = self.words.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = offset;
        self.token.offset_to = offset + word.len();
        self.token.text.clear();
        self.token.text.push_str(word);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_many_scripts() {
        let plain = analyzer("");
        assert_eq!(words(&plain, "Café, 4.20 EUR! don't"), ["cafe", "4.20", "eur", "don't"]);
        assert_eq!(words(&plain, "面包店"), ["面", "包", "店"]);
        assert_eq!(words(&plain, "متى تفتحون؟"), ["متى", "تفتحون"]);
    }

    #[test]
    fn a_known_language_loses_its_stop_words_and_endings() {
        let english = analyzer(
            "We are open from Tuesday to Friday, and on Sundays our customers can buy bread until one o'clock.",
        );
        assert_eq!(words(&english, "Are the bakers opening on Sundays?"), ["baker", "open", "sunday"]);
        let spanish = analyzer(
            "Los domingos abrimos a las ocho y cerramos a la una; los lunes la panadería está cerrada todo el día.",
        );
        assert_eq!(words(&spanish, "los domingos"), words(&spanish, "domingo"));
    }
}
