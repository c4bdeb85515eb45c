//! Bytes from strangers: what reads them neither panics nor goes on for ever, whatever they are.
//!
//! The same targets are run in two ways. Here, in the gate, over the corpus in `tests/fuzz/corpus` and some thousand mutations of
//! it that a seed decides; it takes seconds, and needs nothing but this toolchain. And by `tests/fuzz/run`, with libFuzzer, which looks
//! for new paths as long as it is let.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod mutate;
mod targets;

use std::path::Path;

use mutate::Mutator;
use targets::TARGETS;

/// Mutations of each file of a corpus.
const MUTATIONS: usize = 60;

/// Every file of a target's corpus.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| (path.display().to_string(), std::fs::read(path).unwrap())).collect()
}

fn run(name: &str) {
    let (_, target) = TARGETS.iter().find(|(found, _)| *found == name).unwrap();
    let files = corpus(name);
    assert!(!files.is_empty(), "{name} has no corpus");
    let mut mutator = Mutator::new(name.len() as u64);
    for (path, bytes) in &files {
        target(bytes);
        for n in 0..MUTATIONS {
            let other = &files[n % files.len()].1;
            let hostile = mutator.mutate(bytes, other);
            let survived = std::panic::catch_unwind(|| target(&hostile));
            assert!(survived.is_ok(), "{path}, mutation {n}: {hostile:?}");
        }
    }
}

/// One test each, so that they run side by side and a failure has a name.
macro_rules! each {
    ($($name:ident)*) => {
        $(#[test] fn $name() { run(stringify!($name)); })*

        #[test]
        fn all_are_run() {
            let run = [$(stringify!($name)),*];
            assert_eq!(run.to_vec(), TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/fuzz_targets");
            for name in run {
                assert!(folder.join(format!("{name}.rs")).exists(), "{name} is not fuzzed");
            }
        }
    };
}

each!(client_frames server_frames sockets tags audio pictures playlists ranges cursors multipart);
