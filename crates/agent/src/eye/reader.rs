use super::grey::{grey, light};
use crossbeam_channel::{Receiver, Sender, bounded};
use stillyou_governance::{Seen, codes};
use stillyou_sense::camera::Frame;
use zeroize::Zeroizing;

/// Reads codes on a thread of its own, one picture at a time: over one that was made for it the reader can sit for minutes,
/// and the camera has to go off all the same. The thread ends when nobody asks it any more and its picture is done.
pub(super) struct Reader {
    pictures: Sender<Picture>,
    answers: Receiver<Shown>,
    reads: bool,
}

/// A picture to read, wiped when that is done.
pub(super) struct Picture {
    width: usize,
    height: usize,
    grey: Zeroizing<Vec<u8>>,
}

/// What a picture showed.
pub(super) struct Shown {
    /// Its codes.
    pub found: Vec<Seen>,
    /// Its size, in pixels.
    pub width: usize,
    pub height: usize,
    /// How bright it was, 0 to 1.
    pub light: f64,
}

/// Finds the codes of a picture.
pub(super) fn decode(picture: Picture) -> Vec<Seen> {
    codes(picture.width, picture.height, picture.grey)
}

impl Reader {
    /// Starts the thread.
    pub(super) fn start(mut decode: impl FnMut(Picture) -> Vec<Seen> + Send + 'static) -> std::io::Result<Self> {
        let (pictures, asked) = bounded::<Picture>(1);
        let (tell, answers) = bounded(1);
        let reading = move || {
            while let Ok(picture) = asked.recv() {
                let (width, height, light) = (picture.width, picture.height, light(&picture.grey));
                if tell.send(Shown { found: decode(picture), width, height, light }).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("code reader".into()).spawn(reading)?;
        Ok(Self { pictures, answers, reads: false })
    }

    /// What the picture before showed, if it is read by now; then this one is next, else it is passed over.
    pub(super) fn read(&mut self, frame: &Frame) -> Option<Shown> {
        let shown = self.answers.try_recv().ok();
        self.reads &= shown.is_none();
        if !self.reads {
            let (width, height) = (frame.width() as usize, frame.height() as usize);
            self.reads = self.pictures.send(Picture { width, height, grey: grey(frame) }).is_ok();
        }
        shown
    }
}
