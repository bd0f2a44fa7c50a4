//! Engine: dated parameters and screening rules: parse, check, evaluate, explain.
