//! Answers recorded from the exchanges: the server gives them back when it holds their bars.

use ct_host::units::Interval;
use serde_json::Value;

use super::client::get;
use super::format::{candle, rows, shape};
use crate::exchange_server::{Behaviour, Exchange, ExchangeServer, History};
use crate::real_data::real_data;

/// Holds the bars of `recorded`, asks for `target`, and wants the same rows in the same shape.
fn check(exchange: Exchange, (symbol, interval): (&str, &str), target: &str, recorded: &Value) {
    let interval: Interval = interval.parse().unwrap();
    let mut candles: Vec<_> =
        rows(exchange, recorded).iter().map(|row| candle(exchange, row)).collect();
    candles.sort_by_key(|candle| candle.time_ms);
    let history = History::new(symbol, interval, candles);
    let all_closed = exchange.newest_rows().is_none_or(|most| history.rows().len() <= most);
    let open_ms = history.end_ms() - interval.as_ms();
    let behaviour = if all_closed { Behaviour::default() } else { Behaviour::at(open_ms) };
    let server = ExchangeServer::start(exchange, &[history], behaviour);
    let answer = get(&server, target);
    assert_eq!(answer.status, 200, "{target}: {}", answer.text());
    let body = answer.json();
    assert_eq!(rows(exchange, &body).len(), rows(exchange, recorded).len(), "{target}");
    for (told, wanted) in rows(exchange, &body).iter().zip(rows(exchange, recorded)) {
        assert_eq!(told, wanted, "{target}");
    }
    assert_eq!(shape(&body), shape(recorded), "{target}");
}

/// The path that asks `exchange` for the bars from the first to the last time, both included.
fn target(exchange: Exchange, id: &str, name: &str, first_ms: i64, last_ms: i64) -> String {
    let (first, last) = (first_ms / 1_000, last_ms / 1_000);
    match exchange {
        Exchange::Binance => format!(
            "/api/v3/klines?endTime={last_ms}&interval={name}&limit=1000&startTime={first_ms}&symbol={id}"
        ),
        Exchange::Kraken => format!("/0/public/OHLC?pair={id}&interval={name}&since={}", first - 1),
        Exchange::Coinbase => format!(
            "/api/v3/brokerage/market/products/{id}/candles?granularity={name}&start={first}&end={last}"
        ),
        Exchange::Okx => format!(
            "/api/v5/market/history-candles?instId={id}&bar={name}&limit=300&before={}&after={}",
            first_ms - 1,
            last_ms + 1
        ),
        Exchange::Bybit => format!(
            "/v5/market/kline?symbol={id}&start={first_ms}&limit=1000&end={last_ms}&interval={name}&category=spot"
        ),
        Exchange::Kucoin => format!(
            "/api/v1/market/candles?symbol={id}&type={name}&startAt={first}&endAt={}",
            last + 1
        ),
        Exchange::Bitstamp => {
            format!("/api/v2/ohlc/{id}/?step={name}&start={first}&end={last}&limit=1000")
        }
        Exchange::Gate => format!(
            "/api/v4/spot/candlesticks?currency_pair={id}&interval={name}&from={first}&to={last}"
        ),
        Exchange::Bitfinex => format!(
            "/v2/candles/trade:{name}:{id}/hist?limit=10000&start={first_ms}&sort=1&end={last_ms}"
        ),
        Exchange::Mexc => format!(
            "/api/v3/klines?symbol={id}&interval={name}&startTime={first_ms}&endTime={}&limit=500",
            last_ms + 1
        ),
    }
}

// Targets are those of ccxt 4.5.84; bodies are parts of recorded ones. Origins of the bodies: gocryptotrader (Binance,
// Bitstamp), NautilusTrader (Kraken, Coinbase), hummingbot (OKX, Bybit, MEXC), ccxt (KuCoin), GateIo.Net (Gate) and
// Bitfinex-historical-data (Bitfinex).
const COMMITTED: [(Exchange, &str, &str, &str, &str); 10] = [
    (
        Exchange::Binance,
        "BTC/USDT",
        "1m",
        "/api/v3/klines?endTime=1588636800000&interval=1m&startTime=1588636800000&symbol=BTCUSDT",
        r#"[[1588636800000,"8871.92000000","8888.00000000","8871.92000000","8887.62000000","47.66737000",1588636859999,
            "423305.63773405",617,"25.94719700","230410.46415390","0"]]"#,
    ),
    (
        Exchange::Kraken,
        "BTC/USDT",
        "1m",
        "/0/public/OHLC?pair=XBTUSDT&interval=1&since=1762777079",
        r#"{"error":[],"result":{"XBTUSDT":[
            [1762777080,"106038.2","106038.2","106038.2","106038.2","0.0","0.00000000",0],
            [1762777140,"106038.3","106038.3","106038.3","106038.3","106038.3","0.00032101",1],
            [1762777200,"106038.1","106044.3","106038.1","106040.1","106039.6","0.08317981",3]],"last":1762777140}}"#,
    ),
    (
        Exchange::Coinbase,
        "BTC/USD",
        "1h",
        "/api/v3/brokerage/market/products/BTC-USD/candles?granularity=ONE_HOUR&start=1712188800&end=1712192400",
        r#"{"candles":[
            {"start":"1712192400","low":"66055.14","high":"66331.99","open":"66312.4","close":"66181.6","volume":"355.82896243"},
            {"start":"1712188800","low":"65857.35","high":"66387.77","open":"65984.18","close":"66314.59","volume":"358.74851052"}]}"#,
    ),
    (
        Exchange::Okx,
        "BTC/USDT",
        "1h",
        "/api/v5/market/candles?instId=BTC-USDT&bar=1H&limit=2&before=1705427999999&after=1705435200000",
        r#"{"code":"0","msg":"","data":[
            ["1705431600000","43016","43183.8","42946","43169.7","404.74017381","17447600.212916623","17447600.212916623","1"],
            ["1705428000000","43053.3","43157.4","42836.5","43016","385.88107189","16589516.212133739","16589516.212133739","1"]]}"#,
    ),
    (
        Exchange::Bybit,
        "BTC/USDT",
        "1h",
        "/v5/market/kline?symbol=BTCUSDT&start=1715173200000&limit=200&end=1715176800000&interval=60&category=spot",
        r#"{"retCode":0,"retMsg":"OK","result":{"category":"spot","symbol":"BTCUSDT","list":[
            ["1715176800000","62440.14","62841.64","62160.72","62564.68","706.187244","44137837.83110939"],
            ["1715173200000","62236.73","62466.32","61780.77","62440.14","907.398902","56295800.30345675"]]},
            "retExtInfo":{},"time":1718761678876}"#,
    ),
    (
        Exchange::Kucoin,
        "BTC/USDT",
        "1h",
        "/api/v1/market/candles?symbol=BTC-USDT&type=1hour&startAt=1706628191&endAt=1706638991",
        r#"{"code":"200000","data":[
            ["1706637600","43396.4","43369.4","43491.9","43285.2","135.02905655","5859577.939581874"],
            ["1706634000","43501.1","43396.4","43598.9","43305.2","101.11170513","4390218.48746545"],
            ["1706630400","43383.7","43501","43521.9","43222.8","101.30420492","4391287.808186813"]]}"#,
    ),
    (
        Exchange::Bitstamp,
        "BTC/USD",
        "1m",
        "/api/v2/ohlc/btcusd/?end=1577836799&limit=2&start=1546300800&step=60",
        r#"{"data":{"ohlc":[
            {"close":"7167.30","high":"7167.30","low":"7161.99","open":"7166.89","timestamp":"1577836680","volume":"0.56886771"},
            {"close":"7168.36","high":"7171.22","low":"7167.30","open":"7167.30","timestamp":"1577836740","volume":"0.19144775"}],
            "pair":"BTC/USD"}}"#,
    ),
    (
        Exchange::Gate,
        "BTC/USDT",
        "1h",
        "/api/v4/spot/candlesticks?currency_pair=BTC_USDT&interval=1h&limit=1000",
        r#"[["1717246800","1157762.86821200","67772.5","67839.9","67715","67715.1","17.07790000","true"]]"#,
    ),
    (
        Exchange::Bitfinex,
        "NEO/USD",
        "1m",
        "/v2/candles/trade:1m:tNEOUSD/hist?limit=120&start=1568457360000&sort=1",
        "[[1568457360000,8.9711,8.9711,8.9711,8.9711,40.8568],[1568461560000,8.9586,8.95865408,8.95865408,8.9586,13.4368],\
          [1568461980000,8.9559,8.9559,8.9559,8.9559,2]]",
    ),
    (
        Exchange::Mexc,
        "BTC/USDT",
        "1h",
        "/api/v3/klines?symbol=BTCUSDT&interval=60m&startTime=1718726400000&endTime=1718733600000&limit=24",
        r#"[[1718726400000,"64698.66","64868.98","64336","64700.98","575.730117",1718730000000,"37155549.91"],
            [1718730000000,"64700.98","64904.91","64400","64603.99","917.852709",1718733600000,"59373594.99"]]"#,
    ),
];

#[test]
fn recorded_answers_come_back() {
    for (exchange, symbol, interval, target, body) in COMMITTED {
        check(exchange, (symbol, interval), target, &serde_json::from_str(body).unwrap());
    }
}

#[test]
fn every_recorded_answer_that_can_be_read_comes_back() {
    let Some(folder) = real_data("exchange/ohlcv") else { return };
    let mut answers = 0;
    for exchange in Exchange::ALL {
        let text = std::fs::read_to_string(folder.join(format!("{}.json", exchange.id()))).unwrap();
        let fixture: Value = serde_json::from_str(&text).unwrap();
        for recorded in fixture["response"].as_array().unwrap() {
            answers += usize::from(comes_back(exchange, recorded));
        }
    }
    assert_eq!(answers, 21);
}

/// Checks one recorded answer. False for those that are examples out of a documentation, that a server with one sound
/// history cannot give, or that have no rows.
fn comes_back(exchange: Exchange, recorded: &Value) -> bool {
    let kind = recorded["kind"].as_str().unwrap_or("recorded");
    let input = &recorded["input"];
    let (symbol, name) = (input[0].as_str().unwrap(), input[1].as_str().unwrap());
    let interval: Interval = name.parse().unwrap();
    let raw = &recorded["raw"];
    let mut times: Vec<i64> =
        rows(exchange, raw).iter().map(|row| candle(exchange, row).time_ms).collect();
    times.sort_unstable();
    let sound = times.is_sorted_by(|a, b| a < b);
    let whole = times.windows(2).all(|two| two[1] - two[0] == interval.as_ms());
    let fills = matches!(exchange, Exchange::Kraken | Exchange::Bitstamp);
    let (Some(&first_ms), Some(&last_ms)) = (times.first(), times.last()) else { return false };
    if !kind.starts_with("recorded") || kind.contains("SWAP") || !sound || (fills && !whole) {
        return false;
    }
    let protocol = exchange.protocol();
    let id = protocol.market_id(&crate::exchange_server::Listing::of(symbol));
    let own = protocol.intervals().iter().find(|(ours, _)| *ours == name).unwrap().1;
    check(exchange, (symbol, name), &target(exchange, &id, own, first_ms, last_ms), raw);
    true
}
