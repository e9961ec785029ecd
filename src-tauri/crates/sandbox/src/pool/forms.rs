//! The tokens that tie a posted form to the page that it stood on (CSRF), and the page's life of five minutes.

use std::time::Duration;

use axum::response::Response;
use http::{HeaderMap, StatusCode};

use super::{
    Pool, pages,
    parameters::Parameters,
    reply::{cookie, page, with_cookie},
};
use crate::{expiring::Expiring, random};

const COOKIE: &str = "XSRF-TOKEN";
const PAGE_LIFE: Duration = Duration::from_mins(5);

/// The tokens of the pages that are open.
pub type Forms = Expiring<()>;

/// A page that is about to be shown.
pub struct OpenForm {
    csrf: String,
}

impl OpenForm {
    /// Lends the token for the hidden field.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }
}

impl Pool {
    /// Opens a form; a browser that has one open keeps its token, so that both can still be posted.
    pub fn open_form(&self, headers: &HeaderMap) -> OpenForm {
        let now = self.now();
        let mut forms = self.forms.lock();
        let csrf = cookie(headers, COOKIE)
            .filter(|token| forms.get(token, now).is_some())
            .map_or_else(random::uuid, ToOwned::to_owned);
        forms.insert(csrf.clone(), (), now + PAGE_LIFE, now);
        OpenForm { csrf }
    }

    /// Answers with the page of a form, and its cookies.
    pub fn show_form(&self, form: &OpenForm, html: String) -> Response {
        let attributes = self.cookie_attributes();
        let cookies = [
            format!("{COOKIE}={}; Path=/;{attributes}", form.csrf),
            format!("csrf-state=; Max-Age=0; Path=/;{attributes}"),
            format!("csrf-state-legacy=; Max-Age=0; Path=/;{attributes}"),
        ];
        cookies.iter().fold(page(StatusCode::OK, html), |response, cookie| with_cookie(response, cookie))
    }

    /// Checks that a form was posted from its page, and in time.
    pub fn accept_form(&self, headers: &HeaderMap, fields: &Parameters) -> Result<(), Refused> {
        let from_page = cookie(headers, COOKIE).filter(|token| fields.get("_csrf") == Some(token));
        let Some(token) = from_page else { return Err(Refused::Foreign) };
        match self.forms.lock().get(token, self.now()) {
            Some(()) => Ok(()),
            None => Err(Refused::TooLate),
        }
    }
}

/// Tells why a posted form is not read.
#[derive(Clone, Copy, Debug)]
pub enum Refused {
    /// Its token is not its page's.
    Foreign,
    /// The page was open for more than five minutes.
    TooLate,
}

impl From<Refused> for Response {
    fn from(refused: Refused) -> Self {
        // Guess: the statuses of both pages.
        match refused {
            Refused::Foreign => page(StatusCode::FORBIDDEN, pages::error("Invalid CSRF token")),
            Refused::TooLate => page(StatusCode::BAD_REQUEST, pages::something_went_wrong()),
        }
    }
}
