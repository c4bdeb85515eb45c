//! The headers' grammar. Hostile values are the rule here, not the exception: a line that breaks it is one hop of which
//! nothing is known, so that no quote left open by a client hides what a proxy has written behind it.

use axum::http::{HeaderMap, HeaderName};

use super::{FORWARDED, Hop, Proto, X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO, address};

/// Longest name of a host, in bytes.
const MAX_HOST: usize = 255;

/// What `Forwarded` says, in the order of its lines.
pub(super) fn forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let lines = headers.get_all(FORWARDED).into_iter();
    lines.flat_map(|line| line.to_str().ok().and_then(elements).unwrap_or_else(|| vec![Hop::default()])).collect()
}

/// What `X-Forwarded-For`, `-Proto` and `-Host` say together. The latter have as many values as the first, or count from
/// the right.
pub(super) fn x_forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let addresses = values(headers, &X_FORWARDED_FOR);
    let (protos, hosts) = (values(headers, &X_FORWARDED_PROTO), values(headers, &X_FORWARDED_HOST));
    let beside = |all: &[String], n: usize| {
        let one = if all.len() == addresses.len() { all.get(n) } else { all.last() };
        one.cloned()
    };
    (0..addresses.len().max(1))
        .map(|n| Hop {
            address: addresses.get(n).and_then(|text| address(text)),
            proto: beside(&protos, n).and_then(|text| Proto::parse(&text)),
            host: beside(&hosts, n).and_then(|text| host(&text)),
        })
        .collect()
}

/// The comma-separated values of a header that may stand several times. What is not ASCII is a value that says nothing.
fn values(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).into_iter().map(|line| line.to_str().unwrap_or("?"));
    lines.flat_map(|line| line.split(',')).map(|value| value.trim().to_owned()).filter(|v| !v.is_empty()).collect()
}

/// An authority in lower case.
fn host(text: &str) -> Option<String> {
    let fits = (1..=MAX_HOST).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']' | b'_'));
    fits.then(|| text.to_ascii_lowercase())
}

/// The elements of one line of `Forwarded`; none if it breaks the grammar.
fn elements(line: &str) -> Option<Vec<Hop>> {
    let mut rest = line.trim();
    let mut hops = Vec::new();
    while !rest.is_empty() {
        let (hop, behind) = element(rest)?;
        hops.extend(hop);
        rest = behind;
    }
    Some(hops)
}

/// One element, and what stands behind its comma. Empty ones may stand in any list (RFC 9110, section 5.6.1).
fn element(mut rest: &str) -> Option<(Option<Hop>, &str)> {
    let mut hop = Hop::default();
    let mut seen: Vec<String> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() || rest.starts_with(',') {
            break;
        }
        if let Some(behind) = rest.strip_prefix(';') {
            rest = behind;
            continue;
        }
        let (name, behind) = rest.split_once('=')?;
        let name = name.trim_end().to_ascii_lowercase();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') || seen.contains(&name) {
            return None;
        }
        let (value, behind) = value(behind)?;
        match name.as_str() {
            "for" => hop.address = address(&value),
            "proto" => hop.proto = Proto::parse(&value),
            "host" => hop.host = host(&value),
            _ => {}
        }
        seen.push(name);
        rest = behind.trim_start();
        if !(rest.is_empty() || rest.starts_with([',', ';'])) {
            return None;
        }
    }
    let behind = rest.strip_prefix(',').unwrap_or(rest);
    Some(((!seen.is_empty()).then_some(hop), behind))
}

/// A token or a quoted string, and what stands behind it. IPv6 addresses should be quoted and are not always.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ';', ' ', '\t', '"']).unwrap_or(text.len());
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            other => value.push(other),
        }
    }
    None
}
