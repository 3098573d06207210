//! Text files: their encoding by their bytes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::ReadError;

/// The text, and the usual name of its encoding, such as `UTF-8`.
pub fn decode(bytes: &[u8]) -> Result<(String, &'static str), ReadError> {
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
