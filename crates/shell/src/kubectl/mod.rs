//! kubectl 1.36.
