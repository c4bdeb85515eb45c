//! A small blocking HTTP/1.1 client, for setting a scene: accounts, stages, songs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub body: Vec<u8>,
}

/// One request on a connection of its own.
pub fn send(
    addr: SocketAddr,
    method: &str,
    path: &str,
    token: Option<&str>,
    kind: &str,
    body: &[u8],
) -> Result<Response> {
    let mut stream = TcpStream::connect_timeout(&addr, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    stream.set_nodelay(true)?;
    let authorization = token.map(|t| format!("authorization: Bearer {t}\r\n")).unwrap_or_default();
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n{authorization}content-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    stream.write_all(&request)?;
    read(BufReader::new(stream)).with_context(|| format!("{method} {path}"))
}

/// A connection for one request after the other.
#[derive(Debug)]
pub struct Connection {
    addr: SocketAddr,
    stream: BufReader<TcpStream>,
}

impl Connection {
    pub fn open(addr: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&addr, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        stream.set_nodelay(true)?;
        Ok(Self { addr, stream: BufReader::new(stream) })
    }

    pub fn get(&mut self, path: &str, token: &str) -> Result<Response> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n\r\n", self.addr);
        self.stream.get_mut().write_all(request.as_bytes())?;
        read(&mut self.stream).with_context(|| format!("GET {path}"))
    }
}

/// A JSON request that must succeed.
pub fn json(addr: SocketAddr, method: &str, path: &str, token: Option<&str>, body: &Value) -> Result<Value> {
    expect_json(method, path, &send(addr, method, path, token, "application/json", &body_of(body)?)?)
}

/// Of null there is none.
pub fn body_of(json: &Value) -> Result<Vec<u8>> {
    Ok(if json.is_null() { Vec::new() } else { serde_json::to_vec(json)? })
}

pub fn expect_json(method: &str, path: &str, response: &Response) -> Result<Value> {
    ensure!(
        (200..300).contains(&response.status),
        "{method} {path}: {} {}",
        response.status,
        String::from_utf8_lossy(&response.body)
    );
    if response.body.is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_slice(&response.body)?) }
}

fn read(mut from: impl BufRead) -> Result<Response> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).with_context(|| format!("answered {line:?}"))?;
    let (mut length, mut chunked) = (None, false);
    loop {
        line.clear();
        if from.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else { bail!("a header without a colon: {line:?}") };
        match (name.to_ascii_lowercase().as_str(), value.trim()) {
            ("content-length", n) => length = Some(n.parse()?),
            ("transfer-encoding", how) => chunked = how.eq_ignore_ascii_case("chunked"),
            _ => {}
        }
    }
    let mut body = Vec::new();
    if chunked {
        loop {
            line.clear();
            from.read_line(&mut line)?;
            let size = u64::from_str_radix(line.trim(), 16).with_context(|| format!("chunk of size {line:?}"))?;
            (&mut from).take(size).read_to_end(&mut body)?;
            line.clear();
            from.read_line(&mut line)?;
            if size == 0 {
                break;
            }
        }
    } else if let Some(n) = length {
        (&mut from).take(n).read_to_end(&mut body)?;
    } else {
        from.read_to_end(&mut body)?;
    }
    Ok(Response { status, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lengths_and_chunks() {
        let plain = read(&b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nhi!"[..]).unwrap();
        assert_eq!((plain.status, plain.body.as_slice()), (201, &b"hi"[..]));
        let chunked =
            read(&b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"[..]).unwrap();
        assert_eq!(chunked.body, b"abcd");
    }
}
