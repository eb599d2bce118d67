//! Losses and layers against values of other programs.

mod support;

use burn::tensor::{Device, Tensor};
use latent_lab::loss::{bernoulli, draw, gaussian, kl};
use latent_lab::model::blocks::TransposedConv;
use latent_lab::model::{Layout, Weights};
use latent_lab::ops::{Convolution, convolution};

fn rows<const N: usize>(values: [[f32; N]; 2]) -> Tensor<2> {
    Tensor::from_data(values, &Device::flex())
}

fn number(loss: Tensor<1>) -> f32 {
    loss.into_scalar::<f32>()
}

#[test]
fn the_bernoulli_loss_is_the_summed_cross_entropy_over_the_batch() {
    // In Python, through the probabilities: sum(-x * log(p) - (1 - x) * log(1 - p)) / 2 with p = 1 / (1 + exp(-logit)).
    let logits = rows([[0.0, 2.0, -1.0], [3.0, -0.5, 1.0]]);
    let images = rows([[0.0, 1.0, 0.5], [0.25, 0.0, 1.0]]);
    assert!((number(bernoulli(logits, images)) - 2.359631).abs() < 1e-5);
}

#[test]
fn the_bernoulli_loss_stays_finite_at_any_logit() {
    let images = rows([[1.0, 0.0], [0.0, 1.0]]);
    let right = rows([[1e4, -1e4], [-1e4, 1e4]]);
    assert_eq!(number(bernoulli(right.clone(), images.clone())), 0.0);
    assert_eq!(number(bernoulli(right.neg(), images)), 2e4);
}

#[test]
fn the_gaussian_loss_is_the_squared_error_over_twice_the_variance() {
    // In Python: sum((x - y) ** 2) / (2 * 0.5 ** 2) / 2.
    let pixels = rows([[0.0, 0.5, 1.0], [0.25, 0.0, 1.0]]);
    let images = rows([[0.5, 0.5, 0.0], [0.25, 1.0, 1.0]]);
    assert!((number(gaussian(pixels, images, 0.5)) - 2.25).abs() < 1e-6);
}

#[test]
fn the_kl_is_that_of_two_gaussians() {
    // In Python: sum((m * m + exp(v) - v - 1) / 2) / 2.
    let (mean, log_variance) = ([[0.0, 1.0], [-2.0, 0.5]], [[0.0, -1.0], [0.5, 2.0]]);
    let both = [0, 1].map(|row| [mean[row][0], mean[row][1], log_variance[row][0], log_variance[row][1]]);
    assert!((number(kl(rows(both))) - 2.538914).abs() < 1e-5);
}

#[test]
fn the_kl_of_the_prior_is_zero() {
    assert_eq!(number(kl(rows([[0.0; 6]; 2]))), 0.0);
}

#[test]
fn a_draw_is_mean_plus_deviation_times_noise() {
    let log_variance = 2.0 * 3.0_f32.ln();
    let both = rows([[1.0, log_variance], [2.0, log_variance]]);
    let latents = draw(both, rows([[0.5], [-1.0]]));
    let found: Vec<f32> = latents.into_data().try_into_vec().unwrap();
    assert!(
        (found[0] - 2.5).abs() < 1e-5 && (found[1] + 1.0).abs() < 1e-5,
        "{found:?}"
    );
}

#[test]
fn a_transposed_convolution_is_that_of_tensorflow() {
    // tf.nn.conv2d_transpose(x, w, [1, 4, 4, 1], strides=2, padding="SAME"), by hand: each input pixel adds
    // its copy of the kernel, two rows and columns apart; the last row and column fall off.
    let mut layout = Layout::default();
    let layer = TransposedConv::new(&mut layout, "t", [1, 1]);
    let vector = Tensor::<1>::from_data([1., 2., 3., 4., 5., 6., 7., 8., 9., 0.], &Device::flex());
    let x = Tensor::<4>::from_data([[[[1.0, 2.0], [3.0, 4.0]]]], &Device::flex());
    let found: Vec<f32> = layer
        .forward(&Weights::frozen(&layout, &vector), x)
        .into_data()
        .try_into_vec()
        .unwrap();
    let expected = [
        1., 2., 5., 4., //
        4., 5., 14., 10., //
        10., 14., 36., 24., //
        12., 15., 34., 20.,
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_pixel_shuffle_of_a_convolution_is_that_of_pytorch() {
    // torch.pixel_shuffle(torch.arange(16.).reshape(1, 4, 2, 2), 2), by its definition:
    // output[c, 2 h + i, 2 w + j] = input[4 c + 2 i + j, h, w].
    let x = Tensor::<1>::from_data(std::array::from_fn::<f32, 16, _>(|i| i as f32), &Device::flex());
    // A convolution that changes nothing else: each channel is itself.
    let same = std::array::from_fn::<f32, 16, _>(|i| if i % 5 == 0 { 1.0 } else { 0.0 });
    let weight = Tensor::<1>::from_data(same, &Device::flex()).reshape([4, 4, 1, 1]);
    let shuffled = Convolution {
        map: [2, 2],
        stride: 1,
        before: [0, 0],
        relu: false,
        shuffle: true,
    };
    let found: Vec<f32> = convolution::forward(x.reshape([1, 4, 2, 2]), weight, None, shuffled)
        .into_data()
        .try_into_vec()
        .unwrap();
    let expected = [0., 4., 1., 5., 8., 12., 9., 13., 2., 6., 3., 7., 10., 14., 11., 15.];
    assert_eq!(found, expected);
}
