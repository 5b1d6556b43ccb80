/** All features, in the order of the table. */
import type { Feature } from "../feature.ts";
import { CACHE_FEATURES } from "./caches.ts";
import { CONTEXT_FEATURES } from "./contexts.ts";
import { DAEMON_FEATURES } from "./daemon.ts";
import { FACT_FEATURES } from "./facts.ts";
import { OUTPUT_FEATURES } from "./outputs.ts";
import { STEP_FEATURES } from "./steps.ts";

/** What is tried on every builder. */
export const FEATURES: readonly Feature[] = [
  ...CONTEXT_FEATURES,
  ...STEP_FEATURES,
  ...OUTPUT_FEATURES,
  ...CACHE_FEATURES,
  ...FACT_FEATURES,
  ...DAEMON_FEATURES,
];
