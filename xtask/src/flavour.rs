//! The two WebAssembly flavours of the one crate: cargo, then wasm-bindgen, into `pkg/`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;
use wasm_bindgen_cli_support::Bindgen;

use crate::snip::snip;
use crate::{progress, tools};

const NAME: &str = "latent_lab";
/// Watches each entry into WebAssembly.
const GUARD: &str = include_str!("../../src/web/guard.js");
/// Chooses between the CPU flavour's binaries.
const BINARY: &str = include_str!("../../src/web/binary.js");
/// By which `snip` knows what a kernel is for: names of functions tell their types.
const TYPES_IN_NAMES: &str = r#"target.wasm32-unknown-unknown.rustflags=["-C","symbol-mangling-version=v0"]"#;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// Small, loaded first, runs everywhere.
    Cpu,
    /// Large, for those who have a GPU.
    WebGpu,
}

/// A WebAssembly file of a flavour.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Binary {
    /// For every browser.
    Plain,
    /// With relaxed SIMD, for those that have it: instead of the plain one, with the same JavaScript.
    Relaxed,
}

impl Binary {
    fn file(self) -> String {
        match self {
            Self::Plain => format!("{NAME}_bg.wasm"),
            Self::Relaxed => format!("{NAME}_relaxed_bg.wasm"),
        }
    }

    fn features(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &[],
            Self::Relaxed => &["--features", "relaxed-simd"],
        }
    }
}

/// What the page is told about a flavour.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Artifact {
    /// Size of the plain WebAssembly file, as it is and with gzip.
    pub bytes: u64,
    pub gzip: u64,
    /// Of the WebAssembly files and their JavaScript; changes when any does.
    pub hash: String,
}

/// `pkg/<flavour>/flavour.json`: the artifact, and which of cargo's files it was made from.
#[derive(Deserialize, Serialize)]
struct Record {
    input: String,
    #[serde(flatten)]
    artifact: Artifact,
}

impl Flavour {
    pub const ALL: [Self; 2] = [Self::Cpu, Self::WebGpu];

    /// The name of its folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::WebGpu => "WebGPU",
        }
    }

    pub fn features(self) -> &'static [&'static str] {
        match self {
            Self::Cpu => &[],
            Self::WebGpu => &["--features", "webgpu"],
        }
    }

    pub fn package(self) -> PathBuf {
        Path::new("pkg").join(self.name())
    }

    fn binaries(self) -> &'static [Binary] {
        match self {
            Self::Cpu => &[Binary::Plain, Binary::Relaxed],
            Self::WebGpu => &[Binary::Plain],
        }
    }

    /// Brings `pkg/<flavour>` up to date; `kindly` leaves the machine to whoever else wants it.
    pub fn build(self, kindly: bool) -> Result<Artifact> {
        tools::wasm_target()?;
        let began = SystemTime::now();
        progress::heading(&format!("Building the {} flavour", self.title()));
        let compiled = self.binaries().iter().map(|&binary| self.compile(binary, kindly));
        let artifact = self.bind(&compiled.collect::<Result<Vec<_>>>()?)?;
        // As old as the sources that it was made from, which may have changed since.
        File::options()
            .append(true)
            .open(self.record_file())?
            .set_modified(began)?;
        Ok(artifact)
    }

    /// What cargo makes of the crate. The binaries differ in our own crates alone, so the second one is soon made.
    fn compile(self, binary: Binary, kindly: bool) -> Result<Vec<u8>> {
        // A folder for each flavour: the background build of one never blocks the other.
        let target = tools::target_dir().join(format!("wasm-{}", self.name()));
        let mut cargo = tools::cargo(&["build", "--package", tools::LIBRARY, "--lib", "--profile", "wasm"]);
        cargo
            .args(["--target", tools::WASM_TARGET])
            .args(self.features())
            .args(binary.features())
            .arg("--target-dir")
            .arg(&target);
        if self == Self::Cpu {
            cargo.args(["--config", TYPES_IN_NAMES]);
        }
        tools::run(&mut if kindly { nice(cargo) } else { cargo })?;
        let wasm = target
            .join(tools::WASM_TARGET)
            .join("wasm")
            .join(NAME)
            .with_extension("wasm");
        fs::read(&wasm).with_context(|| format!("cannot read {}", wasm.display()))
    }

    /// Runs wasm-bindgen, unless the package was made from these very files.
    fn bind(self, compiled: &[Vec<u8>]) -> Result<Artifact> {
        // With the files that say how they are bound.
        let own = [
            GUARD.as_bytes(),
            BINARY.as_bytes(),
            include_bytes!("flavour.rs"),
            include_bytes!("snip.rs"),
        ];
        let input: Vec<_> = compiled.iter().map(Vec::as_slice).chain(own).collect();
        let input = hash(&input);
        if let Some(record) = self.record().filter(|record| record.input == input) {
            return Ok(record.artifact);
        }
        let artifact = progress::step(&format!("Binding the {} flavour to JavaScript", self.title()), || {
            let package = self.package();
            let glue = package.join(format!("{NAME}.js"));
            let (mut binaries, mut made) = (Vec::new(), None);
            for (&binary, bytes) in self.binaries().iter().zip(compiled) {
                self.generate(bytes)?;
                let js = fs::read_to_string(&glue)?;
                // Either binary is called by it.
                ensure!(
                    made.as_ref().is_none_or(|made| *made == js),
                    "the glue of {} is another one",
                    binary.file()
                );
                made = Some(js);
                binaries.push((binary, fs::read(package.join(Binary::Plain.file()))?));
            }
            for (binary, wasm) in &binaries {
                fs::write(package.join(binary.file()), wasm)?;
            }
            let js = guarded(&made.context("a flavour has a binary")?)?;
            let js = if self == Self::Cpu {
                fs::write(package.join("binary.js"), BINARY)?;
                choosing(&js)?
            } else {
                js
            };
            fs::write(glue, &js)?;
            let (_, plain) = binaries.first().context("a flavour has a binary")?;
            let parts = binaries.iter().map(|(_, wasm)| wasm.as_slice());
            Ok(Artifact {
                bytes: plain.len() as u64,
                gzip: gzipped(plain)?,
                hash: hash(&parts.chain([js.as_bytes()]).collect::<Vec<_>>()),
            })
        })?;
        let record = Record { input, artifact };
        fs::write(self.record_file(), serde_json::to_string_pretty(&record)?)?;
        Ok(record.artifact)
    }

    /// Writes the package of one binary.
    fn generate(self, compiled: &[u8]) -> Result<()> {
        Bindgen::new()
            .input_bytes(NAME, snip(compiled, self == Self::WebGpu)?)
            .web(true)?
            // `init()` without an argument finds the WebAssembly file beside its JavaScript.
            .omit_default_module_path(false)
            .typescript(true)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(self.package())
    }

    fn record_file(self) -> PathBuf {
        self.package().join("flavour.json")
    }

    fn record(self) -> Option<Record> {
        serde_json::from_slice(&fs::read(self.record_file()).ok()?).ok()
    }

    /// What `pkg/` has, if nothing that it is made of changed since.
    pub fn up_to_date(self) -> Option<Artifact> {
        let made = fs::metadata(self.record_file()).ok()?.modified().ok()?;
        let sources = ["src", "kernels", "Cargo.toml", "Cargo.lock", ".cargo", "xtask/src"];
        let mut files = sources.iter().flat_map(WalkDir::new).filter_map(Result::ok);
        let modified = |file: walkdir::DirEntry| file.metadata().ok()?.modified().ok();
        let changed = files.any(|file| modified(file).is_none_or(|modified| modified > made));
        if changed {
            return None;
        }
        self.record().map(|record| record.artifact)
    }
}

/// The glue with its entries into WebAssembly watched.
fn guarded(glue: &str) -> Result<String> {
    let changes = [
        (
            "let wasmModule, wasmInstance, wasm;",
            "let wasmModule, wasmInstance, wasm = uninitialized;",
            1,
        ),
        ("wasm = instance.exports;", "wasm = guarded(instance.exports);", 1),
        (
            "if (wasm !== undefined) return wasm;",
            "if (wasm !== uninitialized) return wasm;",
            2,
        ),
    ];
    let guarded = replaced(glue, &changes)?;
    // Before its first use, and behind a first line that is for Deno.
    let (before, after) = guarded.split_at(guarded.find("let wasmModule").unwrap_or(0));
    Ok(format!("{before}{GUARD}\n{after}"))
}

/// The glue that takes the binary for its engine.
fn choosing(glue: &str) -> Result<String> {
    let changes = [
        (
            "let wasmModule,",
            "import { binary } from \"./binary.js\";\n\nlet wasmModule,",
            1,
        ),
        ("new URL('latent_lab_bg.wasm', import.meta.url)", "binary()", 1),
    ];
    replaced(glue, &changes)
}

/// A text with each of these replaced, as often as it has to be there.
fn replaced(text: &str, changes: &[(&str, &str, usize)]) -> Result<String> {
    changes.iter().try_fold(text.to_string(), |text, (from, to, times)| {
        let found = text.matches(from).count();
        ensure!(
            found == *times,
            "the glue of wasm-bindgen has {from:?} {found} times instead of {times}"
        );
        Ok(text.replace(from, to))
    })
}

/// The same command at a lower priority, where there is such a thing.
fn nice(command: Command) -> Command {
    if which::which("nice").is_err() {
        return command;
    }
    let mut nice = tools::command("nice", &["-n", "15"]);
    nice.arg(command.get_program()).args(command.get_args());
    nice
}

/// Size with gzip at its best, as a static host sends it.
pub fn gzipped(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    std::io::Write::write_all(&mut encoder, bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

/// Sixteen digits that are others as soon as any part is.
pub fn hash(parts: &[&[u8]]) -> String {
    let digest = parts
        .iter()
        .fold(Sha256::new(), |hasher, part| hasher.chain_update(part))
        .finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
