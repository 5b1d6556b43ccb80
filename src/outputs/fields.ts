/** The types of outputs, and the fields that each may have. */
import type { ImageFormat, Output } from "../types.ts";

/** What every output of an image may say; the compiler keeps this complete. */
export const FORMAT_FIELDS: { readonly [Name in keyof Required<ImageFormat>]: true } = {
  attrs: true,
  names: true,
  compression: true,
  compressionLevel: true,
  forceCompression: true,
  ociMediaTypes: true,
  ociArtifact: true,
  rewriteTimestamp: true,
  annotations: true,
};

const FORMAT = Object.keys(FORMAT_FIELDS);

export const OUTPUT_FIELDS: Readonly<Record<Output["type"], readonly string[]>> = {
  image: [
    ...["type", ...FORMAT, "push", "pushByDigest", "insecure"],
    ...["store", "unpack", "nameCanonical", "danglingNamePrefix"],
  ],
  oci: ["type", ...FORMAT, "dest", "tar"],
  docker: ["type", ...FORMAT, "dest", "tar", "load"],
  local: ["type", "attrs", "dest", "mode", "platformSplit", "privileged"],
  tar: ["type", "attrs", "dest", "tar", "platformSplit"],
  cacheonly: ["type"],
};
