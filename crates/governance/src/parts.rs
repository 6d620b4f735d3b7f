use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

/// The most bytes of a text in one code, which then has 45 modules a side at most (version 7): a webcam of 640x480
/// pixels reads it at 6.8 pixels a module in nearly every picture, and one of 97 modules, which a whole grant needs,
/// in few (`docs/governance.md` has the figures, `tests/scanned.rs` measures them).
pub const PART_BYTES: usize = 123;
/// The most parts of one text.
const MOST_PARTS: usize = 64;
const PREFIX: &str = "stillyou-part:1:";
/// Bytes of SHA-256 of the whole text, which name it and tell a mangled one.
const CHECK_BYTES: usize = 6;

/// A text that is no part of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPart {
    /// Its place, its number of parts or its check is not one.
    #[error("it is not a part; one is {PREFIX}CHECK:PLACE:PARTS:TEXT with at most {MOST_PARTS} parts")]
    Shape,
    /// The parts are there, and don't make the text that they say they do.
    #[error("the parts don't fit together: their check does not fit the whole; scan them all again")]
    Mangled,
}

/// Parts that were seen of one text, in whatever order.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    check: String,
    parts: Vec<Option<String>>,
}

/// A text as it is shown to a camera: itself where it is short, else in parts to be shown in turn.
pub fn in_parts(text: &str) -> Vec<String> {
    let pieces = pieces(text);
    if pieces.len() <= 1 {
        return vec![text.to_owned()];
    }
    let (check, count) = (check(text), pieces.len());
    pieces.iter().enumerate().map(|(i, piece)| format!("{PREFIX}{check}:{}:{count}:{piece}", i + 1)).collect()
}

impl Gathered {
    /// Takes a text that was seen: the whole one once all its parts were. A part of another text begins anew; what is
    /// no part is whole.
    ///
    /// # Errors
    /// When it says that it is a part and is none, or the whole is not what the parts say: then they are forgotten.
    pub fn take(&mut self, seen: &str) -> Result<Option<String>, BadPart> {
        let Some(rest) = seen.strip_prefix(PREFIX) else { return Ok(Some(seen.to_owned())) };
        let mut fields = rest.splitn(4, ':');
        let mut field = || fields.next().ok_or(BadPart::Shape);
        let (check_said, place, count, piece) = (field()?, field()?, field()?, field()?);
        let (place, count) = (number(place)?, number(count)?);
        if place > count || check_said.is_empty() || piece.is_empty() {
            return Err(BadPart::Shape);
        }
        if self.check != check_said || self.parts.len() != count {
            *self = Self { check: check_said.to_owned(), parts: vec![None; count] };
        }
        self.parts[place - 1] = Some(piece.to_owned());
        if self.parts.iter().any(Option::is_none) {
            return Ok(None);
        }
        let whole: String = std::mem::take(self).parts.into_iter().flatten().collect();
        if check(&whole) == check_said { Ok(Some(whole)) } else { Err(BadPart::Mangled) }
    }

    /// How many parts were seen, of how many; 0 of 0 before the first.
    pub fn count(&self) -> (u32, u32) {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (count(self.parts.iter().flatten().count()), count(self.parts.len()))
    }
}

/// Pieces of about the same length, none longer than a code holds.
fn pieces(text: &str) -> Vec<&str> {
    let count = text.len().div_ceil(PART_BYTES).max(1);
    let (length, mut rest, mut pieces) = (text.len().div_ceil(count), text, Vec::new());
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(length));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn check(text: &str) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(text)[..CHECK_BYTES])
}

/// 1 to [`MOST_PARTS`], in the one way that it is written.
fn number(text: &str) -> Result<usize, BadPart> {
    let number: usize = text.parse().map_err(|_| BadPart::Shape)?;
    let plain = (1..=MOST_PARTS).contains(&number) && number.to_string() == text;
    plain.then_some(number).ok_or(BadPart::Shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long() -> String {
        (0..1000).map(|i| char::from(b'a' + (i % 26) as u8)).collect()
    }

    #[test]
    fn parts_in_any_order_make_the_text_and_a_missing_one_does_not() {
        let (text, mut gathered) = (long(), Gathered::default());
        let parts = in_parts(&text);
        assert_eq!(parts.len(), 9);
        // As many as the code holds.
        assert!(parts.iter().all(|part| part.len() <= 154), "{parts:?}");
        for place in [2, 0, 2, 3, 8, 4, 7, 5, 6] {
            assert_eq!(gathered.take(&parts[place]), Ok(None));
        }
        assert_eq!(gathered.count(), (8, 9));
        assert_eq!(gathered.take(&parts[1]), Ok(Some(text)));
        assert_eq!(gathered.count(), (0, 0));
    }

    #[test]
    fn a_short_text_is_itself_and_another_text_begins_anew() {
        assert_eq!(in_parts("short"), ["short"]);
        assert_eq!(Gathered::default().take("short"), Ok(Some("short".into())));
        let (one, other) = (in_parts(&long()), in_parts(&long().to_uppercase()));
        let mut gathered = Gathered::default();
        gathered.take(&one[0]).unwrap();
        gathered.take(&other[1]).unwrap();
        assert_eq!(gathered.count(), (1, 9));
    }

    #[test]
    fn what_is_no_part_or_does_not_fit_is_refused() {
        let parts = in_parts(&long());
        let mut gathered = Gathered::default();
        let edited = parts[8].replace("xyz", "zyx");
        assert_ne!(edited, parts[8]);
        parts[..8].iter().for_each(|part| assert_eq!(gathered.take(part), Ok(None)));
        assert_eq!(gathered.take(&edited), Err(BadPart::Mangled));
        assert_eq!(gathered.count(), (0, 0), "all of them are scanned again");
        for bad in
            ["", "x", "c:1:2", "c:0:2:x", "c:3:2:x", "c:1:65:x", "c:01:2:x", "c:+1:2:x", ":1:2:x", "c:1:2:", "c:a:2:x"]
        {
            assert_eq!(gathered.take(&format!("{PREFIX}{bad}")), Err(BadPart::Shape), "{bad}");
        }
    }

    #[test]
    fn letters_are_not_cut() {
        let text = "é".repeat(400);
        let mut gathered = Gathered::default();
        let whole = in_parts(&text).iter().find_map(|part| gathered.take(part).unwrap());
        assert_eq!(whole, Some(text));
    }
}
