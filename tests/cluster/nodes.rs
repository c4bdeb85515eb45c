//! Nodes on one database and one NATS server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use octave_testkit::PATIENCE;
use octave_testkit::api::{Account, Api};
use octave_testkit::server::{Options, Server};
use octave_testkit::socket::Socket;
use octave_testkit::wire::{self, Carries};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::nats::Nats;
use crate::postgres::Database;

const BINARY: &str = env!("CARGO_BIN_EXE_octave");

/// What lies between one node and what it stands on.
pub(crate) struct Wires {
    pub(crate) database: Arc<watch::Sender<Carries>>,
    pub(crate) nats: Arc<watch::Sender<Carries>>,
}

pub(crate) struct Nodes {
    /// By number; none where one was killed.
    servers: Vec<Option<Server>>,
    pub(crate) nats: Nats,
    database: Database,
    /// One for each node: files are not what these tests are about.
    folders: Vec<TempDir>,
    limits: &'static str,
    /// One pair for each node, where there are any.
    pub(crate) wires: Vec<Wires>,
    are_wired: bool,
}

impl Nodes {
    pub(crate) async fn start(count: usize) -> Self {
        Self::with_limits("off", count).await
    }

    pub(crate) async fn with_limits(limits: &'static str, count: usize) -> Self {
        Self::with(limits, false, count).await
    }

    /// Each by wires of its own.
    pub(crate) async fn wired(count: usize) -> Self {
        Self::with("off", true, count).await
    }

    async fn with(limits: &'static str, are_wired: bool, count: usize) -> Self {
        let database = Database::migrated().await;
        let nats = Nats::start().await;
        let (servers, folders, wires) = (Vec::new(), Vec::new(), Vec::new());
        let mut nodes = Self { servers, nats, database, folders, limits, wires, are_wired };
        for _ in 0..count {
            nodes.add().await;
        }
        nodes.know_each_other(count).await;
        nodes
    }

    /// Starts one more.
    pub(crate) async fn add(&mut self) -> usize {
        self.add_with(|options| options).await
    }

    pub(crate) async fn add_with(&mut self, change: impl FnOnce(Options) -> Options) -> usize {
        let folder = tempfile::tempdir().unwrap();
        let (database, nats) = self.ways().await;
        let options = Options::new(BINARY, folder.path()).arg("--limits").arg(self.limits);
        let options = options.arg("--database").arg(database).arg("--nats").arg(nats);
        self.servers.push(Some(Server::start(change(options)).await.unwrap()));
        self.folders.push(folder);
        self.servers.len() - 1
    }

    /// Where the next node reaches the database and NATS.
    async fn ways(&mut self) -> (String, String) {
        if !self.are_wired {
            return (self.database.url(), self.nats.url());
        }
        let (to_database, database) = wire::lay(self.database.address()).await.unwrap();
        let (to_nats, nats) = wire::lay(self.nats.url().replace("nats://", "")).await.unwrap();
        self.wires.push(Wires { database, nats });
        (self.database.through(to_database), format!("nats://127.0.0.1:{to_nats}"))
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
