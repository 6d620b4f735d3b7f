use super::attempts::honest;
use super::sandbox::{CAFE, OFFICE};
use super::{Check, Config, Sandbox};
use crate::Failure;
use stillyou_trust::Modality;
use stillyou_trust::policy::Profile;

/// What must not help once a grant is in force.
pub fn play(config: &Config, checks: &mut Vec<Check>) {
    let mut granted = |name: &str, expected: &str, play: &dyn Fn(&mut Sandbox)| {
        let mut sandbox = Sandbox::new(config, name, Profile::Standard);
        let text = honest(&mut sandbox).unwrap_or_default();
        sandbox.enter(&text);
        play(&mut sandbox);
        checks.push(Check::new(name, expected, sandbox.standing()));
    };
    granted("in force until its end", "in force", &|s| s.pass(59));
    granted("clock set back while in force", "clock-set-back", &|s| {
        s.pass(59);
        s.set_clock_back(30);
    });
    granted("clock set back a little, again and again", "nothing in force", &|s| {
        for _ in 0..61 {
            s.set_clock_back(1);
            s.pass(1);
        }
    });
    granted("clock set back over a reboot", "clock-set-back", &|s| {
        s.pass(50);
        s.reboot();
        s.set_clock_back(49);
    });
    granted("revoked while in force", "nothing in force", &revoke_all);
    granted("over after a reboot", "nothing in force", &|s| {
        s.pass(55);
        s.reboot();
        s.pass(5);
    });
    let mut sandbox = Sandbox::new(config, "another network", Profile::Remote);
    let failure = Failure {
        modality: Some(Modality::Face),
        network: Some(sandbox.network.into()),
        remote_session: true,
        ..Failure::default()
    };
    let request = sandbox.fails(failure);
    let text = sandbox.honest(&request).unwrap_or_default();
    sandbox.network = CAFE;
    checks.push(Check::new("remote, entered on another network", "wrong-network", sandbox.enter(&text)));
    sandbox.network = OFFICE;
    sandbox.enter(&text);
    sandbox.network = CAFE;
    checks.push(Check::new("remote, carried to another network", "wrong-network", sandbox.standing()));
}

fn revoke_all(sandbox: &mut Sandbox) {
    let identity = sandbox.book.identity().clone();
    let used: Vec<_> = sandbox.book.cases().filter_map(|record| record.used.as_ref().map(|used| used.grant)).collect();
    for grant in used {
        let revocation = sandbox.desk("cem").and_then(|d| d.revoke(grant, &identity, "it is over", sandbox.true_s()));
        let decided = sandbox.book.revoke(&revocation.unwrap_or_default(), sandbox.now());
        sandbox.take(decided);
    }
}
