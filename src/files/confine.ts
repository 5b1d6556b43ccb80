import { CheckedFolders } from "./checked_folders.ts";
import type { Confinement } from "./confinement.ts";
import { HeldFolders } from "./held_folders.ts";

/** Confines a writer to the folder `root`, which is absolute and without links, as well as this system can. */
export function confine(root: string): Confinement {
  return HeldFolders.open(root) ?? new CheckedFolders(root);
}
