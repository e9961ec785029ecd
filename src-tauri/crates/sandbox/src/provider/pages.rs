//! The provider's pages.

use crate::page::{escaped, panel};

/// The title of the page with the account.
pub const TITLE: &str = "Sign in";
/// What every page tells at its foot.
pub const ABOUT: &str = "A stand-in for an identity provider, of the Gatepass sandbox, on this machine only";

const OWNER: &str = "Sign in with Google";

/// Shows the account, and the way back without it.
pub fn accounts(path: &str, query: &str, email: &str) -> String {
    let (action, email) = (escaped(&format!("{path}?{query}")), escaped(email));
    let form = format!(
        "<form name=\"accountChooser\" action=\"{action}\" method=\"POST\">\
         <h1 class=\"textDescription-customizable\">Choose an account</h1>\
         <p class=\"hint\">to continue to PetStore</p>\
         <button class=\"btn btn-primary submitButton-customizable\" name=\"account\" value=\"{email}\">{email}</button>\
         <p class=\"redirect-customizable\"><button class=\"link\" name=\"cancel\" value=\"cancel\">Cancel</button></p>\
         </form>"
    );
    panel(OWNER, "", &form)
}

/// Tells that a sign-in was refused, with the status and the error.
pub fn refused(status: u16, error: &str, message: &str) -> String {
    let body = format!(
        "<h1 class=\"textDescription-customizable\">Access blocked</h1><p class=\"hint\">{}</p>\
         <p class=\"hint\"><code>Error {status}: {}</code></p>",
        escaped(message),
        escaped(error)
    );
    panel(OWNER, "", &body)
}
