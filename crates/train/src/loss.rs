use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax};

/// Supervised contrastive loss (Khosla et al. 2020) over unit embeddings `[n, d]`: each window should be nearer to the
/// others of its person than to anybody else's.
///
/// With a `hardness` above 0, windows of others count by `exp(hardness · cosine)`, at a mean of 1 (Robinson et al. 2021).
pub fn contrastive(
    embeddings: Tensor<2>,
    people: &[usize],
    temperature: f32,
    hardness: f32,
    device: &Device,
) -> Tensor<1> {
    let n = people.len();
    let cosines = embeddings.clone().matmul(embeddings.transpose());
    let (mut own, mut positive, mut negative) = (vec![0.0f32; n * n], vec![0.0f32; n * n], vec![0.0f32; n * n]);
    for (i, person) in people.iter().enumerate() {
        own[i * n + i] = -1e4;
        let alike: Vec<usize> = (0..n).filter(|j| *j != i && people[*j] == *person).collect();
        for j in &alike {
            positive[i * n + j] = 1.0 / (alike.len() * n) as f32;
        }
        (0..n).filter(|j| people[*j] != *person).for_each(|j| negative[i * n + j] = 1.0);
    }
    let constant = |values| Tensor::<2>::from_data(TensorData::new(values, [n, n]), device);
    let mut scores = cosines.clone().div_scalar(temperature) + constant(own);
    if hardness > 0.0 {
        let negative = constant(negative);
        let weighed = cosines.detach().mul_scalar(hardness);
        let mean = (weighed.clone().exp() * negative.clone()).sum_dim(1) / negative.clone().sum_dim(1);
        scores = scores + (weighed - mean.log()) * negative;
    }
    (log_softmax(scores, 1) * constant(positive)).sum().neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two people with two windows each at angles on the circle, in degrees.
    fn loss(degrees: [f32; 4], hardness: f32) -> f32 {
        let device = Device::flex();
        let points = degrees.iter().flat_map(|d| [d.to_radians().cos(), d.to_radians().sin()]).collect::<Vec<_>>();
        let embeddings = Tensor::<2>::from_data(TensorData::new(points, [4, 2]), &device);
        contrastive(embeddings, &[1, 1, 2, 2], 0.1, hardness, &device).into_scalar()
    }

    #[test]
    fn people_apart_cost_less_and_who_looks_alike_counts_for_more() {
        let (apart, mixed) = ([0.0, 5.0, 180.0, 185.0], [0.0, 185.0, 180.0, 5.0]);
        assert!(loss(apart, 0.0) < 1e-3 && loss(mixed, 0.0) > 5.0);
        // One window of the second person lies between those of the first.
        let alike = [0.0, 20.0, 10.0, 90.0];
        assert!(loss(alike, 5.0) > loss(alike, 0.0) + 0.01);
        // Where all others are as far away, there is none that counts for more.
        let even = [0.0, 0.0, 90.0, 90.0];
        assert!((loss(even, 5.0) - loss(even, 0.0)).abs() < 1e-4);
    }
}
