/** What a step needs and the build was not given: room, secrets, consent of a policy. */
import { detailsOf } from "./details.ts";
import type { Diagnosis, Failure } from "./failure.ts";

/** Recognises a full disk. */
export function noSpace({ message, log }: Failure): Diagnosis | undefined {
  const text = /no space left on device|disk quota exceeded/i;
  if (!text.test(message) && !log.some((line) => text.test(line))) return undefined;
  return {
    code: "NO_SPACE",
    summary: "the builder has no space left on its disk",
    suggestions: [
      "Free space on the builder: prune its cache (buildctl prune, or docker builder prune), or give it a larger disk.",
    ],
  };
}

/** Recognises a secret or an SSH agent that was not given (session/secrets, session/sshforward). */
export function secretMissing({ message }: Failure): Diagnosis | undefined {
  const secret = /\bsecret (\S+): not found/.exec(message)?.[1];
  if (secret !== undefined) {
    return {
      code: "SECRET_MISSING",
      summary: `a step requires the secret ${secret}, which this build was not given`,
      suggestions: [
        `Give the build the secret ${secret} (the option secrets, or --secret id=${secret},src=FILE), or drop required=true from the mount.`,
      ],
    };
  }
  const ssh = /no SSH key "([^"]*)" forwarded/.exec(message);
  if (ssh === null) return undefined;
  return {
    code: "SSH_MISSING",
    summary: `a step requires ${
      ssh[1] ? `the SSH agent ${ssh[1]}` : "an SSH agent"
    }, which this build was not given`,
    suggestions: [
      "Forward an SSH agent to the build (the option ssh, or --ssh default), or drop required=true from the mount.",
    ],
  };
}

/** Recognises what a source policy denied. */
export function policyDenied({ message, details }: Failure): Diagnosis | undefined {
  const denials = detailsOf(details, "policy").flatMap(({ denyMessages }) => denyMessages);
  if (denials.length === 0 && !/not allowed by policy: action|denied by policy/.test(message)) {
    return undefined;
  }
  return {
    code: "POLICY_DENIED",
    summary: ["a source policy denied the build", ...denials].join(": "),
    suggestions: ["Use a source that the policy allows, or have the policy changed."],
  };
}

/** How the frontend calls its downloads of the main context and of named ones. */
const CONTEXT_REGEXP = /^\[internal\] load remote build context|^\[context \S+\] https?:/;

/** Recognises a failed download of an `ADD` or a context (source/http). */
export function downloadFailed({ message, instruction, step }: Failure): Diagnosis | undefined {
  if (!/^ADD .*?https?:\/\/\S/.test(instruction)) {
    const failed = /invalid response status|Get "https?:/.test(message);
    if (!CONTEXT_REGEXP.test(step) || !failed) return undefined;
  }
  if (/digest mismatch/.test(message)) {
    return {
      code: "CHECKSUM_MISMATCH",
      summary: "the file is not what its checksum says",
      suggestions: [
        "Check whether the file has changed for a good reason, then change --checksum.",
      ],
    };
  }
  const status = /invalid response status (\d+)/.exec(message)?.[1];
  return {
    code: "DOWNLOAD_FAILED",
    summary: status === undefined
      ? "the builder can't reach the server"
      : `the server answered ${status}`,
    suggestions: [
      status === undefined
        ? "It is the builder that connects, not this machine: check the address, and the builder's network."
        : "Check the address, and whether it needs a login.",
    ],
  };
}
