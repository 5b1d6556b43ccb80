/** The `registryTls` option: TLS for registries' token services. */
import { OptionError } from "../errors.ts";
import { refuseUnknown } from "../options.ts";
import { loadPems } from "../pem.ts";
import { HUB_KEY, isRegistryHost, registryKey } from "../registry/host.ts";
import type { RegistryTls } from "../registry/http_request.ts";
import type { RegistryTlsOptions } from "../types.ts";

const FIELDS: readonly (keyof RegistryTlsOptions)[] = ["ca", "cert", "key", "insecure"];

/**
 * Reads the option; the result is by `registryKey()`.
 *
 * @throws {OptionError} that names the host and what can't be used of it
 */
export function loadRegistryTls(
  option: Readonly<Record<string, RegistryTlsOptions>>,
): Map<string, RegistryTls> {
  return new Map(
    Object.entries(option).map(([host, options]) => {
      const within = `registryTls[${JSON.stringify(host)}]`;
      if (!isRegistryHost(host) && host !== HUB_KEY) {
        throw new OptionError(within, "the key is no registry host", '"registry.example:5000"');
      }
      if (typeof options !== "object" || options === null) {
        throw new OptionError(within, "it is no object", '{ ca: "ca.pem" }');
      }
      refuseUnknown(options, FIELDS, within);
      const { insecure = false } = options;
      if (typeof insecure !== "boolean") {
        throw new OptionError(`${within}.insecure`, "it is neither true nor false", "true");
      }
      return [registryKey(host), { ...loadPems(options, within), insecure }];
    }),
  );
}
