use anyhow::{Result, anyhow};
use burn::{
    module::Module,
    optim::{GradientsAccumulator, GradientsParams},
    tensor::{Device, Tensor},
};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::thread::{ScopedJoinHandle, scope};
use stillyou_models::keystroke::{
    Features,
    network::{Batch, Network},
};

/// Threads that share the work of a batch. Always as many, so that the same sums are made on any machine.
pub struct Workers {
    /// One thread each: burn's own division of an operation among threads would only cost time.
    pools: Vec<ThreadPool>,
}

/// How many there are.
const WORKERS: usize = 2;

/// Windows that go through the network at once: few enough for the processor's cache.
const TOGETHER: usize = 16;

impl Workers {
    /// As many as there always are.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new() -> Result<Self> {
        let pool = || ThreadPoolBuilder::new().num_threads(1).build();
        Ok(Self { pools: (0..WORKERS).map(|_| pool()).collect::<Result<_, _>>()? })
    }

    /// The loss of a batch's embeddings, `[windows, embedding]`, before it is learnt from, and its gradients.
    ///
    /// Each worker puts its part of the windows through its own copy of the network; the loss is of all embeddings
    /// together, and its gradients go back the same two ways.
    ///
    /// # Errors
    /// When a worker fails.
    pub fn gradients(
        &self,
        network: &Network,
        windows: &[Features],
        device: &Device,
        loss: impl FnOnce(Tensor<2>) -> Tensor<1>,
    ) -> Result<(f32, GradientsParams)> {
        let parts = windows.chunks(windows.len().div_ceil(WORKERS));
        let done: Vec<(Network, Tensor<2>)> = self.each(parts.map(|part| {
            move || {
                let copy = network.valid().train();
                let embeddings = part.chunks(TOGETHER).map(|w| copy.forward(Batch::of(w, device))).collect();
                (copy, Tensor::cat(embeddings, 0))
            }
        }))?;
        let leaves: Vec<Tensor<2>> = done.iter().map(|(_, e)| e.clone().detach().require_grad()).collect();
        let loss = loss(Tensor::cat(leaves.clone(), 0));
        let back = loss.backward();
        let slopes = leaves.iter().map(|leaf| leaf.grad(&back)).collect::<Option<Vec<_>>>();
        let slopes = slopes.ok_or_else(|| anyhow!("the loss does not depend on the embeddings"))?;
        let parts = self.each(done.into_iter().zip(slopes).map(|((copy, embeddings), slope)| {
            move || {
                let back = (embeddings * Tensor::from_inner(slope)).sum().backward();
                GradientsParams::from_grads(back, &copy)
            }
        }))?;
        let mut sum = GradientsAccumulator::new();
        parts.into_iter().for_each(|part| sum.accumulate(network, part));
        Ok((loss.into_scalar(), sum.grads()))
    }

    /// Does one piece of work on each worker.
    fn each<T: Send>(&self, work: impl Iterator<Item = impl FnOnce() -> T + Send>) -> Result<Vec<T>> {
        scope(|scope| {
            let begun = self.pools.iter().zip(work).map(|(pool, work)| scope.spawn(|| pool.install(work)));
            let begun: Vec<ScopedJoinHandle<T>> = begun.collect();
            begun.into_iter().map(|b| b.join().map_err(|_| anyhow!("a worker panicked"))).collect()
        })
    }
}
