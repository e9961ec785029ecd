use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn scope(variables: &[(&str, &str)]) -> Scope {
    let mut scope = Scope::new();
    for (name, value) in variables {
        scope.set(*name, *value);
    }
    scope.set_secret("apiKey", Some(Secret::new("k3y-v4lue")));
    scope.set_secret("unset", None);
    scope
}

#[rstest]
#[case("{{base}}/pets", "https://api.test/pets")]
#[case("{{ base }}/{{base}}", "https://api.test/https://api.test")]
#[case("{{deep}}", "https://api.test/v1")]
#[case("{{{base}}}", "{https://api.test}")]
#[case("{{base", "{{base")]
#[case("{{}} {{ }}", "{{}} {{ }}")]
#[case("{\"a\":{\"b\":{}}}", "{\"a\":{\"b\":{}}}")]
#[case("{{\"a\":1}}", "{{\"a\":1}}")]
#[case("", "")]
fn variables_are_replaced_and_the_rest_stays(#[case] text: &str, #[case] rendered: &str) {
    let scope = scope(&[("base", "https://api.test"), ("deep", "{{base}}/v1")]);
    assert_eq!(render(text, &scope).unwrap().expose(), rendered);
}

#[test]
fn a_secret_is_kept_apart_and_masked_even_through_another_variable() {
    let rendered = render("a={{wrapped}}&b={{apiKey}}", &scope(&[("wrapped", "<{{apiKey}}>")])).unwrap();
    assert!(rendered.has_secret());
    assert_eq!(rendered.masked(), "a=<••••••>&b=••••••");
    assert_eq!(rendered.expose(), "a=<k3y-v4lue>&b=k3y-v4lue");
    assert_eq!(rendered.secrets(), [Secret::new("k3y-v4lue")]);
    assert!(!format!("{rendered:?}").contains("k3y-v4lue"));
}

#[test]
fn the_value_of_a_secret_is_taken_as_it_is() {
    let mut scope = scope(&[]);
    scope.set_secret("odd", Some(Secret::new("{{apiKey}}")));
    assert_eq!(render("{{odd}}", &scope).unwrap().expose(), "{{apiKey}}");
}

#[rstest]
#[case("é{{baseUrl}}", 1, Some("base_url"))]
#[case("{{base_ulr}}", 0, Some("base_url"))]
#[case("{{nothing like it}}", 0, None)]
fn a_missing_variable_is_named_with_its_place_and_a_likely_one(
    #[case] text: &str,
    #[case] at: u32,
    #[case] likely: Option<&str>,
) {
    let error = render(text, &scope(&[("base_url", "x")])).unwrap_err();
    let RenderError::Missing { position, similar, .. } = error else { panic!("{error:?}") };
    assert_eq!((position, similar.as_deref()), (at, likely));
}

#[test]
fn a_variable_that_is_missing_inside_another_is_reported_at_the_mention_that_was_typed() {
    let error = render("abc{{outer}}", &scope(&[("outer", "xxxxxx{{inner}}")])).unwrap_err();
    assert_eq!(error, RenderError::Missing { name: "inner".to_owned(), position: 3, similar: None });
}

#[test]
fn a_secret_without_a_value_is_not_sent_as_nothing() {
    let error = render("{{unset}}", &scope(&[])).unwrap_err();
    assert_eq!(error, RenderError::NoSecret { name: "unset".to_owned(), position: 0 });
}

#[test]
fn a_circle_is_told_with_its_way() {
    let error = render("{{a}}", &scope(&[("a", "{{b}}"), ("b", "{{c}}"), ("c", "{{b}}")])).unwrap_err();
    assert_eq!(error, RenderError::Cycle { names: ["b", "c", "b"].map(ToOwned::to_owned).to_vec() });
}

#[test]
fn values_that_multiply_each_other_are_stopped() {
    let mut scope = Scope::new();
    scope.set("v0", "0123456789".repeat(10));
    for level in 1..30 {
        scope.set(format!("v{level}"), format!("{{{{v{}}}}}", level - 1).repeat(10));
    }
    assert!(matches!(render("{{v29}}", &scope), Err(RenderError::TooLong { .. })));
}

#[test]
fn mentions_are_counted_as_the_window_counts() {
    let found = names("𝕏{{ a }}{{b.c}}");
    let expected =
        [("a", 2, 9), ("b.c", 9, 16)].map(|(name, start, end)| Mention { name: name.to_owned(), start, end });
    assert_eq!(found, expected);
}

proptest! {
    #[test]
    fn a_text_without_braces_stays_as_it_is(text in "[^{}]{0,200}") {
        prop_assert_eq!(render(&text, &Scope::new()).unwrap().expose(), text);
    }

    #[test]
    fn taking_a_text_apart_loses_nothing(text in "[{}a-c \n]{0,60}") {
        let mut scope = Scope::new();
        for mention in names(&text) {
            scope.set(mention.name, "X");
        }
        let mut expected = text.clone();
        for mention in names(&text).iter().rev() {
            expected.replace_range(mention.start as usize..mention.end as usize, "X");
        }
        prop_assert_eq!(render(&text, &scope).unwrap().expose(), expected);
    }
}
