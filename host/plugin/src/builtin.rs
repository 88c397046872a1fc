//! The strategies that ship inside the host.

/// A plugin that is part of this crate.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// Name, such as `sma-crossover`.
    pub name: &'static str,
    /// The component.
    pub bytes: &'static [u8],
}

const BUILT_INS: [BuiltIn; 3] = [
    BuiltIn { name: "sma-crossover", bytes: include_bytes!("../prebuilt/sma_crossover.wasm") },
    BuiltIn {
        name: "rsi-mean-reversion",
        bytes: include_bytes!("../prebuilt/rsi_mean_reversion.wasm"),
    },
    BuiltIn {
        name: "bollinger-breakout",
        bytes: include_bytes!("../prebuilt/bollinger_breakout.wasm"),
    },
];

/// Every built-in strategy.
pub const fn built_ins() -> &'static [BuiltIn] {
    &BUILT_INS
}

/// Whether the file with this BLAKE3 hash, in hexadecimal, is one of them.
pub(super) fn is_built_in(hash: &str) -> bool {
    BUILT_INS.iter().any(|built_in| blake3::hash(built_in.bytes).to_hex().as_str() == hash)
}

/// The built-in strategy of this name; underscores count as hyphens.
pub fn built_in(name: &str) -> Option<BuiltIn> {
    let name = name.replace('_', "-");
    BUILT_INS.into_iter().find(|built_in| built_in.name == name)
}
