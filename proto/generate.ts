/**
 * Writes one TypeScript module into `src/gen/` for each `.proto` file beside this one: an interface and a codec per message,
 * a constant per enum, a method table per service. Run by `deno task gen`; CI fails when the result differs from what is
 * committed.
 */
import { readdirSync, writeFileSync } from "node:fs";
import protobuf from "protobufjs";

const PROTO_DIR = new URL("./", import.meta.url);
const OUT_DIR = new URL("../src/gen/", import.meta.url);
const SCALARS = new Map([
  ["string", "string"],
  ["bytes", "Uint8Array"],
  ["bool", "boolean"],
  ["int32", "number"],
  ["uint32", "number"],
  ["int64", "bigint"],
]);
const TIMESTAMP = "google.protobuf.Timestamp";

/** `OSVersion` → `osVersion`, `media_type` → `mediaType`, `ID` → `id`. */
function propertyName(name: string): string {
  const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return camel.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (head) => head.toLowerCase());
}

interface Module {
  file: string;
  root: protobuf.Root;
  imports: Map<string, Set<string>>;
}

function sourceOf(module: Module, type: protobuf.ReflectionObject): string {
  const file = type.filename!.split("/").pop()!.replace(".proto", ".ts");
  if (file !== module.file) {
    if (!module.imports.has(file)) module.imports.set(file, new Set());
    module.imports.get(file)!.add(type.name);
  }
  return type.name;
}

function valueType(module: Module, field: protobuf.Field): { ts: string; table: string } {
  if (field.type === TIMESTAMP) return { ts: "bigint", table: `"timestamp"` };
  const scalar = SCALARS.get(field.type);
  if (scalar !== undefined) return { ts: scalar, table: `"${field.type}"` };
  field.resolve();
  if (field.resolvedType === null) {
    throw new Error(`Cannot resolve ${field.fullName}: ${field.type}`);
  }
  const name = sourceOf(module, field.resolvedType);
  if (field.resolvedType instanceof protobuf.Enum) return { ts: "number", table: `"enum"` };
  return { ts: name, table: `() => ${name}` };
}

/** A field of an interface, and its row in the codec's table. */
interface FieldSource {
  doc: string;
  member: string;
  row: string;
}

function fieldSource(module: Module, field: protobuf.Field): FieldSource {
  const doc = `Field ${field.id}, \`${field.name}\`: ${field.repeated ? "repeated " : ""}${
    field instanceof protobuf.MapField ? `map<${field.keyType}, ${field.type}>` : field.type
  }.`;
  const name = propertyName(field.name);
  const { ts, table } = valueType(module, field);
  const parts = [`no: ${field.id}`, `name: "${name}"`, `type: ${table}`];
  if (field.name !== name) parts.push(`proto: "${field.name}"`);
  if (field instanceof protobuf.MapField) {
    parts.push(`mapKey: "${field.keyType}"`);
    const key = field.keyType === "string" ? "string" : "bigint";
    return { doc, member: `${name}: Map<${key}, ${ts}>`, row: `{ ${parts.join(", ")} }` };
  }
  if (field.repeated) {
    parts.push("repeated: true");
    return { doc, member: `${name}: ${ts}[]`, row: `{ ${parts.join(", ")} }` };
  }
  const optional = table.startsWith("()") || table === `"timestamp"`;
  return {
    doc,
    member: optional ? `${name}?: ${ts} | undefined` : `${name}: ${ts}`,
    row: `{ ${parts.join(", ")} }`,
  };
}

function messageSource(module: Module, type: protobuf.Type): string {
  const fields = type.fieldsArray.toSorted((a, b) => a.id - b.id).map((field) =>
    fieldSource(module, field)
  );
  const full = type.fullName.slice(1);
  return [
    `/** \`${full}\` */`,
    `export interface ${type.name} {`,
    ...fields.flatMap(({ doc, member }) => [`  /** ${doc} */`, `  ${member};`]),
    `}`,
    ``,
    `/** Codec of \`${full}\`. */`,
    `export const ${type.name}: MessageType<${type.name}> = message("${full}", () => [`,
    ...fields.map(({ row }) => `  ${row},`),
    `]);`,
  ].join("\n");
}

function enumSource(type: protobuf.Enum): string {
  const members = Object.entries(type.values).map(([name, value]) => `  ${name}: ${value},`);
  return [
    `/** \`${type.fullName.slice(1)}\` */`,
    `export const ${type.name} = {`,
    ...members,
    `} as const;`,
  ].join("\n");
}

function serviceSource(module: Module, service: protobuf.Service): string {
  const full = service.fullName.slice(1);
  const methods = service.methodsArray.map((method) => {
    method.resolve();
    const request = sourceOf(module, method.resolvedRequestType!);
    const response = sourceOf(module, method.resolvedResponseType!);
    const name = propertyName(method.name);
    return {
      type: `  ${name}: Method<${request}, ${response}>;`,
      row:
        `  ${name}: { path: "/${full}/${method.name}", request: ${request}, response: ${response} },`,
    };
  });
  return [
    `/** Methods of \`${full}\`. */`,
    `export const ${service.name}: {`,
    ...methods.map(({ type }) => type),
    `} = {`,
    ...methods.map(({ row }) => row),
    `};`,
  ].join("\n");
}

/** The messages, enums and services that `file` declares itself. */
function declared(namespace: protobuf.NamespaceBase, file: string): protobuf.ReflectionObject[] {
  return namespace.nestedArray.flatMap((item) => {
    const own = item.filename?.endsWith(`/${file}`) ? [item] : [];
    const isType = item instanceof protobuf.Type || item instanceof protobuf.Enum ||
      item instanceof protobuf.Service;
    if (isType) return own;
    return item instanceof protobuf.Namespace ? declared(item, file) : [];
  });
}

function moduleSource(root: protobuf.Root, proto: string): string {
  const module: Module = { file: proto.replace(".proto", ".ts"), root, imports: new Map() };
  const isService = (type: protobuf.ReflectionObject) => type instanceof protobuf.Service ? 1 : 0;
  const types = declared(root, proto).toSorted((a, b) => isService(a) - isService(b));
  const body = types.map((type) => {
    if (type instanceof protobuf.Type) return messageSource(module, type);
    if (type instanceof protobuf.Enum) return enumSource(type);
    return serviceSource(module, type as protobuf.Service);
  });
  const hasMessages = types.some((type) => type instanceof protobuf.Type);
  const hasServices = types.some((type) => type instanceof protobuf.Service);
  const imports = [
    ...(hasMessages ? [`import { message, type MessageType } from "../rpc/codec.ts";`] : []),
    ...(hasServices ? [`import type { Method } from "../rpc/method.ts";`] : []),
    ...[...module.imports].sort().map(([file, names]) =>
      `import { ${[...names].sort().join(", ")} } from "./${file}";`
    ),
  ];
  return [
    `// Generated from proto/${proto} by proto/generate.ts. Do not edit.`,
    ...imports,
    "",
    body.join("\n\n"),
    "",
  ]
    .join("\n");
}

const files = readdirSync(PROTO_DIR).filter((name) => name.endsWith(".proto")).sort();
const root = new protobuf.Root();
root.resolvePath = (_origin, target) =>
  target.startsWith("google/") ? target : new URL(target.split("/").pop()!, PROTO_DIR).pathname;
root.loadSync(files, { keepCase: true });
root.resolveAll();
for (const file of files) {
  writeFileSync(new URL(file.replace(".proto", ".ts"), OUT_DIR), moduleSource(root, file));
}
