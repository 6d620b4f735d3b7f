use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// What tray and window titles say, in the person's language: from the same files as the front-end's texts.
pub struct Texts {
    bundle: FluentBundle<FluentResource>,
}

const ENGLISH: &str = include_str!("../../locales/en.ftl");
const GERMAN: &str = include_str!("../../locales/de.ftl");

impl Texts {
    /// In the system's language, or in English where there is no translation.
    pub fn of_system() -> Self {
        Self::of(&sys_locale::get_locale().unwrap_or_default())
    }

    /// In the language of a locale's name: `de-DE`.
    pub fn of(locale: &str) -> Self {
        let wanted: Option<LanguageIdentifier> = locale.parse().ok();
        match wanted {
            Some(language) if language.language == "de" => Self::read(language, GERMAN),
            _ => Self::read("en".parse().unwrap_or_default(), ENGLISH),
        }
    }

    fn read(language: LanguageIdentifier, text: &str) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Marks around what is put in are for text of both directions.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(whole, errors)| {
            tracing::error!("the texts have mistakes: {errors:?}");
            whole
        });
        bundle.add_resource_overriding(resource);
        Self { bundle }
    }

    /// The text of an id, with numbers put in; the id itself where there is none.
    pub fn text(&self, id: &str, numbers: &[(&str, u64)]) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            tracing::error!("no text for {id}");
            return id.to_owned();
        };
        let mut args = FluentArgs::new();
        for (name, number) in numbers {
            args.set(*name, FluentValue::from(*number));
        }
        self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn both_languages_have_every_text_of_the_tray() {
        for locale in ["en-GB", "de-AT"] {
            let texts = Texts::of(locale);
            for line in super::ENGLISH.lines().filter(|l| l.starts_with("tray-") || l.starts_with("notice-")) {
                let id = line.split(' ').next().unwrap();
                let numbers = [("minutes", 5), ("percent", 40), ("seconds", 30)];
                let text = texts.text(id, &numbers);
                assert!(!text.is_empty() && text != id && !text.contains('{'), "{locale} {id}: {text}");
            }
        }
        assert_eq!(Texts::of("fr").text("tray-lock", &[]), Texts::of("en").text("tray-lock", &[]));
        assert_ne!(Texts::of("de").text("tray-lock", &[]), Texts::of("en").text("tray-lock", &[]));
        assert_eq!(Texts::of("en").text("no-such-text", &[]), "no-such-text");
    }
}
