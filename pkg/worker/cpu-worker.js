// The worker of a model on the CPU.

import * as flavour from "../cpu/latent_lab.js";
import { answerFor } from "./answer.js";

answerFor(flavour);
