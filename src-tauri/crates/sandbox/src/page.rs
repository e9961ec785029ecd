//! What all pages of the sandbox are made of.

const STYLE: &str = include_str!("page/hosted.css");

/// Writes a document in a language (BCP 47) with its panels, and a line that tells what it is.
pub fn document(title: &str, language: &str, panels: &str, about: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"data:,\"><style>{STYLE}</style></head>\
         <body><main class=\"container\"><div class=\"modal-dialog\">{panels}</div>\
         <p class=\"about\">{about}</p></main></body></html>"
    )
}

/// Writes a panel under the name of whose page it is; the classes tell the sizes of window that show it.
pub fn panel(owner: &str, classes: &str, body: &str) -> String {
    format!(
        "<div class=\"modal-content background-customizable {classes}\"><div class=\"banner-customizable\">\
         <span class=\"mark\" aria-hidden=\"true\"></span>{owner}</div><div class=\"modal-body\">{body}</div></div>"
    )
}

/// Writes text so that it cannot become markup.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
