/** Runs the soak in a process of its own. */
import { fileURLToPath } from "node:url";
import { tempFolder } from "../support/temp_folder.ts";
import type { Look, Soak } from "./soak.ts";

const PROGRAM = fileURLToPath(new URL("soak.ts", import.meta.url));

/** What was seen of it; throws if a build did not end as it must. */
export async function runSoak(
  soak: Omit<Soak, "folder">,
  onLook: (look: Look) => void = () => {},
): Promise<Look[]> {
  await using folder = tempFolder();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--allow-all", "--no-check", "--v8-flags=--expose-gc", PROGRAM],
      JSON.stringify({ ...soak, folder: folder.path }),
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const looks: Look[] = [];
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (text + chunk).split("\n");
    text = lines.pop()!;
    for (const line of lines) {
      const look = JSON.parse(line) as Look;
      looks.push(look);
      onLook(look);
    }
  }
  const { code } = await child.status;
  if (code !== 0) throw new Error(`The soak ended with ${code}`);
  return looks;
}
