//! `octave backup` and `octave restore` as an operator uses them, and as a power cut interrupts them.

#![expect(clippy::disallowed_methods, reason = "a real process, in real time")]
#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use octave_testkit::api::Api;
use octave_testkit::server::{Options, Server};

const BINARY: &str = env!("CARGO_BIN_EXE_octave");

/// An operator's folder.
struct Place {
    data: PathBuf,
    /// Further options of every command.
    args: Vec<String>,
}

impl Place {
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.arg("--data").arg(&self.data).args(&self.args).args(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn octave(&self, args: &[&str]) -> Output {
        let mut child = self.command(args).spawn().unwrap();
        // A command that reads no password may have ended already.
        let _ = child.stdin.take().unwrap().write_all(b"correct horse battery\n");
        child.wait_with_output().unwrap()
    }

    fn done(&self, args: &[&str]) -> String {
        let output = self.octave(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{args:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The accounts in the database.
    fn people(&self) -> String {
        let list = self.done(&["user", "list"]);
        list.lines().map(|line| line.split('\t').nth(1).unwrap()).collect::<Vec<_>>().join(" ")
    }

    fn backup(&self, file: &Path) {
        self.done(&["backup", file.to_str().unwrap()]);
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn is_private(file: &Path) -> bool {
    std::fs::metadata(file).unwrap().permissions().mode() & 0o077 == 0
}

#[test]
fn every_command_means_the_same_file_and_nothing_kept_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("100%41 #1? of it");
    let elsewhere = folder.path().join("my songs.db");
    let url = format!("sqlite://{}/my%20songs.db?mode=rwc", folder.path().display());
    for (place, file) in [
        (Place { data: odd.clone(), args: vec![] }, odd.join("octave.db")),
        (Place { data: folder.path().join("data"), args: vec!["--database".into(), url] }, elsewhere),
    ] {
        place.done(&["user", "add", "ana"]);
        assert!(file.exists() && is_private(&file), "{}", file.display());
        let backups = tempfile::tempdir().unwrap();
        let (one, two) = (backups.path().join("one.db"), backups.path().join("two.db"));
        place.backup(&one);
        place.done(&["user", "add", "ben"]);
        place.backup(&two);
        assert!(!place.octave(&["backup", one.to_str().unwrap()]).status.success(), "a backup is never overwritten");
        assert_eq!(names_in(backups.path()), ["one.db", "two.db"]);
        assert!(is_private(&one) && is_private(&two));

        place.done(&["user", "add", "cem"]);
        let said = place.done(&["restore", one.to_str().unwrap()]);
        assert!(said.contains("before-restore-1"), "{said}");
        assert_eq!(place.people(), "ana");
        place.done(&["restore", two.to_str().unwrap()]);
        assert_eq!(place.people(), "ana ben");
        let kept = |n: u32| PathBuf::from(format!("{}-before-restore-{n}", file.display()));
        for (n, people) in [(1, "ana ben cem"), (2, "ana")] {
            assert!(is_private(&kept(n)));
            place.done(&["restore", kept(n).to_str().unwrap()]);
            assert_eq!(place.people(), people);
        }
        assert!(is_private(&file));
        let doctor = place.done(&["doctor"]);
        assert!(doctor.contains("the database is sound"), "{doctor}");
    }
}

#[tokio::test]
async fn nothing_is_restored_under_a_running_server() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(Options::new(BINARY, data.path())).await.unwrap();
    let ana = Api::register(server.addr(), "ana").await.unwrap();
    let place = Place { data: data.path().to_owned(), args: vec![] };
    let backups = tempfile::tempdir().unwrap();
    let backup = backups.path().join("one.db");
    place.backup(&backup);
    let ben = Api::register(server.addr(), "ben").await.unwrap();
    let before = names_in(data.path());
    let refused = place.octave(&["restore", backup.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    let line = format!(
        "octave: nothing was restored: another server runs on {} (process {}); stop it first",
        data.path().display(),
        server.pid()
    );
    assert_eq!((refused.status.code(), said.lines().last()), (Some(3), Some(line.as_str())), "{said}");
    assert_eq!(names_in(data.path()), before);
    for who in [&ana, &ben] {
        who.api.get("/api/v1/me").await.unwrap().expect(200).unwrap();
    }
    server.stop().await.unwrap();
    let refused = place.octave(&["restore", "Cargo.toml"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.starts_with("octave: nothing was restored: Cargo.toml is no backup of Octave: "), "{said}");
    assert_eq!((said.lines().count(), said.matches("file is not a database").count()), (1, 1), "{said}");
    assert_eq!(place.people(), "ana ben");
    place.done(&["restore", backup.to_str().unwrap()]);
    assert_eq!(place.people(), "ana");
}

/// The databases that were there before a restore.
fn kept_in(folder: &Path) -> Vec<String> {
    let is_kept = |name: &String| {
        name.contains("before-restore") && !["-wal", "-shm", "-journal"].iter().any(|log| name.ends_with(log))
    };
    names_in(folder).into_iter().filter(is_kept).collect()
}

/// Looks at the folder all the time until `child` has ended or it is time to kill it: a database is always there.
fn watch(child: &mut Child, database: &Path, is_time: impl Fn() -> bool) {
    while child.try_wait().unwrap().is_none() && !is_time() {
        if !database.exists() {
            child.kill().unwrap();
            panic!("for a moment there is no database: {:?}", child.wait());
        }
    }
}

/// Whenever it is killed, a whole database stands there: the one before or the one after. What is kept is the one before.
#[test]
fn kill_9_in_a_restore_leaves_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place { data: folder.path().join("data"), args: vec![] };
    place.done(&["user", "add", "ana"]);
    let (one, two) = (folder.path().join("one.db"), folder.path().join("two.db"));
    place.backup(&one);
    place.done(&["user", "add", "ben"]);
    place.backup(&two);
    let mut there = "ana ben";
    let (mut killed, mut ended) = (0, 0);
    let mut holds = BTreeMap::new();
    for round in 0..24 {
        let (file, after) = if there == "ana" { (&two, "ana ben") } else { (&one, "ana") };
        let (database, started) = (place.data.join("octave.db"), Instant::now());
        let mut child = place.command(&["restore", file.to_str().unwrap()]).spawn().unwrap();
        match round % 3 {
            // The later rounds are hit later.
            0 => watch(&mut child, &database, || started.elapsed() >= Duration::from_micros(2_500 * round)),
            // Between the last steps.
            1 => watch(&mut child, &database, || kept_in(&place.data).len() > holds.len()),
            _ => watch(&mut child, &database, || false),
        }
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert!(database.exists(), "round {round}: there is no database");
        for name in kept_in(&place.data) {
            holds.entry(name).or_insert(there);
        }
        let now = place.people();
        assert!(now == there || now == after, "round {round}: {now}");
        assert!(now == after || !status.success(), "round {round}: it ended and did nothing");
        (killed, ended) = (killed + u32::from(!status.success()), ended + u32::from(status.success()));
        there = if now == "ana" { "ana" } else { "ana ben" };
    }
    println!("{killed} killed, {ended} had ended");
    assert!(!holds.is_empty());
    for (name, people) in holds {
        let kept = place.data.join(&name);
        assert!(is_private(&kept), "{name}");
        place.done(&["restore", kept.to_str().unwrap()]);
        assert_eq!(place.people(), people, "{name}");
    }
}
