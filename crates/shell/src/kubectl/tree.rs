//! What a manifest or the server says of an object, as a tree that is made only when somebody looks into it.

use std::cell::OnceCell;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use api::{Object, Value};

/// A tree of an object's fields. What the server gave stays shared with it until then: a table of a thousand pods needs
/// no copy of them.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    stored: Option<Arc<Object>>,
    made: OnceCell<Value>,
    own: Option<Value>,
}

impl Tree {
    /// The object that the tree is of.
    #[must_use]
    pub fn to_object(&self) -> Arc<Object> {
        match (&self.own, &self.stored) {
            (None, Some(stored)) => Arc::clone(stored),
            _ => Arc::new(Object::new(self.to_value())),
        }
    }

    /// A copy of the tree.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::clone(self)
    }

    /// The tree, taken out.
    #[must_use]
    pub fn into_value(mut self) -> Value {
        std::mem::take(&mut *self)
    }
}

impl Deref for Tree {
    type Target = Value;

    fn deref(&self) -> &Value {
        let make = || self.stored.as_ref().map(|stored| stored.to_value()).unwrap_or_default();
        self.own.as_ref().unwrap_or_else(|| self.made.get_or_init(make))
    }
}

impl DerefMut for Tree {
    fn deref_mut(&mut self) -> &mut Value {
        let (made, stored) = (self.made.take(), self.stored.take());
        self.own.get_or_insert_with(|| {
            made.or_else(|| stored.map(|stored| Arc::unwrap_or_clone(stored).into_value())).unwrap_or_default()
        })
    }
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl From<Value> for Tree {
    fn from(value: Value) -> Self {
        Self { own: Some(value), ..Self::default() }
    }
}

impl From<&Arc<Object>> for Tree {
    fn from(object: &Arc<Object>) -> Self {
        Self { stored: Some(Arc::clone(object)), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use api::json;

    use super::*;

    #[test]
    fn a_tree_is_what_the_server_gave_until_it_is_changed() {
        let object = Arc::new(Object::new(json!({"metadata": {"name": "web"}})));
        let mut tree = Tree::from(&object);
        assert_eq!((tree.to_object(), &tree["metadata"]["name"]), (object, &json!("web")));
        tree["metadata"]["name"] = "db".into();
        assert_eq!((tree.to_object().name(), tree == Tree::from(json!({"metadata": {"name": "db"}}))), ("db", true));
        assert_eq!(tree.into_value(), json!({"metadata": {"name": "db"}}));
    }
}
