use stillyou_models::keystroke::{Model, ModelError, Template};
use stillyou_sense::keyboard::Keystroke;

/// What is evaluated: something that tells people apart by windows of keystrokes.
pub trait Recogniser {
    /// What it makes of one window.
    type Embedding: Clone;
    /// What it keeps of a person.
    type Template;

    /// Its name and a hash of all its parts in hexadecimal, for the report.
    fn version(&self) -> (String, String);

    /// Whether it was trained or calibrated on a subject of a set.
    fn has_seen(&self, set: &str, subject: &str) -> bool;

    /// One embedding for each window of 20 to 50 keystrokes in the order of pressing.
    ///
    /// # Errors
    /// When it can't take the windows.
    fn embed(&self, windows: &[&[Keystroke]]) -> Result<Vec<Self::Embedding>, ModelError>;

    /// What several windows of one stretch of typing come to together.
    ///
    /// # Errors
    /// When there are none.
    fn joined(&self, parts: &[Self::Embedding]) -> Result<Self::Embedding, ModelError>;

    /// A person's template from embeddings of their windows, `keystrokes` in all.
    ///
    /// # Errors
    /// When it can't be made.
    fn template(&self, of: &[Self::Embedding], keystrokes: u32) -> Result<Self::Template, ModelError>;

    /// How alike, higher is more genuine.
    ///
    /// # Errors
    /// When they don't fit each other.
    fn score(&self, template: &Self::Template, probe: &Self::Embedding) -> Result<f64, ModelError>;

    /// The log-likelihood ratio in nats of a score from a window of so many keystrokes.
    fn llr_nats(&self, score: f64, keystrokes: usize) -> f64;
}

impl Recogniser for Model {
    type Embedding = stillyou_models::keystroke::Embedding;
    type Template = Template;

    fn version(&self) -> (String, String) {
        let version = Model::version(self);
        (version.name().to_owned(), version.hash().iter().map(|b| format!("{b:02x}")).collect())
    }

    fn has_seen(&self, set: &str, subject: &str) -> bool {
        Model::has_seen(self, set, subject)
    }

    fn embed(&self, windows: &[&[Keystroke]]) -> Result<Vec<Self::Embedding>, ModelError> {
        Model::embed(self, windows)
    }

    fn joined(&self, parts: &[Self::Embedding]) -> Result<Self::Embedding, ModelError> {
        Model::joined(self, parts)
    }

    fn template(&self, of: &[Self::Embedding], keystrokes: u32) -> Result<Template, ModelError> {
        Ok(Template::from_embeddings(Model::version(self), of, keystrokes)?)
    }

    fn score(&self, template: &Template, probe: &Self::Embedding) -> Result<f64, ModelError> {
        Ok(Model::score(self, template, probe)?)
    }

    fn llr_nats(&self, score: f64, keystrokes: usize) -> f64 {
        Model::llr_nats(self, score, keystrokes)
    }
}
