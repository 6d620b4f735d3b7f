use crate::jws::{Kind, claimed_kind};

/// What kind of signed document a text says it is. Nothing of it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// A grant.
    Grant,
    /// A grant that is taken back.
    Revocation,
    /// A reviewer's word.
    Review,
}

impl Document {
    /// By its header; `None` where that is none of ours.
    pub fn of(text: &str) -> Option<Self> {
        match claimed_kind(text.split_whitespace().next()?)? {
            Kind::Grant => Some(Document::Grant),
            Kind::Revocation => Some(Document::Revocation),
            Kind::Review => Some(Document::Review),
            Kind::Drill => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SigningKey;
    use crate::jws::sign;

    #[test]
    fn each_kind_is_known_by_its_header_and_nothing_else_is() {
        let key = SigningKey::from_secret(&[3; 32]);
        let signed = |kind| sign(kind, "ada", &1, &key);
        assert_eq!(Document::of(&signed(Kind::Grant)), Some(Document::Grant));
        assert_eq!(Document::of(&format!(" {}\n{}", signed(Kind::Grant), "x")), Some(Document::Grant));
        assert_eq!(Document::of(&signed(Kind::Revocation)), Some(Document::Revocation));
        assert_eq!(Document::of(&signed(Kind::Review)), Some(Document::Review));
        for other in [signed(Kind::Drill), String::new(), "a.b.c".into(), "stillyou-case:1:e30.x".into()] {
            assert_eq!(Document::of(&other), None, "{other}");
        }
    }
}
