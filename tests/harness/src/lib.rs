//! Opens the app in its real window and drives it as a person does: one [`Desk`] a journey.
//!
//! A desk is a fresh home folder, a WebDriver of its own, and the app started by it. Display, session
//! bus and keyring come from `cargo xtask journeys`. Nothing here sleeps for a fixed time: every wait
//! has a condition, a limit, and a message that says what was awaited, with a picture of the display.
#![expect(
    clippy::missing_errors_doc,
    reason = "the variants of DeskError say what can fail, and every journey ends with them"
)]

mod browser;
mod desk;
mod display;
mod driver;
mod error;
mod home;
mod keys;
mod options;
mod page;
mod picture;
mod secrets;
mod target;
mod tree;
mod wait;
mod windows;

pub use browser::{Browser, Installed};
pub use desk::{Desk, target_folder};
pub use display::{Display, DisplayWindow};
pub use error::DeskError;
pub use fantoccini::elements::Element;
pub use home::Home;
pub use options::Options;
pub use page::Page;
pub use secrets::{Finding, Form, Written, forms_of, search};
pub use target::{Target, css, label, role, test_id, text};
pub use tree::{Pss, descendants, end, is_alive, pss};
pub use windows::WindowView;

/// What a journey returns.
pub type Outcome = Result<(), DeskError>;
