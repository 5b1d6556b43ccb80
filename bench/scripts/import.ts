/** What a program pays for the import alone. */
import { build } from "../../mod.ts";

if (typeof build !== "function") throw new Error("no build()");
