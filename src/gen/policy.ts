// Generated from proto/policy.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";

/** `moby.buildkit.v1.sourcepolicy.PolicyAction` */
export const PolicyAction = {
  ALLOW: 0,
  DENY: 1,
  CONVERT: 2,
} as const;

/** `moby.buildkit.v1.sourcepolicy.AttrMatch` */
export const AttrMatch = {
  EQUAL: 0,
  NOTEQUAL: 1,
  MATCHES: 2,
} as const;

/** `moby.buildkit.v1.sourcepolicy.MatchType` */
export const MatchType = {
  WILDCARD: 0,
  EXACT: 1,
  REGEX: 2,
} as const;

/** `moby.buildkit.v1.sourcepolicy.Policy` */
export interface Policy {
  /** Field 1, `version`: int64. */
  version: bigint;
  /** Field 2, `rules`: repeated Rule. */
  rules: Rule[];
}

/** Codec of `moby.buildkit.v1.sourcepolicy.Policy`. */
export const Policy: MessageType<Policy> = message("moby.buildkit.v1.sourcepolicy.Policy", () => [
  { no: 1, name: "version", type: "int64" },
  { no: 2, name: "rules", type: () => Rule, repeated: true },
]);

/** `moby.buildkit.v1.sourcepolicy.Rule` */
export interface Rule {
  /** Field 1, `action`: PolicyAction. */
  action: number;
  /** Field 2, `selector`: Selector. */
  selector?: Selector | undefined;
  /** Field 3, `updates`: Update. */
  updates?: Update | undefined;
}

/** Codec of `moby.buildkit.v1.sourcepolicy.Rule`. */
export const Rule: MessageType<Rule> = message("moby.buildkit.v1.sourcepolicy.Rule", () => [
  { no: 1, name: "action", type: "enum" },
  { no: 2, name: "selector", type: () => Selector },
  { no: 3, name: "updates", type: () => Update },
]);

/** `moby.buildkit.v1.sourcepolicy.Update` */
export interface Update {
  /** Field 1, `identifier`: string. */
  identifier: string;
  /** Field 2, `attrs`: map<string, string>. */
  attrs: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.sourcepolicy.Update`. */
export const Update: MessageType<Update> = message("moby.buildkit.v1.sourcepolicy.Update", () => [
  { no: 1, name: "identifier", type: "string" },
  { no: 2, name: "attrs", type: "string", mapKey: "string" },
]);

/** `moby.buildkit.v1.sourcepolicy.Selector` */
export interface Selector {
  /** Field 1, `identifier`: string. */
  identifier: string;
  /** Field 2, `match_type`: MatchType. */
  matchType: number;
  /** Field 3, `constraints`: repeated AttrConstraint. */
  constraints: AttrConstraint[];
}

/** Codec of `moby.buildkit.v1.sourcepolicy.Selector`. */
export const Selector: MessageType<Selector> = message("moby.buildkit.v1.sourcepolicy.Selector", () => [
  { no: 1, name: "identifier", type: "string" },
  { no: 2, name: "matchType", type: "enum", proto: "match_type" },
  { no: 3, name: "constraints", type: () => AttrConstraint, repeated: true },
]);

/** `moby.buildkit.v1.sourcepolicy.AttrConstraint` */
export interface AttrConstraint {
  /** Field 1, `key`: string. */
  key: string;
  /** Field 2, `value`: string. */
  value: string;
  /** Field 3, `condition`: AttrMatch. */
  condition: number;
}

/** Codec of `moby.buildkit.v1.sourcepolicy.AttrConstraint`. */
export const AttrConstraint: MessageType<AttrConstraint> = message("moby.buildkit.v1.sourcepolicy.AttrConstraint", () => [
  { no: 1, name: "key", type: "string" },
  { no: 2, name: "value", type: "string" },
  { no: 3, name: "condition", type: "enum" },
]);
