/** Sockets on this machine that connections are passed on to. */
import { connect, type Socket } from "node:net";

/**
 * Connects to a socket, or on Windows to a pipe. It is destroyed when `signal` fires. Rejects with the system's error, or the
 * signal's reason.
 */
export async function openSocket(path: string, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connect({ path, allowHalfOpen: true });
  const abort = () => void socket.destroy(signal.reason);
  signal.addEventListener("abort", abort);
  socket.once("close", () => signal.removeEventListener("abort", abort));
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  // From now on errors show where it is read.
  socket.on("error", () => {});
  return socket;
}

/** Destroys a socket and waits until it is closed. */
export async function closeSocket(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.destroy();
  await closed;
}

/** Writes, and waits until there is room for more or nobody is left to take it. */
export async function writeTo(socket: Socket, bytes: Uint8Array): Promise<void> {
  if (socket.write(bytes) || socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.on("drain", done).on("close", done);
  });
}
