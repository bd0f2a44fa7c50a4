//! Engine: record linkage: score a record against a live index, explain each weight, search people.
