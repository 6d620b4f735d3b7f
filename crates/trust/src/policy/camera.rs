use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// When the camera may be opened, for how long, and how far what it sees is believed.
///
/// It is opened for single looks of a few seconds, never left on; everything works without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CameraPolicy {
    /// Who decides whether the camera is used at all.
    pub mode: CameraMode,
    /// The identity of the one camera to use, as `stillyou doctor` prints it; empty: the machine's own before others.
    pub device: String,
    /// Whether a virtual camera counts as much as a real one, and a live check is offered without the networks against
    /// pictures and screens (demo and tests): whoever feeds the camera decides what it shows.
    pub trust_virtual: bool,
    /// Seconds that the camera may be on, all looks together: saved up to so many, and so many more with each hour. Default
    /// 60.
    pub seconds_per_hour: u64,
    /// The longest one look, in seconds. Default 4.
    pub look_seconds: u64,
    /// Seconds for each act of a live check. Default 7; more where people need them.
    pub act_seconds: u64,
    /// Minutes between random looks while somebody works, on the mean; 0 for none. Default 30.
    pub audit_minutes: u64,
    /// Whether to look when somebody works again after idle time (`hazard.idle_after_s`).
    pub look_after_idle: bool,
    /// Seconds between looks whether anybody is there, while nobody works; 0 for none. They may use up half of
    /// `seconds_per_hour`, and are not taken where that is spent. Default 0.
    pub presence_seconds: u64,
    /// Whether the session is locked when the person has left: nobody was seen, and since then neither somebody nor input.
    /// A timer, not the score, and recorded as such.
    pub lock_on_leave: bool,
    /// How long nobody has to be seen for that, in seconds. Default 20.
    pub left_seconds: u64,
    /// Largest absolute log-likelihood ratio of a face while attacks by photographs and screens are not looked for, in
    /// nats. With that, `evidence.face.cap_nats` holds. Default 3.
    pub cap_without_pad_nats: f64,
    /// The same for a face from a virtual camera or from another camera than the one it was enrolled with. Default 1.
    pub cap_in_doubt_nats: f64,
}

/// Who decides whether the camera is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum CameraMode {
    /// Nobody: it is never used.
    Off,
    /// The person, who may turn it on and off; until then it is off.
    Offered,
    /// The organisation: it is used once the person's face is enrolled, and before that for looks whether anybody is there.
    On,
}

impl CameraPolicy {
    /// How long nobody has to be seen before the session is locked; `None` where leaving locks nothing.
    pub fn locks_after(&self) -> Option<Duration> {
        self.lock_on_leave.then(|| Duration::from_secs(self.left_seconds))
    }

    /// How long it holds that nobody is there after a look that saw nobody, while there is no input: for three looks, half a
    /// minute at least; and where leaving locks, until it does, though the budget pay no further look.
    pub fn nobody_lasts(&self) -> Duration {
        let looks = Duration::from_secs((3 * self.presence_seconds).max(30));
        let lock = self.locks_after().map(|left| left + Duration::from_secs(self.presence_seconds));
        looks.max(lock.unwrap_or_default())
    }
}

impl Default for CameraPolicy {
    fn default() -> Self {
        Self {
            mode: CameraMode::Offered,
            device: String::new(),
            trust_virtual: false,
            seconds_per_hour: 60,
            look_seconds: 4,
            act_seconds: 7,
            audit_minutes: 30,
            look_after_idle: true,
            presence_seconds: 0,
            lock_on_leave: false,
            left_seconds: 20,
            cap_without_pad_nats: 3.0,
            cap_in_doubt_nats: 1.0,
        }
    }
}
