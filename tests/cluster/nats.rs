//! A NATS server of a test's own, so that it can be stopped and frozen.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use octave_testkit::PATIENCE;
use tokio::time::Instant;

pub(crate) struct Nats {
    child: Child,
    port: u16,
}

impl Nats {
    pub(crate) async fn start() -> Self {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        Self { child: started(port).await, port }
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    pub(crate) fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) async fn start_again(&mut self) {
        self.child = started(self.port).await;
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        // It may have been stopped.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Debian puts it where users' PATH does not look.
fn binary() -> PathBuf {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let all = std::env::split_paths(&paths).chain(["/usr/sbin".into()]);
    let found = all.map(|folder| folder.join("nats-server")).find(|file| file.exists());
    found.expect("these tests need nats-server: install it (Debian: nats-server), or let scripts/test do so")
}

async fn started(port: u16) -> Child {
    let mut nats = Command::new(binary());
    nats.args(["-a", "127.0.0.1", "-p", &port.to_string()]);
    let child = nats.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).is_err() {
        assert!(Instant::now() < until, "nats-server does not listen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child
}
