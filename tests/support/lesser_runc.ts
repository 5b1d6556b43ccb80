/**
 * A runc for machines whose root lacks a capability. Docker 20.10 gives privileged containers all that the kernel knows, which
 * such a machine can't; later engines give what they have themselves.
 */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";

/** What virtual machines and sandboxes take from root. */
const [BIT, NAME] = [24n, "CAP_SYS_RESOURCE"];

/** Whether this machine's root can do everything. */
export function hasAllCapabilities(): boolean {
  const mask = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return mask !== undefined && (BigInt(`0x${mask}`) >> BIT & 1n) === 1n;
}

/** Writes a runc to `path` that takes the capability out of what it is asked for. */
export function writeLesserRunc(path: string, runc: string): void {
  writeFileSync(
    path,
    `#!/bin/sh
previous=
for argument in "$@"; do
  case $previous in
    --bundle) file=$argument/config.json ;;
    --process) file=$argument ;;
    *) file= ;;
  esac
  [ -z "$file" ] || sed -i 's/"${NAME}",\\{0,1\\}//g' "$file"
  previous=$argument
done
exec ${runc} "$@"
`,
  );
  chmodSync(path, 0o755);
}
