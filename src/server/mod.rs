//! Where everything is put together: the parts, how they know each other, and the order in which they start and stop.

mod announce;
mod claim;
pub mod demo;
mod files;
pub mod limits;
mod listen;
mod lock;
mod mentions;
mod metrics;
mod ops;
mod plays;
mod pools;
mod presence;
mod recheck;
mod slow_body;
mod stop;
mod tls;
pub mod upkeep;
mod words;
pub mod ws;

use std::pin::pin;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::{Router, middleware};
use octave_protocol::StageId;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use claim::{Claimed, node_name, take_data};
pub use files::{ensure_data_dir, look_at_media, open_database, open_media, sqlite_file};
use listen::Listener;
pub use lock::{AlreadyRuns, lock};
use ops::Ops;

use crate::accounts::login_cache::Logins;
use crate::accounts::password::{Cost, Passwords};
use crate::base::clock::Clock;
use crate::base::telemetry::Telemetry;
use crate::bus::{Bus, NodeId};
use crate::cluster::{Membership, OfAccounts, Standing};
use crate::config::{Config, Limits, MetricsAccess};
use crate::connection::hearing::Heard;
use crate::connection::{Caps, Connections, Pacing};
use crate::http;
use crate::http::kit::allowance::Allowance;
use crate::http::kit::state::{self, AppState, DemoLogin, Settings, Transport};
use crate::library::analysis;
use crate::presence::People;
use crate::push::{Due, How, Pushes};
use crate::server::limits::{DATABASE_CLOSES_WITHIN, LINES_TOLD, PLAYS_KEPT, STAGES_END_WITHIN};
use crate::server::upkeep::Upkeep;
use crate::stage::{ChatLimits, Metrics, Registry};
use crate::store::owner::Keeper;
use crate::store::stage_journal::{Said, SqlStages};
use crate::store::{Db, nodes};
use ws::WsState;

/// A server that is put together and listens, but does not answer yet.
pub struct App {
    listeners: Vec<Listener>,
    router: Router,
    /// What answers for the operator's tools alone, where there is a place for that.
    metrics: (Vec<Listener>, Router),
    ws: WsState,
    state: AppState,
    connections: Arc<Connections>,
    /// The journal's writer: without it nothing becomes durable, so its end is the server's.
    writer: JoinHandle<()>,
    pacing: Pacing,
    /// What was said that may concern somebody elsewhere.
    lines: mpsc::Receiver<Said>,
    heard: mpsc::Receiver<Heard>,
    /// What devices are to be told.
    due: Due,
    /// The demo's stage, if there is one.
    demo: Option<StageId>,
    signals: stop::Signals,
    /// Sees to it that no other server runs on the database.
    keeper: Option<Keeper>,
    /// This server as one of several.
    cluster: Option<(Membership, Standing)>,
    _lock: lock::FolderLock,
}

/// Why a server ends.
enum Why {
    Told(&'static str),
    JournalEnded(Result<(), tokio::task::JoinError>),
    Superseded,
}

impl Why {
    fn is_told(&self) {
        match self {
            Self::Told(signal) => {
                tracing::info!(%signal, "stopping");
                let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
            }
            Self::JournalEnded(_) => {
                tracing::error!("the journal has ended: nothing would be durable any more, so the server stops");
            }
            Self::Superseded => tracing::error!("another server has the database: this one stops"),
        }
    }
}

impl App {
    /// Binds, opens the database and brings it up to date, starts the journal.
    pub async fn start(config: &Config) -> Result<Self> {
        let signals = stop::Signals::catch().context("signals can't be caught")?;
        // First what may be refused without having touched anything.
        let (listeners, for_metrics) = bind(config).await?;
        raise_open_files();
        let (lock, Claimed { db, owner, keeper, cluster }) = take_data(config).await?;
        let media = Arc::new(open_media(config)?);
        files::see_that_they_are_there(&media).await?;

        let clock = if cluster.is_some() { Clock::start().steered() } else { Clock::start() };
        let telemetry = Arc::new(Telemetry::new());
        let stage_metrics = Metrics::default();
        telemetry.register(|registry| stage_metrics.register(registry));
        telemetry.register(|registry| media.register(registry));
        let (pacing, chat_limits) = limits_of(config);
        let ((keeps, heard), (said, lines)) = (mpsc::channel(PLAYS_KEPT), mpsc::channel(LINES_TOLD));
        let (pushes, due) = Pushes::new();
        let store = Arc::new(SqlStages::owned(db.clone(), owner).telling(said));
        let (bus, standing) = cluster.as_ref().map(|of| (of.bus(), of.standing())).unzip();
        let (registry, writer) = Registry::start_on(store, clock, chat_limits, stage_metrics, bus.clone());
        let people = Arc::new(People::default());
        let mut node = node_name();
        if let Some(bus) = bus {
            node = format!("{node}-{}", bus.me()).into();
            people.connect(bus);
        }
        let state = AppState {
            logins: Logins::start(db.clone(), clock),
            db,
            registry,
            people,
            media,
            passwords: Arc::new(Passwords::new(Cost::Full)),
            throttle: Arc::default(),
            allowance: Arc::new(Allowance::new(config.points)),
            news: Arc::default(),
            pushes,
            clock,
            settings: Arc::new(settings(config)),
        };
        let connections = Arc::new(connections(&state, pacing, &telemetry, keeps, node));
        let ws = WsState { app: state.clone(), connections: connections.clone() };
        let (router, metrics) = routes(&state, &ws, &telemetry, &config.metrics, standing.clone());
        Ok(Self {
            listeners,
            router,
            metrics: (for_metrics, metrics),
            ws,
            state,
            connections,
            writer,
            pacing,
            lines,
            heard,
            due,
            demo: None,
            signals,
            keeper,
            cluster: cluster.zip(standing),
            _lock: lock,
        })
    }

    /// Where the server listens.
    pub fn urls(&self) -> Vec<String> {
        self.listeners.iter().map(Listener::url).collect()
    }

    /// Where `/metrics` is answered, if that is elsewhere.
    pub fn metrics_urls(&self) -> Vec<String> {
        self.metrics.0.iter().map(|listener| listener.url() + "/metrics").collect()
    }

    /// Brings as much of the demo as has to be there when the page is first opened.
    pub async fn open_demo(&mut self) -> bool {
        match demo::open(&self.state).await {
            Ok(stage) => self.demo = Some(stage),
            Err(error) => tracing::error!(%error, "the demo could not be made"),
        }
        self.demo.is_some()
    }

    /// Serves until the process is told to stop, then stops in order: nothing new, what was acknowledged, goodbye.
    pub async fn run(mut self) -> Result<()> {
        let cluster = self.join_cluster();
        let opening = tokio::spawn(open_stages(self.state.clone(), self.demo));
        let telling = tokio::spawn(presence::tell_friends(self.state.clone()));
        let calling = tokio::spawn(mentions::tell(self.state.clone(), self.lines));
        let announcing = tokio::spawn(announce::run(self.state.clone()));
        let keeping = tokio::spawn(plays::keep(self.state.db.clone(), self.heard));
        let how = How::new(self.state.settings.push, self.state.settings.public_url.as_deref());
        let pushing = tokio::spawn(self.due.deliver(self.state.db.clone(), self.state.clock, how));
        let checking = tokio::spawn(recheck::logins(self.state.clone()));
        let AppState { db, media, clock, .. } = self.state.clone();
        let upkeep = tokio::spawn(Upkeep { db: db.clone(), media: media.clone(), clock }.run());
        let learning = tokio::spawn(words::learn(db.clone(), self.state.registry.clone()));
        let registry = self.state.registry.clone();
        let listening =
            tokio::spawn(analysis::run(db, media, async move |song| registry.songs_changed(vec![song]).await));
        let serving = listen::Serving::start(self.listeners, &self.router, &self.ws, self.pacing, self.metrics);
        let keeper = self.keeper.take();
        // Kept until the end of this function, so that nobody starts before the last thing is written.
        let mut superseded = pin!(async {
            match keeper {
                Some(keeper) => keeper.run().await,
                None => std::future::pending().await,
            }
        });
        let why = tokio::select! {
            signal = self.signals.next() => Why::Told(signal),
            ended = &mut self.writer => Why::JournalEnded(ended),
            _ = &mut superseded => Why::Superseded,
        };
        why.is_told();
        if let (Why::Told(_), Some((_, standing, _))) = (&why, &cluster) {
            stop::tell_balancers(standing, &mut self.signals).await;
        }
        for task in [opening, telling, calling, announcing, keeping, pushing, checking, upkeep, listening, learning] {
            task.abort();
        }
        serving.stop_accepting();
        if tokio::time::timeout(STAGES_END_WITHIN, self.state.registry.stop()).await.is_err() {
            tracing::warn!("some stages did not end in time");
        }
        if let Some((node, _, running)) = cluster {
            running.abort();
            leave(&self.state.db, node.me()).await;
        }
        tokio::join!(self.connections.close_all(), serving.finish());
        stop::close(&self.state.db).await;
        match why {
            Why::Told(_) => Ok(()),
            Why::JournalEnded(ended) => {
                ended.context("the journal failed")?;
                anyhow::bail!("the journal ended");
            }
            Why::Superseded => Err(AlreadyRuns::OnDatabase.into()),
        }
    }
}

impl App {
    /// Lives among other nodes from here on, if there may be some.
    fn join_cluster(&mut self) -> Option<(Bus, Standing, JoinHandle<()>)> {
        let (membership, standing) = self.cluster.take()?;
        let (bus, AppState { registry, people, clock, logins, throttle, .. }) = (membership.bus(), self.state.clone());
        throttle.connect(bus.clone());
        let tell = move |what| match what {
            OfAccounts::Changed(user) => logins.forget(user),
            OfAccounts::Guessed(guess) => throttle.guessed(guess.get(), clock.now()),
        };
        let running = tokio::spawn(membership.run((registry, people, clock), standing.clone(), tell));
        Some((bus, standing, running))
    }
}

/// What all sockets share.
fn connections(
    state: &AppState,
    pacing: Pacing,
    telemetry: &Telemetry,
    heard: mpsc::Sender<Heard>,
    node: Arc<str>,
) -> Connections {
    let AppState { registry, people, clock, .. } = state.clone();
    Connections {
        registry,
        people,
        clock,
        authenticate: ws::authenticator(state.clone()),
        pacing,
        caps: Caps::new(pacing),
        metrics: telemetry.sockets.clone(),
        heard,
        node,
        tasks: TaskTracker::new(),
    }
}

/// The places where all is answered, and those for metrics alone.
async fn bind(config: &Config) -> Result<(Vec<Listener>, Vec<Listener>)> {
    let listeners = listen::bind(&config.listen, config.tls.as_ref()).await?;
    Ok((listeners, listen::bind(&config.metrics.listen, None).await?))
}

/// The node has ended, and what was its is free.
async fn leave(db: &Db, node: NodeId) {
    if let Ok(Err(error)) = tokio::time::timeout(DATABASE_CLOSES_WITHIN, nodes::leave(db, node)).await {
        tracing::warn!(%error, "the other nodes find out by themselves that this one has ended");
    }
}

/// Whether sockets and conversations are bounded.
const fn limits_of(config: &Config) -> (Pacing, ChatLimits) {
    match config.limits {
        Limits::Default => (Pacing::Limited, ChatLimits::On),
        Limits::Off => (Pacing::Unlimited, ChatLimits::Off),
    }
}

/// What HTTP has to know of what the operator has decided.
fn settings(config: &Config) -> Settings {
    Settings {
        transport: if config.encrypted { Transport::Tls } else { Transport::Plain },
        limits: match config.limits {
            Limits::Default => state::Limits::On,
            Limits::Off => state::Limits::Off,
        },
        points: config.points,
        origins: config.origins.clone(),
        public_url: config.public_url.clone(),
        proxies: config.proxies.clone(),
        registration: config.registration,
        push: config.push,
        demo: config.demo.then_some(DemoLogin { username: demo::USERNAME, password: demo::PASSWORD }),
    }
}

/// All that is answered over HTTP, with what stands around it; and what is answered of metrics apart from it.
fn routes(
    state: &AppState,
    ws: &WsState,
    telemetry: &Arc<Telemetry>,
    access: &MetricsAccess,
    standing: Option<Standing>,
) -> (Router, Router) {
    let ops = Ops::new(state.db.clone(), telemetry.clone(), access.token.as_deref(), standing);
    let metrics = if access.listen.is_empty() { ops.metrics() } else { Ops::no_metrics() };
    let router = http::router(state.clone())
        .merge(ws::routes(ws.clone()))
        .merge(ops.health())
        .merge(metrics)
        .layer(middleware::from_fn_with_state(telemetry.http.clone(), metrics::count))
        .layer(middleware::map_request(slow_body::bound));
    (router, ops.metrics())
}

/// Lets the stages play on that played when the server stopped, and brings the demo.
async fn open_stages(state: AppState, demo: Option<StageId>) {
    state.finish_erasing().await;
    // Nodes share them, when they know who else is there.
    if state.registry.is_alone()
        && let Ok(resumed @ 1..) = state.registry.resume_playing().await
    {
        tracing::info!(resumed, "stages play on");
    }
    if let Some(stage) = demo {
        match demo::complete(&state, stage).await {
            Ok(()) => tracing::info!(%stage, "the demo plays"),
            Err(error) => tracing::error!(%error, "the demo could not be completed"),
        }
    }
}

/// Each listener is a socket, and the default limit of 1,024 open files would end there.
fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }) {
        tracing::debug!(%error, "the limit of open files stays as it is");
    }
}
