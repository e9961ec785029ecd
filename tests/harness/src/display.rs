//! The X display itself: which windows are on it, who has the keys, and a polite request to close.

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ClientMessageEvent, ConnectionExt, EventMask, InputFocus, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::error::DeskError;

/// A connection to the display of the environment.
pub struct Display {
    connection: RustConnection,
    root: Window,
}

/// A window of an application, as the display knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayWindow {
    /// The display's number for it.
    pub id: u32,
    /// Its title.
    pub title: String,
    /// The process that opened it.
    pub process: Option<u32>,
    /// Whether it is mapped and not hidden by an unmapped parent.
    pub is_visible: bool,
    /// Width and height in pixels.
    pub size: (u16, u16),
}

impl Display {
    /// Connects to `DISPLAY`.
    pub fn open() -> Result<Self, DeskError> {
        let (connection, screen) = x11rb::connect(None).map_err(|error| failed("be reached", &error))?;
        let root = connection
            .setup()
            .roots
            .get(screen)
            .map(|screen| screen.root)
            .ok_or_else(|| failed("be reached", &"it has no screen"))?;
        Ok(Self { connection, root })
    }

    /// Lists the applications' windows: those that have a title.
    pub fn windows(&self) -> Result<Vec<DisplayWindow>, DeskError> {
        let tree = Self::ask("list its windows", self.connection.query_tree(self.root), x11rb::cookie::Cookie::reply)?;
        // A window may go between the two questions; it is then no longer of interest.
        Ok(tree.children.into_iter().filter_map(|id| self.describe(id)).collect())
    }

    /// Gives a window the keyboard.
    pub fn focus(&self, window: u32) -> Result<(), DeskError> {
        let doing = "give a window the keyboard";
        self.connection
            .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)
            .map_err(|error| failed(doing, &error))?
            .check()
            .map_err(|error| failed(doing, &error))
    }

    /// Asks a window to close, as the cross in its title bar does (ICCCM §4.2.8.1).
    pub fn ask_to_close(&self, window: u32) -> Result<(), DeskError> {
        let doing = "ask a window to close";
        let protocols = self.atom(b"WM_PROTOCOLS")?;
        let delete = self.atom(b"WM_DELETE_WINDOW")?;
        let message = ClientMessageEvent::new(32, window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, message)
            .map_err(|error| failed(doing, &error))?
            .check()
            .map_err(|error| failed(doing, &error))
    }

    /// Starts to listen for windows that appear.
    pub fn watch(&self) -> Result<(), DeskError> {
        let doing = "report new windows";
        let wanted = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
        self.connection
            .change_window_attributes(self.root, &wanted)
            .map_err(|error| failed(doing, &error))?
            .check()
            .map_err(|error| failed(doing, &error))
    }

    /// Gives the next window that appeared since [`Display::watch`], without waiting.
    pub fn appeared(&self) -> Result<Option<DisplayWindow>, DeskError> {
        loop {
            match self.connection.poll_for_event().map_err(|error| failed("report new windows", &error))? {
                None => return Ok(None),
                Some(Event::MapNotify(event)) => {
                    if let Some(window) = self.describe(event.window) {
                        return Ok(Some(window));
                    }
                }
                Some(_) => {}
            }
        }
    }

    fn describe(&self, id: Window) -> Option<DisplayWindow> {
        let attributes = self.connection.get_window_attributes(id).ok()?.reply().ok()?;
        let geometry = self.connection.get_geometry(id).ok()?.reply().ok()?;
        let title = self.text_property(id)?;
        Some(DisplayWindow {
            id,
            title,
            process: self.process_of(id),
            is_visible: attributes.map_state == MapState::VIEWABLE,
            size: (geometry.width, geometry.height),
        })
    }

    fn text_property(&self, id: Window) -> Option<String> {
        let name = self.atom(b"_NET_WM_NAME").ok()?;
        for property in [name, u32::from(AtomEnum::WM_NAME)] {
            let reply = self.connection.get_property(false, id, property, AtomEnum::ANY, 0, 256).ok()?.reply().ok()?;
            if !reply.value.is_empty() {
                return Some(String::from_utf8_lossy(&reply.value).into_owned());
            }
        }
        None
    }

    fn process_of(&self, id: Window) -> Option<u32> {
        let name = self.atom(b"_NET_WM_PID").ok()?;
        let reply = self.connection.get_property(false, id, name, AtomEnum::CARDINAL, 0, 1).ok()?.reply().ok()?;
        reply.value32()?.next()
    }

    fn atom(&self, name: &[u8]) -> Result<u32, DeskError> {
        let reply =
            Self::ask("name a property", self.connection.intern_atom(false, name), x11rb::cookie::Cookie::reply)?;
        Ok(reply.atom)
    }

    fn ask<C, R>(
        doing: &str,
        asked: Result<C, x11rb::errors::ConnectionError>,
        answer: impl FnOnce(C) -> Result<R, x11rb::errors::ReplyError>,
    ) -> Result<R, DeskError> {
        asked
            .map_err(|error| failed(doing, &error))
            .and_then(|cookie| answer(cookie).map_err(|error| failed(doing, &error)))
    }
}

fn failed(doing: &str, error: &dyn std::fmt::Display) -> DeskError {
    DeskError::Display { doing: doing.to_owned(), said: error.to_string() }
}
