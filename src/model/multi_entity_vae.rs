//! The multi-entity VAE (Nash et al. 2017): a canvas is understood as several objects, each with a Gaussian of its own. Which
//! cells of the encoder hold one is learned too; an object of which nothing is known is not painted.

use burn::tensor::{Tensor, activation::sigmoid};
use serde::{Deserialize, Serialize};

use super::candidates::{Chosen, log_likelihood, painted_twice};
use super::config::{TrainConfig, check_latent, check_maps, check_size, check_size_of_model};
use super::encoding::{Encoding, ObjectsEncoding};
use super::family::{Common, Family};
use super::latents::{LatentSpace, Latents};
use super::layout::{Layout, Weights};
use super::network::{Batch, Loss, Model, Network};
use super::objects::{CANDIDATES, CELL, HALVINGS, ObjectNetworks, ObjectSizes, highest_few, select};
use crate::data::{CANVAS_SIDES, MOST_OBJECTS, NO_CORRUPTION};
use crate::error::{Error, Result};
use crate::loss::{kl_of_rows, presence};
use crate::terms::{KL, OVERLAP, PRESENCE, RECONSTRUCTION, Terms, WHERE};

/// The first steps ask little for an object, else none grows: nats, and the steps between which they rise.
const FIRST_COST: f64 = 5.0;
const RISE: [f64; 2] = [300.0, 1000.0];
/// A candidate is no object where so much of its ink is painted already.
const PAINTED: f32 = 0.5;
/// The share of a patch that is painted at most, so that no pixel is impossible.
const OPAQUE: f32 = 0.999;

/// Which cells hold objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// Those that say that they do, as far as each says so: what is likely there is painted, and pays for it.
    Presence,
    /// The K that say most, whatever it is (Nash et al. 2017, section 3). The choice has no gradient: a digit that no chosen
    /// cell paints pulls at none.
    LargestKl,
}

/// Configuration of a multi-entity VAE.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ObjectsConfig {
    /// Channels of the encoder's convolutions; the first three halve the canvas.
    pub channels: Vec<usize>,
    /// Units of the layers that look at a glimpse.
    pub glimpse: Vec<usize>,
    /// Units of the layers that paint an object.
    pub hidden: Vec<usize>,
    /// Numbers that say what an object is.
    pub latent: usize,
    /// The most objects that are kept, K.
    pub objects: usize,
    /// Which cells hold them.
    pub selection: Selection,
    /// Height and width of the canvas.
    pub image: [usize; 2],
    /// Nats that an object costs.
    pub presence_cost: f64,
    /// Nats that a pixel costs which two objects paint.
    pub overlap_cost: f64,
    /// Pixels that an object may be from the centre of its cell.
    pub reach: f64,
    /// Pixels between the centres of two digits of the scenes that it is trained on, at least.
    pub distance: f64,
    /// The defaults of training.
    pub training: TrainConfig,
}

impl Default for ObjectsConfig {
    fn default() -> Self {
        Self {
            channels: vec![16, 32, 48, 48, 48, 48],
            glimpse: vec![96, 64],
            hidden: vec![64, 128],
            latent: 12,
            objects: MOST_OBJECTS,
            selection: Selection::Presence,
            image: [48, 48],
            presence_cost: 30.0,
            overlap_cost: 3.0,
            reach: 5.5,
            distance: 14.0,
            training: TrainConfig {
                learning_rate: 3e-3,
                batch_size: 64,
                beta: 0.4,
                kl_warm_up: 200,
                ..TrainConfig::default()
            },
        }
    }
}

impl Family for ObjectsConfig {
    fn resolve(&mut self) -> Result<()> {
        let [least, most] = CANVAS_SIDES;
        let [height, width] = self.image;
        if height != width || !(least..=most).contains(&height) || height % CELL != 0 {
            return Err(Error::config(format!(
                "the canvas is {height} x {width}; give a square whose side is from {least} to {most} and a multiple of {CELL}"
            )));
        }
        if self.channels.len() < HALVINGS {
            return Err(Error::config(format!(
                "channels has {} convolutions; give {HALVINGS} at least, which halve the canvas",
                self.channels.len()
            )));
        }
        check_maps("channels", &self.channels)?;
        check_maps("glimpse", &self.glimpse)?;
        check_maps("hidden", &self.hidden)?;
        check_latent(self.latent)?;
        check_size("objects", self.objects, MOST_OBJECTS)?;
        for (name, value, most) in [
            ("presence_cost", self.presence_cost, 1000.0),
            ("overlap_cost", self.overlap_cost, 1000.0),
            ("reach", self.reach, 16.0),
            ("distance", self.distance, 32.0),
        ] {
            if !(0.0..=most).contains(&value) {
                return Err(Error::config(format!(
                    "{name} is {value}; give a number from 0 to {most}"
                )));
            }
        }
        self.training.check()?;
        check_size_of_model(&[MultiEntityVae::new(self).networks.layout()])
    }

    fn init(&self) -> Box<dyn Model> {
        Box::new(MultiEntityVae::new(self))
    }

    fn common(&self) -> Common<'_> {
        Common {
            image: self.image,
            corruption: &NO_CORRUPTION,
            training: &self.training,
        }
    }

    fn controls(&self) -> Vec<&'static str> {
        vec![
            "channels",
            "latent",
            "objects",
            "selection",
            "image",
            "presence_cost",
            "overlap_cost",
            "reach",
            "distance",
            "training.beta",
        ]
    }
}

/// A multi-entity VAE.
#[derive(Clone, Debug)]
struct MultiEntityVae {
    networks: ObjectNetworks,
    config: ObjectsConfig,
}

impl MultiEntityVae {
    fn new(config: &ObjectsConfig) -> Self {
        let sizes = ObjectSizes {
            channels: &config.channels,
            glimpse: &config.glimpse,
            hidden: &config.hidden,
            latent: config.latent,
            side: config.image[0],
            reach: config.reach as f32,
        };
        Self {
            networks: ObjectNetworks::new(&sizes),
            config: config.clone(),
        }
    }

    /// Cells that are decoded while it trains.
    fn candidates(&self) -> usize {
        match self.config.selection {
            Selection::Presence => CANDIDATES,
            Selection::LargestKl => self.config.objects,
        }
    }

    /// Nats that an object costs at a step.
    fn presence_cost(&self, step: Option<u64>) -> f32 {
        let [from, to] = RISE;
        let risen = step.map_or(1.0, |step| ((step as f64 - from) / (to - from)).clamp(0.0, 1.0));
        let first = FIRST_COST.min(self.config.presence_cost);
        (first + (self.config.presence_cost - first) * risen) as f32
    }
}

impl Network for MultiEntityVae {
    type Batch = Batch;

    fn layout(&self) -> &Layout {
        self.networks.layout()
    }

    fn terms(&self) -> Terms<()> {
        let terms = Terms::from(RECONSTRUCTION).and(KL).and(WHERE);
        match self.config.selection {
            Selection::Presence => terms.and(PRESENCE).and(OVERLAP),
            Selection::LargestKl => terms,
        }
    }

    /// Candidates are decoded by how present they are; each pays for being there, for what it says and for ink that another
    /// one paints too. The K that say most are all there, and pay for what they say alone.
    fn loss(&self, weights: &Weights, batch: Batch, step: Option<u64>) -> Loss {
        let inputs = batch.inputs();
        let Batch { targets, noise, .. } = batch;
        let [count, pixels] = targets.dims();
        let (of_cells, candidates) = (self.networks.cells(), self.candidates());
        let (of_presence, of_objects) = match noise {
            Some(noise) => {
                let each = 2 + self.config.latent;
                let of_objects = noise.clone().narrow(1, of_cells, candidates * each);
                (
                    Some(noise.narrow(1, 0, of_cells)),
                    Some(of_objects.reshape([count * candidates, each])),
                )
            }
            None => (None, None),
        };
        let cells = self.networks.look(weights, inputs.clone());
        let logits = cells.presence.clone();
        let chosen = match self.config.selection {
            Selection::Presence => Chosen::by_presence(&logits, of_presence, candidates),
            Selection::LargestKl => {
                let objects = self.networks.objects(weights, inputs.clone(), cells.clone(), None);
                Chosen::by_kl(objects.kl().reshape([count, of_cells]), candidates)
            }
        };
        let objects = self
            .networks
            .objects(weights, inputs, cells.select(&chosen.choice), of_objects);
        let kl = kl_of_rows(objects.mean.clone(), objects.log_variance.clone());
        let ink = chosen.paints(self.networks.paint(weights, objects.z, objects.centres));
        let ink = (ink * OPAQUE).reshape([count, candidates, pixels]);
        let mean = |sum: Tensor<1>| sum / count as f32;
        let terms = Terms::from(RECONSTRUCTION.of(mean(log_likelihood(&ink, targets).sum().neg())))
            .and(KL.of(mean(chosen.expects(kl).sum())))
            .and(WHERE.of(mean(chosen.expects(objects.place_kl).sum())));
        let terms = match self.config.selection {
            Selection::Presence => terms
                .and(PRESENCE.of(presence(logits, self.presence_cost(step))))
                .and(OVERLAP.of(mean(painted_twice(ink)) * self.config.overlap_cost as f32)),
            Selection::LargestKl => terms,
        };
        Loss {
            terms,
            statistics: None,
            encoding: None,
        }
    }
}

impl Model for MultiEntityVae {
    fn space(&self) -> LatentSpace {
        LatentSpace::Objects {
            sides: self.networks.sides(),
            candidates: self.candidates(),
            most: self.config.objects,
            latent: self.config.latent,
            canvas: self.config.image[0],
            distance: self.config.distance.ceil() as usize,
        }
    }

    /// Looks closely at all cells, so that what each says is known; the candidates among them are painted.
    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding {
        let cells = self.networks.look(weights, images.clone());
        let logits = cells.presence.clone();
        let objects = self.networks.objects(weights, images, cells, None);
        let kl = objects.kl();
        let (presence, scores, painted) = match self.config.selection {
            Selection::Presence => (sigmoid(logits.clone()), logits, PAINTED),
            Selection::LargestKl => (logits.ones_like(), kl.clone().reshape(logits.dims()), 1.0),
        };
        let choice = highest_few(scores, self.candidates());
        let chosen = select(&objects.z, &choice);
        let ink = self.networks.paint(weights, chosen, select(&objects.centres, &choice));
        Encoding::Objects(Box::new(ObjectsEncoding {
            presence,
            centres: objects.centres,
            mean: objects.mean,
            log_variance: objects.log_variance,
            kl,
            choice,
            ink,
            most: self.config.objects,
            painted,
        }))
    }

    fn decode(&self, weights: &Weights, latents: &Latents) -> Tensor<2> {
        let scenes = latents.scenes();
        let most = scenes.iter().map(|scene| scene.objects.len()).max().unwrap_or(0).max(1);
        let (mut means, mut centres, mut there) = (Vec::new(), Vec::new(), Vec::new());
        for scene in scenes {
            for object in &scene.objects {
                means.extend(&object.mean);
                centres.extend(object.centre);
                there.push(object.presence);
            }
            // Scenes of fewer objects are filled up with some that paint nothing.
            let missing = most - scene.objects.len();
            means.extend(std::iter::repeat_n(0.0, missing * self.config.latent));
            centres.extend(std::iter::repeat_n(0.0, missing * 2));
            there.extend(std::iter::repeat_n(0.0, missing));
        }
        let z = weights.rows(&means, self.config.latent);
        let ink = self.networks.paint(weights, z, weights.rows(&centres, 2)) * weights.rows(&there, 1);
        let pixels = self.config.image[0] * self.config.image[1];
        let blank = (ink * OPAQUE)
            .neg()
            .log1p()
            .reshape([scenes.len(), most, pixels])
            .sum_dim(1);
        blank.reshape([scenes.len(), pixels]).exp().neg() + 1.0
    }
}
