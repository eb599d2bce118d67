// `latent-lab/team`: training steps on all cores.

export { Team } from "./team.js";
