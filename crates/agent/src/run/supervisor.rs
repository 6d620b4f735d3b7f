use crate::talk::{BEAT, Fate, SILENCE, Word};
use crossbeam_channel::{Receiver, RecvError, RecvTimeoutError, Sender, bounded, never};
use std::io::{self, IsTerminal};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use stillyou_desktop_os::partner::{self, Parent, Voice};

/// How long the loop may stand still before this process stops saying that it lives. Longer than a frozen process is
/// waited for: a slow disk or keychain is no death.
const STILL: Duration = Duration::from_secs(20);

/// The process that watches over this one, as seen from here.
pub struct Supervisor {
    parent: Parent,
    heard: Receiver<u8>,
    say: Sender<Word>,
    voice: JoinHandle<()>,
    said: Option<Word>,
    heard_at: Option<Instant>,
    ticked_at: Instant,
}

/// What the supervisor's silence or words mean.
pub enum Told {
    /// Nothing to do.
    Nothing,
    /// To end.
    End,
    /// It is lost.
    Lost(Fate),
}

impl Supervisor {
    /// Takes up the talk with the process that started this one.
    ///
    /// # Errors
    /// When nobody started this process as a worker, or the system gives no thread.
    pub fn meet() -> io::Result<Self> {
        if io::stdin().is_terminal() {
            return Err(io::Error::other("a worker is started by `stillyou agent`, not by hand"));
        }
        let (parent, talk) = partner::with_parent()?;
        let (say, words) = bounded(1);
        let voice = std::thread::Builder::new().name("voice".into()).spawn(move || speak(talk.voice, &words))?;
        Ok(Self { parent, heard: talk.heard, say, voice, said: None, heard_at: None, ticked_at: Instant::now() })
    }

    /// Where it is heard; hand each word to [`Supervisor::told`].
    pub fn heard(&self) -> Receiver<u8> {
        self.heard.clone()
    }

    /// What a word means.
    pub fn told(&mut self, word: Result<u8, RecvError>) -> Told {
        let Ok(word) = word else {
            self.heard = never();
            return Told::Lost(Fate::Gone);
        };
        self.heard_at = Some(Instant::now());
        if Word::of(word) == Some(Word::End) { Told::End } else { Told::Nothing }
    }

    /// What is said from now on.
    pub fn say(&mut self, word: Word) {
        if self.said != Some(word) && self.say.try_send(word).is_ok() {
            self.said = Some(word);
        }
    }

    /// The loop goes on. Finds out whether the supervisor is frozen, and kills it then.
    pub fn tick(&mut self) -> Told {
        if let Some(word) = self.said {
            let _ = self.say.try_send(word);
        }
        let now = Instant::now();
        let held_up = now - std::mem::replace(&mut self.ticked_at, now) >= SILENCE;
        // What it said while this loop was held up is still to be heard.
        if held_up || !self.heard.is_empty() {
            self.heard_at = self.heard_at.map(|_| now);
        }
        if self.heard_at.is_none_or(|at| now - at < SILENCE) {
            return Told::Nothing;
        }
        self.heard_at = None;
        self.heard = never();
        if let Err(e) = self.parent.kill() {
            tracing::warn!("the frozen supervisor can't be ended: {e}");
        }
        Told::Lost(Fate::Frozen)
    }

    /// Says that this process ends as it should.
    pub fn farewell(self) {
        let _ = self.say.send(Word::Ending);
        let _ = self.voice.join();
    }
}

/// Says the loop's last word at every beat, as long as the loop goes on.
fn speak(mut voice: Voice, words: &Receiver<Word>) {
    let mut last: Option<(Word, Instant)> = None;
    loop {
        match words.recv_timeout(BEAT) {
            Ok(word) => last = Some((word, Instant::now())),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let Some((word, _)) = last.filter(|(_, at)| at.elapsed() < STILL) else { continue };
        if voice.say(word.byte()).is_err() || word == Word::Ending {
            return;
        }
    }
}
