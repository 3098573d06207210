//! HTTP/1.1 at the least cost: a ready-made request goes out, the status comes back. The load shares its cores with what
//! it measures, so each microsecond it takes is taken from there.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Connections to one address, kept for the next request.
pub struct Wire {
    address: String,
    idle: Mutex<Vec<TcpStream>>,
}

impl Wire {
    /// `base` is `http://HOST:PORT`.
    pub fn new(base: &str) -> Self {
        Self { address: base.trim_start_matches("http://").to_owned(), idle: Mutex::default() }
    }

    /// A POST with a signed body.
    pub fn signed_post(&self, path: &str, app_secret: &str, body: &[u8]) -> Vec<u8> {
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\nx-hub-signature-256: {}\r\ncontent-length: {}\r\n\r\n",
            self.address,
            simulator::sign(app_secret, body),
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        request
    }

    /// Sends a request and reads its answer's status.
    pub async fn send(&self, request: &[u8]) -> anyhow::Result<u16> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(mut stream) = idle
            && let Some(answer) = exchange(&mut stream, request).await?
        {
            return Ok(self.keep(stream, &answer));
        }
        let mut stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let answer = exchange(&mut stream, request).await?.context("the connection was closed without an answer")?;
        Ok(self.keep(stream, &answer))
    }

    fn keep(&self, stream: TcpStream, answer: &Answer) -> u16 {
        if answer.stays_open {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
        }
        answer.status
    }
}

struct Answer {
    status: u16,
    stays_open: bool,
}

/// None when the other side had closed the connection before it read anything, as servers do with idle ones.
async fn exchange(stream: &mut TcpStream, request: &[u8]) -> anyhow::Result<Option<Answer>> {
    if stream.write_all(request).await.is_err() {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(512);
    loop {
        match stream.read_buf(&mut bytes).await {
            Ok(0) | Err(_) if bytes.is_empty() => return Ok(None),
            Ok(0) => bail!("the connection was closed in the middle of an answer"),
            Err(error) => return Err(error.into()),
            Ok(_) => {}
        }
        if let Some(answer) = read(&bytes)? {
            return Ok(Some(answer));
        }
    }
}

/// None until the answer is whole.
fn read(bytes: &[u8]) -> anyhow::Result<Option<Answer>> {
    let Some(head_length) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&bytes[..head_length])?.to_ascii_lowercase();
    let body = &bytes[head_length + 4..];
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status in the answer")?;
    let header = |name: &str| {
        head.lines()
            .find_map(|line| line.split_once(':').filter(|(key, _)| *key == name).map(|(_, value)| value.trim()))
    };
    let is_whole = match header("content-length") {
        Some(length) => body.len() >= length.parse()?,
        None if header("transfer-encoding") == Some("chunked") => body.ends_with(b"0\r\n\r\n"),
        None => status == 204,
    };
    Ok(is_whole.then(|| Answer { status, stays_open: header("connection") != Some("close") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_when_they_are_whole() {
        let status = |text: &str| read(text.as_bytes()).expect("HTTP").map(|answer| (answer.status, answer.stays_open));
        assert_eq!(status("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"), None);
        assert_eq!(status("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), Some((200, true)));
        assert_eq!(status("HTTP/1.1 503 No\r\ncontent-length: 0\r\nConnection: close\r\n\r\n"), Some((503, false)));
        assert_eq!(
            status("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
            Some((200, true))
        );
        assert_eq!(status("HTTP/1.1 200 OK\r\nConte"), None);
    }
}
