use super::*;

/// The proxies of the tests: one address, a network of each kind.
fn proxies() -> Proxies {
    Proxies::new(["192.0.2.1", "10.0.0.0/8", "fd00::/8"].map(|n| n.parse().unwrap()).into())
}

fn client(peer: &str, headers: &[(&'static str, &str)]) -> Client {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    proxies().client(peer.parse().unwrap(), &map)
}

#[track_caller]
fn check(headers: &[(&'static str, &str)], wanted: &str) {
    assert_eq!(client("192.0.2.1", headers).address.to_string(), wanted, "{headers:?}");
}

#[test]
fn networks() {
    let contains =
        |network: &str, address: &str| network.parse::<Network>().unwrap().contains(address.parse().unwrap());
    assert!(contains("10.0.0.0/8", "10.255.0.1") && !contains("10.0.0.0/8", "11.0.0.1"));
    assert!(contains("10.1.2.3/8", "10.9.9.9"), "the rest of the address does not count");
    assert!(contains("192.0.2.7", "192.0.2.7") && !contains("192.0.2.7", "192.0.2.8"));
    assert!(contains("0.0.0.0/0", "8.8.8.8") && !contains("0.0.0.0/0", "::1"));
    assert!(contains("fd00::/8", "fdff::1") && !contains("fd00::/8", "fe80::1"));
    assert!(contains("::1", "::1") && !contains("::1/128", "::2"));
    for bad in ["", "x", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0/8", "10.0.0.0/8/8"]
    {
        assert_eq!(bad.parse::<Network>(), Err(NoNetwork), "{bad}");
    }
    assert!(proxies().trusts("::ffff:10.0.0.1".parse().unwrap()), "IPv4 in IPv6");
}

#[test]
fn nobody_but_a_trusted_proxy_is_believed() {
    let headers =
        [("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=203.0.113.9"), ("x-forwarded-proto", "https")];
    for peer in ["192.0.2.2", "203.0.113.1", "::1"] {
        let wanted = Client { address: peer.parse().unwrap(), proto: None, host: None };
        assert_eq!(client(peer, &headers), wanted);
    }
    assert!(!Proxies::default().trusts("127.0.0.1".parse().unwrap()));
    assert_eq!(client("192.0.2.1", &[]).address.to_string(), "192.0.2.1");
}

#[test]
fn the_right_most_that_is_not_trusted_counts() {
    check(&[("x-forwarded-for", "203.0.113.9")], "203.0.113.9");
    check(&[("x-forwarded-for", "1.1.1.1, 203.0.113.9")], "203.0.113.9");
    check(&[("x-forwarded-for", "1.1.1.1, 203.0.113.9, 10.0.0.7,10.0.0.8")], "203.0.113.9");
    check(&[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.9")], "203.0.113.9");
    check(&[("x-forwarded-for", "10.0.0.9, 10.0.0.8")], "10.0.0.9");
    check(&[("x-forwarded-for", "2001:db8::1")], "2001:db8::1");
    check(&[("x-forwarded-for", "[2001:db8::1]:4711, fd00::1")], "2001:db8::1");
    check(&[("x-forwarded-for", "203.0.113.9:4711")], "203.0.113.9");
    check(&[("x-forwarded-for", "::ffff:203.0.113.9")], "203.0.113.9");

    check(&[("forwarded", "for=203.0.113.9")], "203.0.113.9");
    check(&[("forwarded", "for=1.1.1.1, FOR=203.0.113.9;proto=https;by=10.0.0.1, for=10.0.0.2")], "203.0.113.9");
    check(&[("forwarded", "for=\"[2001:db8:cafe::17]:4711\"")], "2001:db8:cafe::17");
    check(&[("forwarded", "for=[2001:db8::1]")], "2001:db8::1");
    check(&[("forwarded", "for=\"203.0.113.9:_hidden\"")], "203.0.113.9");
    check(&[("forwarded", "for=\"203.0.113.\\9\"")], "203.0.113.9");
    check(&[("forwarded", "for=1.1.1.1"), ("forwarded", "by=10.0.0.1 ; for=203.0.113.9")], "203.0.113.9");
}

#[test]
fn what_is_not_understood_ends_the_reading() {
    let peer = "192.0.2.1";
    check(&[("x-forwarded-for", "203.0.113.9, unknown")], peer);
    check(&[("x-forwarded-for", "203.0.113.9, x, 10.0.0.3")], "10.0.0.3");
    check(&[("x-forwarded-for", "203.0.113.9, 300.1.1.1")], peer);
    check(&[("x-forwarded-for", "203.0.113.9, 1.2.3.4 5.6.7.8")], peer);
    check(&[("x-forwarded-for", "203.0.113.9, \u{e9}")], peer);
    check(&[("x-forwarded-for", ",")], peer);
    check(&[("x-forwarded-for", &"1".repeat(10_000))], peer);
    for broken in [
        "for=unknown",
        "for=_hidden",
        "for",
        "for=",
        "=203.0.113.9",
        "for=203.0.113.9 proto=https",
        "for=203.0.113.9;for=203.0.113.8",
        "for=\"203.0.113.9",
        "for=203.0.113.9\"",
        "for=\"a\\",
        "proto=https",
        "f\u{f6}r=203.0.113.9",
    ] {
        check(&[("forwarded", broken)], peer);
    }
}

/// A client opens a quote, to swallow what the proxy writes behind it.
#[test]
fn a_client_can_not_hide_what_a_proxy_has_written() {
    for prefix in ["for=\"", "for=1.1.1.1;x=\"", "for=1.1.1.1, x=\"\\", "\"", "for=1.1.1.1;x=\"a\" \""] {
        for proxy in ["for=203.0.113.9", "for=\"203.0.113.9\";proto=https", "for=\"[2001:db8::1]\""] {
            let appended = format!("{prefix}, {proxy}");
            let found = client("192.0.2.1", &[("forwarded", &appended)]).address.to_string();
            assert!(["192.0.2.1", "203.0.113.9", "2001:db8::1"].contains(&found.as_str()), "{appended}: {found}");
            let line = client("192.0.2.1", &[("forwarded", prefix), ("forwarded", proxy)]).address.to_string();
            assert!(["203.0.113.9", "2001:db8::1"].contains(&line.as_str()), "{prefix} / {proxy}: {line}");
        }
    }
}

/// A proxy writes one kind of header and passes on the other as the client has written it.
#[test]
fn two_kinds_that_disagree_are_not_believed() {
    check(&[("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=1.1.1.1")], "192.0.2.1");
    check(&[("x-forwarded-for", "1.1.1.1"), ("forwarded", "for=203.0.113.9")], "192.0.2.1");
    check(&[("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=203.0.113.9")], "203.0.113.9");
}

#[test]
fn proto_and_host_come_from_the_proxy_that_has_seen_the_client() {
    let seen = |headers: &[(&'static str, &str)]| {
        let Client { proto, host, .. } = client("192.0.2.1", headers);
        (proto, host)
    };
    let https = (Some(Proto::Https), Some("music.example.org".to_owned()));
    let forwarded = "for=1.1.1.1;proto=http;host=evil.example, for=203.0.113.9;proto=https;host=Music.Example.org, \
                     for=10.0.0.2;proto=http;host=inner";
    assert_eq!(seen(&[("forwarded", forwarded)]), https);
    let x =
        [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "HTTPS"), ("x-forwarded-host", "music.example.org")];
    assert_eq!(seen(&x), https);
    let lists = [
        ("x-forwarded-for", "1.1.1.1, 203.0.113.9, 10.0.0.2"),
        ("x-forwarded-proto", "http, https, http"),
        ("x-forwarded-host", "evil.example, music.example.org, inner"),
    ];
    assert_eq!(seen(&lists), https);
    assert_eq!(seen(&[("x-forwarded-proto", "http, https")]), (Some(Proto::Https), None));
    assert_eq!(seen(&[("forwarded", "for=unknown;proto=wss")]), (Some(Proto::Https), None));
    assert_eq!(seen(&[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "gopher")]), (None, None));
    assert_eq!(seen(&[("x-forwarded-host", "a b"), ("x-forwarded-for", "203.0.113.9")]), (None, None));
}
