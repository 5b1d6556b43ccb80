/** The daemon's text made fit for people: nothing that acts on a terminal, no credentials, no ids that mean nothing here. */
import { safeInline, safeLine } from "../progress/safe_text.ts";

/** `user:password@` in an address. */
const USERINFO_REGEXP = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']*@/gi;
/** `of ref SESSION::ID` in messages about caches. */
const REF_REGEXP = / of ref [a-z0-9]{20,}::[a-z0-9]{20,}/g;

/** A text without the credentials in its addresses. */
export function withoutCredentials(text: string): string {
  return text.replace(USERINFO_REGEXP, "$1***@");
}

/** A message of the daemon as one line. */
export function readableMessage(message: string): string {
  return safeInline(withoutCredentials(message.trim().replace(REF_REGEXP, "")));
}

/** A text that may have several lines. */
export function readableText(text: string): string {
  return text.split("\n").map(readableLine).join("\n");
}

/** A line of a file or a log. */
export function readableLine(line: string): string {
  return safeLine(withoutCredentials(line), false);
}
