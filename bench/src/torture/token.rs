//! Words that can be told again on a phone: `k7m12` is the twelfth message of customer 7, `s31` the model's 31st answer.

use std::fmt;

/// One message of one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token {
    pub customer: usize,
    pub message: usize,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "k{}m{}", self.customer, self.message)
    }
}

/// The messages a text names, in its order.
pub fn tokens(text: &str) -> Vec<Token> {
    words(text).filter_map(token).collect()
}

/// Which of the model's answers a text is; none where something else wrote it.
pub fn stamp(text: &str) -> Option<usize> {
    words(text).find_map(|word| word.strip_prefix('s')?.parse().ok())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
}

fn token(word: &str) -> Option<Token> {
    let (customer, message) = word.strip_prefix('k')?.split_once('m')?;
    Some(Token { customer: customer.parse().ok()?, message: message.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_again() {
        let first = Token { customer: 7, message: 12 };
        assert_eq!(tokens(&format!("so ({first}) k7m13. kick me, km1")), [first, Token { customer: 7, message: 13 }]);
        assert_eq!((stamp("Noted: k7m12 s31"), stamp("Sorry, I cannot answer that")), (Some(31), None));
    }
}
