//! The terms of a loss: a list of named numbers, each with its weight and its unit. Whoever handles terms knows no names.

use burn::tensor::Tensor;
use serde::Serialize;

/// How a term enters the loss that is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// As it is.
    One,
    /// Times the `beta` of the step.
    Beta,
    /// Not at all: it is measured beside the loss.
    Zero,
}

/// What a term counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Nats per image.
    Nats,
    /// Squared distance per image.
    SquaredDistance,
    /// A number of codes.
    Codes,
}

/// One term: a tensor of shape `[1]` while training, a number once read, and nothing where it is only described.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term<T = f32> {
    /// Its name, such as `reconstruction`.
    pub name: &'static str,
    /// Its value at full weight.
    pub value: T,
    /// How it enters the loss.
    pub weight: Weight,
    /// What it counts.
    pub unit: Unit,
}

impl Terms<()> {
    /// The parts of the loss with their values; nothing where these are too few.
    pub fn of_parts<T>(&self, values: impl IntoIterator<Item = T>) -> Option<Terms<T>> {
        let mut values = values.into_iter();
        let mut parts = self.parts().map(|term| Some(term.of(values.next()?)));
        let first = Terms::from(parts.next()??);
        parts.try_fold(first, |terms, part| Some(terms.and(part?)))
    }
}

impl Term<()> {
    /// A part of the loss.
    pub const fn part(name: &'static str, unit: Unit) -> Self {
        Self {
            name,
            value: (),
            weight: Weight::One,
            unit,
        }
    }

    /// A part of the loss whose weight is `beta`.
    pub const fn weighted(name: &'static str, unit: Unit) -> Self {
        Self {
            weight: Weight::Beta,
            ..Self::part(name, unit)
        }
    }

    /// A measurement that is no part of the loss.
    pub const fn measured(name: &'static str, unit: Unit) -> Self {
        Self {
            weight: Weight::Zero,
            ..Self::part(name, unit)
        }
    }

    /// The term with its value.
    pub fn of<T>(self, value: T) -> Term<T> {
        self.map(|()| value)
    }
}

impl<T> Term<T> {
    fn map<U>(self, each: impl FnOnce(T) -> U) -> Term<U> {
        Term {
            name: self.name,
            value: each(self.value),
            weight: self.weight,
            unit: self.unit,
        }
    }
}

/// The negative log-likelihood of an image given its latents.
pub const RECONSTRUCTION: Term<()> = Term::part("reconstruction", Unit::Nats);
/// KL(q(z|x) || p(z)).
pub const KL: Term<()> = Term::weighted("kl", Unit::Nats);
/// How far a codebook's vectors are from what the encoder says: the codebook learns by it.
pub const CODEBOOK: Term<()> = Term::part("codebook", Unit::SquaredDistance);
/// The same distance, by which the encoder learns.
pub const COMMITMENT: Term<()> = Term::weighted("commitment", Unit::SquaredDistance);
/// How many codes a batch uses, as if all were used alike.
pub const PERPLEXITY: Term<()> = Term::measured("perplexity", Unit::Codes);
/// KL of where objects are.
pub const WHERE: Term<()> = Term::part("where", Unit::Nats);
/// KL of which cells hold objects.
pub const PRESENCE: Term<()> = Term::part("presence", Unit::Nats);
/// The cost of ink that two objects paint.
pub const OVERLAP: Term<()> = Term::part("overlap", Unit::Nats);
/// The negative log-likelihood of an image's codes under a prior.
pub const PRIOR: Term<()> = Term::part("prior", Unit::Nats);

/// The terms of a loss in order, the first of which is a part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms<T = f32> {
    first: Term<T>,
    others: Vec<Term<T>>,
}

impl<T> Terms<T> {
    /// Puts a term behind the others.
    #[must_use]
    pub fn and(mut self, term: Term<T>) -> Self {
        self.others.push(term);
        self
    }

    /// Each term.
    pub fn iter(&self) -> impl Iterator<Item = &Term<T>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The value of a name, where there is such a term.
    pub fn get(&self, name: &str) -> Option<&T> {
        let term = self.iter().find(|term| term.name == name);
        term.map(|term| &term.value)
    }

    /// The terms that are parts of the loss.
    pub fn parts(&self) -> impl Iterator<Item = &Term<T>> {
        self.iter().filter(|term| term.weight != Weight::Zero)
    }

    /// Each value by itself.
    pub fn map<U>(self, mut each: impl FnMut(T) -> U) -> Terms<U> {
        Terms {
            first: self.first.map(&mut each),
            others: self.others.into_iter().map(|term| term.map(&mut each)).collect(),
        }
    }
}

/// A loss of one part.
impl<T> From<Term<T>> for Terms<T> {
    fn from(first: Term<T>) -> Self {
        Self {
            first,
            others: Vec::new(),
        }
    }
}

/// The terms of two parts of a batch, added: each has been scaled by its share.
impl<T: std::ops::Add<Output = T>> std::ops::Add for Terms<T> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let mut values = std::iter::once(other.first).chain(other.others).map(|term| term.value);
        // Both are of one loss and have the same terms.
        self.map(|value| match values.next() {
            Some(other) => value + other,
            None => value,
        })
    }
}

impl Terms<f32> {
    /// All parts of the loss at full weight: of a VAE the negative evidence lower bound (-ELBO).
    pub fn total(&self) -> f32 {
        self.parts().map(|term| term.value).sum()
    }

    /// Whether the loss is a finite number.
    pub fn is_finite(&self) -> bool {
        self.total().is_finite()
    }
}

impl Terms<Tensor<1>> {
    /// The loss that is trained, shape `[1]`.
    pub fn loss(&self, beta: f32) -> Tensor<1> {
        self.others
            .iter()
            .fold(self.first.value.clone(), |sum, term| match term.weight {
                Weight::One => sum + term.value.clone(),
                Weight::Beta => sum + term.value.clone() * beta,
                Weight::Zero => sum,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        Terms::from(RECONSTRUCTION.of(2.0))
            .and(KL.of(0.5))
            .and(PERPLEXITY.of(30.0))
    }

    #[test]
    fn a_measurement_is_no_part_of_the_total() {
        assert_eq!(terms().total(), 2.5);
        assert_eq!(terms().get("perplexity"), Some(&30.0));
        assert_eq!(
            terms().parts().map(|term| term.name).collect::<Vec<_>>(),
            ["reconstruction", "kl"]
        );
    }

    #[test]
    fn the_terms_of_two_parts_are_added_one_by_one() {
        let sum = terms().map(|value| value / 2.0) + terms();
        assert_eq!(sum.iter().map(|term| term.value).collect::<Vec<_>>(), [3.0, 0.75, 45.0]);
        assert_eq!(sum.iter().nth(1).unwrap().weight, Weight::Beta);
    }
}
