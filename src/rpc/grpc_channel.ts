/** The Control calls' channel, on `@grpc/grpc-js`. They are few and small; what moves data is in tunnel.ts and server.ts. */
import { once } from "node:events";
import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import grpc from "@grpc/grpc-js";
import { Status } from "../gen/status.ts";
import type { CallOptions, Channel } from "./channel.ts";
import type { Method } from "./method.ts";
import { RpcError } from "./status.ts";

/** Where a channel connects to. */
export interface ChannelTarget {
  /** grpc-js's name for the address: `unix:/path` or `dns:host:port`. */
  target: string;
  /** What `:authority` says. */
  authority: string;
  /** Turns the connected socket into the one to speak HTTP/2 on: for TLS. */
  secure?: (socket: Socket) => Promise<Socket>;
}

/** As the Go client and daemon: 16 MiB. */
const MAX_MESSAGE = 16 << 20;

/** Opens a channel. Nothing is dialed before the first call. */
export function openGrpcChannel(target: ChannelTarget): Channel {
  return new GrpcChannel(target);
}

class GrpcChannel implements Channel {
  readonly #client: grpc.Client;
  readonly #credentials: SocketCredentials;

  constructor({ target, authority, secure }: ChannelTarget) {
    this.#credentials = new SocketCredentials(secure);
    this.#client = new grpc.Client(target, this.#credentials, {
      "grpc.default_authority": authority,
      "grpc.max_receive_message_length": MAX_MESSAGE,
      "grpc.max_send_message_length": MAX_MESSAGE,
      "grpc.use_local_subchannel_pool": 1,
      "grpc.enable_retries": 0,
      "grpc.enable_channelz": 0,
      "grpc.enable_http_proxy": 0,
      "grpc.service_config_disable_resolution": 1,
    });
  }

  unary<Q, S>(method: Method<Q, S>, request: Partial<Q>, options: CallOptions = {}): Promise<S> {
    const { signal } = options;
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest<Partial<Q>, S>(
        method.path,
        (message) => Buffer.from(method.request.encode(message)),
        (bytes) => method.response.decode(bytes),
        request,
        new grpc.Metadata(),
        callOptions(options),
        (error, response) => {
          signal?.removeEventListener("abort", cancel);
          if (error === null) resolve(response!);
          else reject(signal?.aborted ? signal.reason : rpcError(error));
        },
      );
      const cancel = () => call.cancel();
      signal?.addEventListener("abort", cancel, { once: true });
    });
  }

  async *serverStream<Q, S>(
    method: Method<Q, S>,
    request: Partial<Q>,
    options: CallOptions = {},
  ): AsyncIterable<S> {
    const { signal } = options;
    signal?.throwIfAborted();
    const call = this.#client.makeServerStreamRequest<Partial<Q>, S>(
      method.path,
      (message) => Buffer.from(method.request.encode(message)),
      (bytes) => method.response.decode(bytes),
      request,
      new grpc.Metadata(),
      callOptions(options),
    );
    const cancel = () => call.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      for await (const message of call) yield message as S;
    } catch (error) {
      throw signal?.aborted ? signal.reason : rpcError(error as grpc.ServiceError);
    } finally {
      signal?.removeEventListener("abort", cancel);
      call.cancel();
    }
  }

  async close(): Promise<void> {
    this.#client.close();
    await this.#credentials.closeSockets();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function callOptions({ timeoutMs }: CallOptions): grpc.CallOptions {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

/**
 * Credentials that hand out the sockets of a channel: grpc-js asks them to secure each connection it makes, and offers no
 * other way to bring one's own TLS or to wait until a socket is really closed.
 */
class SocketCredentials extends grpc.ChannelCredentials {
  readonly #secure: ((socket: Socket) => Promise<Socket>) | undefined;
  readonly #sockets = new Set<Socket>();

  constructor(secure: ((socket: Socket) => Promise<Socket>) | undefined) {
    super();
    this.#secure = secure;
  }

  override _isSecure(): boolean {
    return this.#secure !== undefined;
  }

  override _equals(other: grpc.ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(): ReturnType<grpc.ChannelCredentials["_createSecureConnector"]> {
    return {
      connect: async (socket: Socket) => {
        this.#track(socket);
        const secured = await this.#secure?.(socket) ?? socket;
        this.#track(secured);
        return { socket: secured, secure: this.#secure !== undefined };
      },
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => grpc.CallCredentials.createEmpty(),
      destroy: () => {},
    };
  }

  #track(socket: Socket): void {
    if (this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  async closeSockets(): Promise<void> {
    await Promise.all([...this.#sockets].map(async (socket) => {
      const closed = once(socket, "close");
      socket.destroy();
      await closed;
    }));
  }
}

function rpcError(error: grpc.ServiceError): RpcError {
  const encoded = error.metadata?.get("grpc-status-details-bin")[0];
  const details = encoded instanceof Uint8Array ? Status.decode(encoded).details : [];
  return new RpcError(error.code ?? 2, error.details ?? error.message, { cause: error, details });
}
