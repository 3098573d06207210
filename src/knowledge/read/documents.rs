//! Documents with a layout, as Markdown: PDF, DOCX, PPTX, HTML.

use super::{Body, Part, ReadError};

/// A page of a scan gives less text than this, if any.
const CHARS_OF_A_PAGE: usize = 20;
/// More pages than anybody reads to a customer.
const MAX_PAGES: u32 = 2_000;

/// The pages of a PDF, and how many of them hold no text.
pub fn pdf(bytes: &[u8]) -> Result<(Vec<Part>, u32), ReadError> {
    use unpdf::render::{RenderOptions, to_markdown};
    use unpdf::{PageSelection, ParseOptions};

    let unreadable = |error: unpdf::Error| match error {
        unpdf::Error::Encrypted | unpdf::Error::InvalidPassword => ReadError::Encrypted,
        error => ReadError::Pdf(error.to_string()),
    };
    let options = ParseOptions::new().lenient().sequential().with_resources(false);
    let document = unpdf::parse_bytes_with_options(bytes, options).map_err(unreadable)?;
    let pages = document.page_count();
    if pages > MAX_PAGES {
        return Err(ReadError::TooManyPages(pages));
    }
    let mut parts = Vec::new();
    for number in 1..=pages {
        let options = RenderOptions::new().with_pages(PageSelection::Pages(vec![number])).with_standard_cleanup();
        let text = to_markdown(&document, &options).map_err(unreadable)?;
        if text.chars().filter(|char| char.is_alphanumeric()).count() >= CHARS_OF_A_PAGE {
            parts.push(Part { page: Some(number), title: None, body: Body::Markdown(text) });
        }
    }
    let without_text = pages - u32::try_from(parts.len()).unwrap_or(pages);
    if parts.is_empty() { Err(ReadError::NoText) } else { Ok((parts, without_text)) }
}

/// A document or a presentation of an office (OOXML).
pub fn office(bytes: &[u8]) -> Result<Vec<Part>, ReadError> {
    use undoc::render::{RenderOptions, to_markdown};

    let unreadable = |error: undoc::Error| ReadError::Office(error.to_string());
    let document = undoc::parse_bytes(bytes).map_err(unreadable)?;
    let options = RenderOptions::new().with_images(false).with_cleanup();
    let text = to_markdown(&document, &options).map_err(unreadable)?;
    whole(text)
}

/// A page of the web, without what is there for its looks and its ways around.
pub fn html(text: &str) -> Result<Vec<Part>, ReadError> {
    let skipped = vec!["script", "style", "noscript", "template", "svg", "nav", "iframe", "form", "button"];
    let converter = htmd::HtmlToMarkdown::builder().skip_tags(skipped).build();
    whole(converter.convert(text).map_err(|error| ReadError::Html(error.to_string()))?)
}

fn whole(text: String) -> Result<Vec<Part>, ReadError> {
    if text.trim().is_empty() {
        return Err(ReadError::NoText);
    }
    Ok(vec![Part { page: None, title: None, body: Body::Markdown(text) }])
}
