//! The exchanges that are compiled in.

use crate::Dialect;

/// An exchange, and how it is opened.
#[derive(Debug)]
pub struct Entry {
    /// As ccxt calls it.
    pub id: &'static str,
    /// Opens it, in about ten milliseconds.
    pub open: fn() -> Box<dyn Dialect>,
}

/// One [`Entry`] for each `"id" module Type`. The first list has a cargo feature for each id; the second has one for all.
macro_rules! exchanges {
    (
        each { $($own_id:tt $own_module:ident $own_type:ident,)* }
        all { $($id:tt $module:ident $type:ident,)* }
    ) => {
        /// All of them, in no order. A static, so that this crate compiles what opens them, not the one that uses it.
        pub static EXCHANGES: &[Entry] = &[
            $(
                #[cfg(any(feature = $own_id, feature = "all-exchanges"))]
                Entry {
                    id: $own_id,
                    open: || Box::new(ccxt_base::exchanges::$own_module::$own_type::new(None)),
                },
            )*
            $(
                #[cfg(feature = "all-exchanges")]
                Entry {
                    id: $id,
                    open: || Box::new(ccxt_base::exchanges::$module::$type::new(None)),
                },
            )*
        ];
    };
}

exchanges! {
    each {
        "binance" binance BinanceCore,
        "bitfinex" bitfinex BitfinexCore,
        "bitstamp" bitstamp BitstampCore,
        "bybit" bybit BybitCore,
        "coinbase" coinbase CoinbaseCore,
        "gate" gate GateCore,
        "kraken" kraken KrakenCore,
        "kucoin" kucoin KucoinCore,
        "mexc" mexc MexcCore,
        "okx" okx OkxCore,
    }
    all {
        "alpaca" alpaca AlpacaCore,
        "apex" apex ApexCore,
        "aster" aster AsterCore,
        "backpack" backpack BackpackCore,
        "bequant" bequant BequantCore,
        "bigone" bigone BigoneCore,
        "binancecoinm" binancecoinm BinancecoinmCore,
        "binanceus" binanceus BinanceusCore,
        "binanceusdm" binanceusdm BinanceusdmCore,
        "bingx" bingx BingxCore,
        "bit2c" bit2c Bit2cCore,
        "bitbank" bitbank BitbankCore,
        "bitbns" bitbns BitbnsCore,
        "bitflyer" bitflyer BitflyerCore,
        "bitget" bitget BitgetCore,
        "bithumb" bithumb BithumbCore,
        "bitopro" bitopro BitoproCore,
        "bitrue" bitrue BitrueCore,
        "bitso" bitso BitsoCore,
        "bitteam" bitteam BitteamCore,
        "bittrade" bittrade BittradeCore,
        "bitvavo" bitvavo BitvavoCore,
        "blockchaincom" blockchaincom BlockchaincomCore,
        "blofin" blofin BlofinCore,
        "btcbox" btcbox BtcboxCore,
        "btcmarkets" btcmarkets BtcmarketsCore,
        "btcturk" btcturk BtcturkCore,
        "btse" btse BtseCore,
        "bullish" bullish BullishCore,
        "bybiteu" bybiteu BybiteuCore,
        "bybitid" bybitid BybitidCore,
        "bydfi" bydfi BydfiCore,
        "cex" cex CexCore,
        "coinbaseexchange" coinbaseexchange CoinbaseexchangeCore,
        "coinbaseinternational" coinbaseinternational CoinbaseinternationalCore,
        "coincheck" coincheck CoincheckCore,
        "coinmate" coinmate CoinmateCore,
        "coinone" coinone CoinoneCore,
        "coinsph" coinsph CoinsphCore,
        "coinspot" coinspot CoinspotCore,
        "cryptocom" cryptocom CryptocomCore,
        "cryptomus" cryptomus CryptomusCore,
        "deepcoin" deepcoin DeepcoinCore,
        "delta" delta DeltaCore,
        "deribit" deribit DeribitCore,
        "derive" derive DeriveCore,
        "digifinex" digifinex DigifinexCore,
        "dydx" dydx DydxCore,
        "extended" extended ExtendedCore,
        "fmfwio" fmfwio FmfwioCore,
        "foxbit" foxbit FoxbitCore,
        "gateeu" gateeu GateeuCore,
        "gemini" gemini GeminiCore,
        "grvt" grvt GrvtCore,
        "hashkey" hashkey HashkeyCore,
        "hibachi" hibachi HibachiCore,
        "hitbtc" hitbtc HitbtcCore,
        "hollaex" hollaex HollaexCore,
        "htx" htx HtxCore,
        "hyperliquid" hyperliquid HyperliquidCore,
        "independentreserve" independentreserve IndependentreserveCore,
        "indodax" indodax IndodaxCore,
        "krakenfutures" krakenfutures KrakenfuturesCore,
        "kucoinfutures" kucoinfutures KucoinfuturesCore,
        "latoken" latoken LatokenCore,
        "lbank" lbank LbankCore,
        "lighter" lighter LighterCore,
        "luno" luno LunoCore,
        "mercado" mercado MercadoCore,
        "modetrade" modetrade ModetradeCore,
        "mudrex" mudrex MudrexCore,
        "myokx" myokx MyokxCore,
        "nado" nado NadoCore,
        "ndax" ndax NdaxCore,
        "okxus" okxus OkxusCore,
        "onetrading" onetrading OnetradingCore,
        "p2b" p2b P2bCore,
        "pacifica" pacifica PacificaCore,
        "paradex" paradex ParadexCore,
        "paymium" paymium PaymiumCore,
        "phemex" phemex PhemexCore,
        "poloniex" poloniex PoloniexCore,
        "polymarket" polymarket PolymarketCore,
        "revolutx" revolutx RevolutxCore,
        "tokocrypto" tokocrypto TokocryptoCore,
        "toobit" toobit ToobitCore,
        "upbit" upbit UpbitCore,
        "weex" weex WeexCore,
        "whitebit" whitebit WhitebitCore,
        "woo" woo WooCore,
        "woofipro" woofipro WoofiproCore,
        "xt" xt XtCore,
        "zaif" zaif ZaifCore,
        "zebpay" zebpay ZebpayCore,
    }
}
