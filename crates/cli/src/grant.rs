mod key;
mod scan;

use crate::ask::{connect, places};
use crate::case::{ask, granted, id, other};
use crate::output::{say, text};
use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand, ValueEnum};
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};
use stillyou_agent::ipc::{CaseReply, CaseRequest, Entered, Reply, Request as AgentRequest, Wanted};
use stillyou_agent::{load_policy, own_identity};
use stillyou_governance::{
    Channel, Desk, Grant as Parsed, GrantId, Identity, PolicyId, Qr, Request, Scope, ShortCode, SigningKey, Terms,
    VoiceKey, in_parts,
};
use stillyou_trust::policy::{GovernancePolicy, Profile};
use stillyou_trust::{Factor, State};

/// The longest text that is read, in bytes.
const MAX_BYTES: u64 = 64 * 1024;
/// What stands in place of a request's text that is read by the camera.
const CAMERA: &str = "camera";

/// What is done with grants.
#[derive(Subcommand)]
pub enum Grant {
    /// Enter a grant, or a revocation, on the device that asked for it
    Use {
        /// The text, a file that holds it, or - for standard input
        grant: String,
    },
    /// Enter a grant, a revocation or a review that you hold before the camera as a QR code
    Scan,
    /// Enter the digits that an approver said on the telephone
    Say {
        /// The case's code or name
        case: String,
        /// Who said them
        #[arg(long)]
        approver: String,
        /// For how many minutes they said
        #[arg(long)]
        minutes: u64,
        /// The eight digits
        digits: String,
    },
    /// Show what a grant says, and whose signatures it carries
    Show {
        /// The text, a file that holds it, or - for standard input
        grant: String,
    },
    /// As an approver: sign a grant for a case, and print it
    Issue(Issue),
    /// As an approver: take a grant back
    Revoke {
        /// The grant: its text, a file that holds it, or - for standard input
        grant: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// As an approver: the digits to say on the telephone for a case of the person's own profile
    Digits {
        /// The code that the person read out
        code: String,
        /// Whose case
        #[arg(long)]
        person: String,
        /// On which device
        #[arg(long)]
        device: String,
        /// For so many minutes
        #[arg(long)]
        minutes: u64,
    },
    /// As an approver: the keys in your keychain
    #[command(subcommand_value_name = "COMMAND")]
    Key {
        #[command(subcommand)]
        what: key::Key,
    },
}

#[derive(Args)]
pub struct Issue {
    /// The case's request: its text, a file that holds it, - for standard input, or `camera` to hold its QR code before
    /// the camera
    pub request: String,
    /// For so many minutes
    #[arg(long, required_unless_present = "countersign")]
    pub minutes: Option<u64>,
    /// Why, for the record
    #[arg(long, required_unless_present = "countersign")]
    pub reason: Option<String>,
    /// Without any sensor, and not only without what failed
    #[arg(long)]
    pub without_sensors: bool,
    /// Where a modality is to be declared unsuitable: the factor that replaces it
    #[arg(long, value_parser = factor)]
    pub instead: Option<Factor>,
    /// The second channel on which you knew the person
    #[arg(long, value_enum)]
    pub channel: Option<Known>,
    /// Sign this grant, which another approver has signed, as the second
    #[arg(long, value_name = "GRANT", conflicts_with_all = ["minutes", "reason", "without_sensors", "instead", "channel"])]
    pub countersign: Option<String>,
    /// Print it as a QR code as well, for a telephone
    #[arg(long)]
    pub qr: bool,
    /// Print it as QR codes that a webcam reads, one after the other
    #[arg(long, conflicts_with = "qr")]
    pub qr_parts: bool,
}

/// A second channel.
#[derive(Clone, Copy, ValueEnum)]
pub enum Known {
    /// Called back at the number on file
    CallBack,
    /// Seen in a video call
    Video,
    /// Met
    InPerson,
}

pub fn run(what: Grant) -> Result<ExitCode> {
    match what {
        Grant::Use { grant } => entered(ask(CaseRequest::Enter { text: read_text(&grant)? })?),
        Grant::Scan => entered(scan::scan(Wanted::Document)?),
        Grant::Say { case, approver, minutes, digits } => {
            entered(ask(CaseRequest::Code { case: id(&case)?, approver, minutes, said: digits })?)
        }
        Grant::Show { grant } => show(&read_text(&grant)?),
        Grant::Issue(how) => issue(&how),
        Grant::Revoke { grant, reason } => {
            let claims = parsed(&read_text(&grant)?)?.claims;
            let identity = Identity::new(&claims.person, &claims.device)?;
            say!("{}", desk()?.desk()?.revoke(claims.id, &identity, &reason, now_s())?);
            eprintln!("on {}: stillyou grant use TEXT", identity.device());
            Ok(ExitCode::SUCCESS)
        }
        Grant::Digits { code, person, device, minutes } => digits(&code, &person, &device, minutes),
        Grant::Key { what } => key::run(what),
    }
}

/// An approver's own desk: what they need to sign.
pub struct OwnDesk {
    policy: GovernancePolicy,
    me: String,
    key: SigningKey,
}

/// The desk of whoever runs this, by the administrator's policy and the key in their keychain.
pub fn desk() -> Result<OwnDesk> {
    proven()?;
    let key = key::vault()?.approver_key()?;
    let key = key.ok_or_else(|| anyhow!("there is no key in your keychain; `stillyou grant key new` makes one"))?;
    let me = own_identity().map_err(|why| anyhow!(why))?.person().to_owned();
    Ok(OwnDesk { policy: system_policy()?, me, key: SigningKey::from_secret(&key) })
}

/// Whoever sits at an approver's machine proves to be them, where StillYou watches it.
fn proven() -> Result<()> {
    let Ok(mut client) = connect() else { return Ok(()) };
    match client.ask(&AgentRequest::Status {})? {
        Reply::Status { status } if status.state != State::Learning && status.fresh_seconds.is_none() => {
            bail!("refused: confirm it's you first: run `stillyou verify`")
        }
        _ => Ok(()),
    }
}

impl OwnDesk {
    /// It, as policy lets it be.
    pub fn desk(&self) -> Result<Desk<'_>> {
        Ok(Desk::new(&self.policy, &self.me, self.key.clone())?)
    }
}

/// The rules on overrides that the administrator has set on this machine.
pub fn system_policy() -> Result<GovernancePolicy> {
    Ok(load_policy(&places()?.system_policy, None)?.policy.governance)
}

/// Now, in seconds since 1970.
pub fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// A text that is given itself, in a file, or on standard input.
pub fn read_text(given: &str) -> Result<String> {
    let mut read = String::new();
    let file = Path::new(given);
    if given == "-" {
        std::io::stdin().take(MAX_BYTES).read_to_string(&mut read).context("standard input")?;
    } else if given.len() < 4096 && file.is_file() {
        let opened = std::fs::File::open(file).with_context(|| given.to_owned())?;
        opened.take(MAX_BYTES).read_to_string(&mut read).with_context(|| given.to_owned())?;
    } else {
        given.clone_into(&mut read);
    }
    Ok(read.trim().to_owned())
}

fn entered(answer: CaseReply) -> Result<ExitCode> {
    match answer {
        CaseReply::Entered { what: Entered::Grant, case: Some(case) } => granted(&case),
        CaseReply::Entered { what: Entered::Revocation, .. } => {
            say!("the grant is revoked");
            Ok(ExitCode::SUCCESS)
        }
        CaseReply::Entered { .. } => {
            say!("taken");
            Ok(ExitCode::SUCCESS)
        }
        _ => other(),
    }
}

fn issue(how: &Issue) -> Result<ExitCode> {
    let request: Request = read_request(&how.request)?.parse()?;
    let desk = desk()?;
    in_words(&request);
    let grant = match &how.countersign {
        Some(grant) => {
            let grant = read_text(grant)?;
            claims_in_words(&parsed(&grant)?);
            desk.desk()?.countersign(&request, &grant)?
        }
        None => {
            let terms = Terms {
                scope: scope(&request, how)?,
                start_s: now_s(),
                minutes: how.minutes.unwrap_or_default(),
                channel: how.channel.map(Into::into),
                reason: how.reason.clone().unwrap_or_default(),
            };
            let mut id = [0; 16];
            getrandom::fill(&mut id).context("no random numbers")?;
            desk.desk()?.issue(&request, terms, GrantId::new(id), now_s())?
        }
    };
    let needed = request.limits(&desk.policy).approvers as usize;
    if parsed(&grant)?.signers().len() < needed {
        eprintln!("stillyou: it needs another approver: stillyou grant issue REQUEST --countersign GRANT");
    }
    if how.qr {
        text(&Qr::of(&grant)?.in_blocks());
    }
    if how.qr_parts {
        let parts = in_parts(&grant);
        for (i, part) in parts.iter().enumerate() {
            say!("part {} of {}", i + 1, parts.len());
            text(&Qr::of(part)?.in_blocks());
        }
    }
    say!("{grant}");
    Ok(ExitCode::SUCCESS)
}

fn read_request(given: &str) -> Result<String> {
    if given != CAMERA {
        return read_text(given);
    }
    match scan::scan(Wanted::Request)? {
        CaseReply::Scanned { request } => Ok(request),
        _ => other(),
    }
}

/// No more than what failed, unless more is asked for.
fn scope(request: &Request, how: &Issue) -> Result<Scope> {
    match (request.profile, request.modality, how.instead) {
        (Profile::Accessibility, Some(modality), Some(instead)) => Ok(Scope::Unsuitable { modality, instead }),
        (Profile::Accessibility, ..) => {
            bail!("the case asks for a modality to be replaced; say by what with --instead")
        }
        (_, _, Some(_)) => bail!("the case does not ask for a modality to be replaced; leave out --instead"),
        (_, Some(modality), None) if !how.without_sensors => Ok(Scope::SetAside { modality }),
        _ => Ok(Scope::NonBiometric {}),
    }
}

fn show(grant: &str) -> Result<ExitCode> {
    let parsed = parsed(grant)?;
    claims_in_words(&parsed);
    let policy = system_policy()?;
    if parsed.claims.policy != PolicyId::of(&policy) {
        eprintln!("stillyou: it was given under another policy than this machine's");
    }
    for signer in parsed.signers() {
        let words = match policy.approver(&signer) {
            None => "not an approver in policy".to_owned(),
            Some(approver) if parsed.is_signed_by(approver) => {
                let roles: Vec<&str> = approver.roles.iter().map(|role| role.name()).collect();
                format!("good; {}", roles.join(", "))
            }
            Some(_) => "BAD: the grant was edited, or signed with another key".to_owned(),
        };
        say!("signature  {signer}: {words}");
    }
    Ok(ExitCode::SUCCESS)
}

fn digits(code: &str, person: &str, device: &str, minutes: u64) -> Result<ExitCode> {
    let secret = key::vault()?.desk_secret()?;
    let secret = secret.ok_or_else(|| {
        anyhow!("there is no secret for the telephone in your keychain; `stillyou grant key telephone --new` makes one")
    })?;
    let code: ShortCode = code.parse()?;
    let identity = Identity::new(person, device)?;
    let key = VoiceKey::of_device(&secret, device);
    let said = desk()?.desk()?.say(&key, code, &identity, minutes, now_s())?;
    let (left, right) = said.split_at(said.len() / 2);
    say!("{left} {right}");
    Ok(ExitCode::SUCCESS)
}

fn parsed(grant: &str) -> Result<Parsed> {
    Parsed::parse(grant).map_err(|e| anyhow!("this is not a grant: {e}"))
}

fn in_words(request: &Request) {
    eprintln!("case       {} of {}, profile {}", request.short_code(), request.identity, request.profile.name());
    eprintln!("cause      {}: {}", request.cause.name(), request.because.join("; "));
    for tried in &request.tried {
        eprintln!("tried      {}: {}", tried.factor.name(), tried.outcome);
    }
    eprintln!("Nobody has signed these reasons. Ask the person, on a channel that you know.");
}

fn claims_in_words(grant: &Parsed) {
    let claims = &grant.claims;
    let minutes = claims.end_s.saturating_sub(claims.start_s) / 60;
    say!("grant      {} for case {}", claims.id, ShortCode::of(claims.case));
    say!("for        {} on {}", claims.person, claims.device);
    say!("allows     {}, {minutes} min, profile {}", claims.scope.in_words(), claims.profile.name());
    let controls = claims.controls;
    let (step_up, hazard, audits) = (controls.reverify_minutes, controls.hazard_factor, controls.audits_per_hour);
    say!("controls   step-up every {step_up} min, hazard times {hazard}, {audits} looks an hour");
    say!("because    {}", claims.reason);
}

fn factor(name: &str) -> Result<Factor, String> {
    let factors =
        [Factor::Password, Factor::Totp, Factor::RecoveryCode, Factor::SecurityKey, Factor::PassPhrase, Factor::Face];
    let known = factors.map(Factor::name).join(", ");
    factors.into_iter().find(|factor| factor.name() == name).ok_or_else(|| format!("it must be one of {known}"))
}

impl From<Known> for Channel {
    fn from(known: Known) -> Self {
        match known {
            Known::CallBack => Channel::CallBack,
            Known::Video => Channel::Video,
            Known::InPerson => Channel::InPerson,
        }
    }
}
