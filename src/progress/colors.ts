import { RESET } from "./safe_text.ts";

/** What a line on the terminal is about. */
export type Role = "run" | "cancel" | "error" | "warning";

/** Colours by role, as the parameters of an SGR sequence. */
export type Palette = Readonly<Record<Role | "faint", string>>;

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const DEFAULTS: Palette = { run: "34", cancel: "33", error: "31", warning: "33", faint: "2" };

/**
 * The colours with the changes that `BUILDKIT_COLORS` asks for: `ROLE=COLOR`, separated by colons; a colour is a name
 * such as `green` or `light-blue`, or `R,G,B`. What isn't understood changes nothing, as in BuildKit's clients.
 */
export function parseColors(setting = ""): Palette {
  const palette = { ...DEFAULTS };
  for (const field of setting.toLowerCase().split(":")) {
    const [role, color, ...more] = field.split("=");
    const code = color === undefined || more.length > 0 ? undefined : colorCode(color);
    if (code !== undefined && isRole(role)) palette[role] = code;
  }
  return palette;
}

/** `text` in a colour; without a palette just `text`. */
export function paintText(text: string, palette: Palette | undefined, role: keyof Palette): string {
  return palette === undefined ? text : `\u001b[${palette[role]}m${text}${RESET}`;
}

function isRole(role: string | undefined): role is Role {
  return role === "run" || role === "cancel" || role === "error" || role === "warning";
}

function colorCode(color: string): string | undefined {
  if (color === "default") return "39";
  const light = color.startsWith("light-");
  const index = NAMES.indexOf(light ? color.slice("light-".length) : color);
  if (index >= 0) return String((light ? 90 : 30) + index);
  return rgbCode(color.split(","));
}

/** The nearest in the 6 by 6 by 6 cube of the 256 colours, which every terminal has. */
function rgbCode(parts: string[]): string | undefined {
  const valid = parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  if (parts.length !== 3 || !valid) return undefined;
  const levels = parts.map((part) => Math.floor(Number(part) / 43));
  const [red, green, blue] = levels as [number, number, number];
  return `38;5;${16 + 36 * red + 6 * green + blue}`;
}
