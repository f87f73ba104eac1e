/** The part of ONNX Runtime that is used; the module of onnxruntime-web, -node or -react-native. */

export interface OrtTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

export interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: any, fetches: readonly string[]): Promise<Readonly<Record<string, OrtTensor>>>;
  release?(): Promise<void>;
}

export interface Ort {
  readonly InferenceSession: {
    create(model: Uint8Array, options?: SessionOptions): Promise<OrtSession>;
  };
  readonly Tensor: {
    new (type: "int64", data: BigInt64Array, dims: readonly number[]): OrtTensor;
    new (type: "float32", data: Float32Array, dims: readonly number[]): OrtTensor;
  };
}

export interface SessionOptions {
  intraOpNumThreads?: number;
  interOpNumThreads?: number;
  logSeverityLevel?: 4;
}
