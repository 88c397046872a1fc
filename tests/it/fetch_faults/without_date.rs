//! Exchanges, or proxies in front of them, whose answers do not tell the time.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use ct_host::data::fetch::FetchEnd;

use super::quick_fetch::QuickFetch;
use super::stage::{EXCHANGES, HOUR_MS, Stage, each};

/// A proxy that removes the `Date` header from answers. It ends with the test's process.
fn dateless(server_url: &str) -> String {
    let server: SocketAddr = server_url.trim_start_matches("http://").parse().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || forward(client, server));
        }
    });
    url
}

/// One request and its answer; both connections are closed then.
fn forward(mut client: TcpStream, server: SocketAddr) -> std::io::Result<()> {
    let mut server = TcpStream::connect(server)?;
    for line in BufReader::new(client.try_clone()?).lines() {
        let line = line?;
        if line.is_empty() {
            break;
        }
        server.write_all(format!("{line}\r\n").as_bytes())?;
    }
    server.write_all(b"connection: close\r\n\r\n")?;
    let mut answer = BufReader::new(server);
    let mut line = String::new();
    while answer.read_line(&mut line)? > 2 {
        if !line.to_ascii_lowercase().starts_with("date:") {
            client.write_all(line.as_bytes())?;
        }
        line.clear();
    }
    let mut body = Vec::new();
    answer.read_to_end(&mut body)?;
    client.write_all(b"\r\n")?;
    client.write_all(&body)
}

fn through_proxy(stage: &Stage, local_ms: i64) -> QuickFetch {
    let mut fetch = QuickFetch::of(stage);
    let url = dateless(&stage.server.url());
    fetch.settings.base_urls.insert(stage.exchange.id().to_owned(), url);
    fetch.now_ms = local_ms;
    fetch.end = FetchEnd::Now;
    fetch
}

#[test]
fn this_computers_clock_decides_which_bars_have_closed() {
    each(&EXCHANGES, |exchange| {
        let stage = Stage::new(exchange, 40, Vec::new());
        let end_ms = stage.truth.end_ms();
        stage.server.set_now(end_ms - HOUR_MS / 2);
        let outcome = through_proxy(&stage, end_ms - HOUR_MS / 2).run(&stage);
        outcome.assert_updated();
        assert!(!outcome.told.contains("clock"), "{}", outcome.told);
        stage.assert_holds(&stage.truth.clone().without(end_ms - HOUR_MS, end_ms));

        stage.server.set_now(end_ms + 59_000);
        through_proxy(&stage, end_ms + 59_000).run(&stage).assert_updated();
        stage.assert_whole();
    });
}

#[test]
fn a_clock_that_is_behind_keeps_too_few_bars_and_none_that_are_wrong() {
    each(&EXCHANGES, |exchange| {
        let stage = Stage::new(exchange, 40, Vec::new());
        let end_ms = stage.truth.end_ms();
        through_proxy(&stage, end_ms - 5 * HOUR_MS + 59_000).run(&stage).assert_updated();
        stage.assert_holds(&stage.truth.clone().without(end_ms - 5 * HOUR_MS, end_ms));
        through_proxy(&stage, end_ms + 59_000).run(&stage).assert_updated();
        stage.assert_whole();
    });
}
