/** The container of a sidecar, as the engine is asked for it (buildkit docs/rootless.md, moby api/swagger.yaml). */
import type { ApiOptions } from "./api.ts";
import type { Labels } from "./sidecar_api.ts";
import { CONFIG_PATH } from "./sidecar_config.ts";
import {
  ADDRESS_LABEL,
  NETWORK_LABEL,
  OWNER_LABEL,
  SIDECAR_LABEL,
  thisProcess,
} from "./sidecar_owner.ts";
import { SIDECAR_PORT, type SidecarPlan } from "./sidecar_options.ts";

/** The port as the engine names it. */
export const PORT_KEY = `${SIDECAR_PORT}/tcp`;

/** Where the image's buildkitd keeps what. */
const ROOTFUL = {
  socket: "unix:///run/buildkit/buildkitd.sock",
  state: "/var/lib/buildkit",
} as const;
const ROOTLESS = {
  socket: "unix:///run/user/1000/buildkit/buildkitd.sock",
  state: "/home/user/.local/share/buildkit",
} as const;

/** The labels of all that belongs to a sidecar. */
export function labelsOf({ name, network, alias, keep }: SidecarPlan): Labels {
  return {
    [SIDECAR_LABEL]: name,
    [NETWORK_LABEL]: network,
    [ADDRESS_LABEL]: `tcp://${alias}:${SIDECAR_PORT}`,
    ...(!keep && { [OWNER_LABEL]: JSON.stringify(thisProcess()) }),
  };
}

/** The body of POST /containers/create. */
export function containerRequest(plan: SidecarPlan): ApiOptions {
  const { name, network, alias, publish } = plan;
  const { socket, state } = plan.rootless ? ROOTLESS : ROOTFUL;
  return {
    name,
    Image: plan.image,
    Labels: labelsOf(plan),
    Env: Object.entries(plan.env).map(([key, value]) => `${key}=${value}`),
    Cmd: [
      ...["--addr", socket, "--addr", `tcp://0.0.0.0:${SIDECAR_PORT}`],
      ...(plan.files.has(CONFIG_PATH) ? ["--config", CONFIG_PATH] : []),
      ...plan.args,
    ],
    ExposedPorts: { [PORT_KEY]: {} },
    HostConfig: {
      ...(plan.rootless ? rootlessSecurity() : { Privileged: true }),
      NetworkMode: network,
      Mounts: [{ Type: "volume", Source: plan.volume, Target: state }],
      ...(plan.keep && { RestartPolicy: { Name: "unless-stopped" } }),
      ...(publish !== undefined && {
        PortBindings: {
          [PORT_KEY]: [{
            HostIp: publish.host,
            HostPort: publish.port === 0 ? "" : `${publish.port}`,
          }],
        },
      }),
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [alias] } } },
  };
}

/** What `--security-opt systempaths=unconfined` of Docker's command stands for, and the rest of it. */
function rootlessSecurity(): ApiOptions {
  return {
    SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined"],
    MaskedPaths: [],
    ReadonlyPaths: [],
  };
}
