//! Pictures: of the page as WebDriver sees it, and of the whole display.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::desk::Desk;
use crate::error::DeskError;

/// True once nothing moves, fonts are there, and two frames were painted since the question was first asked.
const AT_REST: &str = "\
    const moves = document.getAnimations().some((animation) => animation.playState === 'running'); \
    if (moves || document.fonts.status !== 'loaded') { delete window.framesAtRest; return false; } \
    if (window.framesAtRest === undefined) { \
      window.framesAtRest = 0; \
      const count = () => { if (++window.framesAtRest < 2) requestAnimationFrame(count); }; \
      requestAnimationFrame(count); \
      return false; \
    } \
    if (window.framesAtRest < 2) return false; \
    delete window.framesAtRest; \
    return true;";

impl Desk {
    /// Takes a picture of the whole display once the page that the journey looks at has come to rest, and gives its path.
    ///
    /// `WebDriver`'s own pictures show the page alone, and the driver of `WebKitGTK` may never finish one.
    pub async fn picture(&self, name: &str) -> Result<PathBuf, DeskError> {
        self.until("the page to come to rest", async || {
            let rests = self.evaluate(AT_REST, Vec::new()).await?;
            Ok(rests.as_bool().unwrap_or_default().then_some(()))
        })
        .await?;
        self.display_picture(name)
    }

    /// Takes a picture of the whole display, windows that WebDriver cannot see among it.
    pub fn display_picture(&self, name: &str) -> Result<PathBuf, DeskError> {
        of_the_display(self.pictures(), name)
    }

    /// Takes a picture of one window as the display shows it, found by a part of its title.
    pub fn window_picture(&self, title: &str, name: &str) -> Result<PathBuf, DeskError> {
        let display = crate::display::Display::open()?;
        let found = self.display_windows(&display)?.into_iter().find(|window| window.title.contains(title));
        match found {
            Some(window) => import(self.pictures(), &window.id.to_string(), name),
            None => Err(DeskError::Unexpected(format!("no window titled \"{title}\" is on the display"))),
        }
    }
}

/// Takes a picture of the whole display into a folder.
pub(crate) fn of_the_display(folder: &Path, name: &str) -> Result<PathBuf, DeskError> {
    import(folder, "root", name)
}

fn import(folder: &Path, window: &str, name: &str) -> Result<PathBuf, DeskError> {
    let stem: String = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let path = folder.join(format!("{stem}.png"));
    let output = Command::new("import")
        .args(["-silent", "-window", window])
        .arg(&path)
        .output()
        .map_err(|source| DeskError::Program { program: "import (ImageMagick)".into(), source })?;
    if output.status.success() {
        return Ok(path);
    }
    Err(DeskError::Refused {
        program: "import".into(),
        doing: "take a picture of the display".into(),
        said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}
