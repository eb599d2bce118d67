//! Other people's programs: running them, and installing what is missing.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::progress;

/// The package that is compiled to WebAssembly.
pub const LIBRARY: &str = "latent-lab";
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
const TESTS: &str = "tests";

/// `program` with arguments; standard input is closed, so nothing can wait for an answer.
pub fn command<S: AsRef<std::ffi::OsStr>>(program: &str, args: &[S]) -> Command {
    let mut command = Command::new(which::which(program).unwrap_or_else(|_| program.into()));
    command.args(args).stdin(Stdio::null());
    command
}

pub fn cargo<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> Command {
    command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), args)
}

/// A program of the npm packages in `tests/`, by its script.
pub fn node_script(script: &str) -> Result<Command> {
    npm_packages()?;
    Ok(command("node", &[Path::new(TESTS).join("node_modules").join(script)]))
}

/// The command as one would type it.
fn typed(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Runs a command to its end, its output shown.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start `{}`", typed(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", typed(command));
    }
    Ok(())
}

/// Runs a command to its end and gives back what it wrote.
pub fn read(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("cannot start `{}`", typed(command)))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", typed(command), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// Runs a command to its end, its output shown, and hands every line of it to `each`; whether it succeeded.
pub fn watch(command: &mut Command, mut each: impl FnMut(&str)) -> Result<bool> {
    let child = command.stdout(Stdio::piped()).spawn();
    let mut child = child.with_context(|| format!("cannot start `{}`", typed(command)))?;
    let output = child.stdout.take().context("standard output is piped")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        each(&line);
    }
    Ok(child.wait()?.success())
}

/// The folder for everything compiled.
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from)
}

/// The standard library for WebAssembly.
pub fn wasm_target() -> Result<()> {
    let library = read(&mut command(
        "rustc",
        &["--print", "target-libdir", "--target", WASM_TARGET],
    ))?;
    if Path::new(&library).exists() {
        return Ok(());
    }
    progress::heading(&format!("Installing the Rust target {WASM_TARGET}"));
    run(&mut command("rustup", &["target", "add", WASM_TARGET])).with_context(|| {
        format!("the Rust target {WASM_TARGET} is missing; install it with `rustup target add {WASM_TARGET}`")
    })
}

/// Cargo's `fmt` and `clippy`, which rustup's minimal profile leaves out.
pub fn rust_components() -> Result<()> {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        let there = command(program, &["--version"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !there.is_ok_and(|status| status.success()) {
            progress::heading(&format!("Installing {component}"));
            run(&mut command("rustup", &["component", "add", component])).with_context(|| {
                format!("{component} is missing; install it with `rustup component add {component}`")
            })?;
        }
    }
    Ok(())
}

/// The npm packages of the tests, exactly as their lock file says.
pub fn npm_packages() -> Result<()> {
    let modified = |file: &str| fs::metadata(Path::new(TESTS).join(file))?.modified();
    let wanted = modified("package-lock.json")?;
    if modified("node_modules/.package-lock.json").is_ok_and(|installed| installed >= wanted) {
        return Ok(());
    }
    progress::heading("Installing the tests' npm packages");
    run(command("npm", &["ci", "--no-audit", "--no-fund"]).current_dir(TESTS))
        .context("the tests need Node.js 20 or later with npm: https://nodejs.org, or `apt-get install nodejs npm`")
}
