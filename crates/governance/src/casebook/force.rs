use super::{CaseRecord, Casebook, Refused, Use};
use crate::{CaseId, Controls, Moment, Scope};
use stillyou_trust::policy::{Profile, Role};
use stillyou_trust::{Factor, Modality};

/// A grant in force.
#[derive(Clone, Debug, PartialEq)]
pub struct InForce {
    /// For this case.
    pub case: CaseId,
    /// What it lets the person do.
    pub scope: Scope,
    /// What makes up for the missing proof.
    pub controls: Controls,
    /// For so many more seconds.
    pub left_s: u64,
    /// Who must be told that it is in force.
    pub tell: Vec<Role>,
    /// Whether the glass was broken: shown loudly.
    pub emergency: bool,
}

/// A modality that is declared unsuitable for the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsuitable {
    /// Which.
    pub modality: Modality,
    /// What replaces it.
    pub instead: Factor,
    /// What makes up for the missing proof.
    pub controls: Controls,
    /// For so many more seconds.
    pub left_s: u64,
}

impl Casebook {
    /// The override in force at `now`, if any. It ends by itself: nothing has to be seen or applied for that.
    ///
    /// # Errors
    /// When there is one that does not hold now: the clock was set back, the network is another, or the session became a remote
    /// one.
    pub fn in_force(&self, now: &Moment, network: Option<&str>) -> Result<Option<InForce>, Refused> {
        let work = |(_, used): &(&CaseRecord, &Use)| !matches!(used.scope, Scope::Unsuitable { .. });
        let Some((record, used)) = self.granted().filter(work).find(|(record, used)| used.left_s(record, now) > 0)
        else {
            return Ok(None);
        };
        self.holds(record, used, now, network)?;
        Ok(Some(InForce {
            case: record.case.id,
            scope: used.scope,
            controls: used.controls,
            left_s: used.left_s(record, now),
            tell: record.limits(&self.policy).tell,
            emergency: used.profile == Profile::Emergency,
        }))
    }

    /// The modalities that are declared unsuitable for the person at `now`; none that does not hold now.
    pub fn unsuitable(&self, now: &Moment, network: Option<&str>) -> Vec<Unsuitable> {
        let declared = self.granted().filter_map(|(record, used)| match used.scope {
            Scope::Unsuitable { modality, instead } if self.holds(record, used, now, network).is_ok() => {
                Some(Unsuitable { modality, instead, controls: used.controls, left_s: used.left_s(record, now) })
            }
            _ => None,
        });
        declared.filter(|unsuitable| unsuitable.left_s > 0).collect()
    }

    fn holds(&self, record: &CaseRecord, used: &Use, now: &Moment, network: Option<&str>) -> Result<(), Refused> {
        if record.clock_set_back(now) {
            return Err(Refused::ClockSetBack);
        }
        if used.profile != Profile::Emergency {
            self.of_this_session(&record.case)?;
        }
        match used.network.is_some() && used.network.as_deref() != network {
            true => Err(Refused::WrongNetwork),
            false => Ok(()),
        }
    }
}
