/** A gRPC server by grpc-js: a peer that shares no code with ours. */
import { Buffer } from "node:buffer";
import grpc from "@grpc/grpc-js";
import type { Method } from "../../src/rpc/method.ts";

/** What serves a method: with one answer, a stream of answers, or a stream both ways. Messages are encoded. */
export interface Implementation {
  unary?: grpc.handleUnaryCall<Uint8Array, Uint8Array>;
  serverStream?: grpc.handleServerStreamingCall<Uint8Array, Uint8Array>;
  duplex?: grpc.handleBidiStreamingCall<Uint8Array, Uint8Array>;
}

/** A running server. */
export interface GrpcServer extends AsyncDisposable {
  /** `tcp://127.0.0.1:port` */
  readonly address: string;
  readonly port: number;
  /** Ends the connections after their calls: GOAWAY, then close. */
  drain(): Promise<void>;
}

/** Serves methods by path, in plain HTTP/2; on a free port unless one is given. */
export async function startGrpcServer(
  methods: Record<string, Implementation>,
  wanted = 0,
): Promise<GrpcServer> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  for (const [path, { unary, serverStream, duplex }] of Object.entries(methods)) {
    const identity = (bytes: Uint8Array) => Buffer.from(bytes);
    const definition = {
      path,
      requestStream: duplex !== undefined,
      responseStream: unary === undefined,
      requestSerialize: identity,
      requestDeserialize: identity,
      responseSerialize: identity,
      responseDeserialize: identity,
    };
    server.addService({ method: definition }, { method: (unary ?? serverStream ?? duplex)! });
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `127.0.0.1:${wanted}`,
      grpc.ServerCredentials.createInsecure(),
      (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      },
    );
  });
  const drain = () => new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  return {
    address: `tcp://127.0.0.1:${port}`,
    port,
    drain,
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
      await drain();
    },
  };
}

/** Answers a unary method with what `answer` makes of the request. */
export function answering<Q, S>(
  method: Method<Q, S>,
  answer: (request: Q) => Partial<S>,
): Record<string, Implementation> {
  return {
    [method.path]: {
      unary: (call, done) => {
        done(null, method.response.encode(answer(method.request.decode(call.request))));
      },
    },
  };
}
