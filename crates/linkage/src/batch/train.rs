//! Learning a model from the files themselves.
