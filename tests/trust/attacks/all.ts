/** All attacks of the table. */
import type { Attack } from "../attack.ts";
import { ASKING } from "./asking.ts";
import { EXPORTS } from "./exports.ts";
import { READING } from "./reading.ts";
import { TRANSPORT } from "./transport.ts";

/** In the order of the table. */
export const ATTACKS: readonly Attack[] = [...READING, ...EXPORTS, ...ASKING, ...TRANSPORT];
