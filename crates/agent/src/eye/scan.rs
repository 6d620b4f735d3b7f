use super::reader::{Reader, Shown};
use super::{Deaf, EyeError, Outline};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};
use stillyou_governance::{Document, Gathered, LIGHT, Request, Seen};
use stillyou_sense::camera::{CameraError, Frame};

/// What a scan looks for. Any other code is passed over, so that nothing else that is held before the camera is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// A grant, a revocation or a review.
    Document,
    /// A case as an approver reads it.
    Request,
}

/// How far a scan is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ScanProgress {
    /// Parts that were read.
    pub taken: u32,
    /// Of so many; 0 before the first.
    pub needed: u32,
    /// What to do now.
    pub hint: ScanHint,
    /// Where codes are; no pixel of them.
    pub outline: Outline,
}

/// What to do that a code can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ScanHint {
    /// Hold a code before the camera.
    NoCode,
    /// The same, with more light.
    MoreLight,
    /// Hold it closer.
    ComeCloser,
    /// Hold it still, and straight.
    KeepStill,
    /// It is another code than what is looked for.
    OtherCode,
    /// A part was read: let the next ones come.
    NextPart,
}

/// The longest that a scan may take.
const LONGEST: Duration = Duration::from_secs(90);
/// And without anything new in it.
const PATIENT: Duration = Duration::from_secs(30);
/// A code narrower than this share of the picture is too far away.
const CLOSE: f64 = 0.4;

/// Looks for a code in `frames` until it is read whole, telling how it goes.
pub(super) fn scan(
    mut frames: impl FnMut() -> Result<Frame, CameraError>,
    mut reader: Reader,
    wanted: Wanted,
    mut tell: impl FnMut(ScanProgress) -> Result<(), Deaf>,
) -> Result<Result<String, EyeError>, Deaf> {
    let began = Instant::now();
    let (mut gathered, mut news) = (Gathered::default(), (0, Duration::ZERO));
    loop {
        let elapsed = began.elapsed();
        if elapsed >= LONGEST || elapsed >= news.1 + PATIENT {
            return Ok(Err(EyeError::NoCode(elapsed)));
        }
        let frame = match frames() {
            Ok(frame) => frame,
            Err(e) => return Ok(Err(e.into())),
        };
        let Some(shown) = reader.read(&frame) else { continue };
        let hint = match read(&shown.found, wanted, &mut gathered) {
            Read::Whole(text) => return Ok(Ok(text)),
            Read::Part => ScanHint::NextPart,
            Read::Other => ScanHint::OtherCode,
            Read::Nothing => unread(&shown),
        };
        let (taken, needed) = gathered.count();
        if taken > news.0 {
            news = (taken, elapsed);
        }
        tell(ScanProgress { taken, needed, hint, outline: outline(&shown) })?;
    }
}

enum Read {
    Whole(String),
    Part,
    Other,
    Nothing,
}

/// What the codes of one picture came to.
fn read(found: &[Seen], wanted: Wanted, gathered: &mut Gathered) -> Read {
    let mut read = Read::Nothing;
    for text in found.iter().filter_map(|code| code.text.as_deref()) {
        read = match gathered.take(text) {
            Ok(Some(whole)) if wanted.is(&whole) => return Read::Whole(whole),
            Ok(Some(_)) | Err(_) => Read::Other,
            Ok(None) => Read::Part,
        };
    }
    read
}

impl Wanted {
    fn is(self, text: &str) -> bool {
        match self {
            Wanted::Document => Document::of(text).is_some(),
            Wanted::Request => text.parse::<Request>().is_ok(),
        }
    }
}

/// What to do where no code could be read.
fn unread(shown: &Shown) -> ScanHint {
    match shown.found.first() {
        None if shown.light < *LIGHT.start() => ScanHint::MoreLight,
        None => ScanHint::NoCode,
        Some(code) => {
            let [(left, top), (right, bottom), ..] = code.corners;
            let side = f64::from(right - left).hypot(f64::from(bottom - top));
            if side < CLOSE * shown.width as f64 { ScanHint::ComeCloser } else { ScanHint::KeepStill }
        }
    }
}

/// The edges of codes, mirrored.
fn outline(shown: &Shown) -> Outline {
    let thousandths = |x: f64| (1000.0 * x / shown.width as f64).clamp(0.0, 4000.0) as u16;
    let point = |(x, y): (i32, i32)| (1000 - thousandths(f64::from(x)).min(1000), thousandths(f64::from(y)));
    let line = |code: &Seen| {
        let [a, b, c, d] = code.corners.map(point);
        vec![a, b, c, d, a]
    };
    let light = (100.0 * shown.light).clamp(0.0, 100.0) as u8;
    Outline { lines: shown.found.iter().map(line).collect(), height: thousandths(shown.height as f64), light }
}

#[cfg(test)]
mod tests {
    use super::super::grey::grey;
    use super::super::reader::decode;
    use super::*;
    use crossbeam_channel::unbounded;
    use stillyou_governance::{Qr, codes, in_parts};
    use stillyou_sense::Micros;

    /// A code of `side` pixels in a grey room, as the camera sees it.
    fn frame(text: &str, side: usize) -> Frame {
        let rows = Qr::of(text).unwrap().rows();
        let (width, height) = (640, 480);
        let mut rgb = vec![110; 3 * width * height];
        for y in 0..side {
            for x in 0..side {
                let dark = rows[y * rows.len() / side][x * rows.len() / side];
                let at = 3 * ((y + 20) * width + x + 20);
                rgb[at..at + 3].fill(if dark { 20 } else { 230 });
            }
        }
        Frame::new(width as u32, height as u32, rgb, Micros(0)).unwrap()
    }

    fn seen(frame: &Frame) -> Vec<Seen> {
        codes(frame.width() as usize, frame.height() as usize, grey(frame))
    }

    /// As long as a grant, and with its header; nobody has signed it.
    fn grant() -> String {
        let header = "eyJhbGciOiJFZERTQSIsInR5cCI6InN0aWxseW91LWdyYW50K2p3dCIsImtpZCI6ImFkYSJ9";
        format!("{header}.{}.{}", "Qk".repeat(350), "s1".repeat(43))
    }

    #[test]
    fn other_codes_are_passed_over_and_parts_are_put_together() {
        let mut gathered = Gathered::default();
        let other = seen(&frame("https://example.org", 300));
        assert!(matches!(read(&other, Wanted::Document, &mut gathered), Read::Other));
        assert!(matches!(read(&[], Wanted::Document, &mut gathered), Read::Nothing));
        let text = grant();
        let parts = in_parts(&text);
        assert!(parts.len() > 1);
        let mut last = Read::Nothing;
        for part in &parts {
            last = read(&seen(&frame(part, 420)), Wanted::Document, &mut gathered);
        }
        assert!(matches!(last, Read::Whole(whole) if whole == text));
    }

    #[test]
    fn a_code_that_is_held_up_is_read_beside_the_pictures_that_come() {
        let text = grant();
        let held: Vec<Frame> = in_parts(&text).iter().map(|part| frame(part, 420)).collect();
        let mut at = 0;
        let frames = || {
            // Each is held until it was surely read.
            at += 1;
            std::thread::sleep(Duration::from_millis(5));
            let frame = &held[at / 40 % held.len()];
            Ok(Frame::new(frame.width(), frame.height(), frame.rgb().to_vec(), Micros(0)).unwrap())
        };
        let read = scan(frames, Reader::start(decode).unwrap(), Wanted::Document, |_| Ok(()));
        assert!(matches!(read, Ok(Ok(read)) if read == text));
    }

    #[test]
    fn a_picture_that_is_never_read_to_its_end_keeps_nothing_waiting() {
        let (asked, pictures) = unbounded();
        let (end, never) = unbounded::<()>();
        let stuck = move |_| {
            asked.send(()).unwrap();
            let _ = never.recv();
            Vec::new()
        };
        let mut taken = 0;
        let frames = || {
            taken += 1;
            if taken > 20 { Err(CameraError::Stopped) } else { Ok(frame("https://example.org", 300)) }
        };
        let read = scan(frames, Reader::start(stuck).unwrap(), Wanted::Document, |_| panic!("nothing is read"));
        assert!(matches!(read, Ok(Err(EyeError::Camera(CameraError::Stopped)))));
        assert_eq!(taken, 21);
        assert!(pictures.recv().is_ok() && pictures.try_recv().is_err(), "one picture is with the reader, and no more");
        drop(end);
        assert!(pictures.recv().is_err(), "the reader's thread ends with its picture");
    }
}
