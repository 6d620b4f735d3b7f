use crate::Unsuitable;
use stillyou_trust::Factor;

/// The factors to offer while modalities are declared unsuitable: what replaces them first, none that rests on them.
pub fn replaced(mut named: Vec<Factor>, declared: &[Unsuitable]) -> Vec<Factor> {
    named.retain(|factor| !declared.iter().any(|one| factor.modality() == Some(one.modality)));
    // The rest stays in the order of policy.
    named.sort_by_key(|factor| !declared.iter().any(|one| one.instead == *factor));
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Controls;
    use stillyou_trust::{Modality, Policy};

    #[test]
    fn what_replaces_comes_first_and_what_is_unsuitable_not_at_all() {
        let named = || vec![Factor::Password, Factor::Face, Factor::Totp, Factor::PassPhrase];
        let controls = Controls::of(&Policy::default().governance.accessibility, None);
        let declared = |modality| Unsuitable { modality, instead: Factor::Totp, controls, left_s: 60 };
        assert_eq!(replaced(named(), &[]), named());
        let rest = [Factor::Totp, Factor::Password, Factor::PassPhrase];
        assert_eq!(replaced(named(), &[declared(Modality::Face)]), rest);
        let with_face = [Factor::Totp, Factor::Password, Factor::Face, Factor::PassPhrase];
        assert_eq!(replaced(named(), &[declared(Modality::Keystroke)]), with_face);
        assert_eq!(replaced(vec![Factor::Password], &[declared(Modality::Face)]), [Factor::Password]);
    }
}
