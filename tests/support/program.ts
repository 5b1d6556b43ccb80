/** The command as tests start it. */
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Its source, or what MOAT_TEST_PROGRAM names instead. */
export const PROGRAM: string = process.env.MOAT_TEST_PROGRAM ??
  fileURLToPath(new URL("../../cli.ts", import.meta.url));
