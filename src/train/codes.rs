//! Models with codes: the codes of images, and images of codes.

use burn::tensor::Tensor;

use super::Trainer;
use super::check::{check_codes, check_images};
use super::transfer::{read_answer, upload_rows};
use crate::error::{Error, Result};
use crate::model::grid::Grid;
use crate::model::{Stage, Weights};

impl Trainer {
    /// Height and width of the grid, and the size of its codebook; nothing for a model without codes.
    pub fn grid(&self) -> Option<([usize; 2], usize)> {
        self.model.grid().map(|grid| (grid.sides, grid.codebook.size()))
    }

    /// The codes of images `[batch, pixels]`: `[batch, cells]`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn codes(&self, images: &[f32]) -> Result<Vec<u32>> {
        let grid = self.the_grid()?;
        let count = check_images(images, self.image(), self.most_images())?;
        let weights = self.frozen();
        let mut codes = Vec::with_capacity(count * grid.cells());
        for chunk in images.chunks(self.images_at_once(Stage::Codes) * self.pixels()) {
            let rows = self.rows(chunk.to_vec(), chunk.len() / self.pixels());
            let said = self.model.encode(&weights, rows).mean;
            codes.extend(self.read_codes(grid, &weights, said).await?);
        }
        Ok(codes)
    }

    /// Images `[batch, pixels]` of codes `[batch, cells]`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn decode_codes(&self, codes: &[u32]) -> Result<Vec<f32>> {
        let grid = self.the_grid()?;
        let count = check_codes(codes, grid.cells(), grid.codebook.size(), self.most_images())?;
        let weights = self.frozen();
        let mut images = Vec::with_capacity(count * self.pixels());
        for chunk in codes.chunks(self.images_at_once(Stage::Codes) * grid.cells()) {
            let vectors = grid.vectors(&weights, self.ones(grid, chunk));
            images.extend(read_answer(self.model.decode(&weights, vectors)).await?);
        }
        Ok(images)
    }

    /// Images `[batch, pixels]` of the vectors of cells `[batch, cells * D]`, which need not be the codebook's.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn decode_vectors(&self, vectors: &[f32]) -> Result<Vec<f32>> {
        self.the_grid()?;
        self.decode(vectors).await
    }

    /// The vectors that cells may take, `[K, D]`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn codebook(&self) -> Result<Vec<f32>> {
        read_answer(self.the_grid()?.codebook.vectors(&self.frozen())).await
    }

    /// Codes of what was said of cells, `[batch, cells]`.
    pub(super) async fn read_codes(&self, grid: &Grid, weights: &Weights, said: Tensor<2>) -> Result<Vec<u32>> {
        let size = grid.codebook.size();
        let scores = read_answer(grid.scores(weights, said)).await?;
        let best = |scores: &[f32]| {
            let better = |best: usize, index: usize| if scores[index] > scores[best] { index } else { best };
            (1..size).fold(0, better) as u32
        };
        Ok(scores.chunks_exact(size).map(best).collect())
    }

    /// The same as ones among K, which stay on the device: `[batch * cells, K]`.
    pub(super) fn choose(&self, grid: &Grid, weights: &Weights, images: &[f32]) -> Tensor<2> {
        let rows = self.rows(images.to_vec(), images.len() / self.pixels());
        grid.choose(weights, self.model.encode(weights, rows).mean)
    }

    /// Codes as ones among K, `[cells, K]`.
    pub(super) fn ones(&self, grid: &Grid, codes: &[u32]) -> Tensor<2> {
        let size = grid.codebook.size();
        let mut ones = vec![0.0; codes.len() * size];
        for (row, &code) in ones.chunks_exact_mut(size).zip(codes) {
            row[code as usize] = 1.0;
        }
        upload_rows(ones, codes.len(), &self.device)
    }

    pub(super) fn the_grid(&self) -> Result<&Grid> {
        self.model.grid().ok_or_else(|| {
            Error::input("this model has no codes; take a family such as \"vq_vae\", or a preset such as \"E14\"")
        })
    }
}
