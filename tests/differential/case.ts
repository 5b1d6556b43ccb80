/** The cases of the differential suite: one folder each under `cases/`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SetupStep } from "./setup.ts";

const CASES_FOLDER = fileURLToPath(new URL("cases/", import.meta.url));

/** The file in a case's folder that is not part of the context. */
export const CASE_FILE = "case.json";

/** What `case.json` may say. Everything is optional; without the file a case is just its context. */
export interface CaseOptions {
  /** The Dockerfile's path in the context. @default "Dockerfile" */
  dockerfile?: string;
  target?: string;
  platforms?: string[];
  /** `BASE`, the base image's name, is added where the Dockerfile speaks of it. */
  buildArgs?: Record<string, string>;
  labels?: Record<string, string>;
  noCache?: boolean;
  noCacheFilter?: string[];
  addHosts?: Record<string, string>;
  /** Raw frontend attributes. */
  attrs?: Record<string, string>;
  /** Files that git cannot hold. */
  setup?: SetupStep[];
  /** A pattern for the steps that run again although nothing changed. */
  uncached?: string;
  /** A pattern for the error with which both clients must fail. */
  fails?: string;
}

/** A case. */
export interface Case {
  readonly name: string;
  readonly folder: string;
  readonly options: CaseOptions;
}

/** All cases, by name. */
export function readCases(): Case[] {
  return readdirSync(CASES_FOLDER).sort().map((name) => {
    const folder = join(CASES_FOLDER, name);
    const file = join(folder, CASE_FILE);
    const options = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) as CaseOptions : {};
    return { name, folder, options };
  });
}
