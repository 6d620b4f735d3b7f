use super::*;

/// Pseudo-random values between −1 and 1.
struct Noise(u64);

impl Noise {
    fn draw(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }

    fn values(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| self.draw()).collect()
    }
}

fn layer(name: &str, from: &[&str], op: Op, activation: Activation) -> Layer {
    Layer { name: name.to_owned(), from: from.iter().map(|f| (*f).to_owned()).collect(), op, activation }
}

fn plan(input: Shape, layers: Vec<Layer>, outputs: &[&str]) -> Plan {
    Plan { input, outputs: outputs.iter().map(|o| (*o).to_owned()).collect(), layers }
}

fn weights(noise: &mut Noise, tensors: &[(&str, &[usize])]) -> Weights {
    let mut weights = Weights::default();
    for (name, shape) in tensors {
        weights.insert((*name).to_owned(), shape.to_vec(), noise.values(shape.iter().product()));
    }
    weights
}

fn run(plan: &Plan, weights: &Weights, input: &[f32]) -> Vec<Vec<f32>> {
    Net::new(plan, weights.clone()).unwrap().run(&mut Workspace::default(), input).unwrap()
}

fn close(a: &[f32], b: &[f32]) {
    assert_eq!(a.len(), b.len());
    let apart = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart < 1e-4, "{apart} apart");
}

/// The definition of a convolution, one value at a time.
fn naive(
    input: &[f32],
    [h, w, c]: Shape,
    window: &Window,
    out: usize,
    tap: impl Fn(usize, usize, usize, usize) -> f32,
) -> Vec<f32> {
    let [top, left, bottom, right] = window.pad;
    let rows = (h + top + bottom - window.size[0]) / window.stride + 1;
    let columns = (w + left + right - window.size[1]) / window.stride + 1;
    let mut all = Vec::new();
    for picture in input.chunks(h * w * c) {
        for (y, x, o) in (0..rows).flat_map(|y| (0..columns).flat_map(move |x| (0..out).map(move |o| (y, x, o)))) {
            let mut sum = 0.0;
            for (ky, kx, i) in (0..window.size[0])
                .flat_map(|ky| (0..window.size[1]).flat_map(move |kx| (0..c).map(move |i| (ky, kx, i))))
            {
                let (iy, ix) =
                    ((y * window.stride + ky).wrapping_sub(top), (x * window.stride + kx).wrapping_sub(left));
                if iy < h && ix < w {
                    sum += picture[(iy * w + ix) * c + i] * tap(ky * window.size[1] + kx, i, o, out);
                }
            }
            all.push(sum);
        }
    }
    all
}

#[test]
fn convolutions_are_what_their_definition_says() {
    let mut noise = Noise(1);
    let cases = [
        ([9, 7, 3], 24, [3, 3], 1, [1, 1, 1, 1]),
        ([12, 13, 3], 40, [5, 5], 2, [1, 1, 2, 2]),
        ([5, 5, 28], 33, [1, 1], 1, [0; 4]),
        ([8, 8, 16], 64, [3, 3], 2, [0, 0, 1, 1]),
        ([4, 4, 32], 16, [4, 4], 1, [0; 4]),
        ([6, 6, 19], 7, [3, 2], 1, [1, 0, 1, 1]),
    ];
    for (shape, out, size, stride, pad) in cases {
        let window = Window { size, stride, pad };
        let conv = layer("a", &[INPUT], Op::Conv { channels: out, window }, Activation::Prelu);
        let plan = plan(shape, vec![conv], &["a"]);
        let tensors = [("a.weight", &[size[0], size[1], shape[2], out][..]), ("a.bias", &[out]), ("a.slope", &[out])];
        let weights = weights(&mut noise, &tensors);
        let input = noise.values(2 * shape.iter().product::<usize>());
        let of = |name: &str| weights.get(name).unwrap().values.clone();
        let (w, b, s) = (of("a.weight"), of("a.bias"), of("a.slope"));
        let mut expected = naive(&input, shape, &window, out, |tap, i, o, out| w[(tap * shape[2] + i) * out + o]);
        for (at, v) in expected.iter_mut().enumerate() {
            *v += b[at % out];
            *v *= if *v < 0.0 { s[at % out] } else { 1.0 };
        }
        close(&run(&plan, &weights, &input)[0], &expected);
    }
}

#[test]
fn channels_by_themselves_are_what_the_definition_says() {
    let mut noise = Noise(2);
    let cases = [
        ([9, 7, 20], [3, 3], 1, [1, 1, 1, 1]),
        ([10, 10, 48], [3, 3], 2, [0, 0, 1, 1]),
        ([5, 5, 17], [5, 5], 1, [0; 4]),
    ];
    for (shape, size, stride, pad) in cases {
        let window = Window { size, stride, pad };
        let c = shape[2];
        // A convolution that changes nothing comes first: the input is read by such only.
        let same = layer(
            "same",
            &[INPUT],
            Op::Conv { channels: c, window: Window { size: [1, 1], stride: 1, pad: [0; 4] } },
            Activation::None,
        );
        let plan = plan(shape, vec![same, layer("a", &["same"], Op::Depthwise { window }, Activation::Relu)], &["a"]);
        let mut weights = weights(&mut noise, &[("a.weight", &[size[0], size[1], c]), ("a.bias", &[c])]);
        let one = (0..c * c).map(|at| f32::from(u8::from(at / c == at % c))).collect();
        weights.insert("same.weight".to_owned(), vec![1, 1, c, c], one);
        let input = noise.values(2 * shape.iter().product::<usize>());
        let (w, b) = (weights.get("a.weight").unwrap().values.clone(), weights.get("a.bias").unwrap().values.clone());
        let tap = |tap: usize, i: usize, o: usize, out: usize| if i == o { w[tap * out + o] } else { 0.0 };
        let mut expected = naive(&input, shape, &window, c, tap);
        expected.iter_mut().enumerate().for_each(|(at, v)| *v = (*v + b[at % c]).max(0.0));
        close(&run(&plan, &weights, &input)[0], &expected);
    }
}

/// 1 x 1, so that the rest can be computed by hand: channel `o` of pixel `p` is `p + o`.
fn counted(height: usize, width: usize) -> (Layer, Weights, Vec<f32>) {
    let window = Window { size: [1, 1], stride: 1, pad: [0; 4] };
    let mut weights = Weights::default();
    weights.insert("n.weight".to_owned(), vec![1, 1, 1, 2], vec![1.0, 1.0]);
    weights.insert("n.bias".to_owned(), vec![2], vec![0.0, 1.0]);
    let conv = layer("n", &[INPUT], Op::Conv { channels: 2, window }, Activation::None);
    (conv, weights, (0..height * width).map(|p| p as f32).collect())
}

#[test]
fn pools_sums_and_products() {
    let (n, weights, input) = counted(4, 4);
    let two = Window { size: [2, 2], stride: 2, pad: [0; 4] };
    let all = Window { size: [4, 4], stride: 1, pad: [0; 4] };
    let layers = vec![
        n,
        layer("max", &["n"], Op::MaxPool { window: two }, Activation::None),
        layer("mean", &["n"], Op::MeanPool { window: all }, Activation::None),
        layer("sum", &["max", "mean"], Op::Add {}, Activation::None),
        layer("product", &["max", "mean"], Op::Scale {}, Activation::None),
    ];
    let plan = plan([4, 4, 1], layers, &["max", "mean", "sum", "product"]);
    let got = run(&plan, &weights, &input);
    assert_eq!(got[0], [5.0, 6.0, 7.0, 8.0, 13.0, 14.0, 15.0, 16.0]);
    assert_eq!(got[1], [7.5, 8.5]);
    // Zeros follow the one pixel of the mean.
    assert_eq!(got[2], [12.5, 14.5, 7.0, 8.0, 13.0, 14.0, 15.0, 16.0]);
    assert_eq!(got[3], [37.5, 51.0, 52.5, 68.0, 97.5, 119.0, 112.5, 136.0]);
}

#[test]
fn a_batch_gives_what_each_gives_alone() {
    let mut noise = Noise(3);
    let window = Window { size: [3, 3], stride: 1, pad: [1; 4] };
    let plan = plan([7, 5, 3], vec![layer("a", &[INPUT], Op::Conv { channels: 8, window }, Activation::Relu)], &["a"]);
    let net = Net::new(&plan, weights(&mut noise, &[("a.weight", &[3, 3, 3, 8])])).unwrap();
    let (one, two) = (noise.values(105), noise.values(105));
    let mut work = Workspace::default();
    let together = net.run(&mut work, &[one.clone(), two.clone()].concat()).unwrap();
    let apart = [net.run(&mut work, &one).unwrap(), net.run(&mut work, &two).unwrap()].concat();
    assert_eq!(together[0], apart.concat());
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut noise = Noise(4);
    let window = Window { size: [3, 3], stride: 1, pad: [0; 4] };
    let conv = |name: &str, from: &str| layer(name, &[from], Op::Conv { channels: 4, window }, Activation::None);
    let good = plan([5, 5, 1], vec![conv("a", INPUT)], &["a"]);
    let tensors = weights(&mut noise, &[("a.weight", &[3, 3, 1, 4])]);
    let net = Net::new(&good, tensors.clone()).unwrap();
    let mut work = Workspace::default();
    let refused = |input: &[f32], work: &mut Workspace| net.run(work, input).unwrap_err();
    assert!(refused(&[0.0; 24], &mut work).contains("it must be 25"));
    assert!(refused(&[], &mut work).contains("it must be 25"));
    assert!(refused(&[f32::NAN; 25], &mut work).contains("no number"));

    let problem = |plan: &Plan, weights: Weights| Net::new(plan, weights).err().unwrap();
    assert!(problem(&good, Weights::default()).contains("a.weight is missing"));
    assert!(problem(&good, weights(&mut noise, &[("a.weight", &[3, 3, 4, 1])])).contains("shape"));
    assert!(problem(&good, weights(&mut noise, &[("a.weight", &[3, 3, 1, 4]), ("b", &[1])])).contains("no layer"));
    assert!(problem(&plan([2, 2, 1], good.layers.clone(), &["a"]), tensors.clone()).contains("does not fit"));
    assert!(problem(&plan([5, 5, 1], vec![conv("a", "b")], &["a"]), tensors.clone()).contains("not before it"));
    assert!(problem(&plan([5, 5, 1], good.layers.clone(), &["b"]), tensors.clone()).contains("no layer"));
    assert!(problem(&plan([5, 5, 1], vec![conv("a", INPUT), conv("a", INPUT)], &["a"]), tensors).contains("its name"));
}

#[test]
fn weights_come_back_as_they_were_stored() {
    let mut all = weights(&mut Noise(5), &[("a.weight", &[2, 3]), ("b", &[5])]);
    let single = Weights::from_bytes(all.to_bytes(Precision::Single).unwrap()).unwrap();
    assert_eq!(single, all);
    let half = Weights::from_bytes(all.to_bytes(Precision::Half).unwrap()).unwrap();
    for (a, b) in half.get("a.weight").unwrap().values.iter().zip(&all.get("a.weight").unwrap().values) {
        assert!((a - b).abs() < 1e-3);
    }
    all.get_mut("b").unwrap().values[2] = f32::INFINITY;
    assert!(Weights::from_bytes(all.to_bytes(Precision::Single).unwrap()).unwrap_err().contains("no number"));
    assert!(Weights::from_bytes(b"no burnpack at all".to_vec()).is_err());
}
