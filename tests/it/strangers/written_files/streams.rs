//! Pipes and the process's own streams are written to, and stay what they are.

use std::fs::{self, FileType};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};

use super::*;
use crate::program::{folder, output, program};

#[test]
fn a_pipe_gets_what_a_file_would() {
    let ground = ground();
    for case in CASES {
        let (file, name) = (format!("file{}", case.ending), format!("pipe{}", case.ending));
        case.command(&ground, &file).assert().code(case.code);
        let pipe = ground.path().join(&name);
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = Command::new("cat").arg(&pipe).stdout(Stdio::piped()).spawn().unwrap();
        case.command(&ground, &name).assert().code(case.code);
        let through = reader.wait_with_output().unwrap().stdout;
        let written = fs::read(ground.path().join(&file)).unwrap();
        // All but the time that a run took.
        let sound = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            text.split("\"timing\"").next().unwrap().to_owned()
        };
        assert_eq!(sound(&through), sound(&written), "{:?}", case.line);
        assert!(is(&pipe, FileType::is_fifo), "{:?}", case.line);
        for path in [file, name] {
            fs::remove_file(ground.path().join(path)).unwrap();
        }
    }
}

fn is(path: &Path, kind: fn(&FileType) -> bool) -> bool {
    kind(&fs::symlink_metadata(path).unwrap().file_type())
}

#[test]
fn a_socket_is_refused() {
    let ground = ground();
    for case in CASES {
        let name = format!("socket{}", case.ending);
        let socket = ground.path().join(&name);
        let _listener = UnixListener::bind(&socket).unwrap();
        let told = refusal(case.command(&ground, &name).arg("--force"));
        assert!(told.contains("is a socket"), "{:?}: {told}", case.line);
        assert!(is(&socket, FileType::is_socket));
        fs::remove_file(socket).unwrap();
    }
}

/// By the names that Linux gives them below `/proc`, where nothing can be replaced should this go wrong.
#[cfg(target_os = "linux")]
#[test]
fn the_processs_own_streams_can_be_named() {
    let folder = folder();
    let through = output(ct_host(&folder).args(["backtest", "--json", "/proc/self/fd/1"]));
    let result: serde_json::Value = serde_json::from_str(&through).unwrap();
    assert_eq!(result["plugin"]["name"], "sma-crossover");
    let template = output(ct_host(&folder).args(["config", "init", "-"]));
    assert_eq!(output(ct_host(&folder).args(["config", "init", "/proc/self/fd/1"])), template);

    // What the shell has opened is written to behind what is in it.
    let script = "exec \"$0\" backtest --json /proc/self/fd/3 3>>log";
    fs::write(folder.path().join("log"), "first\n").unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).arg(program()).current_dir(&folder).stderr(Stdio::null());
    shell.env("CT_HOST_CACHE_DIR", folder.path().join("cache"));
    let report = shell.output().unwrap();
    assert!(report.status.success());
    assert!(String::from_utf8_lossy(&report.stdout).starts_with("sma-crossover on"));
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    let json = log.strip_prefix("first\n").unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(json).unwrap()["schema"],
        result["schema"]
    );
}
