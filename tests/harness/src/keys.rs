//! A person's hands: real keys through the display, and WebDriver's clicks and typing.

use std::process::Command;
use std::sync::{Mutex, PoisonError};

use arboard::Clipboard;

use crate::desk::Desk;
use crate::display::Display;
use crate::error::DeskError;
use crate::page::reference;
use crate::target::{Target, role};

/// An X client must stay to hand out what it copied, so this one stays as long as the process.
static CLIPBOARD: Mutex<Option<Clipboard>> = Mutex::new(None);

impl Desk {
    /// Clicks a target.
    pub async fn click(&self, target: &Target) -> Result<(), DeskError> {
        self.page()?.click(target).await
    }

    /// Clicks a target if it is there at this moment.
    pub async fn try_click(&self, target: &Target) -> Result<Option<()>, DeskError> {
        self.page()?.try_click(target).await
    }

    /// Clicks a target twice, the second time before anything could come of the first.
    pub async fn double_click(&self, target: &Target) -> Result<(), DeskError> {
        let element = self.find(target).await?;
        let clicks = "arguments[0].click(); arguments[0].click();";
        self.evaluate(clicks, vec![reference(&element)]).await.map(drop)
    }

    /// Clicks a target with the real mouse's right button; the driver's own would leave Shift out of what is typed next.
    pub async fn right_click(&self, target: &Target) -> Result<(), DeskError> {
        let (x, y) = self.place(target).await?;
        xdotool(&["mousemove", &x, &y, "click", "3"])
    }

    /// Takes a target with the real mouse, carries it over another, and lets it go once `ready` is there.
    pub async fn drag(&self, target: &Target, over: &Target, ready: &Target) -> Result<(), DeskError> {
        let (x, y) = self.place(target).await?;
        xdotool(&["mousemove", &x, &y, "mousedown", "1"])?;
        let (x, y) = self.place(over).await?;
        let mut step = 0_u32;
        let carried = self
            .until(&format!("{target} to be carried to {ready}"), async || {
                // A drag begins with a movement, and goes on with each.
                step += 1;
                let aside = if step.is_multiple_of(2) { "2" } else { "-2" };
                xdotool(&["mousemove", &x, &y, "mousemove_relative", "--", aside, "0"])?;
                Ok(self.sees(ready).await?.then_some(()))
            })
            .await;
        xdotool(&["mouseup", "1"])?;
        carried
    }

    /// Gives the middle of a target in pixels of the display.
    async fn place(&self, target: &Target) -> Result<(String, String), DeskError> {
        let place = "const box = arguments[0].getBoundingClientRect(); \
                     return [screenX + box.left + box.width / 2, \
                             screenY + outerHeight - innerHeight + box.top + box.height / 2].map(Math.round);";
        let element = self.find(target).await?;
        let place = self.evaluate(place, vec![reference(&element)]).await?;
        match place.as_array().map(Vec::as_slice) {
            Some([x, y]) => Ok((x.to_string(), y.to_string())),
            _ => Err(DeskError::Unexpected(format!("{target} has no place on the display"))),
        }
    }

    /// Pastes a text from the real clipboard over what stands in a field, in the window with this title.
    pub async fn paste_over(&self, title: &str, target: &Target, text: &str) -> Result<(), DeskError> {
        copy(text)?;
        self.click(target).await?;
        self.press(title, "ctrl+a").await?;
        self.press(title, "ctrl+v").await
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, target: &Target, value: &str) -> Result<(), DeskError> {
        self.page()?.fill(target, value).await
    }

    /// Types into a field after what stands there; `\u{e007}` is Enter (WebDriver §17.4.2).
    pub async fn type_into(&self, target: &Target, keys: &str) -> Result<(), DeskError> {
        self.page()?.type_into(target, keys).await
    }

    /// Chooses an option, found by a part of its name, in the list that a field opens.
    pub async fn choose(&self, field: &Target, option: &str) -> Result<(), DeskError> {
        self.click(field).await?;
        self.click(&role("option", option)).await?;
        self.see_gone(&role("listbox", "")).await
    }

    /// Presses keys on the real keyboard, for instance `ctrl+Return`, in the window with this title.
    pub async fn press(&self, title: &str, keys: &str) -> Result<(), DeskError> {
        self.give_keyboard(title).await?;
        xdotool(&["key", "--clearmodifiers", keys])
    }

    /// Types a text on the real keyboard, in the window with this title.
    pub async fn type_keys(&self, title: &str, keys: &str) -> Result<(), DeskError> {
        self.give_keyboard(title).await?;
        xdotool(&["type", "--clearmodifiers", "--delay", "4", "--", keys])
    }

    /// Closes a window by its cross, as a person does, found by a part of its title.
    pub async fn close_window(&self, title: &str) -> Result<(), DeskError> {
        let display = Display::open()?;
        let window = self.titled(&display, title).await?;
        display.ask_to_close(window)
    }

    async fn give_keyboard(&self, title: &str) -> Result<(), DeskError> {
        let display = Display::open()?;
        let window = self.titled(&display, title).await?;
        display.focus(window)?;
        if title != "Gatepass" {
            return Ok(());
        }
        // The app hears of the keyboard a moment after the display gave it.
        let has_it = "return !location.protocol.startsWith('tauri') || document.hasFocus();";
        self.until("the main window to have the keyboard", async || {
            Ok(self.evaluate(has_it, Vec::new()).await?.as_bool().unwrap_or_default().then_some(()))
        })
        .await
    }

    async fn titled(&self, display: &Display, title: &str) -> Result<u32, DeskError> {
        let what = format!("a window titled \"{title}\" on the display");
        let found = self
            .until(&what, async || {
                Ok(self.display_windows(display)?.into_iter().find(|window| window.title.contains(title)))
            })
            .await?;
        Ok(found.id)
    }
}

fn copy(text: &str) -> Result<(), DeskError> {
    let refused = |error: arboard::Error| DeskError::Unexpected(format!("the clipboard took no text: {error}"));
    let mut kept = CLIPBOARD.lock().unwrap_or_else(PoisonError::into_inner);
    let clipboard = match kept.as_mut() {
        Some(clipboard) => clipboard,
        None => kept.insert(Clipboard::new().map_err(refused)?),
    };
    clipboard.set_text(text).map_err(refused)
}

fn xdotool(words: &[&str]) -> Result<(), DeskError> {
    let output = Command::new("xdotool")
        .args(words)
        .output()
        .map_err(|source| DeskError::Program { program: "xdotool".into(), source })?;
    if output.status.success() {
        return Ok(());
    }
    Err(DeskError::Refused {
        program: "xdotool".into(),
        doing: words.first().copied().unwrap_or_default().to_owned(),
        said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}
