//! Every loss and every layer against finite differences.

mod support;

use burn::tensor::{Device, Tensor, TensorData};
use latent_lab::loss::{bernoulli, cross_entropy, draw, gaussian, gumbel_softmax, kl, kl_from_uniform, presence};
use latent_lab::model::blocks::{Conv, Linear, Padding, TransposedConv};
use latent_lab::model::candidates::{Chosen, log_likelihood, painted_twice};
use latent_lab::model::causal::Causal;
use latent_lab::model::layout::Init;
use latent_lab::model::placement::Placement;
use latent_lab::model::prior::{Prior, PriorConfig};
use latent_lab::model::{Batch, Layout, ModelConfig, Network, Place, Weights};
use latent_lab::rng::{Rng, Stream};
use support::gauss;

/// Half the step of a central difference: large enough for f32, small enough not to step over the kinks of ReLU.
const STEP: f32 = 2e-3;

fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::flex())
}

fn number(loss: Tensor<1>) -> f32 {
    loss.into_scalar::<f32>()
}

/// Compares the gradient of `loss` at `at` with central differences, relative to the largest entry.
fn assert_gradient(name: &str, at: &[f32], loss: impl Fn(Tensor<1>) -> Tensor<1>) {
    let leaf = tensor(at, [at.len()]).autodiff().require_grad();
    let gradients = loss(leaf.clone()).backward();
    let exact: Vec<f32> = leaf.grad(&gradients).unwrap().into_data().try_into_vec().unwrap();
    let scale = exact.iter().fold(1e-3_f32, |largest, g| largest.max(g.abs()));
    // A few dozen entries spread over the vector tell as much as all of them.
    for index in (0..at.len()).step_by(at.len().div_ceil(40)) {
        let moved = |by: f32| {
            let mut values = at.to_vec();
            values[index] += by;
            number(loss(tensor(&values, [values.len()])))
        };
        let difference = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
        assert!(
            (difference - exact[index]).abs() < 0.01 * scale,
            "{name}[{index}]: {} by the chain rule, {difference} by differences",
            exact[index]
        );
    }
}

/// Checks a layer with respect to its input and to its weights; the loss is a weighted sum.
fn assert_layer<const I: usize, const O: usize>(
    name: &str,
    layout: &Layout,
    input: [usize; I],
    forward: impl Fn(&Weights, Tensor<I>) -> Tensor<O>,
) {
    let weights = gauss(layout.len(), 1);
    let x = gauss(input.iter().product(), 2);
    let score = |output: Tensor<O>| {
        let flat = output.clone().reshape([output.shape().num_elements()]);
        let importance = tensor(&gauss(flat.dims()[0], 3), flat.dims());
        (flat * importance).sum()
    };
    assert_gradient(&format!("{name} input"), &x, |values| {
        let frozen = Weights::frozen(layout, &tensor(&weights, [weights.len()]));
        score(forward(&frozen, values.reshape(input)))
    });
    if !layout.is_empty() {
        assert_gradient(&format!("{name} weights"), &weights, |values| {
            score(forward(&Weights::frozen(layout, &values), tensor(&x, input)))
        });
    }
}

#[test]
fn the_bernoulli_loss_has_the_gradient_of_its_value() {
    let images: Vec<f32> = (0..12).map(|i| i as f32 / 11.0).collect();
    assert_gradient("bernoulli", &gauss(12, 4), |logits| {
        bernoulli(logits.reshape([3, 4]), tensor(&images, [3, 4]))
    });
}

#[test]
fn the_bernoulli_loss_has_its_gradient_at_logits_of_zero_too() {
    let images: Vec<f32> = (0..12).map(|i| i as f32 / 11.0).collect();
    assert_gradient("bernoulli at zero", &[0.0; 12], |logits| {
        bernoulli(logits.reshape([3, 4]), tensor(&images, [3, 4]))
    });
}

#[test]
fn the_gaussian_loss_has_the_gradient_of_its_value() {
    assert_gradient("gaussian", &gauss(12, 4), |pixels| {
        gaussian(pixels.reshape([3, 4]), tensor(&gauss(12, 5), [3, 4]), 0.7)
    });
}

#[test]
fn the_kl_has_the_gradient_of_its_value() {
    assert_gradient("kl", &gauss(16, 5), |both| kl(both.reshape([4, 4])));
}

#[test]
fn a_draw_has_the_gradient_of_its_value() {
    assert_gradient("draw", &gauss(16, 6), |both| {
        let noise = tensor(&gauss(8, 7), [4, 2]);
        let latents = draw(both.reshape([4, 4]), noise);
        (latents * tensor(&gauss(8, 8), [4, 2])).sum()
    });
}

#[test]
fn linear_has_the_gradient_of_its_value() {
    let mut layout = Layout::default();
    let layer = Linear::new(&mut layout, "l", 5, 3);
    assert_layer("linear", &layout, [2, 5], |weights, x| layer.forward(weights, x));
}

#[test]
fn convolutions_have_the_gradients_of_their_values() {
    for (stride, padding) in [(1, Padding::Same), (2, Padding::Same), (2, Padding::Valid)] {
        let mut layout = Layout::default();
        let layer = Conv::new(&mut layout, "c", [2, 3], stride, padding);
        let name = format!("conv, stride {stride}, {padding:?}");
        assert_layer(&name, &layout, [2, 2, 7, 6], |weights, x| layer.forward(weights, x));
    }
}

#[test]
fn transposed_convolutions_have_the_gradients_of_their_values() {
    let mut layout = Layout::default();
    let layer = TransposedConv::new(&mut layout, "t", [2, 3]);
    assert_layer("transposed conv", &layout, [2, 2, 4, 3], |weights, x| {
        layer.forward(weights, x)
    });
}

#[test]
fn a_shuffled_convolution_has_the_gradients_of_its_values() {
    let mut layout = Layout::default();
    let layer = Conv::new(&mut layout, "c", [2, 8], 1, Padding::Same).shuffled();
    assert_layer("shuffled", &layout, [2, 2, 4, 3], |weights, x| {
        layer.forward(weights, x)
    });
}

#[test]
fn causal_convolutions_have_the_gradients_of_their_values() {
    for before in [0, 1] {
        let mut layout = Layout::default();
        let layer = Causal::above(&mut layout, "a", [2, 3], before);
        assert_layer("above", &layout, [2, 2, 4, 3], |weights, x| layer.forward(weights, x));
        let mut layout = Layout::default();
        let layer = Causal::left(&mut layout, "l", [2, 3], before);
        assert_layer("left", &layout, [2, 2, 4, 3], |weights, x| layer.forward(weights, x));
    }
}

#[test]
fn losses_of_codes_have_the_gradients_of_their_values() {
    assert_gradient("kl from uniform", &gauss(12, 4), |logits| {
        kl_from_uniform(logits.reshape([3, 4]), 3)
    });
    assert_gradient("relaxed choice", &gauss(12, 5), |logits| {
        let relaxed = gumbel_softmax(logits.reshape([3, 4]), tensor(&gauss(12, 6), [3, 4]), 0.7);
        (relaxed * tensor(&gauss(12, 7), [3, 4])).sum()
    });
}

#[test]
fn a_prior_has_the_gradient_of_its_loss() {
    let config = PriorConfig {
        channels: 4,
        layers: 3,
        classes: 2,
        ..PriorConfig::default()
    };
    let prior = Prior::new(&config, 5, [3, 4]);
    let layout = prior.layout();
    let codes = (0..24).map(|cell| (cell * 7 + cell / 5) % 5);
    let ones: Vec<f32> = codes
        .flat_map(|code| (0..5).map(move |at| f32::from(at == code)))
        .collect();
    let choices = tensor(&ones, [24, 5]);
    let classes = tensor(&[1.0, 0.0, 0.0, 0.0, 0.0, 1.0], [2, 3]);
    assert_gradient(
        "prior",
        &layout.initialize(&mut Rng::new(1, Stream::Weights)),
        |values| {
            let weights = Weights::frozen(layout, &values);
            cross_entropy(prior.forward(&weights, choices.clone(), &classes), choices.clone(), 2)
        },
    );
}

/// Away from whole pixels, where the place of a patch has kinks.
#[test]
fn placing_has_the_gradients_of_its_values() {
    let placement = Placement { canvas: 6, patch: 3 };
    let mut layout = Layout::default();
    layout.add("none".into(), [1], Init::Zeros);
    let weights = Weights::frozen(&layout, &tensor(&[0.0], [1]));
    let (patches, canvases) = (gauss(2 * 9, 4), gauss(2 * 36, 5));
    let centres = [2.3, 1.6, 3.7, 2.2];
    let importance = |length| tensor(&gauss(length, 6), [2, length / 2]);
    let placed = |patches: Tensor<1>, centres: Tensor<1>| {
        let placed = placement.place(&weights, patches.reshape([2, 9]), centres.reshape([2, 2]));
        (placed * importance(72)).sum()
    };
    let cropped = |canvases: Tensor<1>, centres: Tensor<1>| {
        let cropped = placement.crop(&weights, canvases.reshape([2, 36]), centres.reshape([2, 2]));
        (cropped * importance(18)).sum()
    };
    let fixed = |values: &[f32]| tensor(values, [values.len()]);
    assert_gradient("placed patches", &patches, |x| placed(x, fixed(&centres)));
    assert_gradient("places", &centres, |x| placed(fixed(&patches), x));
    assert_gradient("cropped canvases", &canvases, |x| cropped(x, fixed(&centres)));
    assert_gradient("places of crops", &centres, |x| cropped(fixed(&canvases), x));
}

#[test]
fn joining_and_presence_have_the_gradients_of_their_values() {
    let ink: Vec<f32> = gauss(2 * 3 * 4, 7).iter().map(|x| 0.5 + 0.2 * x.tanh()).collect();
    let targets: Vec<f32> = gauss(2 * 4, 8).iter().map(|x| x.abs().min(1.0)).collect();
    assert_gradient("ink", &ink, |x| {
        let ink = x.reshape([2, 3, 4]);
        log_likelihood(&ink, tensor(&targets, [2, 4])).sum() + painted_twice(ink)
    });
    let logits = gauss(2 * 5, 11);
    assert_gradient("cost of presence", &logits, |x| presence(x.reshape([2, 5]), 3.0));
    let noise = gauss(2 * 5, 12);
    assert_gradient("relaxed presence", &logits, |x| {
        let chosen = Chosen::by_presence(&x.reshape([2, 5]), Some(tensor(&noise, [2, 5])), 3);
        let weight = |seed| tensor(&gauss(6, seed), [6, 1]);
        (chosen.paints(weight(13)) + chosen.expects(weight(14))).sum()
    });
}

#[test]
fn whole_models_have_the_gradients_of_their_losses() {
    let configs = [
        r#"{"family":"ae","encoder":{"kind":"dense","hidden":[]},"latent":2,"code":"relu","image":[4,4]}"#,
        r#"{"family":"ae","encoder":{"kind":"dense","hidden":[6]},"latent":2,"image":[4,4],"likelihood":"gaussian",
            "output":"linear","sigma_x":0.5}"#,
        r#"{"family":"vae","encoder":{"kind":"conv","channels":[3,4]},"head":"pooled","latent":2,"image":[8,8],
            "likelihood":"gaussian"}"#,
        r#"{"family":"vae","encoder":{"kind":"dense","hidden":[6,5]},"latent":2,"image":[4,4],"output_bias":"map"}"#,
        r#"{"family":"vae","encoder":{"kind":"conv","channels":[3,4]},"latent":2,"image":[8,8],"output_bias":"map"}"#,
        r#"{"family":"vae","encoder":{"kind":"conv","channels":[3],"padding":"valid"},"latent":2,"image":[8,8],
            "decoder":{"kind":"conv","channels":[3,4,2],"upsample":"transposed"}}"#,
        r#"{"family":"objects","channels":[3,4,4],"glimpse":[6],"hidden":[5],"latent":2,"image":[40,40]}"#,
        r#"{"family":"dvae","encoder":{"kind":"conv","channels":[3,4]},"codebook":{"size":5,"dimension":3},"image":[8,8]}"#,
    ];
    for json in configs {
        let config = ModelConfig::from_json(json).unwrap();
        let [height, width] = config.common().image;
        let model = config.family().init();
        let images: Vec<f32> = gauss(2 * height * width, 9).iter().map(|x| x.abs().min(1.0)).collect();
        let noise = gauss(2 * model.space().noise().width(), 10);
        assert_gradient(
            json,
            &model.layout().initialize(&mut Rng::new(1, Stream::Weights)),
            |values| {
                let weights = Weights::frozen(model.layout(), &values);
                let targets = tensor(&images, [2, height * width]);
                let batch = Batch {
                    targets,
                    corrupted: None,
                    noise: (!noise.is_empty()).then(|| tensor(&noise, [2, noise.len() / 2])),
                    place: Place::whole(2),
                };
                // As for a look, so that what is relaxed is so at its last temperature.
                model.loss(&weights, batch, None).terms.loss(0.7)
            },
        );
    }
}
