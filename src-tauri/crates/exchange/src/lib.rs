//! A request's life: draft, prepared, exchange.
