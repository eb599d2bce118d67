//! Codes: the quantiser, its codebook, and configurations that are refused.

mod support;

use burn::tensor::Tensor;
use latent_lab::ErrorKind;
use latent_lab::loss::{cross_entropy, distance, gumbel_softmax, highest, kl_from_uniform};
use latent_lab::model::codebook::{Codebook, CodebookConfig, Update};
use latent_lab::model::vq_vae::VqVae;
use latent_lab::model::{Choice, LatentSpace, Latents, Layout, ModelConfig, Network, Place, Weights};
use latent_lab::rng::{Rng, Stream};
use latent_lab::train::{Given, Session, StepSettings};
use support::codes::{CELLS, SMALL, assert_near, codes_of, images, number, small, tensor, values};
use support::{digits, gauss, now};

#[test]
fn losses_of_codes_are_those_of_other_programs() {
    let logits = tensor(&[0.0, 2.0, -1.0, 3.0, -0.5, 1.0], [2, 3]);
    // In Python, with q = softmax(logits): sum(q * log(q)) / 2 + log(3).
    assert_near(&[number(kl_from_uniform(logits.clone(), 2))], &[0.598_435_2]);
    // And -(log(q[0][1]) + log(q[1][0])) / 2.
    let choices = tensor(&[0.0, 1.0, 0.0, 1.0, 0.0, 0.0], [2, 3]);
    assert_near(&[number(cross_entropy(logits.clone(), choices, 2))], &[0.161_512_1]);
    // And softmax((logits[0] + [0.3, -0.2, 1.1]) / 0.5).
    let relaxed = gumbel_softmax(logits.narrow(0, 0, 1), tensor(&[0.3, -0.2, 1.1], [1, 3]), 0.5);
    assert_near(&values(relaxed), &[0.045_964_63, 0.923_224_35, 0.030_811_02]);
    // (1 + 4 + 0 + 9) / 2.
    let (a, b) = (
        tensor(&[1.0, 2.0, 3.0, 4.0], [2, 2]),
        tensor(&[0.0, 4.0, 3.0, 1.0], [2, 2]),
    );
    assert_near(&[number(distance(a, b, 2))], &[7.0]);
}

#[test]
fn the_nearest_vector_is_taken_and_equal_ones_share() {
    let mut layout = Layout::default();
    let config = CodebookConfig {
        size: 3,
        dimension: 2,
        ..CodebookConfig::default()
    };
    let codebook = Codebook::new(&mut layout, &config, false);
    let weights = Weights::frozen(&layout, &tensor(&[0.0, 0.0, 1.0, 1.0, 5.0, 0.0], [6]));
    let rows = tensor(&[0.4, 0.3, 0.9, 0.2, 3.1, -1.0, 0.5, 0.5], [4, 2]);
    let taken = values(highest(codebook.nearness(&weights, rows)));
    assert_eq!(taken[..3], [1.0, 0.0, 0.0]);
    assert_eq!(taken[3..6], [0.0, 1.0, 0.0]);
    assert_eq!(taken[6..9], [0.0, 0.0, 1.0]);
    assert_eq!(taken[9..], [0.5, 0.5, 0.0]);
}

#[test]
fn the_gradient_passes_straight_through_the_choice() {
    let config = ModelConfig::from_json(&SMALL.replace("average", "gradient")).unwrap();
    let ModelConfig::VqVae(config) = config else {
        panic!("a VQ-VAE");
    };
    let model = VqVae::new(&config);
    let grid = &model.0;
    let vector = model.layout().initialize(&mut Rng::new(2, Stream::Weights));
    let weights = Weights::trainable(model.layout(), &tensor(&vector, [vector.len()]));
    let targets = tensor(&images(2), [2, 64]).autodiff();
    let z_e = tensor(&gauss(2 * CELLS * 3, 5), [2 * CELLS, 3])
        .autodiff()
        .require_grad();
    let term = |name: &str| {
        let terms = model.loss_terms(&weights, z_e.clone(), targets.clone());
        terms.get(name).unwrap().clone()
    };
    let gradient = |loss: Tensor<1>| z_e.grad(&loss.backward()).map(values);

    // Of the reconstruction: that of the vectors that the decoder saw (van den Oord et al. 2017, section 3.2).
    let choices = grid.choose(&weights, z_e.clone());
    let z_q = grid.vectors(&weights, choices).inner();
    let seen = z_q.clone().autodiff().require_grad();
    let direct = grid.reconstruction(&weights, seen.clone(), targets.clone());
    let direct = direct.get("reconstruction").unwrap().clone();
    assert_near(
        &[number(term("reconstruction").inner())],
        &[number(direct.clone().inner())],
    );
    let direct = values(seen.grad(&direct.backward()).unwrap());
    assert!(direct.iter().any(|g| g.abs() > 1e-3), "{direct:?}");
    assert_near(&gradient(term("reconstruction")).unwrap(), &direct);

    // The commitment draws z_e to its vector, the codebook's own term does not touch it.
    let difference: Vec<f32> = values(z_e.clone().inner())
        .iter()
        .zip(values(z_q))
        .map(|(a, b)| a - b)
        .collect();
    assert_near(&gradient(term("commitment")).unwrap(), &difference);
    assert!(gradient(term("codebook")).is_none_or(|g| g.iter().all(|g| *g == 0.0)));
    assert_eq!(number(term("codebook").inner()), number(term("commitment").inner()));
    // And the vectors follow their own term alone.
    let range = model
        .layout()
        .parameters()
        .iter()
        .find(|p| p.name == "codebook.vectors")
        .unwrap()
        .range
        .clone();
    let moved = |loss: Tensor<1>| values(weights.gradient(&loss))[range.clone()].iter().any(|g| *g != 0.0);
    assert!(moved(term("codebook")));
    assert!(!moved(term("commitment")) && !moved(term("reconstruction")));
}

/// A codebook of two numbers, `[0]` and `[10]`, after batches of two images of two cells each.
fn followed(config: CodebookConfig, batches: &[[f32; 4]]) -> Vec<f32> {
    let mut layout = Layout::default();
    let codebook = Codebook::new(&mut layout, &config, true);
    let mut weights = vec![0.0; layout.len()];
    weights[1] = 10.0;
    let mut vector = tensor(&weights, [layout.len()]);
    for batch in batches {
        let rows = tensor(batch, [4, 1]);
        let choices = highest(codebook.nearness(&Weights::frozen(&layout, &vector), rows.clone()));
        let chosen = choices
            .clone()
            .matmul(codebook.vectors(&Weights::frozen(&layout, &vector)));
        let statistics = codebook.statistics(rows, chosen, choices, Place::whole(2));
        vector = codebook.follow(&layout, vector, statistics);
    }
    values(vector)
}

#[test]
fn vectors_follow_the_running_average_of_what_is_near_them() {
    let config = CodebookConfig {
        size: 2,
        dimension: 1,
        update: Update::Average,
        revive_after: 0,
    };
    let all = followed(config, &[[1.0, 2.0, 3.0, 9.0]]);
    // In Python: uses = [0.01 * 3 / 2, 0.01 / 2], sums = [0.01 * 6 / 2, 0.01 * 9 / 2],
    // vectors = (sums + 1e-5 * [0, 10]) / (uses + 1e-5).
    assert_near(&all, &[1.998_667_6, 9.001_996, 0.015, 0.005, 0.03, 0.045, 0.0, 0.0]);
}

#[test]
fn an_idle_vector_comes_back_where_the_encoder_speaks() {
    let config = |revive_after| CodebookConfig {
        size: 2,
        dimension: 1,
        update: Update::Gradient,
        revive_after,
    };
    let batches = [[1.0, 2.0, 3.0, 4.0]; 3];
    assert_eq!(followed(config(0), &batches)[..2], [0.0, 10.0]);
    assert_eq!(followed(config(4), &batches)[..2], [0.0, 10.0]);
    // The third idle step is one too many: the second vector becomes what is worst off in the batch's second half.
    assert_eq!(followed(config(3), &batches)[..2], [0.0, 4.0]);
    assert_eq!(followed(config(3), &batches)[6..], [0.0, 0.0]);
    assert_eq!(followed(config(4), &batches)[6..], [0.0, 3.0]);
}

#[test]
fn no_code_stays_dead_where_they_are_revived() {
    // Of those that none of the last steps used: what comes back may be out of work for a few.
    let dead = |json: &str| {
        let mut trainer = small(json);
        let mut used = [0.0; 16];
        for step in 0..80 {
            now(trainer.step(&images(32), &StepSettings::default())).unwrap();
            let evaluation = now(trainer.evaluate(&images(32), Given::default())).unwrap();
            let shares = evaluation.codes.unwrap().shares;
            if step >= 60 {
                used.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
            }
        }
        used.iter().filter(|share| **share == 0.0).count()
    };
    for update in ["gradient", "average"] {
        let config = |after: u32| {
            let codebook = format!(r#""size":16,"revive_after":{after},"update":"{update}""#);
            SMALL
                .replace(r#""size":5"#, &codebook)
                .replace(r#","update":"average"},"prior""#, r#"},"prior""#)
        };
        assert_eq!(dead(&config(5)), 0, "{update}");
        assert!(dead(&config(0)) > 0, "{update}: this run has dead codes without it");
    }
}

#[test]
fn gradients_and_uses_of_two_halves_are_those_of_the_whole() {
    let images = images(4);
    let after = |parts: &[&[f32]]| {
        let mut trainer = small(SMALL);
        let part =
            |trainer: &mut Session, images: &[f32]| trainer.gradients(images, &StepSettings::default()).unwrap().0;
        let share = 1.0 / parts.len() as f32;
        let all = parts.iter().map(|images| part(&mut trainer, images).scale(share));
        let gradient = all.reduce(std::ops::Add::add).unwrap();
        trainer.model.apply(gradient, 1e-3);
        now(trainer.checkpoint()).unwrap().model.weights
    };
    assert_near(&after(&[&images[..128], &images[128..]]), &after(&[&images]));
}

#[test]
fn a_digit_and_its_codes_are_images_of_each_other() {
    let mut trainer = small(r#"{"family":"vq_vae","encoder":{"kind":"conv","channels":[8,16]}}"#);
    now(trainer.step(&digits(8), &StepSettings::default())).unwrap();
    let codes = codes_of(&trainer, &digits(3));
    let space = LatentSpace::Grid {
        sides: [7, 7],
        codes: 64,
        dimension: 16,
        choice: Choice::Nearest,
    };
    assert_eq!((codes.len(), trainer.space()), (3 * 49, space));
    let made = now(trainer.decode(&Latents::Codes(codes.clone()))).unwrap();
    assert!(made == now(trainer.reconstruct(&digits(3))).unwrap());
    // The vectors themselves are decoded to the same.
    let codebook = now(trainer.codebook()).unwrap();
    assert_eq!(codebook.len(), 64 * 16);
    let vectors: Vec<f32> = codes
        .iter()
        .flat_map(|&code| &codebook[code as usize * 16..][..16])
        .copied()
        .collect();
    assert_near(&now(trainer.decode(&Latents::Vectors(vectors))).unwrap(), &made);
}

#[test]
fn configurations_of_codes_that_cannot_be_built_are_refused() {
    let cases = [
        (SMALL.replace(r#""size":5"#, r#""size":0"#), "size is 0"),
        (SMALL.replace(r#""size":5"#, r#""size":4000"#), "512"),
        (
            SMALL.replace(r#""dimension":3"#, r#""dimension":0.5"#),
            "dimension is 0.5",
        ),
        (SMALL.replace("average", "nearest"), "average"),
        (SMALL.replace("vq_vae", "dvae"), "leave it out"),
        (SMALL.replace(r#""layers":3"#, r#""layers":17"#), "16"),
        (
            SMALL.replace(r#""kind":"conv","channels":[4,6]"#, r#""kind":"dense","hidden":[4]"#),
            "conv",
        ),
        (
            SMALL.replace("[8,8],", r#"[8,8],"decoder":{"kind":"conv","channels":[6,4,3]},"#),
            "as many halvings",
        ),
        (SMALL.replace("[8,8],", r#"[8,8],"relaxation":{},"#), "dvae"),
        (SMALL.replace("[8,8],", r#"[8,8],"latent":4,"#), "latent"),
    ];
    for (json, words) in cases {
        let error = ModelConfig::from_json(&json).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidConfig, "{error}");
        assert!(error.to_string().contains(words), "{error} for {words}");
    }
}
