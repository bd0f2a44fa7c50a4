//! Engine: stages, transitions, forms, deadlines, escalation, without storage.
