//! Text that somebody else wrote, and what in it could pass for something else: a line of its own, a colour, another order.

/// A character that is not shown as itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} has no place in it: only characters that are shown as themselves, on one line")]
pub struct NotPlain(char);

/// Whether all of it is shown as itself, on one line.
///
/// # Errors
/// With the first character that is not.
pub fn plain(text: &str) -> Result<(), NotPlain> {
    text.chars().find(|c| !is_plain(*c)).map_or(Ok(()), |c| Err(NotPlain(c)))
}

/// The text on one line; what is not shown as itself is written as its number.
pub fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if is_plain(c) { line.push(c) } else { line.extend(c.escape_unicode()) }
    }
    line
}

/// No control character, no end of a line, nothing that turns the direction of writing (Unicode TR 9, table 2.1 to 2.6).
pub(crate) fn is_plain(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !c.is_control() && !turns && !matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_as_itself_becomes_its_number() {
        assert_eq!(on_one_line("a\nsignature  ada: good"), "a\\u{a}signature  ada: good");
        assert_eq!(on_one_line("\u{1b}[2K\u{9b}31m\r"), "\\u{1b}[2K\\u{9b}31m\\u{d}");
        assert_eq!(on_one_line("\u{202e}doog\u{2066}\u{2028}"), "\\u{202e}doog\\u{2066}\\u{2028}");
        let words = "eine Schiene; Ødegård, 医者, שלום, \u{1f44d}";
        assert_eq!((on_one_line(words).as_str(), plain(words)), (words, Ok(())));
    }

    #[test]
    fn the_error_shows_the_character_and_does_not_act_on_it() {
        let why = plain("fine\u{1b}[31m").unwrap_err().to_string();
        assert!(why.contains("\\u{1b}") && !why.contains('\u{1b}'), "{why}");
        assert!(plain("\u{202e}").unwrap_err().to_string().contains("\\u{202e}"));
    }
}
