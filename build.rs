//! Builds the web client with npm when the feature `web` is on, so that `cargo build` alone makes a whole Octave.
//!
//! The files land in `OUT_DIR/web`, where `http::assets` embeds them from.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What Vite runs on, as `engines` in `web/package.json` says.
const NODE_MIN: (u32, u32) = (20, 19);
const INPUTS: [&str; 10] = [
    "icons.ts",
    "index.html",
    "pack.ts",
    "package-lock.json",
    "package.json",
    "public",
    "src",
    "tsconfig.json",
    "vite.config.ts",
    "worker.ts",
];
const WAY_OUT: &str = "or build the server alone with `--no-default-features`";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_WEB").is_none() {
        return;
    }
    for input in INPUTS {
        println!("cargo::rerun-if-changed=web/{input}");
    }
    if let Err(why) = build() {
        println!("cargo::error={why}");
    }
}

fn build() -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?).join("web");
    let web = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?).join("web");
    check_node()?;
    install(&web)?;
    run(npm(&web).args(["run", "build"]).env("OCTAVE_WEB_OUT", out), "`npm run build` in web/")
}

fn check_node() -> Result<(), String> {
    let (major, minor) = NODE_MIN;
    let needed = format!("the web client needs Node.js {major}.{minor} or newer with npm; install it, {WAY_OUT}");
    let output = Command::new("node").arg("--version").output().map_err(|_| format!("no `node` found: {needed}"))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|n| n.parse().ok());
    let found: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < NODE_MIN { Err(format!("`node` is {version}: {needed}")) } else { Ok(()) }
}

/// Fetches the packages unless those of this very lock file are there.
fn install(web: &Path) -> Result<(), String> {
    let lock = fs::read(web.join("package-lock.json")).map_err(|e| format!("web/package-lock.json: {e}"))?;
    let stamp = web.join("node_modules/.octave-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(npm(web).args(["ci", "--no-audit", "--no-fund"]), "`npm ci` in web/")?;
    fs::write(&stamp, lock).map_err(|e| format!("{}: {e}", stamp.display()))
}

fn npm(web: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(web);
    command
}

/// Runs a command; what it wrote is shown only when it fails.
fn run(command: &mut Command, what: &str) -> Result<(), String> {
    let output = command.output().map_err(|e| format!("{what} did not start ({e}); install npm, {WAY_OUT}"))?;
    if output.status.success() {
        return Ok(());
    }
    eprintln!("{}", String::from_utf8_lossy(&output.stdout));
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    Err(format!("{what} failed ({}); its messages stand below, {WAY_OUT}", output.status))
}
