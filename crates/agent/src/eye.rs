//! The agent's eye: a thread that opens the camera for one look at a time, to learn a face or to read a code, and
//! closes it again. Pictures live and end here; what leaves it is what they came to.

mod check;
mod explain;
mod grey;
mod learn;
mod look;
mod open;
mod reader;
mod scan;

pub use check::CheckProgress;
pub(crate) use check::can_prove;
pub use learn::{FaceProgress, Outline};
pub use scan::{ScanHint, ScanProgress, Wanted};

use crate::model::{load_face_model, load_passive};
use crate::sight::Sight;
use crossbeam_channel::{Receiver, Sender, unbounded};
use open::{Open, find};
use reader::{Reader, decode};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use stillyou_models::face::challenge::Progress;
use stillyou_models::face::liveness::Liveness;
use stillyou_models::face::occlusion::AlignedFace;
use stillyou_models::face::{Model, ModelError, Passive, Template};
use stillyou_models::keystroke::PackError;
use stillyou_sense::camera::{CameraError, CameraIdentity, Judge, Wish};
use stillyou_sense::source::Stop;
use stillyou_trust::LookReason;
use thiserror::Error;

/// The thread, as the loop sees it. It obeys one order at a time.
pub struct Eye {
    orders: Sender<(Order, Stop)>,
    news: Receiver<News>,
    /// Ends what goes on.
    stop: Option<Stop>,
}

/// What the eye is told to do.
pub enum Order {
    /// See who is there.
    Look(Look),
    /// Learn a face, by whatever camera this means.
    Learn(Wish),
    /// Check that somebody is there, and does what they are asked to.
    Check(Check),
    /// Read a code.
    Scan(Wish, Wanted),
}

/// A live check to make.
pub struct Check {
    /// Which camera.
    pub wish: Wish,
    /// Whose face it must be.
    pub known: Arc<Template>,
    /// Draws what is asked for.
    pub seed: u64,
    /// How long each act may take.
    pub act_time: Duration,
    /// Whether a virtual or another camera will do, and no networks against attacks: for tests and the demo.
    pub any_camera: bool,
}

/// A look to take.
pub struct Look {
    /// Why.
    pub reason: LookReason,
    /// Which camera.
    pub wish: Wish,
    /// The longest that it may be open.
    pub most: Duration,
    /// Whose face it should be, where one is known.
    pub known: Option<Arc<Template>>,
}

/// What the eye tells.
pub enum News {
    /// The camera is on.
    Opened,
    /// The camera of a look is off; what it saw is thought about.
    Closed,
    /// A look is over.
    Saw {
        /// Why it was taken.
        reason: LookReason,
        /// How long the camera was on.
        on: Duration,
        /// How bright its last picture was, 0 to 1; nothing where there was none.
        light: Option<f64>,
        /// What came of it.
        sight: Result<Sight, EyeError>,
    },
    /// Learning a face goes on.
    Learning(Box<FaceProgress>),
    /// It is over, and the camera is off.
    Learnt(Result<Learnt, EyeError>),
    /// A live check goes on.
    Checking(Box<CheckProgress>),
    /// It is over, with this end, and the camera is off.
    Checked(Result<Progress, EyeError>),
    /// A scan goes on.
    Scanning(Box<ScanProgress>),
    /// It is over, and the camera is off.
    Scanned {
        /// How long the camera was on.
        on: Duration,
        /// What was read.
        text: Result<String, EyeError>,
    },
}

/// A face that was learnt.
pub struct Learnt {
    /// Whose it is from now on.
    pub template: Template,
    /// The network that made it, for the record.
    pub model: Arc<Model>,
    /// The camera that took the pictures.
    pub camera: CameraIdentity,
}

/// Why nothing was seen.
#[derive(Debug, Error)]
pub enum EyeError {
    /// The camera's.
    #[error("{0}: {fix}", fix = .0.fix())]
    Camera(#[from] CameraError),
    /// The networks can't be loaded.
    #[error("the networks for faces can't be used: {0}")]
    Pack(#[from] PackError),
    /// A network failed.
    #[error("the face can't be judged: {0}")]
    Model(#[from] ModelError),
    /// There is nothing live to see.
    #[error("the camera shows nothing that could be a face: {0}")]
    View(&'static str),
    /// A camera that a program can feed proves nothing.
    #[error("the camera is a virtual one, or not the one that your face was learnt by: a live check needs that one")]
    Doubt,
    /// Nothing looks for pictures and screens that are held up to it.
    #[error(
        "a live check needs the networks against pictures and screens, which are not there: get them with `./x models --pad` \
         and start the agent again, or prove yourself another way"
    )]
    Unprotected,
    /// Nobody came, or did what was asked for.
    #[error("no face was learnt in {} s: try again, and follow the hints", .0.as_secs())]
    TooLong(Duration),
    /// No code was held before the camera, or it could not be read.
    #[error("no code that belongs here was read in {} s: hold it straight and still, and closer; or paste its text", .0.as_secs())]
    NoCode(Duration),
    /// The system gives no thread.
    #[error("the system gives no thread: {0}")]
    Thread(#[from] std::io::Error),
}

impl Eye {
    /// Starts the thread. Networks are loaded when they are first needed, those that are not part of the program from folders
    /// of `models`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(models: Vec<PathBuf>) -> std::io::Result<Self> {
        let (orders, told) = unbounded::<(Order, Stop)>();
        let (tell, news) = unbounded();
        let seeing = move || {
            let mut sees = Sees { models, ..Sees::default() };
            // Whoever gives orders, or listens, is gone: so is the agent.
            while let Ok((order, stop)) = told.recv()
                && sees.obey(order, stop, &tell).is_ok()
            {}
        };
        std::thread::Builder::new().name("eye".into()).spawn(seeing)?;
        Ok(Self { orders, news, stop: None })
    }

    /// Gives an order. What goes on ends first.
    ///
    /// # Errors
    /// When the system gives no pipe.
    pub fn obey(&mut self, order: Order) -> std::io::Result<()> {
        let stop = Stop::new()?;
        self.close();
        self.stop = Some(stop.clone());
        // The thread ends with this value alone.
        let _ = self.orders.send((order, stop));
        Ok(())
    }

    /// Turns the camera off at once, if it is on. What was going on ends with an error.
    pub fn close(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.request();
        }
    }

    /// Where it tells.
    pub fn news(&self) -> &Receiver<News> {
        &self.news
    }
}

impl Drop for Eye {
    fn drop(&mut self) {
        self.close();
    }
}

/// What the thread keeps between orders: networks, and marks of frames by which a recording is known again.
#[derive(Default)]
struct Sees {
    models: Vec<PathBuf>,
    model: Option<Arc<Model>>,
    passive: Option<Passive>,
    judge: Judge,
    liveness: Liveness,
    /// How bright the last picture of a look was.
    light: Option<f64>,
}

/// Nobody listens.
struct Deaf;

/// How long a picture may take; the first ones of a webcam do.
const PATIENCE: Duration = Duration::from_secs(3);

impl Sees {
    /// Carries an order out. Whatever becomes of it, no picture is kept until the next.
    fn obey(&mut self, order: Order, stop: Stop, tell: &Sender<News>) -> Result<(), Deaf> {
        let heard = self.carry_out(order, stop, tell);
        self.liveness.settle();
        heard
    }

    fn carry_out(&mut self, order: Order, stop: Stop, tell: &Sender<News>) -> Result<(), Deaf> {
        let told = |news: News| tell.send(news).map_err(|_| Deaf);
        match order {
            Order::Look(look) => {
                let opened =
                    self.model().and_then(|model| Ok((model, Open::turn_on(find(&look.wish)?, stop.clone())?)));
                let (on, sight) = match opened {
                    Err(e) => (Duration::ZERO, Err(e)),
                    Ok((model, mut open)) => {
                        told(News::Opened)?;
                        let seen = self.look(&model, &mut open, &look);
                        let on = open.turn_off();
                        told(News::Closed)?;
                        let explained = |(mut sight, face): (Sight, Option<AlignedFace>)| {
                            face.iter().for_each(|face| explain::explain(&model, &look, &mut sight, face, &stop));
                            sight
                        };
                        (on, seen.map(explained))
                    }
                };
                told(News::Saw { reason: look.reason, on, light: self.light.take(), sight })
            }
            Order::Learn(wish) => {
                let opened = self.model().and_then(|model| Ok((model, Open::turn_on(find(&wish)?, stop)?)));
                let learnt = match opened {
                    Err(e) => Err(e),
                    Ok((model, mut open)) => {
                        told(News::Opened)?;
                        self.learn(&model, &mut open, |progress| told(News::Learning(Box::new(progress))))?
                            .map(|template| Learnt { template, model, camera: open.identity.clone() })
                    }
                };
                told(News::Learnt(learnt))
            }
            Order::Check(check) => {
                let opened = self.model().and_then(|model| {
                    let chosen = find(&check.wish)?;
                    can_prove(check.any_camera, self.passive.is_some(), &chosen.doubts)?;
                    Ok((model, Open::turn_on(chosen, stop)?))
                });
                let checked = match opened {
                    Err(e) => Err(e),
                    Ok((model, mut open)) => {
                        told(News::Opened)?;
                        let tell = |progress| told(News::Checking(Box::new(progress)));
                        self.check(&model, &mut open, &check, tell)?
                    }
                };
                told(News::Checked(checked))
            }
            Order::Scan(wish, wanted) => {
                let opened = find(&wish).and_then(|chosen| Ok((Reader::start(decode)?, Open::turn_on(chosen, stop)?)));
                let (on, text) = match opened {
                    Err(e) => (Duration::ZERO, Err(e)),
                    Ok((reader, mut open)) => {
                        told(News::Opened)?;
                        let frames = || open.camera.frame(PATIENCE);
                        let tell = |progress| told(News::Scanning(Box::new(progress)));
                        let text = scan::scan(frames, reader, wanted, tell)?;
                        (open.turn_off(), text)
                    }
                };
                told(News::Scanned { on, text })
            }
        }
    }

    /// The networks; those against attacks where they were fetched.
    fn model(&mut self) -> Result<Arc<Model>, EyeError> {
        if let Some(model) = &self.model {
            return Ok(model.clone());
        }
        let passive = load_passive(&self.models);
        self.passive = passive.unwrap_or_else(|e| {
            tracing::error!("the liveness weights are not used: {e}");
            None
        });
        Ok(self.model.insert(Arc::new(load_face_model()?)).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_models::face::bearing::Bearing;
    use stillyou_models::face::liveness::{Glimpse, Grey, Place};
    use stillyou_sense::Micros;
    use stillyou_sense::camera::Frame;

    #[test]
    fn an_order_that_opens_no_camera_takes_no_time_of_it_and_leaves_no_picture() {
        let mut sees = Sees::default();
        sees.liveness.push(Glimpse {
            at: Duration::ZERO,
            repeated: false,
            grey: Grey::of(&Frame::new(16, 16, vec![0; 3 * 256], Micros(0)).unwrap()),
            place: Place { x: 8.0, y: 8.0, radius: 4.0 },
            bearing: Bearing { yaw_deg: 0.0, pitch_deg: 0.0, eyes_open: 0.3 },
            passive: Some(0.9),
        });
        let (tell, news) = unbounded();
        let nowhere = Wish { wanted: Some("a camera that nobody has".into()), ..Wish::default() };
        assert!(sees.obey(Order::Scan(nowhere, Wanted::Document), Stop::new().unwrap(), &tell).is_ok());
        let told = news.recv().unwrap();
        assert!(matches!(told, News::Scanned { on: Duration::ZERO, text: Err(EyeError::Camera(_)) }));
        assert!(!sees.liveness.has_passive(), "what was watched before is forgotten");
    }
}
