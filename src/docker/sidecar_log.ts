/** A container's log as text. */
import { FrameSplitter } from "./exec_frames.ts";
import type { ContainerApi } from "./sidecar_api.ts";

/** The last lines of what a container printed, both streams in one. */
export async function containerLog(container: ContainerApi, lines?: number): Promise<string> {
  const frames = await container.logs({ stdout: true, stderr: true, tail: lines ?? "all" });
  const decoder = new TextDecoder();
  let text = "";
  const take = (bytes: Uint8Array) => void (text += decoder.decode(bytes, { stream: true }));
  new FrameSplitter({ stdout: take, stderr: take }).push(frames);
  return text;
}
