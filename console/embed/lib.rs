//! The web console as it was built: its page, and the files the page asks for.
//!
//! The sources are TypeScript in `src/`; the build script turns them into the files that are embedded here. Beside each
//! file that is worth it stand two compressed forms of it.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/dist"]
struct Files;

const PAGE: &str = "index.html";
/// Where the page's one-time number stands in it.
const NONCE: &str = "__NONCE__";
/// Names of files in here carry the hash of their content.
const HASHED: &str = "assets/";

/// A file as it is sent.
#[derive(Debug)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub media_type: String,
    /// The header `Content-Encoding`, where it is compressed.
    pub encoding: Option<&'static str>,
    /// Changes when the file does.
    pub etag: String,
    /// Its name changes with its content, so it may be kept for ever.
    pub is_immutable: bool,
}

/// The console's page. Whatever adds a style sheet to it shows `nonce`, as the page's content security policy wants it.
pub fn page(nonce: &str) -> String {
    let file = Files::get(PAGE).map(|file| file.data).unwrap_or_default();
    String::from_utf8_lossy(&file).replace(NONCE, nonce)
}

/// The file at a path such as `assets/index-3f2a.js`, in the smallest form that `accept_encoding` takes.
pub fn find(path: &str, accept_encoding: &str) -> Option<Asset> {
    let is_form = [".br", ".gz"].iter().any(|ending| path.ends_with(ending));
    if path == PAGE || is_form {
        return None;
    }
    let plain = Files::get(path)?;
    let media_type = plain.metadata.mimetype().to_owned();
    let compressed = [("br", ".br"), ("gzip", ".gz")].into_iter().find_map(|(encoding, ending)| {
        let file = accepts(accept_encoding, encoding).then(|| Files::get(&format!("{path}{ending}"))).flatten()?;
        Some((Some(encoding), file))
    });
    let (encoding, file) = compressed.unwrap_or((None, plain));
    Some(Asset { etag: etag(&file), bytes: file.data, media_type, encoding, is_immutable: path.starts_with(HASHED) })
}

fn etag(file: &EmbeddedFile) -> String {
    let hash: String = file.metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hash}\"")
}

/// Whether the header `Accept-Encoding` names the encoding and does not give it the weight nought.
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named && !parts.any(|part| matches!(part.strip_prefix("q="), Some("0" | "0.0" | "0.00" | "0.000")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_there_with_its_nonce() {
        let page = page("n0nce");
        assert!(page.contains("Switchboard"));
        assert!(!page.contains(NONCE));
    }

    #[test]
    fn the_page_and_compressed_forms_are_no_files_of_their_own() {
        assert!(find(PAGE, "").is_none());
        assert!(find("favicon.svg.gz", "").is_none());
        assert!(find("../Cargo.toml", "").is_none());
    }

    #[test]
    fn encodings_are_read_with_their_weights() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("gzip", "br"));
    }
}
