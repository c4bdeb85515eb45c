//! Entry: see `octave --help`.

fn main() -> std::process::ExitCode {
    octave::cli::run()
}
