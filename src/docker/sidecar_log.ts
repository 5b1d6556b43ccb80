/** A container's log as text. */
import { FrameSplitter } from "./exec_frames.ts";
import type { ContainerApi } from "./sidecar_api.ts";

/** The last lines of what a container printed, both streams in one or standard error alone. */
export async function containerLog(
  container: ContainerApi,
  lines?: number,
  { stdout }: { stdout: boolean } = { stdout: true },
): Promise<string> {
  const frames = await container.logs({ stdout, stderr: true, tail: lines ?? "all" });
  const decoder = new TextDecoder();
  let text = "";
  const take = (bytes: Uint8Array) => void (text += decoder.decode(bytes, { stream: true }));
  new FrameSplitter({ stdout: take, stderr: take }).push(frames);
  return text;
}
