use super::{CameraError, CameraIdentity, CameraInfo, Sameness, VirtualReason};
use std::cmp::Reverse;

/// What policy and the past say about the camera to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The camera that policy names, in the words of [`CameraIdentity::name`]: it or none.
    pub wanted: Option<String>,
    /// The one that was used last, or at enrolment: preferred, and any other is a doubt.
    pub known: Option<CameraIdentity>,
    /// Whether a virtual camera may be used at all. It is a doubt then.
    pub allow_virtual: bool,
}

/// The camera to use, and what speaks against trusting it as much as the owner's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The camera.
    pub camera: CameraInfo,
    /// Why it is trusted less; empty for the known, real one.
    pub doubts: Vec<Doubt>,
}

/// Why a camera is trusted less. None of them forbids it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A program makes its picture.
    Virtual(VirtualReason),
    /// It is not the one that was known.
    Changed {
        /// The one that was.
        known: CameraIdentity,
    },
    /// It is of the known one's model, at another place, and nothing tells them apart.
    Moved,
}

/// Chooses one of `cameras`: of those that policy accepts the known one, else one of its model, else a real one, else the
/// first. A camera without a readable picture comes last.
///
/// # Errors
/// [`CameraError::NoneFound`], [`CameraError::NotThere`], [`CameraError::OnlyVirtual`] or
/// [`CameraError::UnsupportedFormat`], when none is left to choose.
pub fn choose(cameras: &[CameraInfo], wish: &Wish) -> Result<Chosen, CameraError> {
    let named: Vec<&CameraInfo> = match &wish.wanted {
        Some(name) => cameras.iter().filter(|camera| camera.identity.is(name)).collect(),
        None => cameras.iter().collect(),
    };
    let Some(first) = named.first() else {
        return Err(match &wish.wanted {
            Some(wanted) => CameraError::NotThere { wanted: wanted.clone() },
            None => CameraError::NoneFound,
        });
    };
    let accepted = named.iter().filter(|camera| wish.allow_virtual || camera.made_by_program.is_none());
    // Of equals `max_by_key` gives the last; the first is the one that the system found first.
    let best = accepted.rev().max_by_key(|camera| {
        (camera.readable, Reverse(rank(sameness(camera, wish))), camera.made_by_program.is_none())
    });
    let Some(camera) = best else {
        let reason = first.made_by_program.as_ref().map(ToString::to_string).unwrap_or_default();
        return Err(CameraError::OnlyVirtual { camera: first.to_string(), reason });
    };
    if !camera.readable {
        let offers = "formats without colour, or none".into();
        return Err(CameraError::UnsupportedFormat { camera: camera.to_string(), offers });
    }
    Ok(Chosen { doubts: doubts(camera, wish), camera: (*camera).clone() })
}

fn sameness(camera: &CameraInfo, wish: &Wish) -> Option<Sameness> {
    wish.known.as_ref().map(|known| camera.identity.compared_with(known))
}

fn rank(sameness: Option<Sameness>) -> u8 {
    match sameness {
        Some(Sameness::Same) => 0,
        Some(Sameness::Moved) => 1,
        Some(Sameness::Another) | None => 2,
    }
}

fn doubts(camera: &CameraInfo, wish: &Wish) -> Vec<Doubt> {
    let made = camera.made_by_program.clone().map(Doubt::Virtual);
    let other = match (sameness(camera, wish), &wish.known) {
        (Some(Sameness::Another), Some(known)) => Some(Doubt::Changed { known: known.clone() }),
        (Some(Sameness::Moved), _) => Some(Doubt::Moved),
        _ => None,
    };
    made.into_iter().chain(other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::UsbIdentity;
    use std::slice::from_ref;

    fn camera(product: u16, place: &str) -> CameraInfo {
        let usb = Some(UsbIdentity { vendor: 1, product, serial: None });
        CameraInfo {
            identity: CameraIdentity { driver: "uvcvideo".into(), card: "cam".into(), place: place.into(), usb },
            handle: place.into(),
            made_by_program: None,
            readable: true,
        }
    }

    fn made(place: &str) -> CameraInfo {
        let identity =
            CameraIdentity { driver: "v4l2 loopback".into(), card: "OBS".into(), place: place.into(), usb: None };
        CameraInfo { identity, made_by_program: Some(VirtualReason::NoDevice), ..camera(9, place) }
    }

    fn chosen(cameras: &[CameraInfo], wish: &Wish) -> (String, Vec<Doubt>) {
        let chosen = choose(cameras, wish).unwrap();
        (chosen.camera.handle, chosen.doubts)
    }

    fn any() -> Wish {
        Wish { allow_virtual: true, ..Wish::default() }
    }

    #[test]
    fn a_real_camera_comes_before_a_virtual_one_and_the_first_before_the_second() {
        assert_eq!(chosen(&[made("v"), camera(1, "a"), camera(2, "b")], &any()), ("a".into(), vec![]));
        assert_eq!(chosen(&[made("v")], &any()), ("v".into(), vec![Doubt::Virtual(VirtualReason::NoDevice)]));
    }

    #[test]
    fn the_known_camera_is_preferred_and_another_is_a_doubt() {
        let known = |camera: &CameraInfo| Wish { known: Some(camera.identity.clone()), ..any() };
        let (a, b) = (camera(1, "a"), camera(2, "b"));
        assert_eq!(chosen(&[a.clone(), b.clone()], &known(&b)), ("b".into(), vec![]));
        let changed = Doubt::Changed { known: b.identity.clone() };
        assert_eq!(chosen(from_ref(&a), &known(&b)), ("a".into(), vec![changed.clone()]));
        // The same model on another port comes before another model.
        assert_eq!(chosen(&[a.clone(), camera(2, "c")], &known(&b)), ("c".into(), vec![Doubt::Moved]));
        // In place of the known one, a virtual one: both doubts.
        let doubts = vec![Doubt::Virtual(VirtualReason::NoDevice), changed];
        assert_eq!(chosen(&[made("v")], &known(&b)), ("v".into(), doubts));
    }

    #[test]
    fn what_policy_names_is_taken_or_nothing() {
        let wish = |name: &str| Wish { wanted: Some(name.into()), ..any() };
        assert_eq!(chosen(&[camera(1, "a"), camera(2, "b")], &wish("usb:0001:0002")).0, "b");
        let error = choose(&[camera(1, "a")], &wish("usb:0001:0002")).unwrap_err();
        assert_eq!(error, CameraError::NotThere { wanted: "usb:0001:0002".into() });
    }

    #[test]
    fn virtual_ones_can_be_forbidden() {
        let error = choose(&[made("v")], &Wish::default()).unwrap_err();
        assert!(matches!(&error, CameraError::OnlyVirtual { reason, .. } if reason.contains("no device")), "{error}");
        assert_eq!(chosen(&[made("v"), camera(1, "a")], &Wish::default()).0, "a");
    }

    #[test]
    fn none_and_unreadable_ones_are_told_apart() {
        assert_eq!(choose(&[], &any()).unwrap_err(), CameraError::NoneFound);
        let infrared = CameraInfo { readable: false, ..camera(1, "ir") };
        assert_eq!(chosen(&[infrared.clone(), made("v")], &any()).0, "v");
        assert!(matches!(choose(&[infrared], &any()), Err(CameraError::UnsupportedFormat { .. })));
    }
}
