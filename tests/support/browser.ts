/** A real browser without a window, driven by its DevTools protocol. */
import { type ChildProcess, spawn } from "node:child_process";
import { Buffer } from "node:buffer";
import { tempFolder } from "./temp_folder.ts";

/** An open page. */
export interface Page extends AsyncDisposable {
  /** Evaluates an expression in the page and returns its value, which must be JSON. */
  evaluate<T>(expression: string): Promise<T>;
  /** Makes the window this wide and high. */
  resize(width: number, height: number): Promise<void>;
  /** The window's content as PNG. */
  screenshot(): Promise<Uint8Array>;
  /** Addresses that the page asked for, itself included. */
  readonly requests: readonly string[];
  /** What the page wrote to the console, and errors of its own. */
  readonly messages: readonly string[];
}

type Reply = { id?: number; method?: string; params?: unknown; result?: unknown; error?: unknown };

/** Opens a page and waits until it is loaded. */
export async function openPage(browser: string, url: string): Promise<Page> {
  await using stack = new AsyncDisposableStack();
  const profile = stack.use(tempFolder());
  const child = spawn(browser, [
    ...["--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--hide-scrollbars"],
    ...[`--user-data-dir=${profile.path}`, "about:blank"],
  ], { stdio: ["ignore", "ignore", "pipe"] });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const address = await devToolsAddress(child);
  stack.defer(async () => {
    // The program is a script that started the browser: a signal would only reach the script.
    const browser = await Connection.open(address);
    // The browser may be gone before it answers.
    void browser.send("Browser.close");
    await browser.closed;
    await closed;
  });
  const { port } = new URL(address);
  const pages = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const connection = stack.use(await Connection.open(pages[0].webSocketDebuggerUrl));
  const requests: string[] = [];
  const messages: string[] = [];
  connection.on("Network.requestWillBeSent", ({ request }) => void requests.push(request.url));
  connection.on("Log.entryAdded", ({ entry }) => void messages.push(entry.text));
  connection.on("Runtime.exceptionThrown", (event) => void messages.push(JSON.stringify(event)));
  for (const domain of ["Page", "Network", "Log", "Runtime"]) {
    await connection.send(`${domain}.enable`);
  }
  const loaded = new Promise<void>((resolve) => {
    connection.on("Page.loadEventFired", () => resolve());
  });
  await connection.send("Page.navigate", { url });
  await loaded;
  const owned = stack.move();
  return {
    async evaluate<T>(expression: string) {
      const options = { expression, returnByValue: true };
      const { result } = await connection.send("Runtime.evaluate", options);
      return result.value as T;
    },
    async resize(width, height) {
      const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
      await connection.send("Emulation.setDeviceMetricsOverride", metrics);
    },
    async screenshot() {
      const { data } = await connection.send("Page.captureScreenshot", { format: "png" });
      return new Uint8Array(Buffer.from(data, "base64"));
    },
    requests,
    messages,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The address that the browser prints when it is ready. */
function devToolsAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const address = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once("error", reject);
    child.once("close", () => reject(new Error(`The browser ended:\n${text}`)));
  });
}

/** Calls and events on one WebSocket. */
class Connection implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #calls = new Map<number, (reply: Reply) => void>();
  // deno-lint-ignore no-explicit-any -- the protocol has no types here
  readonly #listeners = new Map<string, (params: any) => void>();
  #id = 0;
  /** Resolves when the connection is closed, by whomever. */
  readonly closed: Promise<void>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.onclose = () => resolve());
    socket.onmessage = ({ data }) => {
      const reply = JSON.parse(data) as Reply;
      if (reply.id !== undefined) this.#calls.get(reply.id)?.(reply);
      else this.#listeners.get(reply.method ?? "")?.(reply.params);
    };
  }

  static async open(url: string): Promise<Connection> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error(`Cannot reach the browser at ${url}`));
    });
    return new Connection(socket);
  }

  // deno-lint-ignore no-explicit-any -- the protocol has no types here
  on(event: string, listener: (params: any) => void): void {
    this.#listeners.set(event, listener);
  }

  // deno-lint-ignore no-explicit-any -- the protocol has no types here
  send(method: string, params: object = {}): Promise<any> {
    const id = ++this.#id;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => {
      this.#calls.set(id, ({ result, error }) => {
        this.#calls.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${JSON.stringify(error)}`));
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.closed;
  }
}
