//! Steps that replicas compute: up to the bit those of the model alone.

mod support;

use burn::tensor::Device;
use latent_lab::ErrorKind;
use latent_lab::train::{Contribution, PriorSettings, Replica, Session, StepSettings, Work};
use support::{FAMILIES, now, padded, trainer};

/// A batch of several parts.
const BATCH: usize = 40;

fn replica_of(session: &Session) -> Replica {
    Replica::of_model(session.config().clone(), &Device::flex()).unwrap()
}

/// What a replica computes of the parts, the last one first.
fn contributions(replica: &Replica, work: &Work) -> Vec<Contribution> {
    let weights = replica.weights(work.weights.clone()).unwrap();
    let one = |part| now(replica.contribute(&weights, (work.step, work.beta), part)).unwrap();
    let mut found: Vec<_> = work.parts.iter().rev().map(one).collect();
    found.reverse();
    found
}

fn batch(session: &Session, count: usize) -> Vec<f32> {
    padded(count, session.config().common().image)
}

#[test]
fn every_family_takes_the_same_steps_by_replicas_and_alone() {
    for preset in FAMILIES {
        let (mut alone, mut together) = (trainer(preset, 3), trainer(preset, 3));
        let images = batch(&alone, BATCH);
        let replica = replica_of(&alone);
        for _ in 0..3 {
            let expected = now(alone.step(&images, &StepSettings::default())).unwrap().unwrap();
            let work = now(together.begin_step(&images, &StepSettings::default())).unwrap();
            let found = now(together.model.end_step(contributions(&replica, &work))).unwrap();
            assert_eq!(found, expected, "{preset}");
        }
        let (expected, found) = (now(alone.checkpoint()).unwrap(), now(together.checkpoint()).unwrap());
        assert!(found.model.weights == expected.model.weights, "{preset}");
        assert_eq!(together.step_count(), 3);
    }
}

#[test]
fn a_prior_takes_the_same_steps_by_replicas_and_alone() {
    let (mut alone, mut together) = (trainer("E17", 3), trainer("E17", 3));
    let images = batch(&alone, BATCH);
    let settings = PriorSettings {
        labels: Some((0..BATCH as u8).map(|image| image % 10).collect()),
        ..PriorSettings::default()
    };
    for session in [&mut alone, &mut together] {
        now(session.step(&images, &StepSettings::default())).unwrap();
    }
    let replica = Replica::of_prior(alone.config().clone(), &Device::flex()).unwrap();
    for _ in 0..2 {
        let expected = now(alone.step_prior(&images, &settings)).unwrap().unwrap();
        let work = now(together.begin_prior_step(&images, &settings)).unwrap();
        assert!(work.parts.len() > 1, "{} parts", work.parts.len());
        let found = now(together.end_prior_step(contributions(&replica, &work))).unwrap();
        assert_eq!(found, expected);
    }
    let weights = |session: &Session| now(session.checkpoint()).unwrap().prior.unwrap().weights;
    assert!(weights(&together) == weights(&alone));
}

#[test]
fn a_step_that_is_begun_and_left_changes_nothing() {
    for preset in ["tiny", "E8"] {
        let (mut alone, mut left) = (trainer(preset, 3), trainer(preset, 3));
        let images = batch(&alone, BATCH);
        for _ in 0..2 {
            now(left.begin_step(&images, &StepSettings::default())).unwrap();
        }
        assert_eq!(left.step_count(), 0);
        let expected = now(alone.step(&images, &StepSettings::default())).unwrap();
        assert_eq!(
            now(left.step(&images, &StepSettings::default())).unwrap(),
            expected,
            "{preset}"
        );
    }
}

#[test]
fn what_is_no_contribution_of_the_step_is_refused_and_changes_nothing() {
    let mut session = trainer("E14", 3);
    let images = batch(&session, BATCH);
    let replica = replica_of(&session);
    let work = now(session.begin_step(&images, &StepSettings::default())).unwrap();
    let right = contributions(&replica, &work);
    let changed = |change: fn(&mut Contribution)| {
        let mut wrong = right.clone();
        change(&mut wrong[1]);
        wrong
    };
    for (wrong, words) in [
        (right[1..].to_vec(), "contributions for a batch of"),
        (changed(|one| one.gradient.truncate(5)), "5 numbers of the gradient"),
        (changed(|one| one.terms.push(0.0)), "3 terms"),
        (changed(|one| one.averages[0].truncate(1)), "averages of [1, "),
        (changed(|one| one.examples.truncate(1)), "give what a replica"),
    ] {
        let error = now(session.model.end_step(wrong)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(session.step_count(), 0);
    }
    now(session.model.end_step(right.clone())).unwrap();
    // It is ended, and so is one that another step overtook.
    let none = now(session.model.end_step(right.clone())).unwrap_err();
    assert!(none.to_string().contains("no step is begun"), "{none}");
    now(session.begin_step(&images, &StepSettings::default())).unwrap();
    now(session.step(&images, &StepSettings::default())).unwrap();
    assert!(now(session.model.end_step(right)).is_err());
    assert_eq!(session.step_count(), 2);
}

#[test]
fn what_is_no_part_of_a_batch_is_refused() {
    let mut session = trainer("tiny", 3);
    let images = batch(&session, BATCH);
    let replica = replica_of(&session);
    let work = now(session.begin_step(&images, &StepSettings::default())).unwrap();
    assert!(replica.weights(vec![0.0; 7]).is_err());
    let weights = replica.weights(work.weights.clone()).unwrap();
    let part = &work.parts[0];
    let mut wrong = vec![part.clone(); 6];
    wrong[0].arrays[0] = None;
    wrong[1].arrays.pop();
    wrong[2].place.count += 1;
    wrong[3].place.count = 0;
    wrong[4].place.first = usize::MAX;
    wrong[5].arrays[2] = Some(vec![0.0; 3]);
    for part in &wrong {
        let error = now(replica.contribute(&weights, (0, 1.0), part)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{:?}", part.place);
    }
    now(replica.contribute(&weights, (0, 1.0), part)).unwrap();
    assert!(Replica::of_prior(session.config().clone(), &Device::flex()).is_err());
}
