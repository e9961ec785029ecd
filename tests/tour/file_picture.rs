//! A picture of a small text file, for a reader of the tour who sees pictures only.

use std::error::Error;
use std::path::Path;
use std::process::Command;

const INK: &str = "#1d2023";
const PAPER: &str = "#fbfbfa";

/// Draws a file's text under its name.
pub fn draw(name: &str, text: &str, picture: &Path) -> Result<(), Box<dyn Error>> {
    let page = format!("{name}\n\n{}", text.trim_end());
    let output = Command::new("convert")
        .args(["-background", PAPER, "-fill", INK, "-font", "DejaVu-Sans-Mono", "-pointsize", "15"])
        .arg(format!("label:{}", escaped(&page)))
        .args(["-bordercolor", PAPER, "-border", "28"])
        .arg(picture)
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("convert (ImageMagick) drew no picture: {}", String::from_utf8_lossy(&output.stderr)).into())
}

/// `ImageMagick` reads `%` and `\` as escapes.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "%%")
}
