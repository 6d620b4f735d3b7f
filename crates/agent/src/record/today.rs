use super::{Decided, READ_AT_ONCE, RecordError, desk_of, parse};
use crate::ipc::{Moment, MomentState};
use std::path::Path;
use stillyou_ledger::{Entry, Ledger};
use stillyou_trust::{Band, State};

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;

/// How the 24 hours before `now_ms` (Unix time) went on a desk, oldest first; the first moment may be older and still hold.
///
/// It opens the ledger at `path` for itself and reads only, so that the loop does not wait for it.
///
/// # Errors
/// When the ledger can't be read or an entry is not understood.
pub fn today(path: &Path, desk: &str, now_ms: i64) -> Result<Vec<Moment>, RecordError> {
    let ledger = Ledger::open_read_only(path)?;
    let since = now_ms - DAY_MS;
    let mut moments: Vec<Moment> = Vec::new();
    let mut end = ledger.end()?.map_or(0, |head| head.seq);
    'all: while end > 0 {
        let begin = end.saturating_sub(READ_AT_ONCE) + 1;
        for entry in ledger.entries(begin..=end)?.iter().rev() {
            let Some(state) = shown(entry)?.filter(|_| desk_of(entry).as_deref() == Some(desk)) else {
                continue;
            };
            moments.push(Moment { unix_ms: entry.at.unix_ms, state });
            if entry.at.unix_ms < since {
                break 'all;
            }
        }
        end = begin - 1;
    }
    moments.reverse();
    moments.dedup_by_key(|moment| moment.state);
    Ok(moments)
}

/// What an entry says of the time after it.
fn shown(entry: &Entry) -> Result<Option<MomentState>, RecordError> {
    Ok(match entry.kind.as_str() {
        "began" => Some(MomentState::Learning),
        "ended" | "lost" => Some(MomentState::Off),
        "decision" => Some(match parse::<Decided>(entry)?.decision.state {
            State::Learning => MomentState::Learning,
            State::Watching { band: Band::Verified } => MomentState::Verified,
            State::Watching { .. } => MomentState::Watch,
            State::StepUp { .. } => MomentState::StepUp,
            State::Paused { .. } => MomentState::Paused,
            State::Locked { .. } => MomentState::Locked,
        }),
        _ => None,
    })
}
