//! The prior over codes, and what is refused of it.

mod support;

use burn::tensor::Device;
use burn::tensor::activation::softmax;
use latent_lab::ErrorKind;
use latent_lab::checkpoint::{Checkpoint, Precision};
use latent_lab::model::causal::Causal;
use latent_lab::model::prior::{Prior, PriorConfig};
use latent_lab::model::{Latents, Layout, Network, Weights};
use latent_lab::rng::{Rng, Stream};
use latent_lab::train::{PriorSettings, SampleSettings, Session};
use support::codes::{CELLS, SIZE, SMALL, Stage, assert_near, codes_of, images, small, tensor, train, trained, values};
use support::{digits, now};

#[test]
fn a_causal_convolution_is_one_with_a_masked_kernel() {
    let x = tensor(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], [1, 1, 3, 3]);
    let apply = |layer: fn(&mut Layout) -> Causal, kernel: &[f32]| {
        let mut layout = Layout::default();
        let layer = layer(&mut layout);
        let weights = [kernel, &[0.0]].concat();
        values(layer.forward(&Weights::frozen(&layout, &tensor(&weights, [weights.len()])), x.clone()))
    };
    // In Python, by loops: a kernel of 3 x 3 whose lower row is masked.
    let above = [1.0, -1.0, 2.0, 0.5, 3.0, -2.0];
    let expected = [-1.0, 0.5, 10.0, 5.0, 10.0, 19.5, 11.0, 20.5, 30.0];
    assert_eq!(apply(|layout| Causal::above(layout, "a", [1, 1], 0), &above), expected);
    // The same a row further up: its own row is masked too.
    let expected = [0.0, 0.0, 0.0, -1.0, 0.5, 10.0, 5.0, 10.0, 19.5];
    assert_eq!(apply(|layout| Causal::above(layout, "a", [1, 1], 1), &above), expected);
    // A kernel of 1 x 3 whose right is masked, and one of 1 x 5 whose middle is masked too.
    let expected = [3.0, 6.5, 10.0, 12.0, 17.0, 20.5, 21.0, 27.5, 31.0];
    assert_eq!(
        apply(|layout| Causal::left(layout, "l", [1, 1], 0), &[0.5, 3.0]),
        expected
    );
    let expected = [0.0, 3.0, 6.5, 0.0, 12.0, 17.0, 0.0, 21.0, 27.5];
    assert_eq!(
        apply(|layout| Causal::left(layout, "l", [1, 1], 1), &[0.5, 3.0]),
        expected
    );
}

#[test]
fn a_later_cell_never_changes_what_is_said_of_an_earlier_one() {
    const SIDES: [usize; 2] = [4, 5];
    let cells = SIDES[0] * SIDES[1];
    let prior = Prior::new(&PriorConfig::default(), SIZE, SIDES);
    let layout = prior.layout();
    let weights = tensor(&layout.initialize(&mut Rng::new(1, Stream::Weights)), [layout.len()]);
    let classes = tensor(
        &{
            let mut any = [0.0; 11];
            any[10] = 1.0;
            any
        },
        [1, 11],
    );
    let logits = |codes: &[usize]| {
        let ones: Vec<f32> = codes
            .iter()
            .flat_map(|&code| (0..SIZE).map(move |at| f32::from(at == code)))
            .collect();
        let weights = Weights::frozen(layout, &weights);
        values(prior.forward(&weights, tensor(&ones, [cells, SIZE]), &classes))
    };
    let codes: Vec<usize> = (0..cells).map(|cell| (cell * 3) % SIZE).collect();
    let before = logits(&codes);
    for cell in 0..cells {
        let mut other = codes.clone();
        other[cell] = (other[cell] + 1) % SIZE;
        let after = logits(&other);
        let end = (cell + 1) * SIZE;
        assert!(before[..end] == after[..end], "cell {cell} is seen too early");
        // Every later cell of its row and of the next one sees it: there is no blind spot.
        let seen = |at: usize| before[at * SIZE..(at + 1) * SIZE] != after[at * SIZE..(at + 1) * SIZE];
        let blind = (cell + 1..cells).find(|&at| !seen(at));
        assert_eq!(blind, None, "cell {cell} is not seen by this one");
    }
}

#[test]
fn samples_are_drawn_from_what_the_prior_says() {
    let trainer = trained();
    let settings = SampleSettings {
        seed: 3,
        label: Some(2),
        ..SampleSettings::default()
    };
    let drawn = now(trainer.sample_codes(3, &settings)).unwrap();
    assert_eq!(
        (drawn.codes.len(), drawn.probabilities.len()),
        (3 * CELLS, 3 * CELLS * SIZE)
    );
    assert_eq!(now(trainer.sample_codes(3, &settings)).unwrap(), drawn);
    assert!(
        now(trainer.sample_codes(
            3,
            &SampleSettings {
                seed: 4,
                ..settings.clone()
            }
        ))
        .unwrap()
            != drawn
    );
    assert!(
        now(trainer.sample_codes(
            3,
            &SampleSettings {
                label: None,
                ..settings.clone()
            }
        ))
        .unwrap()
        .probabilities
            != drawn.probabilities
    );

    // All at once, of the codes that were drawn, it says the same of each cell as it did one by one.
    let checkpoint = now(trainer.checkpoint()).unwrap();
    let (prior, _) = checkpoint.config.family().prior().unwrap();
    let weights = checkpoint.prior.unwrap().weights;
    let weights = Weights::frozen(prior.layout(), &tensor(&weights, [weights.len()]));
    let ones: Vec<f32> = drawn
        .codes
        .iter()
        .flat_map(|&code| (0..SIZE).map(move |at| f32::from(at == code as usize)))
        .collect();
    let classes = tensor(&[0.0, 0.0, 1.0, 0.0, 0.0].repeat(3), [3, 5]);
    let logits = prior.forward(&weights, tensor(&ones, [3 * CELLS, SIZE]), &classes);
    assert_near(&drawn.probabilities, &values(softmax(logits, 1)));
}

#[test]
fn what_is_known_stays_and_the_rest_is_drawn() {
    let trainer = trained();
    let known = vec![Some(4), None, Some(1), None];
    let settings = SampleSettings {
        known: Some(known),
        ..SampleSettings::default()
    };
    let drawn = now(trainer.sample_codes(40, &settings)).unwrap().codes;
    assert!(drawn.chunks(CELLS).all(|grid| (grid[0], grid[2]) == (4, 1)));
    assert!(drawn.chunks(CELLS).any(|grid| grid[1] != drawn[1]));
}

#[test]
fn the_prior_learns_and_leaves_the_codes_alone() {
    let mut trainer = small(SMALL);
    train(&mut trainer, Stage::Codes, 25);
    let before = now(trainer.checkpoint()).unwrap();
    let codes = codes_of(&trainer, &images(4));
    let nats = train(&mut trainer, Stage::Prior, 60);
    assert!(nats[59] < 0.7 * nats[0], "{nats:?}");
    let after = now(trainer.checkpoint()).unwrap();
    assert!(before.model == after.model);
    assert!(before.prior != after.prior);
    assert_eq!(codes_of(&trainer, &images(4)), codes);
    assert_eq!((trainer.step_count(), trainer.prior_steps()), (25, Some(60)));
    let evaluated = now(trainer.evaluate_prior(&images(4), Some(&[0, 1, 2, 3]))).unwrap();
    assert!(evaluated < nats[0], "{evaluated}");
    // And the codes go on without moving the prior.
    train(&mut trainer, Stage::Codes, 1);
    assert!(now(trainer.checkpoint()).unwrap().prior == after.prior);
}

#[test]
fn a_run_of_either_stage_goes_on_from_its_file() {
    for stage in [Stage::Codes, Stage::Prior] {
        let mut whole = trained();
        let mut first = trained();
        let expected = train(&mut whole, stage, 6);
        let mut found = train(&mut first, stage, 3);
        let file = now(first.checkpoint()).unwrap().to_bytes(Precision::Full).unwrap();
        let mut second = Session::resume(Checkpoint::from_bytes(&file).unwrap(), &Device::flex()).unwrap();
        found.extend(train(&mut second, stage, 3));
        assert_eq!(found, expected, "{stage:?}");
        assert!(
            now(second.checkpoint()).unwrap() == now(whole.checkpoint()).unwrap(),
            "{stage:?}"
        );
    }
}

#[test]
fn what_codes_cannot_do_is_refused_and_changes_nothing() {
    let mut fresh = small(SMALL);
    let prior = PriorSettings::default();
    let refused = |result: Result<(), latent_lab::Error>, words: &str| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    };
    let before = now(fresh.checkpoint()).unwrap();
    refused(
        now(fresh.step_prior(&images(2), &prior)).map(drop),
        "train the stage \"codes\" first",
    );
    refused(
        now(fresh.sample(1, &SampleSettings::default())).map(drop),
        "train the stage \"codes\" first",
    );
    assert!(now(fresh.checkpoint()).unwrap() == before);

    let mut half = small(SMALL);
    train(&mut half, Stage::Codes, 1);
    refused(
        now(half.sample(1, &SampleSettings::default())).map(drop),
        "train the stage \"prior\" first",
    );

    let mut trainer = trained();
    let before = now(trainer.checkpoint()).unwrap();
    for (latents, words) in [
        (Latents::Codes(vec![5, 0, 0, 0]), "0 to 4"),
        (Latents::Codes(vec![0; 5]), "[batch, 4]"),
        (Latents::Codes(Vec::new()), "[batch, 4]"),
        (Latents::Vectors(vec![0.0; 13]), "[batch, 12]"),
        (Latents::Point(vec![0.0; 13]), "{ codes }, [batch, 4]"),
    ] {
        refused(now(trainer.decode(&latents)).map(drop), words);
    }
    let with = |change: fn(&mut SampleSettings)| {
        let mut settings = SampleSettings::default();
        change(&mut settings);
        now(trainer.sample_codes(1, &settings)).map(drop)
    };
    refused(with(|s| s.temperature = 0.0), "temperature is 0");
    refused(with(|s| s.label = Some(4)), "0 to 3");
    refused(
        with(|s| s.known = Some(vec![None; 3])),
        "known has 3 cells; give one grid of 4",
    );
    refused(with(|s| s.known = Some(vec![None; 8])), "one grid of 4");
    refused(with(|s| s.known = Some(vec![Some(5), None, None, None])), "0 to 4");
    for labels in [vec![0], vec![0, 4]] {
        let settings = PriorSettings {
            labels: Some(labels),
            ..prior.clone()
        };
        refused(now(trainer.step_prior(&images(2), &settings)).map(drop), "label");
    }
    assert!(now(trainer.checkpoint()).unwrap() == before);

    let mut plain = support::trainer("E1", 1);
    refused(now(plain.codebook()).map(drop), "no codes");
    refused(now(plain.decode(&Latents::Codes(vec![0; 49]))).map(drop), "no codes");
    refused(now(plain.step_prior(&digits(1), &prior)).map(drop), "no codes");
    let without = SMALL.split(r#","prior""#).next().unwrap().to_string() + "}";
    refused(
        now(small(&without).step_prior(&images(2), &prior)).map(drop),
        "no prior",
    );
}
