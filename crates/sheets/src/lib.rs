//! Engine: bytes of a spreadsheet to rows with their place, and faults.
