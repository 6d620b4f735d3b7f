use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax};

/// Supervised contrastive loss (Khosla et al. 2020) over unit embeddings `[n, d]`: each window should be nearer to the
/// others of its person than to anybody else's.
pub fn contrastive(embeddings: Tensor<2>, people: &[usize], temperature: f32, device: &Device) -> Tensor<1> {
    let n = people.len();
    let scores = embeddings.clone().matmul(embeddings.transpose()).div_scalar(temperature);
    let (mut own, mut positive) = (vec![0.0f32; n * n], vec![0.0f32; n * n]);
    for (i, person) in people.iter().enumerate() {
        own[i * n + i] = -1e4;
        let alike: Vec<usize> = (0..n).filter(|j| *j != i && people[*j] == *person).collect();
        for j in &alike {
            positive[i * n + j] = 1.0 / (alike.len() * n) as f32;
        }
    }
    let constant = |values| Tensor::<2>::from_data(TensorData::new(values, [n, n]), device);
    let likelihood = log_softmax(scores + constant(own), 1);
    (likelihood * constant(positive)).sum().neg()
}
