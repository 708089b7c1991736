//! What the diagram shows, as plain data: boxes, edges and routes with coordinates, and the same in words.
#![forbid(unsafe_code)]
