//! Label selectors: the equality map of a Service, `metav1.LabelSelector`, kubectl's `-l` grammar, and field selectors.
//!
//! - [`equality`]: the plain map of a Service
//! - [`selector`]: requirements, and what meets them; models apimachinery `pkg/labels`
//! - [`parse`]: kubectl's `-l`
//! - [`label_selector`]: `matchLabels` and `matchExpressions`
//! - [`fields`]: kubectl's `--field-selector`

pub mod equality;
pub mod fields;
pub mod label_selector;
mod lexer;
pub mod parse;
pub mod selector;

pub use equality::matches_equality;
pub use fields::FieldSelector;
pub use label_selector::LabelSelector;
pub use selector::{Operator, Requirement, Selector};
