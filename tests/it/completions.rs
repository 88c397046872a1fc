//! Completions in the shells themselves: what is typed on a terminal, tabs included, and the line that comes of it.

use std::fs;
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::program::{ct_host, folder, output, program};

/// A shell on a terminal of its own, with the completions of the program that was built beside this test.
struct Session {
    shell: Child,
    said: String,
}

impl Session {
    fn start(shell: &str, folder: &TempDir) -> Self {
        let script = folder.path().join("completions");
        fs::write(&script, output(ct_host(folder).args(["completions", shell]))).unwrap();
        let (command, start) = match shell {
            "bash" => ("bash --norc --noprofile -i", ":"),
            "zsh" => ("zsh -f -i", "bindkey -e; autoload -U compinit; compinit -u -D"),
            _ => ("fish --no-config -i", "true"),
        };
        let path = path();
        let programs = program().parent().unwrap().display().to_string();
        // `script` gives the shell a terminal, and `timeout` ends one that waits for more keys.
        let shell = Command::new("script")
            .args([
                "--quiet",
                "--return",
                "--command",
                &format!("timeout --foreground 60 {command}"),
                "/dev/null",
            ])
            .current_dir(folder)
            .env("PATH", format!("{programs}:{path}"))
            .env("CT_HOST_DATA_DIR", folder.path().join("data"))
            .env("CT_HOST_CONFIG_DIR", folder.path().join("own"))
            .env("HOME", folder.path())
            .env("TERM", "dumb")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut session = Self { shell, said: String::new() };
        session.write(&format!("{start}; . {}; printf '<%s>' READY\r", script.display()));
        session.read_to("<READY>");
        session
    }

    /// The line that comes of typing `keys`: its words, each in brackets.
    fn line(&mut self, keys: &str) -> String {
        // Control-A goes to the start of the line, control-E to its end.
        self.write(&format!("{keys}\u{1}printf '<%s>' BEGIN \u{5} END\r"));
        let said = self.read_to("<END>");
        let (_, words) = said.rsplit_once("<BEGIN>").unwrap_or_else(|| panic!("{keys:?}: {said}"));
        words.split_once("<END>").unwrap().0.to_owned()
    }

    fn write(&mut self, keys: &str) {
        self.shell.stdin.as_mut().unwrap().write_all(keys.as_bytes()).unwrap();
    }

    fn read_to(&mut self, end: &str) -> String {
        self.said.clear();
        let output = self.shell.stdout.as_mut().unwrap();
        let mut bytes = [0; 4096];
        while !self.said.contains(end) {
            let count = output.read(&mut bytes).unwrap();
            assert!(count > 0, "the shell ended: {}", self.said);
            self.said.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        self.said.clone()
    }
}

#[expect(clippy::disallowed_methods, reason = "a shell finds programs as the test's own does")]
fn path() -> String {
    std::env::var("PATH").unwrap()
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

/// Those that are here, one of them at least. `cargo xtask setup` installs what is missing where it can; what it cannot is told.
fn installed_shells() -> Vec<&'static str> {
    let is_there =
        |shell: &&str| Command::new(shell).arg("--version").stdout(Stdio::null()).status().is_ok();
    let (there, missing): (Vec<&str>, Vec<&str>) = SHELLS.into_iter().partition(is_there);
    assert!(!there.is_empty(), "none of {SHELLS:?} is installed");
    if !missing.is_empty() {
        writeln!(io::stderr(), "completions are not tried in {missing:?}: not installed").unwrap();
    }
    there
}

#[test]
fn commands_flags_and_values_are_completed_in_every_shell() {
    let folder = folder();
    fs::write(folder.path().join("my prices.csv"), "").unwrap();
    fs::write(folder.path().join("own.yaml"), "").unwrap();
    fs::create_dir(folder.path().join("results")).unwrap();
    keep(&folder, "BTC/USDT:USDT");
    for shell in installed_shells() {
        let mut session = Session::start(shell, &folder);
        for (keys, expected) in [
            ("ct-host backt\t", "<ct-host><backtest>"),
            ("ct-host data exp\t", "<ct-host><data><export>"),
            ("ct-host backtest --strat\t", "<ct-host><backtest><--strategy>"),
            ("ct-host backtest --strategy sm\t", "<ct-host><backtest><--strategy><sma-crossover>"),
            ("ct-host backtest --strategy=sm\t", "<ct-host><backtest><--strategy=sma-crossover>"),
            (
                "ct-host backtest --fee-preset kraken-s\t",
                "<ct-host><backtest><--fee-preset><kraken-spot>",
            ),
            ("ct-host fetch --exchange kuc\t", "<ct-host><fetch><--exchange><kucoin>"),
            ("ct-host backtest --symbol BT\t", "<ct-host><backtest><--symbol><BTC/USDT:USDT>"),
            (
                "ct-host backtest --symbol BTC/USDT:U\t",
                "<ct-host><backtest><--symbol><BTC/USDT:USDT>",
            ),
            ("ct-host backtest --data my\t", "<ct-host><backtest><--data><my prices.csv>"),
            ("ct-host backtest --data=my\t", "<ct-host><backtest><--data=my prices.csv>"),
            ("ct-host backtest --config ow\t", "<ct-host><backtest><--config><own.yaml>"),
            ("ct-host data --data-dir res\t", "<ct-host><data><--data-dir><results>"),
        ] {
            // Zsh takes the sign behind a folder away again when a blank is typed.
            let line = session.line(keys).replace("/>", ">");
            assert_eq!(line, expected, "{shell}: {keys:?}");
        }
    }
}

#[test]
fn other_shells_get_commands_and_flags() {
    let folder = folder();
    for shell in ["elvish", "powershell"] {
        let script = output(ct_host(&folder).args(["completions", shell]));
        assert!(script.contains("backtest") && script.contains("--strategy"), "{shell}");
    }
}

/// Keeps an hour of `symbol`.
fn keep(folder: &TempDir, symbol: &str) {
    let bars =
        "timestamp,open,high,low,close,volume\n1704067200000,1,1,1,1,1\n1704070800000,1,1,1,1,1\n";
    fs::write(folder.path().join("kept.csv"), bars).unwrap();
    let import = ["data", "import", "kept.csv", "--exchange", "binanceusdm", "--symbol", symbol];
    ct_host(folder).args(import).assert().success();
}
