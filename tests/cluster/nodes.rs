//! Nodes on one database and one NATS server.

use std::net::SocketAddr;
use std::time::Duration;

use octave_testkit::PATIENCE;
use octave_testkit::api::{Account, Api};
use octave_testkit::server::{Options, Server};
use octave_testkit::socket::Socket;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::Instant;

use crate::nats::Nats;
use crate::postgres::Database;

const BINARY: &str = env!("CARGO_BIN_EXE_octave");

pub(crate) struct Nodes {
    /// By number; none where one was killed.
    servers: Vec<Option<Server>>,
    pub(crate) nats: Nats,
    /// Where they reach their database.
    url: String,
    database: Database,
    /// One for each node: files are not what these tests are about.
    folders: Vec<TempDir>,
    limits: &'static str,
}

impl Nodes {
    pub(crate) async fn start(count: usize) -> Self {
        Self::with_limits("off", count).await
    }

    pub(crate) async fn with_limits(limits: &'static str, count: usize) -> Self {
        let database = Database::migrated().await;
        Self::on(database.url(), database, limits, count).await
    }

    async fn on(url: String, database: Database, limits: &'static str, count: usize) -> Self {
        let nats = Nats::start().await;
        let mut nodes = Self { servers: Vec::new(), nats, url, database, folders: Vec::new(), limits };
        for _ in 0..count {
            nodes.add().await;
        }
        nodes.know_each_other(count).await;
        nodes
    }

    /// Starts one more.
    pub(crate) async fn add(&mut self) -> usize {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::new(BINARY, folder.path()).arg("--limits").arg(self.limits);
        let options = options.arg("--database").arg(&self.url).arg("--nats").arg(self.nats.url());
        self.servers.push(Some(Server::start(options).await.unwrap()));
        self.folders.push(folder);
        self.servers.len() - 1
    }

    /// Waits until each of them counts so many.
    pub(crate) async fn know_each_other(&self, count: usize) {
        for server in self.servers.iter().flatten() {
            let wanted = format!("octave_cluster_nodes {count}\n");
            self.until(|| async {
                let metrics = Api::new(server.addr()).get("/metrics").await.unwrap();
                String::from_utf8_lossy(&metrics.body).contains(&wanted)
            })
            .await;
        }
    }

    pub(crate) async fn until<F: Future<Output = bool>>(&self, is_so: impl Fn() -> F) {
        let until = Instant::now() + PATIENCE;
        while !is_so().await {
            assert!(Instant::now() < until, "it does not come about");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) fn addr(&self, node: usize) -> SocketAddr {
        self.servers[node].as_ref().unwrap().addr()
    }

    /// Where those listen that live.
    pub(crate) fn addrs(&self) -> Vec<SocketAddr> {
        self.servers.iter().flatten().map(Server::addr).collect()
    }

    pub(crate) async fn kill(&mut self, node: usize) -> Options {
        self.servers[node].take().unwrap().kill().await.unwrap()
    }

    /// Starts a node where one was killed.
    pub(crate) async fn start_again(&mut self, node: usize, options: Options) {
        self.servers[node] = Some(Server::start(options).await.unwrap());
    }

    pub(crate) async fn stop(&mut self, node: usize) {
        self.servers[node].take().unwrap().stop().await.unwrap();
    }

    /// Sends a signal, such as `STOP` and `CONT`.
    pub(crate) fn signal(&self, node: usize, signal: &str) {
        let pid = self.servers[node].as_ref().unwrap().pid().to_string();
        let sent = std::process::Command::new("kill").arg(format!("-{signal}")).arg(pid).status().unwrap();
        assert!(sent.success());
    }

    /// Runs the program on the same database, outside of the cluster.
    pub(crate) fn octave(&self, args: &[&str]) -> std::process::Output {
        let mut command = std::process::Command::new(BINARY);
        command.args(args).arg("--data").arg(self.folders[0].path()).arg("--database").arg(self.database.url());
        command.output().unwrap()
    }

    pub(crate) async fn register(&self, name: &str) -> Account {
        Api::register(self.addrs()[0], name).await.unwrap()
    }

    /// One more connection of an account, at a node and in a stage.
    pub(crate) async fn enters(&self, node: usize, account: &Account, stage: i64) -> Socket {
        let (mut socket, _) = Socket::connect(self.addr(node), &account.token).await.unwrap();
        socket.join(stage, None).await.unwrap();
        socket
    }
}

pub(crate) fn chat(stage: i64, text: &str) -> Value {
    json!({ "type": "chat", "stage": stage, "text": text })
}
