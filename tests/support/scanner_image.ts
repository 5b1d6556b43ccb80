/** A scanner for SBOMs, after BuildKit's docs/attestations/sbom-protocol: it lists what it was given. */
import { build } from "../../mod.ts";
import type { TestEnvironment } from "./env.ts";

const SCRIPT = `#!/bin/sh
set -e
name=$(basename "$BUILDKIT_SCAN_SOURCE")
files=$(cd "$BUILDKIT_SCAN_SOURCE" && find . -type f | sort | tr '\\n' ' ')
cat > "$BUILDKIT_SCAN_DESTINATION/$name.spdx.json" <<END
{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document","predicate":
{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3","name":"$name","comment":"$files$BUILDKIT_SCAN_WORD"}}
END
`;

/** Pushes the scanner to the registry; its name. */
export async function pushScanner(
  { address, registry, baseImage }: TestEnvironment,
): Promise<string> {
  const name = `${registry}/moat/scanner:1`;
  await build({
    address,
    context: { scan: { content: SCRIPT, mode: 0o755 } },
    dockerfile: `FROM ${baseImage}\nCOPY scan /bin/scan\nENTRYPOINT ["/bin/scan"]\n`,
    tags: [name],
    output: { type: "image", push: true, insecure: true },
  });
  return name;
}
