/**
 * MLS (RFC 9420) between two people, by ts-mls. Each chat has keys of its own.
 *
 * A member is accepted by its public key alone: every chat names the two that may be in it, and
 * nothing that would change the membership is taken afterwards.
 */
import {
  createApplicationMessage, createCommit, createGroup, decodeGroupState,
  decodeMlsMessage, defaultKeyPackageEqualityConfig, defaultLifetime, defaultLifetimeConfig,
  emptyPskIndex, encodeGroupState, encodeMlsMessage, generateKeyPackage, getCiphersuiteFromName,
  getCiphersuiteImpl, joinGroup, processPrivateMessage, zeroOutUint8Array,
  type Capabilities, type CiphersuiteImpl, type CiphersuiteName, type ClientConfig,
  type ClientState, type KeyPackage, type PrivateKeyPackage,
} from "ts-mls";
import { fromBase64, join, random, sha256, toBase64, utf8, type Bytes } from "./bytes.ts";

const SUITE: CiphersuiteName = "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519";
/** Said outright: the library's default adds random entries, by which sizes would differ. */
const CAPABILITIES: Capabilities = {
  versions: ["mls10"], ciphersuites: [SUITE], extensions: [], proposals: [], credentials: ["basic"],
};
/** What the library says of a message whose key was used, or is too old to be kept. */
const SEEN = "Desired gen in the past";
const RETENTION = {
  retainKeysForGenerations: 200, retainKeysForEpochs: 1, maximumForwardRatchetSteps: 2_000,
};

/** The keys with which one person enters one chat; as stored. */
export interface Keys {
  readonly offer: string;
  readonly init: string;
  readonly hpke: string;
  readonly signature: string;
}

/** Something that this chat does not take. seen: it was taken before. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly seen: boolean;

  constructor(message: string, seen = false) {
    super(message);
    this.seen = seen;
  }
}

let suite: Promise<CiphersuiteImpl> | undefined;
function impl(): Promise<CiphersuiteImpl> {
  return (suite ??= getCiphersuiteImpl(getCiphersuiteFromName(SUITE)));
}

export async function newKeys(): Promise<Keys> {
  const credential = { credentialType: "basic", identity: random(16) } as const;
  const made = await generateKeyPackage(credential, CAPABILITIES, defaultLifetime, [], await impl());
  const { initPrivateKey, hpkePrivateKey, signaturePrivateKey } = made.privatePackage;
  return {
    offer: toBase64(encodeOffer(made.publicPackage)),
    init: toBase64(initPrivateKey),
    hpke: toBase64(hpkePrivateKey),
    signature: toBase64(signaturePrivateKey),
  };
}

/** The public key by which a member is known, of what it offers. */
export function publicKey(offer: string): Bytes {
  return Uint8Array.from(decodeOffer(offer).leafNode.signaturePublicKey);
}

/** What a link says of its maker: the hash of the public key. */
export async function fingerprint(key: Uint8Array): Promise<string> {
  return toBase64(await sha256(utf8("safelight-chat fingerprint 1"), key));
}

/** Twelve groups of five digits that both people see alike, and nobody else's chat shows. */
export async function safetyNumber(one: Uint8Array, other: Uint8Array): Promise<string> {
  const keys = [toBase64(one), toBase64(other)].sort().map(fromBase64);
  const parts = await Promise.all(
    [0, 1].map((half) => sha256(utf8(`safelight-chat safety number 1 ${half}`), ...keys)),
  );
  const bytes = join(...parts);
  return Array.from({ length: 12 }, (_, i) => {
    const five = bytes.subarray(i * 5, i * 5 + 5).reduce((sum, byte) => sum * 256 + byte, 0);
    return String(five % 100_000).padStart(5, "0");
  }).join(" ");
}

export interface Started {
  readonly state: string;
  readonly welcome: Bytes;
}

/** Make the group and let in exactly whom the offer names. */
export async function start(keys: Keys, offer: string): Promise<Started> {
  const cs = await impl();
  const config = configFor([publicKey(keys.offer), publicKey(offer)]);
  const group = await createGroup(random(16), decodeOffer(keys.offer), privateOf(keys), [], cs, config);
  const add = { proposalType: "add", add: { keyPackage: decodeOffer(offer) } } as const;
  const made = await createCommit(
    { state: group, cipherSuite: cs }, { extraProposals: [add], ratchetTreeExtension: true },
  );
  made.consumed.forEach(zeroOutUint8Array);
  const welcome = encodeMlsMessage(
    { version: "mls10", wireformat: "mls_welcome", welcome: made.welcome! },
  );
  return { state: stored(made.newState), welcome: Uint8Array.from(welcome) };
}

/** Enter a group whose maker has the fingerprint; Refused where that is anybody else. */
export async function enter(
  keys: Keys, welcome: Uint8Array, print: string,
): Promise<{ state: string; peer: Bytes }> {
  const message = decode(welcome);
  if (message?.wireformat !== "mls_welcome") throw new Refused("no welcome");
  const own = publicKey(keys.offer);
  let peer: Bytes | undefined;
  const config = configFor([own], async (key) => {
    const fits = (await fingerprint(key)) === print;
    if (fits) peer = Uint8Array.from(key);
    return fits;
  });
  try {
    const state = await joinGroup(
      message.welcome, decodeOffer(keys.offer), privateOf(keys), emptyPskIndex, await impl(),
      undefined, undefined, config,
    );
    const members = state.ratchetTree.filter((node) => node?.nodeType === "leaf").length;
    if (peer === undefined || members !== 2) throw new Refused("not the two of this chat");
    return { state: stored(state), peer };
  } catch (error) {
    throw error instanceof Refused ? error : new Refused("not the maker of the invitation");
  }
}

/** Encrypt for the other person. The state that comes back must be kept before anything is sent. */
export async function seal(state: string, plain: Uint8Array): Promise<{ state: string; sealed: Bytes }> {
  const made = await createApplicationMessage(loaded(state), plain, await impl());
  made.consumed.forEach(zeroOutUint8Array);
  const sealed = encodeMlsMessage({
    version: "mls10", wireformat: "mls_private_message", privateMessage: made.privateMessage,
  });
  return { state: stored(made.newState), sealed: Uint8Array.from(sealed) };
}

/** Decrypt what came; Refused where it was changed, came before, or is not by the other person. */
export async function unseal(state: string, sealed: Uint8Array): Promise<{ state: string; plain: Bytes }> {
  const message = decode(sealed);
  if (message?.wireformat !== "mls_private_message") throw new Refused("no message");
  try {
    const read = await processPrivateMessage(
      loaded(state), message.privateMessage, emptyPskIndex, await impl(), () => "reject",
    );
    if (read.kind !== "applicationMessage") throw new Refused("no message");
    return { state: stored(read.newState), plain: Uint8Array.from(read.message) };
  } catch (error) {
    const seen = error instanceof Error && error.message === SEEN;
    throw new Refused(seen ? "seen before" : "changed", seen);
  }
}

/** Whether these bytes look like a message of a running chat, and not like an invitation's. */
export function isMessage(bytes: Uint8Array): boolean {
  return decode(bytes)?.wireformat === "mls_private_message";
}

function configFor(
  members: readonly Uint8Array[], other: (key: Uint8Array) => Promise<boolean> = async () => false,
): ClientConfig {
  const known = new Set(members.map(toBase64));
  return {
    keyRetentionConfig: RETENTION,
    lifetimeConfig: defaultLifetimeConfig,
    keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
    paddingConfig: { kind: "padUntilLength", padUntilLength: 0 }, // see bytes.pad
    authService: {
      validateCredential: async (_, key) => known.has(toBase64(key)) || (await other(key)),
    },
  };
}

/** Nobody can be let in later: a stored state accepts no credential at all. */
const CLOSED = configFor([]);

function stored(state: ClientState): string {
  return toBase64(encodeGroupState(state));
}

function loaded(state: string): ClientState {
  const read = decodeGroupState(fromBase64(state), 0);
  if (read === undefined) throw new Error("the state of a chat cannot be read");
  return { ...read[0], clientConfig: CLOSED };
}

function encodeOffer(keyPackage: KeyPackage): Uint8Array {
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_key_package", keyPackage });
}

function decodeOffer(offer: string): KeyPackage {
  const message = decode(fromBase64(offer));
  if (message?.wireformat !== "mls_key_package") throw new Refused("no keys");
  return message.keyPackage;
}

function decode(bytes: Uint8Array) {
  try {
    return decodeMlsMessage(bytes, 0)?.[0];
  } catch {
    return undefined;
  }
}

function privateOf({ init, hpke, signature }: Keys): PrivateKeyPackage {
  return {
    initPrivateKey: fromBase64(init),
    hpkePrivateKey: fromBase64(hpke),
    signaturePrivateKey: fromBase64(signature),
  };
}
