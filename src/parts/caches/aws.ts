/** Keys for AWS, from where its tools look first: the environment, then the shared files. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../../environment.ts";
import { CredentialsError } from "../../errors.ts";
import { isMissing, readError } from "../../files/read_error.ts";
import type { CacheEntry } from "./entry.ts";

/** What a request is signed with. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/**
 * Adds keys to an entry that does not have both; false if there are none here either. The daemon then looks for itself.
 *
 * @throws {CredentialsError} if a file is there but can't be read
 */
export async function addAwsKeys({ attrs }: CacheEntry, env: Environment): Promise<boolean> {
  if (attrs.has("access_key_id") && attrs.has("secret_access_key")) return true;
  const keys = await findAwsKeys(env);
  if (keys === undefined) return false;
  const set = (name: string, value: string | undefined) => {
    if (!attrs.has(name) && value !== undefined) attrs.set(name, value);
  };
  set("access_key_id", keys.accessKeyId);
  set("secret_access_key", keys.secretAccessKey);
  set("session_token", keys.sessionToken);
  return true;
}

/**
 * Keys from `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, else of the profile `AWS_PROFILE` in the shared credentials
 * file, else in the shared configuration. Single sign-on, assumed roles and instance roles are not asked.
 *
 * @throws {CredentialsError} if a file is there but can't be read
 */
export async function findAwsKeys(env: Environment): Promise<AwsKeys | undefined> {
  const given = keysOf({
    aws_access_key_id: env("AWS_ACCESS_KEY_ID") || env("AWS_ACCESS_KEY"),
    aws_secret_access_key: env("AWS_SECRET_ACCESS_KEY") || env("AWS_SECRET_KEY"),
    aws_session_token: env("AWS_SESSION_TOKEN"),
  });
  if (given !== undefined) return given;
  const profile = env("AWS_PROFILE") || env("AWS_DEFAULT_PROFILE") || "default";
  const home = env("HOME") ?? env("USERPROFILE");
  const file = (name: string) => home ? join(home, ".aws", name) : undefined;
  const credentials = env("AWS_SHARED_CREDENTIALS_FILE") || file("credentials");
  const config = env("AWS_CONFIG_FILE") || file("config");
  const section = profile === "default" ? profile : `profile ${profile}`;
  return keysOf(await readSection(credentials, profile)) ??
    keysOf(await readSection(config, section));
}

type Values = Readonly<Record<string, string | undefined>>;

function keysOf(values: Values): AwsKeys | undefined {
  const { aws_access_key_id: id, aws_secret_access_key: secret, aws_session_token: token } = values;
  if (!id || !secret) return undefined;
  return { accessKeyId: id, secretAccessKey: secret, sessionToken: token || undefined };
}

async function readSection(path: string | undefined, section: string): Promise<Values> {
  if (path === undefined) return {};
  try {
    return parseSection(await readFile(path, "utf8"), section);
  } catch (error) {
    if (isMissing(error)) return {};
    const { message } = readError("read AWS's keys from", path, error);
    throw new CredentialsError(message, { cause: error });
  }
}

/** The values of one section. Indented lines belong to the value before them, which none of ours has. */
function parseSection(text: string, section: string): Values {
  const values: Record<string, string> = {};
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\[\s*(.*?)\s*\]/.exec(line);
    if (heading !== null) {
      inside = heading[1]!.replace(/\s+/g, " ") === section;
      continue;
    }
    const pair = /^([^\s=#;][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (inside && pair !== null) values[pair[1]!.toLowerCase()] = pair[2]!;
  }
  return values;
}
