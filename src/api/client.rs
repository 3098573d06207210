//! Where a call comes from.

use std::net::IpAddr;

use poem::Request;

/// The client's address: the peer's, or what the outermost proxy of ours saw, when settings say that there are any.
pub fn address(request: &Request, trusted_proxies: usize) -> Option<IpAddr> {
    let peer = request.remote_addr().as_socket_addr().map(|address| address.ip().to_canonical());
    if trusted_proxies == 0 {
        return peer;
    }
    let headers = request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    seen_by_proxies(headers, trusted_proxies).or(peer)
}

/// Each proxy adds whom it saw at the right end; what stands left of ours anybody could have written.
fn seen_by_proxies<'a>(headers: impl Iterator<Item = &'a str>, proxies: usize) -> Option<IpAddr> {
    let all: Vec<&str> = headers.flat_map(|header| header.split(',')).map(str::trim).collect();
    let place = all.len().checked_sub(proxies)?;
    let seen = all.get(place)?;
    let address = seen.parse::<IpAddr>().ok();
    let with_port = || seen.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    address.or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_our_own_proxies_wrote_is_believed() {
        let seen = |headers: &[&'static str], proxies| {
            seen_by_proxies(headers.iter().copied(), proxies).map(|address| address.to_string())
        };
        assert_eq!(seen(&["10.9.9.9, 192.0.2.1"], 1).as_deref(), Some("192.0.2.1"));
        assert_eq!(seen(&["10.9.9.9", "192.0.2.1, 10.0.0.2"], 2).as_deref(), Some("192.0.2.1"));
        assert_eq!(seen(&["192.0.2.1:4711"], 1).as_deref(), Some("192.0.2.1"));
        assert_eq!(seen(&["[2001:db8::1]:4711"], 1).as_deref(), Some("2001:db8::1"));
        assert_eq!(seen(&["192.0.2.1"], 2), None);
        assert_eq!(seen(&["unknown"], 1), None);
        assert_eq!(seen(&[], 1), None);
    }
}
