//! `octave user …`: accounts from the command line.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail, ensure};
use clap::Subcommand;
use octave_protocol::Duration;

use crate::accounts::account::{Email, NewPassword, Username};
use crate::accounts::{invitation, password, token};
use crate::base::clock::Clock;
use crate::config::Config;
use crate::http::kit::state::Registration;
use crate::server;
use crate::store::Db;
use crate::store::account_invites::{self, NewInvite};
use crate::store::admin::{Deed, Done};
use crate::store::users::{self, NewAccount};

/// Accounts fetched at once for the list.
const PAGE: u32 = 200;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account
    Add {
        name: String,
        /// Where to reach them; NAME@localhost when absent
        email: Option<String>,
    },
    /// Set an account's password and end its logins
    Passwd { name: String },
    /// Make an account an administrator, or no longer one
    Admin {
        name: String,
        #[arg(long)]
        revoke: bool,
    },
    /// Print all accounts
    List,
}

pub(super) async fn run(command: UserCommand, config: &Config) -> Result<()> {
    // The first account makes the database; all else asks the one that is there.
    match server::sqlite_file(config)? {
        Some(_) if matches!(command, UserCommand::Add { .. }) => server::ensure_data_dir(config)?,
        Some(file) => ensure!(file.exists(), "there is no database at {}", file.display()),
        None => {}
    }
    let db = server::open_database(config).await?;
    db.migrate().await?;
    let done = match command {
        UserCommand::Add { name, email } => add(&db, &name, email).await,
        UserCommand::Passwd { name } => passwd(&db, &name).await,
        UserCommand::Admin { name, revoke } => admin(&db, &name, !revoke).await,
        UserCommand::List => list(&db).await,
    };
    db.close().await;
    done
}

/// `octave invite`.
pub(super) async fn invite(config: &Config, max_uses: i64, days: i64) -> Result<()> {
    if let Some(file) = server::sqlite_file(config)? {
        ensure!(file.exists(), "there is no database at {}", file.display());
    }
    let db = server::open_database(config).await?;
    db.migrate().await?;
    let (code, now) = (token::invite(), Clock::start().now());
    let expires = now + Duration::from_secs(days * 24 * 3600);
    let made = account_invites::create(&db, NewInvite { code: &code, by: None, expires, max_uses }, now).await;
    db.close().await;
    made.context("the invitation can't be made")?;
    // Where nobody has said how the server is reached, whoever hands it on knows.
    say(&format!("{}{}", config.public_url.as_deref().unwrap_or_default(), invitation::path(&code)))?;
    if config.registration != Registration::Invite {
        eprintln!("octave: it will be asked for with --registration invite alone");
    }
    Ok(())
}

async fn add(db: &Db, name: &str, email: Option<String>) -> Result<()> {
    let name = Username::parse(name).map_err(|e| anyhow::anyhow!("the name {e}"))?;
    let email = email.unwrap_or_else(|| format!("{}@localhost", name.as_str()));
    let email = Email::parse(&email).map_err(|e| anyhow::anyhow!("the email {e}"))?;
    let hash = password::hash_now(&ask_password()?)?;
    let account = NewAccount { username: name.as_str(), email: email.as_str(), password_hash: &hash, is_admin: false };
    users::register(db, account, Clock::start().now()).await.context("the account can't be made")?;
    say(&format!("{} may log in", name.as_str()))
}

async fn passwd(db: &Db, name: &str) -> Result<()> {
    let account = find(db, name).await?;
    let hash = password::hash_now(&ask_password()?)?;
    users::set_password(db, account.id, &hash, Clock::start().now()).await?;
    say(&format!("{} has a new password, and must log in again", account.username))
}

async fn admin(db: &Db, name: &str, is_admin: bool) -> Result<()> {
    let account = find(db, name).await?;
    let deed = if is_admin { Deed::MakeAdmin } else { Deed::UnmakeAdmin };
    let done = crate::store::admin::act(db, None, account.id, deed, Clock::start().now()).await?;
    ensure!(done != Done::LastAdmin, "{} is the last administrator: make another one first", account.username);
    let not = if is_admin { "" } else { "no longer " };
    say(&format!("{} is {not}an administrator", account.username))
}

async fn list(db: &Db) -> Result<()> {
    let mut after = String::new();
    loop {
        let accounts = users::list(db, &after, PAGE).await?;
        for account in &accounts {
            let role = if account.is_admin { "admin" } else { "user" };
            say(&format!("{}\t{}\t{}\t{role}", account.id, account.username, account.email))?;
        }
        match accounts.last() {
            Some(last) => after = users::key(&last.username),
            None => return Ok(()),
        }
    }
}

async fn find(db: &Db, name: &str) -> Result<users::Account> {
    users::by_username(db, name).await?.with_context(|| format!("there is no account {name:?}"))
}

/// Asked for twice on a terminal; one line of stdin otherwise. Never an argument, which others could see.
fn ask_password() -> Result<String> {
    let given = if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password("Password: ")?;
        if rpassword::prompt_password("Again: ")? != first {
            bail!("the passwords differ");
        }
        first
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    let password = NewPassword::parse(given).map_err(|e| anyhow::anyhow!("the password {e}"))?;
    Ok(password.into_inner())
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").context("stdout is closed")
}
