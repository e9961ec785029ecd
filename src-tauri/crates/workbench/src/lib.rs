//! The use cases: everything that the window, a command line or a journey can ask of Gatepass.
