//! Messages in both languages as typed functions, generated from locales at build time.
