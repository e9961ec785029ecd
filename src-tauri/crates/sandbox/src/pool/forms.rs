//! The tokens that tie a posted form to the page that it stood on (CSRF), and the page's life of five minutes.

use std::time::Duration;

use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_LANGUAGE};

use super::{
    Pool, pages,
    reply::{cookie, page, with_cookie},
};
use crate::{LoginPages, expiring::Expiring, parameters::Parameters, random};

/// The language of every page that is not asked for in another.
pub const DEFAULT_LANGUAGE: &str = "en";

/// The languages that managed login speaks; here only the mark of the language changes, and not the words.
const LANGUAGES: [&str; 11] = ["de", "en", "es", "fr", "id", "it", "ja", "ko", "pt-BR", "zh-CN", "zh-TW"];
const COOKIE: &str = "XSRF-TOKEN";
const PAGE_LIFE: Duration = Duration::from_mins(5);

/// The tokens of the pages that are open.
pub type Forms = Expiring<()>;

/// A page that is about to be shown.
pub struct OpenForm {
    /// The token for the hidden field.
    pub csrf: String,
    /// The page's language (BCP 47).
    pub language: &'static str,
}

impl Pool {
    /// Opens a form; a browser that has one open keeps its token, so that both can still be posted.
    pub fn open_form(&self, headers: &HeaderMap, query: &Parameters) -> OpenForm {
        let now = self.now();
        let mut forms = self.forms.lock();
        let csrf = cookie(headers, COOKIE)
            .filter(|token| forms.get(token, now).is_some())
            .map_or_else(random::uuid, ToOwned::to_owned);
        forms.insert(csrf.clone(), (), now + PAGE_LIFE, now);
        OpenForm { csrf, language: self.language(query) }
    }

    /// Answers with the page of a form, and its cookies.
    pub fn show_form(&self, form: &OpenForm, html: String) -> Response {
        let attributes = self.cookie_attributes();
        let cookies = [
            format!("{COOKIE}={}; Path=/;{attributes}", form.csrf),
            format!("csrf-state=; Max-Age=0; Path=/;{attributes}"),
            format!("csrf-state-legacy=; Max-Age=0; Path=/;{attributes}"),
        ];
        let mut page = page(StatusCode::OK, html);
        if form.language != DEFAULT_LANGUAGE {
            page.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(form.language));
        }
        cookies.iter().fold(page, |response, cookie| with_cookie(response, cookie))
    }

    fn language(&self, query: &Parameters) -> &'static str {
        // The classic hosted UI does not know `lang`.
        let asked = query.get("lang").filter(|_| self.options.login_pages != LoginPages::Classic);
        LANGUAGES.into_iter().find(|language| asked == Some(language)).unwrap_or(DEFAULT_LANGUAGE)
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
