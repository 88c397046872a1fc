//! Arguments in wrong places, which the command line repeats in its errors: a secret among them is not shown.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use ct_host::config::{is_name_of_secret, quotation, quoted_key};

/// What is shown in place of what may be a secret.
const HIDDEN: &str = "***";

/// Takes out of `error` what may be a secret among the `arguments` that it repeats.
pub(super) fn hide_secrets(error: &mut clap::Error, arguments: &[OsString]) {
    let repeated = match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => ContextKind::InvalidValue,
    };
    let Some(ContextValue::String(text)) = error.get(repeated) else { return };
    let shown = match error.get(ContextKind::InvalidArg) {
        // `--param <NAME=VALUE>`: what comes behind the name may be anything, and all of it if there is no name.
        Some(ContextValue::String(flag))
            if repeated == ContextKind::InvalidValue && flag.contains('=') =>
        {
            match text.split_once('=') {
                Some((name, _)) if !name.is_empty() => format!("{}={HIDDEN}", quotation(name)),
                _ => quoted_key(text),
            }
        }
        _ if follows_name_of_secret(text, arguments) => HIDDEN.to_owned(),
        _ => quotation(text),
    };
    if shown != *text {
        error.insert(repeated, ContextValue::String(shown));
        // What is advised repeats the argument too.
        error.remove(ContextKind::Suggested);
    }
}

/// Whether the argument before `text` names a secret, such as `--api-key` or `access.token`.
fn follows_name_of_secret(text: &str, arguments: &[OsString]) -> bool {
    arguments.windows(2).any(|pair| match pair {
        [before, argument] => {
            argument.to_string_lossy() == text && is_name_of_secret(&before.to_string_lossy())
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::root::Root;

    fn told(line: &[&str]) -> String {
        let arguments: Vec<OsString> =
            std::iter::once(&"ct-host").chain(line).map(OsString::from).collect();
        let mut error = Root::try_parse_from(&arguments).unwrap_err();
        hide_secrets(&mut error, &arguments);
        error.to_string()
    }

    #[test]
    fn errors_do_not_repeat_secrets() {
        let fetch = ["fetch", "--symbol", "A/B"];
        for (line, shown) in [
            (
                &["--base-url", "binance=htps://user:SECRET@proxy.example/"][..],
                "'binance=***' for '--base-url",
            ),
            (&["--base-url", "https://user:SECRET@proxy.example/"], "'***' for '--base-url"),
            (&["--base-url", "SECRET"], "'***' for '--base-url"),
            (&["--base-url", "=SECRET"], "'***' for '--base-url"),
            (
                &["--base-url", "binance=https://a", "--days", "token=SECRET"],
                "'token=***' for '--days",
            ),
            (&["--days", "https://user:SECRET@proxy.example/"], "'https://***@proxy.example/'"),
            (&["--set", "access.keys.x", "SECRET"], "'***'"),
            (&["--api-key", "SECRET"], "'--api-key'"),
            (&["--api-key=SECRET"], "'--api-key'"),
            (&["-api-key=SECRET"], "'-a'"),
        ] {
            let message = told(&[&fetch, line].concat());
            assert!(message.contains(shown) && !message.contains("SECRET"), "{line:?}: {message}");
        }
        for line in [
            &["https://user:SECRET@h"][..],
            &["backtest", "token=SECRET"],
            &["backtest", "--param", "SECRET"],
            &["backtest", "--param", "=SECRET"],
            &["backtest", "--set", "access.token", "SECRET"],
            &["backtest", "aSECRETa4bCdEfGhIjKlMnOpQrStUvWxYz0123456789aBcDeFgHiJkLmNoPqRsTu"],
        ] {
            let message = told(line);
            assert!(message.contains("***") && !message.contains("SECRET"), "{line:?}: {message}");
        }
    }

    #[test]
    fn what_is_no_secret_is_still_named() {
        for (line, shown) in [
            (&["backtst"][..], "'backtst'"),
            (&["backtest", "BTC/USDT"], "'BTC/USDT'"),
            (&["backtest", "--fee-bps", "25%"], "'25%'"),
            (&["backtest", "--parm", "a=1"], "'--parm'"),
            (&["backtest", "--param", "fast"], "'fast'"),
        ] {
            let message = told(line);
            assert!(message.contains(shown), "{line:?}: {message}");
        }
    }
}
