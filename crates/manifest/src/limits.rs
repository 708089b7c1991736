//! Bounds on what is read. Beyond them a text is refused with an error, never with a hang or a full memory.

/// Bytes of one stream: 1 MiB.
pub const MAX_BYTES: usize = 1 << 20;

/// Documents of one stream.
pub const MAX_DOCUMENTS: usize = 5_000;

/// Collections inside one another. Upstream allows 10,000, which a browser's stack does not.
pub const MAX_DEPTH: usize = 256;

/// Bytes of strings and keys that one document may grow to once its aliases are expanded: 8 MiB.
pub const MAX_EXPANDED_BYTES: usize = 8 << 20;

/// What is said of a document nested deeper than [`MAX_DEPTH`]; the number stands there so that the text is constant.
pub(crate) const TOO_DEEP: &str = "exceeded max depth of 256";
