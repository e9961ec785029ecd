//! The pages of the hosted UI, in the structure of the classic ones: each form stands twice, for phone and desktop.

use super::forms::{DEFAULT_LANGUAGE, OpenForm};
use crate::{
    page::{document, escaped, panel},
    parameters::encoded,
    seed::{ADA, GRACE, NEWCOMER},
};

const OWNER: &str = "PetStore";
const ABOUT: &str = "A user pool of the Gatepass sandbox, on this machine only";

/// A form that stands on a page.
struct Form<'a> {
    name: &'a str,
    title: &'a str,
    /// Path and query.
    action: String,
    open: &'a OpenForm,
    message: Option<&'a str>,
    /// Markup between the hidden fields and the button.
    fields: String,
    button: (&'a str, &'a str),
    /// Markup after the button.
    footer: String,
}

/// Shows the classic sign-in form, with the way to an identity provider where one is named.
pub fn login(query: &str, form: &OpenForm, username: &str, message: Option<&str>, provider: Option<&str>) -> String {
    let target = escaped(query);
    let fields = format!(
        "<input type=\"hidden\" name=\"cognitoAsfData\" value=\"\"/>{}{}\
         <a class=\"redirect-customizable\" href=\"/forgotPassword?{target}\">Forgot your password?</a>",
        field("signInFormUsername", "username", "text", "Username", "username", username),
        field("signInFormPassword", "password", "password", "Password", "current-password", ""),
    );
    let footer = format!(
        "{}<p class=\"redirect-customizable\"><span>Need an account?</span> <a href=\"/signup?{target}\">Sign up</a></p>{}",
        provider.map(|name| provider_link(name, query)).unwrap_or_default(),
        seeded_users()
    );
    Form {
        name: "cognitoSignInForm",
        title: "Sign in with your username and password",
        action: format!("/login?{query}"),
        open: form,
        message,
        fields,
        button: ("signInSubmitButton", "Sign in"),
        footer,
    }
    .page()
}

/// Guess: the form of the button; its words and classes are the classic ones.
fn provider_link(name: &str, query: &str) -> String {
    let target = format!("/oauth2/authorize?identity_provider={}&{query}", encoded(name));
    format!("<a class=\"btn social-customizable\" href=\"{}\">Continue with {}</a>", escaped(&target), escaped(name))
}

/// The sandbox's users, for who has just met it: the window with the form hides where the app tells them.
fn seeded_users() -> String {
    let row = |(name, password): (&str, &str), note: &str| {
        format!("<tr><th scope=\"row\">{name}</th><td><code>{password}</code></td><td>{note}</td></tr>")
    };
    let rows = [row(ADA, "buyers, beta"), row(GRACE, "admins"), row(NEWCOMER, "first login")].concat();
    format!("<table class=\"users\"><caption>Users of this sandbox, with their passwords</caption>{rows}</table>")
}

/// Shows the form for the forced new password.
pub fn new_password(query: &str, form: &OpenForm, session: &str, message: Option<&str>) -> String {
    Form {
        name: "cognitoNewPasswordForm",
        title: "Change Password",
        action: format!("{}?{query}", super::new_password::PATH),
        open: form,
        message,
        fields: format!(
            "<p class=\"hint\">Your password was set by an administrator. Choose your own to go on.</p>\
             <input type=\"hidden\" name=\"session\" value=\"{}\"/>{}",
            escaped(session),
            new_password_fields()
        ),
        button: ("reset_my_password", "Change Password"),
        footer: String::new(),
    }
    .page()
}

/// Shows the form for a new account, with what was entered before.
pub fn sign_up(query: &str, form: &OpenForm, (username, email): (&str, &str), message: Option<&str>) -> String {
    Form {
        name: "cognitoSignUpForm",
        title: "Sign up with a new account",
        action: format!("/signup?{query}"),
        open: form,
        message,
        fields: [
            field("signUpFormUsername", "username", "text", "Username", "username", username),
            field("signUpFormEmail", "requiredAttributes[email]", "email", "Email", "email", email),
            field("signUpFormPassword", "password", "password", "Password", "new-password", ""),
            POLICY.to_owned(),
        ]
        .concat(),
        button: ("signUpButton", "Sign up"),
        footer: format!(
            "<p class=\"redirect-customizable\"><span>Already have an account?</span> \
             <a href=\"/login?{}\">Sign in</a></p>",
            escaped(query)
        ),
    }
    .page()
}

/// Shows the form for the code that confirms an account.
pub fn confirm(query: &str, form: &OpenForm, code: Option<&str>, message: Option<&str>) -> String {
    Form {
        name: "cognitoConfirmForm",
        title: "Confirm your account",
        action: format!("/confirm?{query}"),
        open: form,
        message,
        fields: shown_code(code) + &code_field(),
        button: ("confirm", "Confirm Account"),
        footer: format!(
            "<p class=\"redirect-customizable\"><span>Didn't receive a code?</span> \
             <button class=\"link\" name=\"resend\" formnovalidate formaction=\"/resendcode?{}\">Resend it</button></p>",
            escaped(query)
        ),
    }
    .page()
}

/// Shows the form for the name of a user who forgot the password.
pub fn forgot_password(query: &str, form: &OpenForm, message: Option<&str>) -> String {
    Form {
        name: "cognitoForgotPasswordForm",
        title: "Forgot your password?",
        action: format!("/forgotPassword?{query}"),
        open: form,
        message,
        fields: format!(
            "<p class=\"hint\">Enter your username, and a code to reset your password is made.</p>{}",
            field("forgotPasswordFormUsername", "username", "text", "Username", "username", "")
        ),
        button: ("reset_my_password", "Reset my password"),
        footer: String::new(),
    }
    .page()
}

/// Shows the form for the code and the password that replaces a forgotten one.
pub fn reset_password(query: &str, form: &OpenForm, code: Option<&str>, message: Option<&str>) -> String {
    Form {
        name: "cognitoResetPasswordForm",
        title: "Change Password",
        action: format!("/confirmforgotPassword?{query}"),
        open: form,
        message,
        fields: [shown_code(code), code_field(), new_password_fields()].concat(),
        button: ("reset_my_password", "Change Password"),
        footer: String::new(),
    }
    .page()
}

/// Tells that an account was confirmed.
pub fn confirmed() -> String {
    notice("Confirmed", "Your registration has been confirmed!", "")
}

/// Tells that a request failed, and with which code.
pub fn error(code: &str) -> String {
    notice("Error", "An error was encountered with the requested page.", code)
}

/// Tells that a page was open for too long.
pub fn something_went_wrong() -> String {
    notice("Error", "Something went wrong", "The page was open for too long. Go back and sign in again.")
}

/// Tells that managed login has no branding style.
pub fn unavailable() -> String {
    notice("Unavailable", "Login pages unavailable", "Please contact an administrator.")
}

const POLICY: &str = "<p class=\"hint\">At least 8 characters, with an upper and a lower case letter, a number and a \
                      symbol.</p>";

fn new_password_fields() -> String {
    let first = field("new_password", "new_password", "password", "New Password", "new-password", "");
    let second =
        field("confirm_password", "confirm_password", "password", "Enter New Password Again", "new-password", "");
    [first.as_str(), &second, POLICY].concat()
}

fn code_field() -> String {
    field("verification_code", "verification_code", "text", "Verification code", "one-time-code", "")
}

fn shown_code(code: Option<&str>) -> String {
    let Some(code) = code else { return String::new() };
    format!(
        "<p class=\"hint\">This sandbox sends no mail. The code is <code id=\"sentCode\">{}</code>.</p>",
        escaped(code)
    )
}

fn field(id: &str, name: &str, kind: &str, label: &str, autocomplete: &str, value: &str) -> String {
    format!(
        "<label class=\"label-customizable\" for=\"{id}\">{label}</label>\
         <input id=\"{id}\" name=\"{name}\" type=\"{kind}\" class=\"form-control inputField-customizable\" \
         placeholder=\"{label}\" autocapitalize=\"none\" autocomplete=\"{autocomplete}\" spellcheck=\"false\" \
         aria-label=\"{label}\" value=\"{}\" required>",
        escaped(value)
    )
}

impl Form<'_> {
    fn page(&self) -> String {
        let form = self.markup();
        let panels = panel(OWNER, "modal-content-mobile visible-xs visible-sm", &form)
            + &panel(OWNER, "visible-md visible-lg", &form);
        document("Signin", self.open.language, &panels, ABOUT)
    }

    fn markup(&self) -> String {
        let (button, label) = self.button;
        let message = self.message.map_or_else(String::new, |message| {
            format!(
                "<p id=\"loginErrorMessage\" class=\"errorMessage-customizable\" role=\"alert\">{}</p>",
                escaped(message)
            )
        });
        format!(
            "<form name=\"{}\" action=\"{}\" method=\"POST\">\
             <input type=\"hidden\" name=\"_csrf\" value=\"{}\"/>\
             <h1 class=\"textDescription-customizable\">{}</h1>{message}{}\
             <input name=\"{button}\" type=\"Submit\" value=\"{label}\" \
             class=\"btn btn-primary submitButton-customizable\" aria-label=\"submit\">{}</form>",
            self.name,
            escaped(&self.action),
            escaped(&self.open.csrf),
            self.title,
            self.fields,
            self.footer
        )
    }
}

fn notice(title: &str, text: &str, detail: &str) -> String {
    let detail = if detail.is_empty() {
        String::new()
    } else {
        format!("<p class=\"hint\"><code>{}</code></p>", escaped(detail))
    };
    let body = format!("<h1 class=\"textDescription-customizable\">{text}</h1>{detail}");
    document(title, DEFAULT_LANGUAGE, &panel(OWNER, "", &body), ABOUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_entered_cannot_become_markup() {
        let form = OpenForm { csrf: "\"><script>".to_owned(), language: DEFAULT_LANGUAGE };

        let html = login("a=\"><script>&b='", &form, "\"><script>alert(1)</script>", Some("<b>"), Some("<b>"));

        assert!(!html.contains("<script>"));
        assert!(!html.contains("<b>"));
    }
}
