//! What packages carry beside the program: a manual page and completions for shells, both made from the options
//! themselves, and the question that a container asks.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::CommandFactory;
use clap_complete::Shell;

use super::Cli;
use crate::config::Config;

/// How long a healthy server may take to say so.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

pub(super) fn completions(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "octave", &mut out);
    out
}

/// `octave(1)` in roff.
pub(super) fn manual() -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut out)?;
    Ok(out)
}

/// Whether the server of this configuration serves, asked where it listens. Under TLS an open port has to do.
pub(super) fn health(config: &Config) -> Result<()> {
    let address = config.listen.first().copied().map(reachable).context("nowhere to listen is configured")?;
    let mut stream = TcpStream::connect_timeout(&address, ANSWERS_WITHIN).with_context(|| format!("{address}"))?;
    if config.tls.is_some() {
        return Ok(());
    }
    stream.set_read_timeout(Some(ANSWERS_WITHIN))?;
    stream.write_all(format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)?;
    ensure!(answer == *b"HTTP/1.1 200", "{address} does not answer as Octave does");
    Ok(())
}

/// A server that listens everywhere is asked on loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_and_the_completions_know_the_options() {
        let page = String::from_utf8(manual().unwrap()).unwrap();
        assert!(page.contains(".TH octave 1"), "{page}");
        assert!(page.contains("public\\-url"), "{page}");
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let text = String::from_utf8(completions(shell)).unwrap();
            assert!(text.contains("public-url") && text.contains("backup"), "{shell}");
        }
    }

    #[test]
    fn a_server_that_listens_everywhere_is_asked_on_loopback() {
        for (listens, asked) in
            [("0.0.0.0:8080", "127.0.0.1:8080"), ("[::]:8080", "[::1]:8080"), ("192.0.2.1:80", "192.0.2.1:80")]
        {
            assert_eq!(reachable(listens.parse().unwrap()), asked.parse().unwrap());
        }
    }
}
