/** The text of `grpc-message` ("gRPC over HTTP2", Status-Message). */

/** Longest text sent, so that trailers stay small. */
const MAX_LENGTH = 2_000;

/** Percent-encodes a message, cut to 2,000 characters. */
export function encodeStatusMessage(message: string): string {
  return encodeURIComponent(message.slice(0, MAX_LENGTH).toWellFormed()).replaceAll("%20", " ");
}

/** Undoes percent-encoding; what is not encoded as it should be stays as it is. */
export function decodeStatusMessage(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // "gRPC over HTTP2" forbids to fail here: the message must be shown, even if raw.
    if (error instanceof URIError) return text;
    throw error;
  }
}
