//! What the organisation has decided: one strict, versioned TOML document with compiled-in defaults.
//!
//! Unknown keys, unknown versions and unsafe values are refused with file, field and reason. A user's document may
//! only tighten the administrator's: see [`Policy::tightened_by`].

mod camera;
mod check;
mod context;
mod control;
mod defaults;
mod error;
mod field;
mod governance;
mod model;
mod schema;
mod tell;
mod tighten;

pub use camera::{CameraMode, CameraPolicy};
pub use context::{ContextPolicy, ContextSource};
pub use control::ControlPolicy;
pub use error::PolicyError;
pub use field::{Field, May, Value};
pub use governance::{
    Approver, Assigned, FactorsPolicy, GovernancePolicy, KeyProof, NonBiometricPolicy, Profile, ProfilePolicy, Role,
    Situation, SituationPolicy,
};
pub use model::{
    EnrolmentPolicy, EvidencePolicy, HazardPolicy, KeySourceChoice, KeyboardPolicy, LockMethod, LockPolicy,
    ModalityPolicy, ModelPolicy, Pack, PointerPolicy, Policy, ScorePolicy, ShownKeys, StatusPolicy, StepUpPolicy,
};
pub use tell::TellPolicy;
