//! How much a configuration may say: many times what any has, and little enough to be read, checked and told in seconds.

/// Longest text that is read, in bytes: a configuration with every key and comment has a twentieth of it.
pub const TEXT_BYTES_MAX: usize = 1 << 20;

/// Keys and values of one text, with every alias written out: a file with rules of its own for each of 1,024 instruments has
/// some ten thousand.
pub(super) const VALUES_MAX: usize = 100_000;

/// Bytes of these keys and values: a text without aliases, which are what makes more of it, never has so many.
pub(super) const BYTES_MAX: usize = 4 * TEXT_BYTES_MAX;

/// Deepest nesting of values, and most keys of a path: the deepest key of a configuration is at 6.
pub(super) const DEPTH_MAX: usize = 64;

/// Longest key, in bytes: each is part of the path of everything below it.
pub(super) const KEY_BYTES_MAX: usize = 256;

/// Variables of the environment that are keys: six times as many as there are keys without a name of the user's own.
pub(super) const VARIABLES_MAX: usize = 1_000;

/// Mistakes after which hints and contradictions are no longer looked for: nobody reads more of them at once.
pub(super) const MISTAKES_MAX: usize = 100;

/// Exchanges that may answer for another: as many as are worth asking.
pub(super) const FALLBACKS_MAX: usize = 100;

/// How much something says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// Keys and values.
    pub(super) values: usize,
    /// Bytes of their texts.
    pub(super) bytes: usize,
    /// How deep values lie in each other; 1 for a single value.
    pub(super) depth: usize,
}

impl Size {
    /// One key or value with a text of `bytes` bytes.
    pub(super) const fn of_one(bytes: usize) -> Self {
        Self { values: 1, bytes, depth: 1 }
    }

    /// The size of something of this size with `inner` within it.
    pub(super) fn around(self, inner: Self) -> Self {
        Self {
            values: self.values.saturating_add(inner.values),
            bytes: self.bytes.saturating_add(inner.bytes),
            depth: self.depth.max(inner.depth.saturating_add(1)),
        }
    }
}

/// What a text has said so far.
#[derive(Debug, Default)]
pub(super) struct Spent {
    values: usize,
    bytes: usize,
}

impl Spent {
    /// Takes `size` into account.
    ///
    /// # Errors
    /// Which limit it goes past, and by how much.
    pub(super) fn add(&mut self, size: Size) -> Result<(), String> {
        self.values = self.values.saturating_add(size.values);
        self.bytes = self.bytes.saturating_add(size.bytes);
        if self.values > VALUES_MAX {
            return Err(format!(
                "expected at most {VALUES_MAX} keys and values, found {} up to here; an alias counts as what it stands for",
                self.values
            ));
        }
        if self.bytes > BYTES_MAX {
            return Err(format!(
                "expected at most {BYTES_MAX} bytes of keys and values, found {} up to here; an alias counts as what it stands for",
                self.bytes
            ));
        }
        Ok(())
    }
}

/// Why values that lie too deep in each other are refused.
pub(super) fn too_deep() -> String {
    format!("expected values at most {DEPTH_MAX} deep in each other, found a deeper one")
}
