/** A private key as JSON (RFC 7517, 7518, 8037), as far as SSH has such keys; numbers are in base64url. */
export type Jwk = {
  readonly kty?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly d?: string;
  readonly n?: string;
  readonly e?: string;
  readonly p?: string;
  readonly q?: string;
  readonly dp?: string;
  readonly dq?: string;
  readonly qi?: string;
};
