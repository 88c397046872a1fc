//! Plugin files that are made to harm before they run: to be read or compiled they take more stack, memory or time than there
//! is, or they lead a parser into a contradiction.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ct_tests::bars::SplitMix64;
use ct_tests::hostile::{self, Access};
use ct_tests::plugins;
use tempfile::TempDir;

use crate::program::{ct_host, folder, output};

/// A file is refused within this time, on a busy machine too.
const PATIENCE: Duration = Duration::from_mins(2);

/// First bytes of a component.
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
/// First bytes of a core module.
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// What the program says of a file that it refuses: it ends by itself, tells the file and the reason, and nothing else.
fn refusal(folder: &TempDir, bytes: &[u8]) -> String {
    let file = folder.path().join("stranger.wasm");
    fs::write(&file, bytes).unwrap();
    let ended = ct_host(folder).arg("inspect").arg(&file).timeout(PATIENCE).assert().code(2);
    let told = String::from_utf8(ended.get_output().stderr.clone()).unwrap();
    assert!(told.contains("stranger.wasm: "), "{told}");
    assert!(!told.contains("panicked") && !told.contains("overflowed"), "{told}");
    assert!(ended.get_output().stdout.is_empty());
    told
}

/// Asserts that the program refuses `bytes` since they have too much of `what`.
fn check_too_much(bytes: &[u8], what: &str) {
    let folder = folder();
    let told = refusal(&folder, bytes);
    assert!(told.contains(&format!(" {what}: expected at most ")), "{what}: {told}");
    let plugin = folder.path().join("stranger.wasm");
    ct_host(&folder).args(["backtest", "--plugin"]).arg(plugin).timeout(PATIENCE).assert().code(2);
}

/// A number as WebAssembly writes it.
fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn section(kind: u8, contents: &[u8]) -> Vec<u8> {
    [&[kind], leb128(contents.len()).as_slice(), contents].concat()
}

/// A component type that is in `levels` others, in a component.
fn nested_types(levels: usize) -> Vec<u8> {
    let types = [&[1][..], &[0x41, 1, 1].repeat(levels), &[0x41, 0]].concat();
    [COMPONENT, &section(7, &types)].concat()
}

/// Components in one another.
fn nested_components(levels: usize) -> Vec<u8> {
    (1..levels).fold(COMPONENT.to_vec(), |inner, _| [COMPONENT, &section(4, &inner)].concat())
}

/// A core module that is to become `component`.
fn becoming(component: &[u8]) -> Vec<u8> {
    let name = b"component-type";
    let contents = [leb128(name.len()).as_slice(), name, component].concat();
    [MODULE, &section(0, &contents)].concat()
}

#[test]
fn deep_files_are_refused_before_they_are_parsed() {
    for levels in [17, 10_000, 300_000] {
        check_too_much(&nested_types(levels), "levels of types");
        check_too_much(&becoming(&nested_types(levels)), "levels of types");
    }
    for levels in [10, 3_000] {
        check_too_much(&nested_components(levels), "modules and components in one another");
        check_too_much(
            &becoming(&nested_components(levels)),
            "modules and components in one another",
        );
    }
    let russian_doll = (0..100).fold(COMPONENT.to_vec(), |inner, _| becoming(&inner));
    check_too_much(&russian_doll, "modules and components in one another");
}

#[test]
fn what_doubles_with_every_instance_is_refused() {
    let twice = |place: usize| {
        let before = place - 1;
        let instance = "(instance (instantiate $x))".repeat(2);
        format!("(component $c{place} (alias outer 1 $c{before} (component $x)) {instance})")
    };
    let doubling: String = (1..30).map(twice).collect();
    let text = format!("(component (component $c0) {doubling} (instance (instantiate $c29)))");
    let bytes = wat::parse_str(text).unwrap();
    check_too_much(&bytes, "component instances");
}

#[test]
fn wide_functions_and_blocks_are_refused() {
    let values = "i64 ".repeat(101);
    for wide in [format!("(param {values})"), format!("(result {values})")] {
        let bytes = wat::parse_str(format!("(module (type (func {wide})))")).unwrap();
        check_too_much(&bytes, "parameters or results of one function type");
    }
}

#[test]
fn what_passes_the_counts_ends_the_child_and_not_the_program() {
    // A hundred values go along each of ten thousand branches out of three thousand loops.
    let values = "i64 ".repeat(100);
    let given: Vec<String> = (0..100).map(|place| format!("local.get {place} ")).collect();
    let loops = "loop (type 0) ".repeat(3_000);
    let branches: Vec<String> =
        (0..10_000).map(|place| format!("i32.const 1 br_if {} ", place % 3_000)).collect();
    let (given, branches) = (given.concat(), branches.concat());
    let ends = "end ".repeat(3_000);
    let module = wat::parse_str(format!(
        "(module (type (func (param {values}) (result {values}))) (func (type 0) {given} {loops} {branches} {ends}))"
    ));
    let component = [plugins::from_source("hostile"), section(1, &module.unwrap())].concat();
    let told = refusal(&folder(), &component);
    assert!(told.contains("the process that read the file ended (signal: "), "{told}");
    assert!(told.contains("at most 2048 MiB of memory, 30 s"), "{told}");
}

#[test]
fn empty_sections_by_the_million_are_refused() {
    let empty = section(0, &[1, b'x']);
    check_too_much(&[MODULE, &empty.repeat(2_000_000)].concat(), "sections");
}

#[test]
fn damaged_types_are_refused_without_an_end_of_the_program() {
    let folder = folder();
    let core = plugins::core_module_from_source("sma_crossover");
    let start = find(&core, b"component-type");
    let mut random = SplitMix64(11);
    for _ in 0..60 {
        let mut bytes = core.clone();
        for _ in 0..4 {
            let place = start + random.below(bytes.len() - start);
            bytes[place] = u8::try_from(random.below(256)).unwrap();
        }
        let file = folder.path().join("stranger.wasm");
        fs::write(&file, &bytes).unwrap();
        let ended = ct_host(&folder).arg("inspect").arg(&file).timeout(PATIENCE).output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr);
        assert!(matches!(ended.status.code(), Some(0 | 2)), "{:?}: {told}", ended.status);
        assert!(!told.contains("panicked"), "{told}");
    }
}

fn find(bytes: &[u8], name: &[u8]) -> usize {
    bytes.windows(name.len()).position(|window| window == name).unwrap()
}

#[test]
fn compiled_code_of_another_user_is_not_run() {
    let folder = folder();
    let plugin = folder.path().join("honest.wasm");
    fs::write(&plugin, hostile::component("", Access::Signals)).unwrap();
    let inspect = |user: &str| {
        let mut command = ct_host(&folder);
        command.env("CT_HOST_CONFIG_DIR", folder.path().join(user));
        output(command.arg("inspect").arg(&plugin));
        let file = only_file(&folder.path().join("cache/compiled"));
        fs::read(file).unwrap()
    };
    let own = inspect("me");
    assert_eq!(inspect("me"), own, "taken from the cache");
    // A cache that comes with a folder of somebody else is compiled and sealed anew.
    assert_ne!(inspect("you"), own);
}

fn only_file(folder: &Path) -> PathBuf {
    let files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [file] = &files[..] else { panic!("one file: {files:?}") };
    file.clone()
}
