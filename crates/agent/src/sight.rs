//! What a look through the camera came to, and what of it the score hears.

use stillyou_models::face::Flaw;
use stillyou_models::face::liveness::Cue;
use stillyou_models::face::occlusion::{Region, by_region};
use stillyou_trust::policy::CameraPolicy;
use stillyou_trust::{
    Attribution, Circumstance, Contribution, Evidence, EvidenceError, Modality, OcclusionMap, Pictures, Quality,
};

/// What a look saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// Who was there.
    pub presence: Presence,
    /// What the face says; nothing where there was none good enough, or nobody's is known.
    pub face: Option<FaceSeen>,
    /// What was wrong with most faces that were not compared.
    pub flaw: Option<Flaw>,
    /// Whether the camera is a virtual one, or another than the face was enrolled with.
    pub in_doubt: bool,
}

/// Who was in front of the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Nobody.
    Nobody,
    /// One person who looks at the screen.
    One,
    /// One person who looks elsewhere.
    LooksAway,
    /// More than one.
    Several,
    /// It can't be told: too dark, covered, or no clear face.
    Unclear,
}

/// What the pictures of one face in one look say together.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceSeen {
    /// Calibrated log-likelihood ratio in nats, not capped.
    pub llr_nats: f64,
    /// Quality of the pictures that it rests on.
    pub quality: Quality,
    /// Pictures that it rests on.
    pub pictures: u32,
    /// Of so many that were taken.
    pub taken: u32,
    /// What speaks against a living face.
    pub cues: Vec<Cue>,
    /// Whether presentation attacks were looked for by trained nets.
    pub passive: bool,
    /// What each part of the face added, where the look speaks against the person.
    pub occlusion: Option<OcclusionMap>,
}

/// From here on, against the owner, a face is somebody else's: odds of 20 to 1.
const SOMEBODY_ELSE_NATS: f64 = -3.0;

impl Sight {
    /// What it came to, in words for the record.
    pub fn words(&self) -> String {
        match (&self.face, self.presence, self.flaw) {
            (Some(face), ..) => {
                let cues: String = face.cues.iter().map(|cue| format!("; {}", cue.words())).collect();
                let (pictures, taken, quality) = (face.pictures, face.taken, face.quality.value());
                format!("compared {pictures} of {taken} pictures, quality {quality:.2}{cues}")
            }
            (None, Presence::Nobody, _) => "nobody".into(),
            (None, Presence::Unclear, _) => "unclear".into(),
            (None, Presence::One | Presence::LooksAway | Presence::Several, Some(flaw)) => format!("somebody; {flaw}"),
            (None, Presence::One | Presence::LooksAway | Presence::Several, None) => "somebody".into(),
        }
    }

    /// What the score hears of it. What speaks for the owner is lowered by every cue of an attack, and capped; what speaks
    /// against them is capped alike and never lowered.
    ///
    /// # Errors
    /// When the ratio is not finite.
    pub fn evidence(&self, policy: &CameraPolicy) -> Result<Option<Evidence>, EvidenceError> {
        let Some(face) = &self.face else { return Ok(None) };
        let mut llr_nats = face.llr_nats;
        let mut attribution = vec![Attribution { feature: "likeness of the face".into(), nats: llr_nats }];
        let mut lower_to = |to: f64, feature: &str| {
            if to != llr_nats {
                attribution.push(Attribution { feature: feature.into(), nats: to - llr_nats });
                llr_nats = to;
            }
        };
        let mut left = face.llr_nats;
        if left > 0.0 {
            for cue in &face.cues {
                left *= cue.factor();
                lower_to(left, cue.words());
            }
        }
        if !face.passive {
            let cap = policy.cap_without_pad_nats;
            left = left.clamp(-cap, cap);
            lower_to(left, "no protection against pictures and screens");
        }
        if self.in_doubt && !policy.trust_virtual {
            let cap = policy.cap_in_doubt_nats;
            lower_to(left.clamp(-cap, cap), "a camera that is not the known one");
        }
        let evidence = Evidence::new(Modality::Face, llr_nats, face.quality, attribution)?;
        let pictures = Pictures { compared: face.pictures, taken: face.taken, quality: face.quality.value() };
        Ok(Some(evidence.with_occlusion(face.occlusion.clone()).with_pictures(pictures)))
    }

    /// The circumstances that it shows to hold, or not to. What can't be told says nothing of any.
    pub fn circumstances(&self) -> Vec<(Circumstance, bool)> {
        let else_there = self.face.as_ref().map(|face| face.llr_nats <= SOMEBODY_ELSE_NATS);
        let told = |away, several| vec![(Circumstance::LookingAway, away), (Circumstance::SeveralPeople, several)];
        let mut shown = match self.presence {
            Presence::Nobody | Presence::Unclear => Vec::new(),
            Presence::One => told(false, false),
            Presence::LooksAway => told(true, false),
            Presence::Several => vec![(Circumstance::SeveralPeople, true)],
        };
        shown.extend(else_there.map(|holds| (Circumstance::SomebodyElse, holds)));
        shown
    }
}

/// The parts of the face in words, with what they added to `log O`: positive speaks against the owner. Most against first.
pub fn face_parts(map: &OcclusionMap) -> Vec<Contribution> {
    let part = |(region, nats): (Region, f64)| Contribution { cause: region.words().to_owned(), nats: -nats };
    let mut parts: Vec<Contribution> = by_region(map).into_iter().map(part).collect();
    parts.sort_by(|a, b| b.nats.total_cmp(&a.nats));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(llr_nats: f64, cues: Vec<Cue>) -> Sight {
        let quality = Quality::FULL;
        let face = FaceSeen { llr_nats, quality, pictures: 3, taken: 12, cues, passive: true, occlusion: None };
        Sight { presence: Presence::One, face: Some(face), flaw: None, in_doubt: false }
    }

    fn llr(sight: &Sight) -> f64 {
        sight.evidence(&CameraPolicy::default()).unwrap().unwrap().llr_nats
    }

    #[test]
    fn cues_lower_what_speaks_for_the_owner_and_nothing_else() {
        let cue = Cue::MovesAsOnePlane { share: 0.9 };
        assert_eq!(llr(&sight(8.0, vec![])), 8.0);
        assert_eq!(llr(&sight(8.0, vec![cue])), 2.0);
        assert_eq!(llr(&sight(8.0, vec![cue, Cue::Repeats { share: 1.0 }])), 0.0);
        assert_eq!(llr(&sight(-8.0, vec![cue])), -8.0);
    }

    #[test]
    fn without_nets_against_attacks_and_from_doubtful_cameras_less_is_believed() {
        let mut s = sight(8.0, vec![]);
        s.face.as_mut().unwrap().passive = false;
        assert_eq!(llr(&s), 3.0);
        s.in_doubt = true;
        assert_eq!(llr(&s), 1.0);
        s.face.as_mut().unwrap().llr_nats = -8.0;
        assert_eq!(llr(&s), -1.0);
        let trusting = CameraPolicy { trust_virtual: true, ..CameraPolicy::default() };
        assert_eq!(s.evidence(&trusting).unwrap().unwrap().llr_nats, -3.0);
    }

    #[test]
    fn every_lowering_is_named() {
        let mut s = sight(8.0, vec![Cue::MovesAsOnePlane { share: 0.9 }]);
        s.in_doubt = true;
        let evidence = s.evidence(&CameraPolicy::default()).unwrap().unwrap();
        let named: Vec<(&str, f64)> = evidence.attribution.iter().map(|a| (a.feature.as_str(), a.nats)).collect();
        assert_eq!(
            named,
            [
                ("likeness of the face", 8.0),
                ("face and background move as one", -6.0),
                ("a camera that is not the known one", -1.0)
            ]
        );
    }

    #[test]
    fn a_look_says_which_pictures_it_rests_on_or_why_it_rests_on_none() {
        let mut s = sight(8.0, vec![Cue::MovesAsOnePlane { share: 0.9 }]);
        assert_eq!(s.words(), "compared 3 of 12 pictures, quality 1.00; face and background move as one");
        let pictures = s.evidence(&CameraPolicy::default()).unwrap().unwrap().pictures.unwrap();
        assert_eq!((pictures.compared, pictures.taken, pictures.quality), (3, 12, 1.0));
        (s.face, s.flaw) = (None, Some(Flaw::Blurred));
        assert_eq!(s.words(), "somebody; the face is blurred");
        s.presence = Presence::Nobody;
        assert_eq!(s.words(), "nobody");
    }

    #[test]
    fn a_face_without_a_picture_good_enough_says_nothing() {
        let blind = Sight { presence: Presence::Unclear, face: None, flaw: None, in_doubt: false };
        assert_eq!(blind.evidence(&CameraPolicy::default()), Ok(None));
        assert_eq!(blind.circumstances(), []);
    }

    #[test]
    fn what_is_seen_around_the_face_is_a_circumstance() {
        let shown = |presence, llr| Sight { presence, ..sight(llr, vec![]) }.circumstances();
        assert!(shown(Presence::LooksAway, 5.0).contains(&(Circumstance::LookingAway, true)));
        assert!(shown(Presence::Several, 5.0).contains(&(Circumstance::SeveralPeople, true)));
        assert!(shown(Presence::One, -5.0).contains(&(Circumstance::SomebodyElse, true)));
        assert!(shown(Presence::One, 5.0).iter().all(|(_, holds)| !holds));
    }

    #[test]
    fn the_map_of_a_look_is_part_of_its_evidence_and_is_told_by_parts_of_the_face() {
        let cells: Vec<f64> = (0..144).map(|at| if at / 12 == 3 { -0.5 } else { 0.0 }).collect();
        let mut s = sight(-8.0, vec![]);
        s.face.as_mut().unwrap().occlusion = OcclusionMap::new(&cells);
        let map = s.evidence(&CameraPolicy::default()).unwrap().unwrap().occlusion.unwrap();
        let parts = face_parts(&map);
        assert_eq!((parts[0].cause.as_str(), parts[0].nats), ("eyes and brows", 6.0));
        assert_eq!(parts.len(), 4);
        assert!(parts[1..].iter().all(|part| part.nats == 0.0));
    }
}
