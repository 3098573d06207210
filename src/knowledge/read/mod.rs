//! An uploaded file into text: its format by name, its encoding by its bytes.
//!
//! Every refusal is a sentence that tells the uploader what to do.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

/// Meta's own limit for documents is higher; knowledge files are text.
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;

/// How a file is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Markdown,
    Csv,
}

impl Format {
    /// By the ending of the file's name.
    pub fn of(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "txt" | "text" => Some(Self::Text),
            "md" | "markdown" => Some(Self::Markdown),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Markdown => "text/markdown",
            Self::Csv => "text/csv",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("The file is empty. Upload one with text in it.")]
    Empty,
    #[error("The file is larger than 20 MiB. Split it into several files.")]
    TooLarge,
    #[error("Files of this kind cannot be read. Upload .txt, .md or .csv, for example by saving a document as text.")]
    UnknownFormat,
    #[error("This is not a text file: it holds binary data. Save it as text (UTF-8) and upload it again.")]
    Binary,
    #[error(
        "Some of the file's characters cannot be read in any encoding we know. Save it as UTF-8 and upload it again."
    )]
    Garbled,
}

/// A file that has been read.
#[derive(Debug, PartialEq, Eq)]
pub struct Readable {
    pub format: Format,
    pub text: String,
    /// The encoding's usual name, such as `UTF-8`.
    pub encoding: &'static str,
}

/// Reads an uploaded file.
pub fn read(name: &str, bytes: &[u8]) -> Result<Readable, ReadError> {
    let format = Format::of(name).ok_or(ReadError::UnknownFormat)?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge);
    }
    let (text, encoding) = decode(bytes)?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(Readable { format, text, encoding })
}

fn decode(bytes: &[u8]) -> Result<(String, &'static str), ReadError> {
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if is_binary(bytes) => return Err(ReadError::Binary),
        None if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
        None => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            detector.guess(None, Utf8Detection::Deny)
        }
    };
    let (text, _, had_errors) = encoding.decode(bytes);
    if had_errors {
        return Err(ReadError::Garbled);
    }
    // A NUL that survived decoding is of no use to anybody, and PostgreSQL keeps none.
    if text.contains('\0') {
        return Err(ReadError::Binary);
    }
    Ok((text.into_owned(), encoding.name()))
}

/// Control characters that no text has; a share of them, since some editors leave a stray one.
fn is_binary(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)).count();
    bytes.contains(&0) || odd * 100 > bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let spanish = "Pan de molde: 3,50 €. Mañana también abrimos a las ocho, señora.";
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(spanish);
        for (bytes, encoding) in [
            (spanish.as_bytes().to_vec(), "UTF-8"),
            ([b"\xEF\xBB\xBF", spanish.as_bytes()].concat(), "UTF-8"),
            (latin.into_owned(), "windows-1252"),
            (std::iter::once(0xFEFFu16).chain(spanish.encode_utf16()).flat_map(u16::to_le_bytes).collect(), "UTF-16LE"),
        ] {
            let read = read("a.txt", &bytes).expect(encoding);
            assert_eq!((read.text.as_str(), read.encoding), (spanish, encoding));
        }
    }

    #[test]
    fn what_cannot_be_read_says_what_to_do() {
        for (name, bytes, error) in [
            ("a.txt", b"".to_vec(), ReadError::Empty),
            ("a.md", b" \n\t ".to_vec(), ReadError::Empty),
            ("a.exe", b"MZ".to_vec(), ReadError::UnknownFormat),
            ("noending", b"x".to_vec(), ReadError::UnknownFormat),
            ("a.txt", b"\x7fELF\0\0\0\x01\x02".to_vec(), ReadError::Binary),
            ("a.csv", b"\x89PNG\r\n\x1a\n\x01\x02\x03\x04".to_vec(), ReadError::Binary),
            ("a.txt", vec![b'x'; MAX_FILE_BYTES + 1], ReadError::TooLarge),
        ] {
            assert_eq!(read(name, &bytes), Err(error), "{name}");
        }
    }
}
