//! A local user pool with its hosted UI and an API gateway with the PetStore, for the first run and for the tests.
