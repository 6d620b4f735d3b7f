//! How long a window of 50 keystrokes takes, on one thread: the network alone, evidence with its explanation, and the
//! search for a replay in a day of the typing that makes it slowest.
//!
//! `./x bench` runs it beside the same net in onnxruntime (`peer.py`). `cargo bench --bench window -- FILE` writes the
//! windows and embeddings for that to FILE and prints one JSON object, times in microseconds.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, reason = "a benchmark")]

use serde_json::{Value, json};
use std::alloc::System;
use std::cell::RefCell;
use std::hint::black_box;
use std::time::Instant;
use stillyou_models::keystroke::network::Batch;
use stillyou_models::keystroke::pad::Pad;
use stillyou_models::keystroke::{Features, KeyDetail, Model, PackSource, Template, WINDOW};
use stillyou_recordings::typist::Typist;
use stillyou_sense::Micros;
use stillyou_sense::keyboard::{Key, Keystroke};
use zeroizing_alloc::ZeroAlloc;

/// As in the agent.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

const WINDOWS: usize = 32;

fn main() {
    // `cargo bench` adds an argument of its own.
    let Some(file) = std::env::args().skip(1).find(|argument| argument != "--bench") else {
        eprintln!("window: name the file that the windows are written to");
        std::process::exit(2)
    };
    let model = Model::load(&PackSource::Research).unwrap();
    let typed: Vec<Keystroke> = Typist::new(4).typing(1).take(WINDOWS * WINDOW).collect();
    let windows: Vec<&[Keystroke]> = typed.chunks(WINDOW).collect();
    let embeddings = model.embed(&windows).unwrap();
    let template = Template::from_embeddings(model.version(), &embeddings, typed.len() as u32).unwrap();

    let device = burn::tensor::Device::flex();
    let all: Vec<Value> = windows.iter().zip(&embeddings).map(|(w, e)| peer_input(w, e.values(), &device)).collect();
    std::fs::write(&file, json!(all).to_string()).unwrap();

    let features: Vec<[Features; 1]> = windows.iter().map(|w| [Features::of(w, KeyDetail::Keys).unwrap()]).collect();
    let network = timed(40, &features, |f| drop(black_box(model.embed_features(f).unwrap())));
    let evidence = timed(40, &windows, |w| drop(black_box(model.evidence(&template, w).unwrap())));
    let attributed = timed(5, &windows, |w| drop(black_box(model.attributed_evidence(&template, w).unwrap())));
    let (pad, tapping) = tapped();
    let judged = timed(40, &[RefCell::new(pad)], |pad| {
        black_box(pad.borrow_mut().judge(&tapping));
    });
    let sizes = model.card().architecture;
    println!(
        "{}",
        json!({ "network": network, "evidence": evidence, "attributed": attributed, "judged": judged, "layers": sizes.layers, "heads": sizes.heads })
    );
}

/// A day of even tapping: every stretch of it is like every other, so that no comparison ends early.
fn tapped() -> (Pad, Vec<Keystroke>) {
    let mut pad = Pad::new();
    let tapping: Vec<Keystroke> = (0..20_000)
        .map(|n| Keystroke {
            key: Key::UNKNOWN,
            pressed_at: Micros(n * 150_000),
            released_at: Micros(n * 150_000 + 90_000 + n % 7 * 2_000),
            injected: false,
        })
        .collect();
    tapping.iter().for_each(|stroke| pad.push(stroke));
    (pad, tapping[tapping.len() - WINDOW..].to_vec())
}

/// Median and 95th percentile of every call but those of a first round.
fn timed<T>(rounds: usize, inputs: &[T], run: impl Fn(&T)) -> Value {
    inputs.iter().for_each(&run);
    let mut times: Vec<f64> = (0..rounds)
        .flat_map(|_| inputs)
        .map(|input| {
            let start = Instant::now();
            run(input);
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[(times.len() as f64 * share) as usize];
    json!({ "median_us": at(0.5), "p95_us": at(0.95) })
}

fn peer_input(window: &[Keystroke], embedding: &[f32], device: &burn::tensor::Device) -> Value {
    let batch = Batch::of(&[Features::of(window, KeyDetail::Keys).unwrap()], device);
    let floats = |data: burn::tensor::TensorData| data.iter::<f32>().collect::<Vec<_>>();
    let ints = |data: burn::tensor::TensorData| data.iter::<i32>().collect::<Vec<_>>();
    json!({
        "keys": ints(batch.keys.into_data()),
        "previous": ints(batch.previous.into_data()),
        "next": ints(batch.next.into_data()),
        "timings": floats(batch.timings.into_data()),
        "present": floats(batch.present.into_data()),
        "embedding": embedding,
    })
}
