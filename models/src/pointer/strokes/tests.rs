use super::*;

fn event(ms: u64, kind: PointerKind) -> PointerEvent {
    PointerEvent { at: Micros(ms * 1000), kind, injected: false }
}

fn to(ms: u64, x: i32, y: i32) -> PointerEvent {
    event(ms, PointerKind::Move { x, y })
}

fn left(ms: u64, transition: Transition) -> PointerEvent {
    event(ms, PointerKind::Button { button: Button::Left, transition })
}

/// To the right from `x`, 10 pixels every 16 ms, ten times.
fn right(from_ms: u64, x: i32) -> Vec<PointerEvent> {
    (0..10).map(|i| to(from_ms + 16 * i, x + 10 * i as i32, 100)).collect()
}

/// All strokes, the last one included.
fn cut(events: &[PointerEvent]) -> Vec<Stroke> {
    let mut strokes = Strokes::new();
    let mut all: Vec<Stroke> = events.iter().flat_map(|e| strokes.push(e)).collect();
    all.extend(strokes.pause(Micros(u64::MAX)));
    all
}

fn kinds(events: &[PointerEvent]) -> Vec<Kind> {
    cut(events).iter().map(Stroke::kind).collect()
}

fn value(stroke: &Stroke, feature: Feature) -> f64 {
    f64::from(stroke.values()[feature as usize])
}

#[test]
fn nothing_and_next_to_nothing_are_no_strokes() {
    assert!(kinds(&[]).is_empty());
    assert!(kinds(&[to(0, 5, 5)]).is_empty());
    assert!(kinds(&[to(0, 5, 5), to(16, 6, 5), to(32, 7, 5)]).is_empty());
    assert!(kinds(&[left(0, Transition::Release)]).is_empty());
    assert!(kinds(&(0..100).map(|i| to(16 * i, 5, 5)).collect::<Vec<_>>()).is_empty());
}

#[test]
fn a_pause_ends_a_movement() {
    let events = [right(0, 0), right(1000, 200)].concat();
    let strokes = cut(&events);
    assert_eq!(strokes.iter().map(Stroke::kind).collect::<Vec<_>>(), [Kind::Move, Kind::Move]);
    assert!(value(&strokes[0], Feature::Pause).is_nan());
    assert!((value(&strokes[1], Feature::Pause) - (1.0 - 0.144f64).ln()).abs() < 1e-5);
    assert!(value(&strokes[0], Feature::Hold).is_nan());
    assert_eq!(kinds(&[right(0, 0), right(200, 200)].concat()), [Kind::Move]);
}

#[test]
fn a_click_ends_a_movement_and_is_timed() {
    let events = [right(0, 0), vec![left(244, Transition::Press), left(344, Transition::Release)]].concat();
    let strokes = cut(&events);
    assert_eq!(strokes.iter().map(Stroke::kind).collect::<Vec<_>>(), [Kind::Click]);
    assert!((value(&strokes[0], Feature::Settle) - 0.1f64.ln()).abs() < 1e-5);
    assert!((value(&strokes[0], Feature::Hold) - 0.1f64.ln()).abs() < 1e-5);
    assert!((value(&strokes[0], Feature::Straightness) - 1.0).abs() < 1e-5);
    assert!((value(&strokes[0], Feature::Right) - 1.0).abs() < 1e-5);
    // A click long after is none of the movement's.
    let late = [right(0, 0), vec![left(3000, Transition::Press), left(3100, Transition::Release)]].concat();
    assert_eq!(kinds(&late), [Kind::Move, Kind::Tap]);
}

#[test]
fn a_movement_with_a_button_held_is_a_drag() {
    let mut events = right(0, 0);
    events.push(left(200, Transition::Press));
    events.extend(right(216, 100));
    // Another button, and the release of one that is not held, change nothing.
    events.push(event(370, PointerKind::Button { button: Button::Right, transition: Transition::Press }));
    events.push(event(380, PointerKind::Button { button: Button::Right, transition: Transition::Release }));
    events.push(left(400, Transition::Release));
    let strokes = cut(&events);
    assert_eq!(strokes.iter().map(Stroke::kind).collect::<Vec<_>>(), [Kind::Click, Kind::Drag]);
    assert!(value(&strokes[0], Feature::Hold).is_nan());
    assert!((value(&strokes[1], Feature::DragHold) - 0.2f64.ln()).abs() < 1e-5);
}

#[test]
fn the_wheel_runs_until_it_rests() {
    let notch = |ms| event(ms, PointerKind::Wheel { dx: 0, dy: -1 });
    let strokes = cut(&[notch(0), notch(100), notch(200), notch(900)]);
    assert_eq!(strokes.iter().map(Stroke::kind).collect::<Vec<_>>(), [Kind::Wheel, Kind::Wheel]);
    assert!((value(&strokes[0], Feature::WheelRun) - 3f64.ln()).abs() < 1e-5);
    assert!((value(&strokes[0], Feature::WheelGap) - 0.1f64.ln()).abs() < 1e-5);
    assert!(value(&strokes[1], Feature::WheelGap).is_nan());
}

#[test]
fn time_that_runs_back_stands_still() {
    let mut events = right(1000, 0);
    events.extend(right(500, 100));
    let strokes = cut(&events);
    assert_eq!(strokes.len(), 1);
    assert!(strokes[0].values().iter().all(|v| v.is_nan() || v.is_finite()));
    assert!(value(&strokes[0], Feature::Duration).is_finite());
}

#[test]
fn a_leap_begins_anew() {
    let events = [right(0, 0), vec![to(160, 65_535, 65_535)], right(176, 0)].concat();
    assert_eq!(kinds(&events), [Kind::Move]);
    let held =
        [vec![to(0, 5, 5), left(10, Transition::Press)], right(26, 40_000), vec![left(400, Transition::Release)]];
    assert_eq!(kinds(&held.concat()), [Kind::Move]);
}

#[test]
fn forgetting_is_whole() {
    let mut strokes = Strokes::new();
    right(0, 0).iter().for_each(|e| drop(strokes.push(e)));
    strokes.clear();
    assert!(strokes.pause(Micros(u64::MAX)).is_empty());
}

#[test]
fn size_and_place_of_the_screen_change_little() {
    let curve = |scale: f64, shift: i32| -> Vec<PointerEvent> {
        (0..30)
            .map(|i| {
                let s = f64::from(i) / 29.0;
                let way = s * s * (3.0 - 2.0 * s) * 400.0;
                let (x, y) = (way * scale, (s * std::f64::consts::PI).sin() * 40.0 * scale);
                to(16 * i as u64, x.round() as i32 + shift, y.round() as i32)
            })
            .collect()
    };
    let (small, large) = (&cut(&curve(1.0, 0))[0], &cut(&curve(2.0, 500))[0]);
    for feature in [Feature::PeakAt, Feature::Straightness, Feature::Deviation, Feature::PeakOverMean, Feature::Way50] {
        assert!((value(small, feature) - value(large, feature)).abs() < 0.05, "{feature:?}");
    }
    let twice = value(large, Feature::PeakSpeed) - value(small, Feature::PeakSpeed);
    assert!((twice - 2f64.ln()).abs() < 0.05, "{twice}");
}

#[test]
fn nobody_reads_places_from_a_debug_print() {
    let mut strokes = Strokes::new();
    strokes.push(&to(0, 4711, 815));
    let print = format!("{strokes:?} {:?}", to(0, 4711, 815));
    assert!(!print.contains("[Point"), "{print}");
}
