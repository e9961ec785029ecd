//! Reading an API gateway's answer: which check refused, why, and what mends it.
