use super::grey::{grey, light};
use super::{Deaf, EyeError, Open, Outline, PATIENCE};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use stillyou_governance::{Document, Gathered, LIGHT, Request, Seen, codes};

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

/// Looks for a code until it is read whole, telling how it goes.
pub(super) fn scan(
    open: &mut Open,
    wanted: Wanted,
    mut tell: impl FnMut(ScanProgress) -> Result<(), Deaf>,
) -> Result<Result<String, EyeError>, Deaf> {
    let (mut gathered, mut news) = (Gathered::default(), (0, Duration::ZERO));
    loop {
        let elapsed = open.since.elapsed();
        if elapsed >= LONGEST || elapsed >= news.1 + PATIENT {
            return Ok(Err(EyeError::NoCode(elapsed)));
        }
        let frame = match open.camera.frame(PATIENCE) {
            Ok(frame) => frame,
            Err(e) => return Ok(Err(e.into())),
        };
        let grey = grey(&frame);
        let light = light(&grey);
        let (width, height) = (frame.width() as usize, frame.height() as usize);
        let found = codes(width, height, grey);
        let hint = match read(&found, wanted, &mut gathered) {
            Read::Whole(text) => return Ok(Ok(text)),
            Read::Part => ScanHint::NextPart,
            Read::Other => ScanHint::OtherCode,
            Read::Nothing => unread(&found, width, light),
        };
        let (taken, needed) = gathered.count();
        if taken > news.0 {
            news = (taken, elapsed);
        }
        tell(ScanProgress { taken, needed, hint, outline: outline(&found, width, height, light) })?;
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
fn unread(found: &[Seen], width: usize, light: f64) -> ScanHint {
    match found.first() {
        None if light < *LIGHT.start() => ScanHint::MoreLight,
        None => ScanHint::NoCode,
        Some(code) => {
            let [(left, top), (right, bottom), ..] = code.corners;
            let side = f64::from(right - left).hypot(f64::from(bottom - top));
            if side < CLOSE * width as f64 { ScanHint::ComeCloser } else { ScanHint::KeepStill }
        }
    }
}

/// The edges of codes, mirrored.
fn outline(found: &[Seen], width: usize, height: usize, light: f64) -> Outline {
    let thousandths = |x: f64| (1000.0 * x / width as f64).clamp(0.0, 4000.0) as u16;
    let point = |(x, y): (i32, i32)| (1000 - thousandths(f64::from(x)).min(1000), thousandths(f64::from(y)));
    let line = |code: &Seen| {
        let [a, b, c, d] = code.corners.map(point);
        vec![a, b, c, d, a]
    };
    let light = (100.0 * light).clamp(0.0, 100.0) as u8;
    Outline { lines: found.iter().map(line).collect(), height: thousandths(height as f64), light }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_governance::{Qr, in_parts};
    use stillyou_sense::Micros;
    use stillyou_sense::camera::Frame;

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
}
