use super::*;

fn failed(person: usize, modality: Modality, cause: Cause, sensor: &str) -> Failed {
    Failed {
        person: format!("person-{person}"),
        device: format!("device-{person}"),
        sensor: sensor.into(),
        modality: Some(modality),
        cause,
        kind: Kind::FalseReject,
        near_lockout: false,
    }
}

fn report(failed: &[Failed]) -> Report {
    Report::of(failed, &[], 3, 50, 5)
}

#[test]
fn no_figure_is_about_fewer_than_five_people() {
    let mut all: Vec<Failed> = (0..10).map(|p| failed(p, Modality::Face, Cause::Sensor, "webcam A")).collect();
    all.extend((0..7).map(|p| failed(p, Modality::Keystroke, Cause::Drift, "keyboard B")));
    all.extend((0..4).map(|p| failed(p, Modality::Pointer, Cause::Unknown, "mouse C")));
    let report = report(&all);
    assert_eq!(report.all.as_ref().unwrap().failures, 21);
    let names = |groups: &Groups| groups.shown.iter().map(|g| (g.name.clone(), g.people)).collect::<Vec<_>>();
    // The pointer's four people could be found from the total: the next smallest is withheld with them.
    assert_eq!(names(&report.by_modality), [("face".into(), 10)]);
    assert_eq!(report.by_modality.withheld, 2);
    let text = serde_json::to_string(&report).unwrap();
    assert!(!text.contains("person-") && !text.contains("mouse C") && !text.contains("pointer"), "{text}");
}

#[test]
fn four_people_have_no_report_at_all() {
    let all: Vec<Failed> =
        (0..4).flat_map(|p| vec![failed(p, Modality::Face, Cause::Sensor, "webcam A"); 50]).collect();
    let report = report(&all);
    assert_eq!((report.all, report.by_sensor.shown.len(), report.advice.len()), (None, 0, 0));
}

#[test]
fn it_says_what_to_change_with_the_numbers() {
    let mut all: Vec<Failed> = (0..9).map(|p| failed(p, Modality::Face, Cause::Sensor, "webcam A")).collect();
    all.extend((0..5).map(|p| failed(p, Modality::Face, Cause::Unknown, "webcam B")));
    let report = report(&all);
    let words: Vec<String> = report.advice.iter().map(Advice::in_words).collect();
    assert_eq!(
        words[0],
        "face: change or repair the sensor: 9 of 14 measured failures (64 %) of 9 people; at 9 webcam A"
    );
    assert_eq!(report.advice[1].change, Change::Threshold);
}

#[test]
fn what_nobody_measured_is_no_reason_to_ask_later_and_does_not_hide_what_was() {
    let answered: Vec<Failed> =
        (0..40).map(|p| failed(p, Modality::Face, Cause::NotMeasured, "not recorded")).collect();
    let of_these = report(&answered);
    assert!(of_these.advice.is_empty(), "{:?}", of_these.advice);
    assert_eq!(of_these.by_cause.shown[0].name, "not-measured");
    let measured = (0..9).map(|p| failed(p, Modality::Face, Cause::Environment, "webcam A"));
    let both = report(&[answered, measured.collect()].concat());
    let [advice] = both.advice.as_slice() else { panic!("{:?}", both.advice) };
    assert_eq!((advice.change, advice.failures, advice.of), (Change::Environment, 9, 9));
}

#[test]
fn a_few_who_were_not_measured_can_not_be_found_by_subtraction() {
    let mut all: Vec<Failed> = (0..9).map(|p| failed(p, Modality::Face, Cause::Sensor, "webcam A")).collect();
    assert_eq!(report(&all).advice.len(), 1);
    all.extend((0..4).map(|p| failed(p, Modality::Face, Cause::NotMeasured, "not recorded")));
    assert!(report(&all).advice.is_empty());
}

#[test]
fn what_one_person_counted_on_one_device_counts_once() {
    let of =
        |person: usize| Counted { failed: vec![failed(person, Modality::Face, Cause::Sensor, "x")], granted: vec![] };
    let both = of(1).and(of(2)).unwrap();
    assert_eq!(both.failed.len(), 2);
    let twice = both.and(of(2)).unwrap_err().to_string();
    assert_eq!(twice, "what person-2 counted on device-2 is given twice; give each device's newest counts once");
    assert_eq!(Counted::default().and(Counted::default()), Ok(Counted::default()));
}

#[test]
fn suspected_abuse_is_no_reason_to_change_a_sensor() {
    let all: Vec<Failed> = (0..20).map(|p| failed(p, Modality::Face, Cause::SuspectedAbuse, "webcam A")).collect();
    assert!(report(&all).advice.is_empty());
}

#[test]
fn equal_shares_are_no_pattern_and_a_cluster_is() {
    let granted = |device: usize, approver: &str| Granted {
        device: format!("device-{device}"),
        approvers: vec![approver.into()],
    };
    let fair: Vec<Granted> = (0..30).map(|n| granted(n, ["ada", "bea", "cem"][n % 3])).collect();
    assert!(Report::of(&[], &fair, 3, 50, 5).patterns.is_empty());
    let mut unfair = fair.clone();
    unfair.extend((0..20).map(|_| granted(7, "ada")));
    let patterns = Report::of(&[], &unfair, 3, 50, 5).patterns;
    assert!(matches!(&patterns[0], Pattern::OneApprover { approver, grants: 30, of: 50, .. } if approver == "ada"));
    assert!(matches!(&patterns[1], Pattern::OneDevice { device, grants: 21, of: 50, .. } if device == "device-7"));
}

#[test]
fn guessing_up_to_the_lock_out_is_a_pattern() {
    let near = |device: usize| Failed { near_lockout: true, ..failed(device, Modality::Face, Cause::Unknown, "x") };
    let all = [near(1), near(1), near(2), near(1)];
    let patterns = report(&all).patterns;
    assert_eq!(patterns, [Pattern::NearLockouts { device: "device-1".into(), times: 3 }]);
}
