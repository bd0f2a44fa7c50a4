//! Screening (M2): who is to be looked at, by the rules of the program, with the reasons.
//!
//! What belongs here: hearing that people's rows changed, asking the rules, and opening, joining or marking leads. What
//! never belongs here: what is done with a lead once it is open; that is `leads`.
