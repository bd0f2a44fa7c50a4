//! The model that tests weigh with: the shipped one.

use linkage::Model;

/// The shipped model.
pub(crate) fn model() -> Model {
    Model::parse(include_str!("../../../../linkage/cn-person.toml")).unwrap()
}
