//! Behind nginx and HAProxy, as the samples of `docs/proxies` set them up, everybody is somebody.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use octave_testkit::api::{Account, Api, PASSWORD, Reply};
use octave_testkit::server::{Options, Server};
use octave_testkit::socket::Socket;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// The server, and a proxy before it.
struct Behind {
    server: Server,
    proxy: SocketAddr,
    _process: Child,
    _folder: TempDir,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Nginx,
    HaProxy,
    /// HAProxy that writes the standard's header.
    Standard,
}

const KINDS: [Kind; 3] = [Kind::Nginx, Kind::HaProxy, Kind::Standard];

impl Behind {
    async fn start(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::new(env!("CARGO_BIN_EXE_octave"), folder.path().join("data"));
        let server = Server::start(options.arg("--trusted-proxy").arg("127.0.0.1")).await.unwrap();
        let proxy = free_port();
        let process = match kind {
            Kind::Nginx => nginx(folder.path(), proxy, server.addr()),
            Kind::HaProxy | Kind::Standard => haproxy(folder.path(), proxy, server.addr(), kind),
        };
        let behind = Self { server, proxy, _process: process, _folder: folder };
        behind.answers().await;
        behind
    }

    async fn answers(&self) {
        let until = tokio::time::Instant::now() + octave_testkit::PATIENCE;
        loop {
            match self.api(1).get("/healthz").await {
                Ok(reply) if reply.status == 200 => return,
                other if tokio::time::Instant::now() > until => panic!("the proxy does not answer: {other:?}"),
                _ => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            }
        }
    }

    /// Somebody at an address of their own, who asks through the proxy.
    fn api(&self, client: u8) -> Api {
        Api::new(self.proxy).from(address(client))
    }

    async fn logs_in(&self, client: u8, password: &str) -> Reply {
        log_in(&self.api(client), password).await
    }

    /// The address that the server takes the login for.
    async fn address_of(&self, login: Reply) -> String {
        let token = login.expect(200).unwrap()["token"].as_str().unwrap().to_owned();
        let sessions = Api::signed_in(self.server.addr(), &token).get("/api/v1/auth/sessions").await.unwrap();
        let sessions = sessions.expect(200).unwrap();
        let current = sessions["items"].as_array().unwrap().iter().find(|s| s["current"] == true).unwrap();
        current["address"].as_str().unwrap().to_owned()
    }
}

async fn log_in(api: &Api, password: &str) -> Reply {
    api.post("/api/v1/auth/login", &json!({ "login": "ben", "password": password })).await.unwrap()
}

fn address(client: u8) -> IpAddr {
    [127, 0, 1, client].into()
}

fn free_port() -> SocketAddr {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap()
}

fn sample(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/proxies").join(name)).unwrap()
}

/// Replaces what must be there, so that a test can't go past a sample that has changed.
fn put(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no {from:?} in\n{text}");
    text.replace(from, to)
}

fn nginx(folder: &Path, proxy: SocketAddr, server: SocketAddr) -> Child {
    let mut sample = put(&sample("nginx.conf"), "listen 443 ssl;", &format!("listen {proxy};"));
    sample = put(&sample, "http://127.0.0.1:8080", &format!("http://{server}"));
    sample = put(&sample, "X-Forwarded-Proto $scheme", "X-Forwarded-Proto https");
    let lines: Vec<&str> = sample.lines().filter(|line| !line.trim_start().starts_with("ssl_certificate")).collect();
    let at = folder.display();
    let temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temp = temp.map(|kind| format!("{kind}_temp_path {at}/{kind};\n")).concat();
    let text = format!(
        "daemon off;\nmaster_process off;\npid {at}/nginx.pid;\nerror_log stderr;\n\
         events {{ worker_connections 2048; }}\nhttp {{\naccess_log off;\n{temp}{}\n}}\n",
        lines.join("\n")
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, text).unwrap();
    start("nginx", &["-e", "stderr", "-p", folder.to_str().unwrap(), "-c", file.to_str().unwrap()])
}

fn haproxy(folder: &Path, proxy: SocketAddr, server: SocketAddr, kind: Kind) -> Child {
    let bind = "bind :443 ssl crt /etc/haproxy/music.example.org.pem";
    let mut text = put(&sample("haproxy.cfg"), bind, &format!("bind {proxy}"));
    text = put(&text, "server octave 127.0.0.1:8080", &format!("server octave {server}"));
    text = put(&text, "X-Forwarded-Proto http unless", "X-Forwarded-Proto https unless");
    if let Kind::Standard = kind {
        let set = |line: &str| line.contains("set-header X-Forwarded") || line.contains("option forwardfor");
        let rest: Vec<&str> = text.lines().filter(|line| !set(line)).collect();
        let standard = "http-request set-header Forwarded for=%[src];proto=https;host=\\\"%[req.hdr(host)]\\\"";
        text = put(&rest.join("\n"), "default_backend", &format!("{standard}\n    default_backend"));
    }
    let file = folder.join("haproxy.cfg");
    std::fs::write(&file, text + "\n").unwrap();
    start("haproxy", &["-db", "-f", file.to_str().unwrap()])
}

fn start(program: &str, args: &[&str]) -> Child {
    let places = ["/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin"].map(|p| PathBuf::from(p).join(program));
    let found = places.iter().find(|p| p.exists());
    let found = found.unwrap_or_else(|| panic!("{program} is missing: `scripts/test tools` installs it"));
    let mut command = Command::new(found);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).spawn().unwrap()
}

#[tokio::test]
async fn wrong_passwords_lock_out_who_guesses_and_nobody_else() {
    for kind in KINDS {
        let behind = Behind::start(kind).await;
        Api::register(behind.server.addr(), "ben").await.unwrap();
        let mut refused = 0;
        for _ in 0..12 {
            refused += u32::from(behind.logs_in(10, "not the password").await.status == 429);
        }
        assert_eq!(refused, 2, "{kind:?}");
        assert_eq!(behind.logs_in(10, PASSWORD).await.status, 429, "{kind:?}");
        let login = behind.logs_in(20, PASSWORD).await;
        let cookie = login.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=5184000"), "{kind:?}: {cookie}");
        assert_eq!(behind.address_of(login).await, address(20).to_string(), "{kind:?}");
    }
}

#[tokio::test]
async fn what_a_client_says_of_itself_is_not_believed() {
    for kind in KINDS {
        let behind = Behind::start(kind).await;
        Api::register(behind.server.addr(), "ben").await.unwrap();
        for (name, value) in
            [("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=203.0.113.9"), ("forwarded", "for=\"")]
        {
            let api = behind.api(30).with_header(name, value);
            let seen = behind.address_of(log_in(&api, PASSWORD).await).await;
            assert_eq!(seen, address(30).to_string(), "{kind:?}, {name}: {value}");
            // Past the proxy, from an address that is none.
            let direct = Api::new(behind.server.addr()).from(address(31)).with_header(name, value);
            let seen = behind.address_of(log_in(&direct, PASSWORD).await).await;
            assert_eq!(seen, address(31).to_string(), "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn a_whole_town_listens_through_one_proxy() {
    for kind in KINDS {
        let behind = Behind::start(kind).await;
        let mut accounts: Vec<Account> = Vec::new();
        for n in 0..10 {
            accounts.push(Api::register(behind.server.addr(), &format!("town{n}")).await.unwrap());
        }
        let stage = accounts[0].api.open_stage(&json!({ "name": "Market square" })).await.unwrap();
        let mut sockets = Vec::new();
        for n in 0..300u16 {
            let [high, low] = (n + 1).to_be_bytes();
            let from = IpAddr::from([127, 0, 2 + high, low]);
            let bearer = format!("Bearer {}", accounts[usize::from(n % 10)].token);
            let socket = Socket::dial_from(behind.proxy, Some(from), &[("Authorization", &bearer)]).await;
            let mut socket = socket.unwrap_or_else(|e| panic!("{kind:?}: number {n} does not get in: {e}"));
            assert_eq!(socket.next().await.unwrap()["type"], "welcome");
            sockets.push(socket);
        }
        for socket in sockets.iter_mut().step_by(50) {
            socket.join(stage, None).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_cookie_opens_a_socket_for_pages_of_the_public_name_alone() {
    for kind in KINDS {
        let behind = Behind::start(kind).await;
        let ben = Api::register(behind.server.addr(), "ben").await.unwrap();
        let cookie = format!("octave_session={}", ben.token);
        let dial = async |origin: &str| {
            let headers = [("Cookie", cookie.as_str()), ("Origin", origin)];
            Socket::dial_from(behind.proxy, Some(address(40)), &headers).await
        };
        // The proxies say that they were asked over TLS.
        let mut socket = dial(&format!("https://{}", behind.proxy)).await.unwrap();
        let welcome: Value = socket.next().await.unwrap();
        assert_eq!(welcome["user"]["username"], "ben", "{kind:?}");
        for foreign in ["https://evil.example".to_owned(), format!("http://{}", behind.proxy)] {
            assert!(dial(&foreign).await.is_err(), "{kind:?}: {foreign}");
        }
    }
}
