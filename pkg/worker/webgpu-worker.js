// The worker of a model on WebGPU.

import * as flavour from "../webgpu/latent_lab.js";
import { answerFor } from "./answer.js";

answerFor(flavour);
