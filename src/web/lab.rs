//! `Lab`, the handle of one model.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::lock::Mutex;
use js_sys::{Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;

use super::device::{Chosen, choose};
use super::file::File;
use super::options::{Evaluation, Step};
use super::room::{self, Room};
use super::stage::Stage;
use super::turn::yield_to_page;
use super::wire::{self, promise};
use super::{arrays, keys, latents, options, replica};
use crate::checkpoint::{Checkpoint, MAX_BYTES, MAX_NOTES, Precision, check_notes};
use crate::data::MAX_NUMBERS;
use crate::error::{Error, Result};
use crate::model::LatentSpace;
use crate::train::{Given, MAX_BATCH, Session, count_images};

/// A model on a device. Calls may overlap: they are answered one after the other. Its types are in `lab.d.ts`.
#[wasm_bindgen(skip_typescript)]
pub struct Lab {
    // Shared with the calls under way, so that `free` is safe at any time.
    model: Rc<Model>,
}

struct Model {
    session: Mutex<Session>,
    device: &'static str,
    /// Height and width of an image, and how many of them a call takes at most.
    image: [usize; 2],
    most_images: usize,
    /// Numbers of noise that an image takes.
    noise: usize,
    _room: Room,
    /// What `info` tells while a call is under way.
    step: Cell<u64>,
    prior_step: Cell<Option<u64>>,
    notes: RefCell<String>,
    fixed: JsValue,
}

#[wasm_bindgen]
impl Lab {
    /// Refused: a model is made by `create` or `open`.
    ///
    /// # Errors
    /// Always.
    #[wasm_bindgen(constructor)]
    pub fn new() -> std::result::Result<Lab, JsValue> {
        Err(Error::input("a Lab is not made by `new`; take `await Lab.create(model)` or `await Lab.open(file)`").into())
    }

    /// A fresh model of a preset or of a configuration.
    pub fn create(model: JsValue, options: JsValue) -> Promise {
        let options = keys::read::<options::CreateOptions>(options);
        let config = wire::model_config(&model);
        let mean_image = options.as_ref().map(options::CreateOptions::mean_image);
        let mean_image = mean_image.unwrap_or(Ok(None));
        promise(async move {
            let (options, config, mean_image) = (options?, config?, mean_image?);
            let seed = options.seed()?;
            let Chosen { name, device } = choose(options.device.as_deref()).await?;
            let room = Room::of_model(&config)?;
            let session = Session::new(config, seed, mean_image.as_deref(), &device)?;
            Ok(Self::with(session, name, room).into())
        })
    }

    /// The model of a checkpoint, ready to go on: a `Uint8Array`, an `ArrayBuffer` or a `Blob`.
    pub fn open(checkpoint: JsValue, options: JsValue) -> Promise {
        let options = keys::read::<options::OpenOptions>(options);
        let file = File::take("checkpoint", &checkpoint, MAX_BYTES);
        let config = options.as_ref().map_or(Ok(None), options::OpenOptions::config);
        promise(async move {
            let (options, config) = (options?, config?);
            let (bytes, _room) = file?.read().await?;
            let checkpoint = match config {
                Some(config) => Checkpoint::of_weights(&bytes, config)?,
                None => Checkpoint::from_bytes(&bytes)?,
            };
            let Chosen { name, device } = choose(options.device.as_deref()).await?;
            let room = Room::of_model(&checkpoint.config)?;
            Ok(Self::with(Session::resume(checkpoint, &device)?, name, room).into())
        })
    }

    fn with(session: Session, device: &'static str, room: Room) -> Self {
        let fixed = wire::description(session.config());
        for (key, value) in [
            ("config", wire::config(session.config())),
            ("seed", (session.seed() as f64).into()),
            ("version", env!("CARGO_PKG_VERSION").into()),
        ] {
            wire::set(&fixed, key, &value);
        }
        if let LatentSpace::Grid { sides, .. } = session.space() {
            wire::set(&fixed, "grid", &wire::numbers(&sides.map(|side| side as f32)));
        }
        let model = Rc::new(Model {
            device,
            step: Cell::new(session.step_count()),
            prior_step: Cell::new(session.prior_steps()),
            notes: RefCell::new(session.notes.clone()),
            image: session.config().common().image,
            most_images: session.most_images(),
            noise: session.noise_width(),
            _room: room,
            session: Mutex::new(session),
            fixed,
        });
        Self { model }
    }

    /// A safetensors file with the weights, Adam's state, the configuration, step, seed and
    /// generator; `notes` is kept in it and told by `info` after it is opened.
    pub fn save(&self, notes: JsValue) -> Promise {
        let model = self.model.clone();
        promise(async move {
            let notes = wire::optional_text("notes", &notes, MAX_NOTES)?;
            let mut session = model.session.lock().await;
            let before = session.notes.clone();
            if let Some(notes) = notes {
                check_notes(&notes)?;
                session.notes = notes;
            }
            let file = session.save(Precision::Full).await;
            if file.is_err() {
                session.notes = before;
            }
            model.tell(&session);
            Ok(Uint8Array::from(file?.as_slice()).into())
        })
    }

    /// What the model can do, its device, configuration, step, seed, version and notes.
    pub fn info(&self) -> JsValue {
        let info = wire::object(&[
            ("device", self.model.device.into()),
            ("step", (self.model.step.get() as f64).into()),
            ("notes", self.model.notes.borrow().as_str().into()),
        ]);
        if let Some(step) = self.model.prior_step.get() {
            wire::set(&info, "prior_step", &(step as f64).into());
        }
        let (info, fixed): (&Object, &Object) = (info.unchecked_ref(), self.model.fixed.unchecked_ref());
        Object::assign(info, fixed).into()
    }

    /// One training step on `[batch, pixels]` in `[0, 1]`, after a turn for the page that it runs in. Gives the terms of
    /// the loss before the update in nats per image, which are those of the stage, or `undefined` with `read: false`.
    pub fn train_step(&self, images: JsValue, settings: JsValue) -> Promise {
        let model = self.model.clone();
        let asked = model.step(&images, settings);
        promise(async move {
            let (step, images, _room) = asked?;
            let mut session = model.session.lock().await;
            yield_to_page().await;
            let terms = match step {
                Step::Model(settings) => session.step(&images, &settings).await,
                Step::Prior(settings) => session.step_prior(&images, &settings).await,
            };
            model.tell(&session);
            Ok(terms?.map_or(JsValue::UNDEFINED, |terms| wire::terms(&terms)))
        })
    }

    /// Begins a step that replicas compute: what `train_step` would do, up to the bit. Nothing changes until it is ended.
    pub fn begin_step(&self, images: JsValue, settings: JsValue) -> Promise {
        let model = self.model.clone();
        let asked = model.step(&images, settings);
        promise(async move {
            let (step, images, _room) = asked?;
            let mut session = model.session.lock().await;
            Ok(match step {
                Step::Model(settings) => replica::work(Stage::Codes, &session.begin_step(&images, &settings).await?),
                Step::Prior(settings) => {
                    replica::work(Stage::Prior, &session.begin_prior_step(&images, &settings).await?)
                }
            })
        })
    }

    /// Ends the step that was begun last by what replicas computed of its parts, in their order. Gives the terms of the loss
    /// before the update, as `train_step` does.
    pub fn end_step(&self, work: JsValue, contributions: JsValue) -> Promise {
        let model = self.model.clone();
        let given = replica::stage_of(&work).and_then(|stage| Ok((stage, replica::contributions(&contributions)?)));
        promise(async move {
            let (stage, (contributions, _room)) = given?;
            let mut session = model.session.lock().await;
            yield_to_page().await;
            let terms = match stage {
                Stage::Codes => session.model.end_step(contributions).await,
                Stage::Prior => session.end_prior_step(contributions).await,
            };
            model.tell(&session);
            Ok(wire::terms(&terms?))
        })
    }

    /// The terms of the loss of `[batch, pixels]` at full KL weight; changes nothing and repeats exactly.
    pub fn evaluate(&self, images: JsValue, settings: JsValue) -> Promise {
        let model = self.model.clone();
        let asked = model.evaluation(&images, settings);
        promise(async move {
            let (asked, images, _room) = asked?;
            let session = model.session.lock().await;
            if asked.stage == Stage::Prior {
                let nats = session.evaluate_prior(&images, asked.labels.as_deref()).await?;
                return Ok(wire::prior_terms(nats));
            }
            let given = Given {
                noise: asked.noise.as_deref(),
                mask: asked.mask.as_deref(),
            };
            Ok(wire::evaluation(&session.evaluate(&images, given).await?))
        })
    }

    /// Means and log variances `[batch, latent]` of `[batch, pixels]`, or the codes of cells `[batch, cells]`.
    pub fn encode(&self, images: JsValue) -> Promise {
        let model = self.model.clone();
        let images = model.images(&images, model.most_images);
        promise(async move {
            let images = images?;
            let session = model.session.lock().await;
            Ok(latents::write(&session.encode(&images).await?))
        })
    }

    /// Pixels in `[0, 1]`, `[batch, pixels]`, of what `encode` gives, or of latents `[batch, latent]`, codes
    /// `[batch, cells]` or the vectors of cells `[batch, cells * D]`.
    pub fn decode(&self, latents: JsValue) -> Promise {
        let model = self.model.clone();
        let latents = latents::read(&latents);
        promise(async move {
            let (latents, _room) = latents?;
            let session = model.session.lock().await;
            let images = session.decode(&latents).await?;
            Ok(wire::array(&images))
        })
    }

    /// `count` images decoded from draws of the prior.
    pub fn sample(&self, count: JsValue, settings: JsValue) -> Promise {
        let model = self.model.clone();
        let asked = options::samples(&count, settings);
        promise(async move {
            let (count, settings) = asked?;
            let session = model.session.lock().await;
            Ok(wire::array(&session.sample(count, &settings).await?))
        })
    }

    /// `count` grids of codes from a prior, `[count, cells]`, with what each was drawn from, `[count, cells, K]`.
    pub fn sample_codes(&self, count: JsValue, settings: JsValue) -> Promise {
        let model = self.model.clone();
        let asked = options::samples(&count, settings);
        promise(async move {
            let (count, settings) = asked?;
            let session = model.session.lock().await;
            Ok(wire::sampled(&session.sample_codes(count, &settings).await?))
        })
    }

    /// The vectors that cells may take, `[K, D]`.
    pub fn codebook(&self) -> Promise {
        let model = self.model.clone();
        promise(async move { Ok(wire::array(&model.session.lock().await.codebook().await?)) })
    }

    /// Encodes `[batch, pixels]` and decodes the means.
    pub fn reconstruct(&self, images: JsValue) -> Promise {
        let model = self.model.clone();
        let images = model.images(&images, model.most_images);
        promise(async move {
            let images = images?;
            let session = model.session.lock().await;
            Ok(wire::array(&session.reconstruct(&images).await?))
        })
    }
}

impl Model {
    /// Images of this model, at most so many.
    fn images(&self, images: &JsValue, most: usize) -> Result<room::GivenImages> {
        let count = arrays::length(images).unwrap_or(0.0) as usize;
        room::GivenImages::take(count.min(MAX_NUMBERS), || {
            arrays::images(images, |length| count_images(length, self.image, most))
        })
    }

    /// A training step and its images, as they are at the call, also where it has to wait its turn; with the room that its
    /// options take.
    fn step(&self, images: &JsValue, settings: JsValue) -> Result<(Step, room::GivenImages, Room)> {
        let options = keys::read::<options::TrainOptions>(settings)?;
        let images = self.images(images, MAX_BATCH)?;
        let room = Room::of_arrays(options.arrays())?;
        Ok((options.step(self.most_given(&images))?, images, room))
    }

    /// An evaluation and its images, with the room that its options take.
    fn evaluation(&self, images: &JsValue, settings: JsValue) -> Result<(Evaluation, room::GivenImages, Room)> {
        let options = keys::read::<options::EvaluateOptions>(settings)?;
        let images = self.images(images, self.most_images)?;
        let room = Room::of_arrays(options.arrays())?;
        Ok((options.evaluation(self.most_given(&images))?, images, room))
    }

    /// The most numbers that belong to so many images: their noise, or a mask's pixels.
    fn most_given(&self, images: &[f32]) -> usize {
        images
            .len()
            .max(images.len() / self.image.iter().product::<usize>() * self.noise)
    }

    /// Keeps what `info` tells.
    fn tell(&self, session: &Session) {
        self.step.set(session.step_count());
        self.prior_step.set(session.prior_steps());
        self.notes.replace(session.notes.clone());
    }
}
