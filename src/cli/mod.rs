//! The command line: `octave [serve]` and the operator's tools.

mod accounts;
mod backup;
mod cluster;
mod doctor;
mod import;
mod restore;
mod serve;
mod shell;
mod transfer;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::base::telemetry;
use crate::config::{Config, Options};
use crate::server::AlreadyRuns;

/// A bad option or value; nothing was touched.
const USAGE: u8 = 2;
/// Another server has the folder or the database.
const ALREADY_RUNS: u8 = 3;

/// A self-hosted, real-time listening room: everyone in a stage hears the same moment of the same song.
#[derive(Debug, Parser)]
#[command(name = "octave", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (the default)
    Serve,
    /// Scan a folder of music into the library; what is there already is left alone
    Import {
        dir: PathBuf,
        /// Whose songs they become
        #[arg(long, value_name = "NAME")]
        user: String,
        /// Go on with what comes into the folder, until it is ended
        #[arg(long)]
        watch: bool,
    },
    /// Administer accounts; passwords are asked for, or read from stdin
    User {
        #[command(subcommand)]
        command: accounts::UserCommand,
    },
    /// Print a link by which people make accounts where `--registration` is `invite`
    Invite {
        /// How many accounts it makes
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        uses: i64,
        /// After so many days it lets nobody in any more
        #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(i64).range(1..=365))]
        days: i64,
    },
    /// Bring the database up to date; `serve` does it by itself
    Migrate,
    /// Write a consistent copy of the database (SQLite) while the server runs
    Backup {
        /// Must not exist yet
        file: PathBuf,
    },
    /// Put a backup in the database's place and keep what was there; the server must not run
    Restore { file: PathBuf },
    /// Copy everything from the `SQLite` database into an empty `PostgreSQL` database; the server must not run
    Transfer {
        /// `postgres://USER:PASSWORD@HOST/DATABASE`
        to: String,
    },
    /// Check configuration, database, files and clock, and say what to do
    Doctor {
        /// Bring the schema up to date, remove what nothing needs any more, put damaged files aside
        #[arg(long)]
        fix: bool,
        /// A copy of the data folder, from which `--fix` takes files that are missing or damaged
        #[arg(long, value_name = "DIR", requires = "fix")]
        from: Option<PathBuf>,
        /// Don't read all files to see whether a byte has changed
        #[arg(long)]
        quick: bool,
    },
    /// List the nodes of a cluster, and how each of them stands
    Cluster,
    /// Print the HTTP API's specification (`OpenAPI` 3.1)
    Openapi,
    /// Print the WebSocket's specification (`AsyncAPI` 3)
    Asyncapi,
    /// Ask whether the server of this configuration serves: code 0 if it does
    Health,
    /// Print completions for a shell
    Completions { shell: clap_complete::Shell },
    /// Print the manual page
    #[command(hide = true)]
    Manual,
}

/// What decoders say of each damaged place of a file is for who imports it; uploaders would fill a server's log with it.
const UNHEARD: &str = "symphonia=error,lofty=error";

/// And not that four bytes of every MP4 are junk, which they are not.
const UNHEARD_AT_IMPORT: &str = "symphonia=warn,lofty=warn,symphonia_core::formats::probe=error";

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            // A closed pipe is no reason to complain.
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => return refuse(&one_line(&error.to_string())),
    };
    match &cli.command {
        Some(Command::Openapi) => {
            return print(&crate::http::document().to_pretty_json().unwrap_or_default());
        }
        Some(Command::Asyncapi) => return print(octave_protocol::ASYNCAPI.trim_end()),
        Some(Command::Completions { shell }) => return write(&shell::completions(*shell)),
        Some(Command::Manual) => return write(&shell::manual().unwrap_or_default()),
        _ => {}
    }
    let config = match Config::of(cli.options) {
        Ok(config) => config,
        Err(error) => return refuse(&error.to_string()),
    };
    let unheard = if matches!(cli.command, Some(Command::Import { .. })) { UNHEARD_AT_IMPORT } else { UNHEARD };
    telemetry::start_logging(&format!("{unheard},{}", config.log.filter), config.log.format);
    match on_runtime(cli.command.unwrap_or(Command::Serve), &config) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("octave: {}", story(&error));
            if error.is::<AlreadyRuns>() { ExitCode::from(ALREADY_RUNS) } else { ExitCode::FAILURE }
        }
    }
}

fn on_runtime(command: Command, config: &Config) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(execute(command, config));
    // What still runs (a decoder, say) must not hold the process.
    runtime.shutdown_background();
    done
}

async fn execute(command: Command, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve => serve::serve(config).await?,
        Command::User { command } => accounts::run(command, config).await?,
        Command::Invite { uses, days } => accounts::invite(config, uses, days).await?,
        Command::Migrate => backup::migrate(config).await?,
        Command::Backup { file } => backup::backup(config, &file).await?,
        Command::Restore { file } => restore::restore(config, &file).await?,
        Command::Transfer { to } => transfer::run(config, &to).await?,
        Command::Doctor { fix, from, quick } => {
            let depth = if quick { doctor::Depth::Names } else { doctor::Depth::Bytes };
            return doctor::run(config, fix.into(), depth, from.as_deref()).await;
        }
        Command::Import { dir, user, watch } => import::run(config, &dir, &user, watch.into()).await?,
        Command::Health => shell::health(config)?,
        Command::Cluster => cluster::run(config).await?,
        Command::Openapi | Command::Asyncapi | Command::Completions { .. } | Command::Manual => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// All that led to an error, in one line. What a cause says that was said already is left out.
fn story(error: &anyhow::Error) -> String {
    let mut told: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if !told.iter().any(|said| said.contains(&cause)) {
            told.push(cause);
        }
    }
    told.join(": ")
}

fn print(text: &str) -> ExitCode {
    write(format!("{text}\n").as_bytes())
}

fn write(bytes: &[u8]) -> ExitCode {
    match std::io::stdout().write_all(bytes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn refuse(line: &str) -> ExitCode {
    eprintln!("octave: {line}");
    ExitCode::from(USAGE)
}

/// What clap says, without its usage, in one line.
fn one_line(message: &str) -> String {
    let said: Vec<&str> = message.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:")).collect();
    let text = said.iter().filter(|line| !line.is_empty()).copied().collect::<Vec<_>>().join(" ");
    let text = text.strip_prefix("error: ").unwrap_or(&text).to_owned();
    text.trim_end_matches("For more information, try '--help'.").trim_end().to_owned() + " (see octave --help)"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn options_stand_before_or_after_the_command() {
        for args in [["octave", "--listen", "h:1", "serve"], ["octave", "serve", "--listen", "h:1"]] {
            let cli = Cli::try_parse_from(args).unwrap();
            assert_eq!(cli.options.listen.as_deref(), Some("h:1"));
        }
        assert!(Cli::try_parse_from(["octave"]).unwrap().command.is_none());
        assert_eq!(Cli::try_parse_from(["octave", "--demo"]).unwrap().options.demo, Some(true));
    }

    #[test]
    fn a_bad_value_is_told_in_one_line() {
        let error = Cli::try_parse_from(["octave", "--limits", "some"]).unwrap_err();
        let line = one_line(&error.to_string());
        assert!(line.starts_with("invalid value 'some' for '--limits"), "{line}");
        assert!(!line.contains('\n'));
    }
}
